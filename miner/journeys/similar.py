"""Likely pairs among people whom no key joins: names, addresses and fragments of numbers, weighed by Splink.

Weights follow Fellegi and Sunter. How often two records of one person agree is set here (measured on made-up
contacts, docs/identity.md); how often strangers do is estimated from the data where there is enough of it, and
frequent names count less than rare ones. One thread and a fixed seed: the same records give the same pairs.
"""

from __future__ import annotations

import logging
import warnings
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from miner.journeys.keys import Profile

if TYPE_CHECKING:
    import pyarrow as pa

Pair = tuple[int, int, float]
SEED, SAMPLED_PAIRS, ENOUGH = 20260105, 1e6, 1_000  # records from which the frequencies of strangers are estimated
LISTS = {"phone": "phones", "email": "emails", "device": "devices", "address": "addresses", "postcode": "postcodes"}
# Share of pairs of one person (m) and of strangers (u) that are: the same, nearly the same, different.
_NAMES = {"given": ((0.80, 0.17, 0.03), (0.01, 0.01, 0.98)), "family": ((0.85, 0.10, 0.05), (0.003, 0.002, 0.995))}
_VALUES = {
    # Two groups of one person seldom have a number or an address in common: that would have joined them before.
    "phones": ((0.10, 0.12, 0.78), (6e-5, 7e-5, 0.99987), 1, True),
    "emails": ((0.02, 0.15, 0.83), (4e-6, 1e-4, 0.999896), 1, True),
    "devices": ((0.05, None, 0.95), (1e-6, None, 0.999999), 0, True),
    "addresses": ((0.70, 0.12, 0.18), (5e-4, 0.04, 0.9595), 2, False),
    "postcodes": ((0.72, 0.08, 0.20), (3e-4, 5e-4, 0.9992), 1, False),
}


def likely(profiles: Sequence[Profile], group: Sequence[int], least: float) -> list[Pair]:
    """Pairs of groups of profiles that are one person with at least this probability.

    `group` names the group of each profile by one of its profiles, as in `People.group`.
    """
    records = _records(profiles, group)
    if records.num_rows < 2:
        return []
    with _quiet():
        pairs = _weighed(records, least)
    return _without_doubtful(pairs, profiles, group)


def _records(profiles: Sequence[Profile], group: Sequence[int]) -> pa.Table:
    """One record a group: the commonest full names, and all numbers and addresses."""
    import pyarrow as pa

    seen: dict[int, dict[str, Counter[str]]] = defaultdict(lambda: defaultdict(Counter))
    for profile, root in zip(profiles, group, strict=True):
        for name in ("given", "family", *LISTS):
            value = getattr(profile, name)
            if value:
                seen[root][name][value] += 1
    kept = {root: said for root, said in seen.items() if said.keys() - {"postcode", "given", "device"}}
    columns: dict[str, Any] = {"unique_id": pa.array(list(kept), pa.int64())}
    for name in _NAMES:
        columns[name] = pa.array([_usual(said[name]) for said in kept.values()], pa.string())
    for name, column in LISTS.items():
        columns[column] = pa.array([sorted(said[name]) or None for said in kept.values()], pa.list_(pa.string()))
    return pa.table(columns)


def _usual(names: Counter[str]) -> str | None:
    return max(names, key=lambda name: (len(name) > 1, names[name], name)) if names else None


def _weighed(records: pa.Table, least: float) -> list[Pair]:
    import duckdb
    from splink import DuckDBAPI, Linker

    connection = duckdb.connect(config={"threads": 1, "autoinstall_known_extensions": False})
    try:
        connection.register("incoming", records)
        connection.execute(
            "CREATE TABLE records AS SELECT *, list_transform(emails, lambda e: split_part(e, '@', 1)) AS users, "
            "list_transform(phones, lambda p: substr(p, -6)) AS tails, substr(family, 1, 4) AS stem, "
            "substr(given, 1, 1) AS initial FROM incoming ORDER BY unique_id"
        )
        api = DuckDBAPI(connection=connection)
        connection.execute("SET enable_progress_bar = false")
        linker = Linker(api.register("records"), _settings(records.num_rows), log_level=logging.ERROR)
        if records.num_rows >= ENOUGH:
            linker.training.estimate_u_using_random_sampling(max_pairs=SAMPLED_PAIRS, seed=SEED)
        found = linker.inference.predict(threshold_match_probability=least).physical_name
        rows = connection.execute(
            "SELECT least(unique_id_l, unique_id_r), greatest(unique_id_l, unique_id_r), "
            f'round(max(match_probability), 6) FROM "{found}" GROUP BY 1, 2 ORDER BY 1, 2'
        ).fetchall()
        return [(int(a), int(b), float(p)) for a, b, p in rows]
    finally:
        connection.close()


def _settings(records: int) -> Any:
    from splink import SettingsCreator, block_on

    def exploded(*columns: str, of: Sequence[str]) -> Any:
        return block_on(*columns, *of, arrays_to_explode=list(of))

    return SettingsCreator(
        link_type="dedupe_only",
        unique_id_column_name="unique_id",
        probability_two_random_records_match=1 / records,
        comparisons=[*(_name(column) for column in _NAMES), *(_value(column) for column in _VALUES)],
        blocking_rules_to_generate_predictions=[
            block_on("given", "family"),
            exploded(of=["phones"]), exploded(of=["emails"]), exploded(of=["devices"]), exploded(of=["users"]),
            exploded("family", of=["postcodes"]), exploded("given", of=["postcodes"]),
            exploded(of=["addresses", "postcodes"]), exploded("stem", "initial", of=["addresses"]),
            exploded("initial", of=["tails"]),
        ],
        retain_intermediate_calculation_columns=False,
        retain_matching_columns=False,
    )  # fmt: skip


def _name(column: str) -> Any:
    import splink.comparison_level_library as levels
    import splink.comparison_library as comparisons

    m, u = _NAMES[column]
    a, b = f"{column}_l", f"{column}_r"
    like = (f"(least(length({a}), length({b})) = 1 AND {a}[1] = {b}[1]) OR damerau_levenshtein({a}, {b}) <= "
            f"CASE WHEN greatest(length({a}), length({b})) <= 5 THEN 1 ELSE 2 END")  # fmt: skip
    made = [
        levels.ExactMatchLevel(column, term_frequency_adjustments=True),
        levels.CustomLevel(like, f"{column} alike"),
        levels.ElseLevel(),
    ]
    return comparisons.CustomComparison(
        output_column_name=column,
        comparison_levels=[levels.NullLevel(column), *_weights(made, m, u, False)],
    )


def _value(column: str) -> Any:
    """Lists of values: one in common, one nearly so (by letters changed), none."""
    import splink.comparison_level_library as levels
    import splink.comparison_library as comparisons

    m, u, letters, fixed = _VALUES[column]
    a, b = f"{column}_l", f"{column}_r"
    made: list[Any] = [levels.CustomLevel(f"list_has_any({a}, {b})", f"{column} in common")]
    if letters:
        pairs = f"flatten(list_transform({a}, lambda x: list_transform({b}, lambda y: damerau_levenshtein(x, y))))"
        made.append(levels.CustomLevel(f"list_min({pairs}) <= {letters}", f"{column} nearly in common"))
    made.append(levels.ElseLevel())
    weights = [[share for share in shares if share is not None] for shares in (m, u)]
    unknown = levels.CustomLevel(f"{a} IS NULL OR {b} IS NULL", "unknown").configure(is_null_level=True)
    return comparisons.CustomComparison(
        output_column_name=column, comparison_levels=[unknown, *_weights(made, weights[0], weights[1], fixed)]
    )


def _weights(made: list[Any], m: Sequence[float], u: Sequence[float], fixed: bool) -> list[Any]:
    return [
        level.configure(m_probability=same, u_probability=other, fix_u_probability=fixed)
        for level, same, other in zip(made, m, u, strict=True)
    ]


def _without_doubtful(pairs: list[Pair], profiles: Sequence[Profile], group: Sequence[int]) -> list[Pair]:
    """Without pairs of a group that says nothing but a number or address, where several others have it too."""
    bare = set(group)
    for profile, root in zip(profiles, group, strict=True):
        if profile.ids or profile.given or profile.family or profile.address:
            bare.discard(root)
    partners = Counter(x for a, b, _ in pairs for x in (a, b))
    return [p for p in pairs if not any(x in bare and partners[x] > 1 for x in p[:2])]


@contextmanager
def _quiet() -> Iterator[None]:
    """Splink says much on its way that is nothing to a user of ours."""
    logger = logging.getLogger("splink")
    before, logger.disabled = logger.disabled, True
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            yield
    finally:
        logger.disabled = before

"""Likely pairs among people whom no key joins: names, addresses and fragments of numbers, weighed by Splink.

Weights follow Fellegi and Sunter. How often two records of one person agree is set here (measured on made-up
contacts, docs/identity.md); how often strangers do is estimated from the data where there is enough of it, and
frequent names count less than rare ones. One thread and a fixed seed: the same records give the same pairs.
"""

from __future__ import annotations

import logging
import math
import re
import warnings
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from miner.journeys.keys import ROLES, Profile, plain_text
from miner.journeys.names import Name, any_differ
from miner.journeys.people import names_of

if TYPE_CHECKING:
    import pyarrow as pa

Pair = tuple[int, int, float]
SEED, SAMPLED_PAIRS, ENOUGH = 20260105, 1e6, 1_000  # records from which the frequencies of strangers are estimated
WEIGHT, ROUNDS = -5.0, 20  # bits; pairs below are never likely, whatever the share of pairs
HOUSEHOLD = 0.75  # the most for those of whom only the home is known to be the same
RARE = 2e-4  # what so few strangers share is not seen often enough in a sample
_FIRST_LAST = re.compile(r"([a-z]+)_+([a-z]{3,})\d*")
LISTS = {"phone": "phones", "email": "emails", "device": "devices", "address": "addresses", "postcode": "postcodes"}
# Share of pairs of one person (m) and of strangers (u) that are: the same, (names) turned round, nearly the same,
# different.
_NAMES = {
    "given": ((0.79, 0.02, 0.16, 0.03), (0.01, 1e-5, 0.01, 0.98)),
    "family": ((0.83, 0.02, 0.10, 0.05), (0.003, 0.002, 0.002, 0.993)),
}
_EMAIL_USERS = "list_has_any(telling_l, telling_r)"
_EMAIL_ALIKE = (
    "list_max(flatten(list_transform(telling_l, lambda x: list_transform(telling_r, "
    "lambda y: jaro_winkler_similarity(x, y))))) >= 0.92"
)


def _near(column: str, letters: int) -> str:
    pairs = (
        f"flatten(list_transform({column}_l, lambda x: list_transform({column}_r, "
        "lambda y: damerau_levenshtein(x, y))))"
    )
    return f"list_min({pairs}) <= {letters}"


_Level = tuple[str, float, float]  # a condition, m and u
# Two groups of one person seldom have a number or an address in common: that would have joined them before.
_VALUES: dict[str, list[_Level]] = {
    "phones": [("same", 0.10, 6e-5), (_near("phones", 1), 0.12, 7e-5)],
    "emails": [
        ("same", 0.02, 4e-6),
        (_near("emails", 1), 0.12, 1e-4),
        (_EMAIL_USERS, 0.04, 1e-5),
        (_EMAIL_ALIKE, 0.05, 5e-4),
    ],
    "devices": [("same", 0.05, 1e-6)],
    "addresses": [("same", 0.70, 5e-4), (_near("addresses", 2), 0.12, 0.04)],
    "postcodes": [("same", 0.72, 3e-4), (_near("postcodes", 1), 0.08, 5e-4)],
}


def likely(profiles: Sequence[Profile], group: Sequence[int], least: float) -> list[Pair]:
    """Pairs of groups of profiles that are one person with at least this probability.

    `group` names the group of each profile by one of its profiles, as in `People.group`.
    """
    records = _records(profiles, group)
    if records.num_rows < 2:
        return []
    with _quiet():
        pairs = _weighed(records)
    names = names_of(profiles, group)
    pairs = [(a, b, odds) for a, b, odds in pairs if not any_differ(names[a], names[b])]
    pairs = _without_doubtful(_with_prior(pairs, records.num_rows), profiles, group)
    said = {row["unique_id"]: row for row in records.select(["unique_id", "family", "addresses"]).to_pylist()}
    return [(a, b, p) for a, b, sure in pairs if (p := _at_home(said[a], said[b], sure)) >= least]


def _at_home(one: dict[str, Any], other: dict[str, Any], sure: float) -> float:
    """Who gives a street and no name may be anybody who lives there."""
    named = one["family"] and other["family"]
    return sure if named or set(one["addresses"] or ()).isdisjoint(other["addresses"] or ()) else min(sure, HOUSEHOLD)


def _with_prior(pairs: list[Pair], records: int) -> list[Pair]:
    """Pairs with likelihood ratios into pairs with probabilities: how many pairs are one person's is estimated.

    As by expectation and maximisation, from what the pairs themselves say; as if half a pair more a record had been
    seen, so that few records are not over-interpreted.
    """
    every, share = records * (records - 1) / 2, 1 / records
    for _ in range(ROUNDS):
        odds = share / (1 - share)
        sure = math.fsum(ratio * odds / (1 + ratio * odds) for _, _, ratio in pairs)
        share = min(0.5, (sure + records / 2) / (2 * every))
    odds = share / (1 - share)
    return [(a, b, round(ratio * odds / (1 + ratio * odds), 6)) for a, b, ratio in pairs]


def _records(profiles: Sequence[Profile], group: Sequence[int]) -> pa.Table:
    """One record a group: the commonest name, and all numbers and addresses."""
    import pyarrow as pa

    seen: dict[int, dict[str, set[str]]] = defaultdict(lambda: defaultdict(set))
    names: dict[int, Counter[Name]] = defaultdict(Counter)
    for profile, root in zip(profiles, group, strict=True):
        if profile.family:
            names[root][profile.given, profile.family] += 1
        for name in LISTS:
            if value := getattr(profile, name):
                seen[root][name].add(value)
    kept = sorted(root for root in {*seen, *names} if root in names or seen[root].keys() - {"postcode", "device"})
    called = _turned([_usual(names[root]) or _written(seen[root]["email"]) for root in kept])
    columns: dict[str, Any] = {"unique_id": pa.array(kept, pa.int64())}
    for place, name in enumerate(_NAMES):
        columns[name] = pa.array([words[place] for words in called], pa.string())
    for name, column in LISTS.items():
        columns[column] = pa.array([sorted(seen[root][name]) or None for root in kept], pa.list_(pa.string()))
    return pa.table(columns)


def _usual(names: Counter[Name]) -> Name | None:
    """The fullest name, and the commonest among those."""
    return max(names, default=None, key=lambda n: (len(n[0] or "") > 1, n[0] is not None, names[n], n[0] or "", n[1]))


def _turned(called: list[Name]) -> list[Name]:
    """Names the right way round: where many others say that the last word is a first name, it is one."""
    full = [name for name in called if all(name)]
    first, last = Counter(given for given, _ in full), Counter(family for _, family in full)

    def is_turned(given: str, family: str) -> bool:
        return first[family] + last[given] > first[given] + last[family] + 1  # of these two are its own

    return [(b, a) if a and b and is_turned(a, b) else (a, b) for a, b in called]


def _written(emails: set[str]) -> Name:
    """The name that an address is made of, first.last@ or f.last@, for whom nothing else names."""
    for email in sorted(emails):
        match = _FIRST_LAST.fullmatch(plain_text(email.split("@")[0].replace(".", "_")))
        if match and ROLES.isdisjoint(match.groups()):
            return match[1], match[2]
    return None, None


def _weighed(records: pa.Table) -> list[Pair]:
    """Pairs worth a look, with how many times likelier what they have in common is in one person than in two."""
    import duckdb
    from splink import DuckDBAPI, Linker

    connection = duckdb.connect(config={"threads": 1, "autoinstall_known_extensions": False})
    try:
        connection.register("incoming", records)
        connection.execute(
            # What is alike in two addresses that are made of the name says no more than the name does.
            "CREATE TABLE records AS SELECT *, list_transform(emails, lambda e: split_part(e, '@', 1)) AS users, "
            "list_filter(users, lambda u: family IS NULL OR NOT contains(u, family)) AS telling, "
            "list_transform(phones, lambda p: substr(p, -6)) AS tails, substr(family, 1, 4) AS stem, "
            "substr(given, 1, 1) AS initial FROM incoming ORDER BY unique_id"
        )
        api = DuckDBAPI(connection=connection)
        connection.execute("SET enable_progress_bar = false")
        linker = Linker(api.register("records"), _settings(records.num_rows), log_level=logging.ERROR)
        if records.num_rows >= ENOUGH:
            linker.training.estimate_u_using_random_sampling(max_pairs=SAMPLED_PAIRS, seed=SEED)
        found = linker.inference.predict(threshold_match_weight=WEIGHT).physical_name
        rows = connection.execute(
            "SELECT least(unique_id_l, unique_id_r), greatest(unique_id_l, unique_id_r), "
            f'max(match_weight) FROM "{found}" GROUP BY 1, 2 ORDER BY 1, 2'
        ).fetchall()
        start = 1 / (records.num_rows - 1)  # the odds that Splink has put in
        return [(int(a), int(b), 2.0 ** float(w) / start) for a, b, w in rows]
    finally:
        connection.close()


def _settings(records: int) -> Any:
    from splink import SettingsCreator, block_on
    from splink.blocking_rule_library import CustomRule

    def exploded(*columns: str, of: Sequence[str]) -> Any:
        return block_on(*columns, *of, arrays_to_explode=list(of))

    return SettingsCreator(
        link_type="dedupe_only",
        unique_id_column_name="unique_id",
        probability_two_random_records_match=1 / records,
        comparisons=[*(_name(column) for column in _NAMES), *(_value(column) for column in _VALUES)],
        blocking_rules_to_generate_predictions=[
            block_on("given", "family"),
            CustomRule("l.given = r.family AND l.family = r.given", sql_dialect="duckdb"),
            exploded(of=["phones"]),
            exploded(of=["emails"]),
            exploded(of=["devices"]),
            exploded(of=["users"]),
            exploded("family", of=["postcodes"]),
            exploded("given", of=["postcodes"]),
            exploded(of=["addresses", "postcodes"]),
            exploded("stem", "initial", of=["addresses"]),
            exploded("initial", of=["tails"]),
        ],
        retain_intermediate_calculation_columns=False,
        retain_matching_columns=False,
    )


def _name(column: str) -> Any:
    import splink.comparison_level_library as levels
    import splink.comparison_library as comparisons

    turned = f"({_like('given_l', 'family_r')}) AND ({_like('family_l', 'given_r')})"
    made = [
        levels.ExactMatchLevel(column, term_frequency_adjustments=True),
        levels.CustomLevel(turned, "turned round"),
        levels.CustomLevel(_like(f"{column}_l", f"{column}_r"), f"{column} alike"),
        levels.ElseLevel(),
    ]
    return comparisons.CustomComparison(
        output_column_name=column,
        comparison_levels=[levels.NullLevel(column), *_weights(made, *_NAMES[column])],
    )


def _like(a: str, b: str) -> str:
    """An initial, or a typing error or two."""
    return (
        f"(least(length({a}), length({b})) = 1 AND {a}[1] = {b}[1]) OR damerau_levenshtein({a}, {b}) <= "
        f"CASE WHEN greatest(length({a}), length({b})) <= 5 THEN 1 ELSE 2 END"
    )


def _value(column: str) -> Any:
    """Lists of values: one in common, one nearly so, none."""
    import splink.comparison_level_library as levels
    import splink.comparison_library as comparisons

    said = _VALUES[column]
    a, b = f"{column}_l", f"{column}_r"
    conditions = [f"list_has_any({a}, {b})" if condition == "same" else condition for condition, _, _ in said]
    made = [levels.CustomLevel(condition, f"{column} {n}") for n, condition in enumerate(conditions)]
    m, u = ([*shares, 1 - sum(shares)] for shares in list(zip(*said, strict=True))[1:])
    unknown = levels.CustomLevel(f"{a} IS NULL OR {b} IS NULL", "unknown").configure(is_null_level=True)
    return comparisons.CustomComparison(
        output_column_name=column, comparison_levels=[unknown, *_weights([*made, levels.ElseLevel()], m, u)]
    )


def _weights(made: list[Any], m: Sequence[float], u: Sequence[float]) -> list[Any]:
    return [
        level.configure(m_probability=same, u_probability=other, fix_u_probability=other < RARE)
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

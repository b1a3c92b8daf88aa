"""Every query of the library gives the rows that brute force gives over the workspace's tables."""

from __future__ import annotations

import importlib
import math
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from miner.graph import EmbeddedGraph, ask_library, build, find, queries
from miner.graph.cypher.tokens import tokens
from tests.graph.made import Tables, costed, tables
from tests.queries.oracle import ORACLES, Row

for _path in sorted(Path(__file__).parent.glob("oracle_*.py")):
    importlib.import_module(f"tests.queries.{_path.stem}")

NAMES = sorted(queries())
EVERYTHING = 1_000_000
SEEDS = (1, 2)


@cache
def _log(seed: int, folder: Path) -> tuple[Tables, EmbeddedGraph]:
    workspace = costed(folder / f"log{seed}", seed)
    build(workspace)
    return tables(workspace), EmbeddedGraph.open(workspace)


@pytest.fixture(scope="session")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One folder for the generated workspaces of a session."""
    return tmp_path_factory.mktemp("generated")


@pytest.fixture(params=SEEDS)
def log(request: pytest.FixtureRequest, folder: Path) -> tuple[Tables, EmbeddedGraph]:
    """The tables and the graph of a generated log."""
    return _log(request.param, folder)


def test_every_query_has_an_oracle_and_every_oracle_a_query() -> None:
    """A query without a brute-force answer does not get into the library."""
    assert sorted(ORACLES) == NAMES


@pytest.mark.parametrize("name", NAMES)
def test_rows_equal_brute_force(name: str, log: tuple[Tables, EmbeddedGraph]) -> None:
    """All rows, without limit, are those of the oracle, for each of its parameters."""
    made, graph = log
    for case in ORACLES[name].cases(made):
        rows = _ask(graph, name, case)
        expected = ORACLES[name].answer(made, **case)
        _same(sorted(rows, key=_key), sorted(expected, key=_key), f"{name} {case}")


@pytest.mark.parametrize("name", NAMES)
def test_some_case_has_rows(name: str, folder: Path) -> None:
    """The generated logs hold what the query looks for, so that equal does not mean empty."""
    found = [
        _ask(graph, name, case)
        for seed in SEEDS
        for made, graph in [_log(seed, folder)]
        for case in ORACLES[name].cases(made)
    ]
    assert any(found)


@pytest.mark.parametrize("name", NAMES)
def test_rows_are_in_the_order_that_the_query_names(name: str, log: tuple[Tables, EmbeddedGraph]) -> None:
    """Rows follow ORDER BY, and a limit gives the first of them."""
    made, graph = log
    keys = _order(name)
    assert {key.lstrip("-") for key in keys} <= {*find(name).columns, "extra"}
    for case in ORACLES[name].cases(made):
        rows = _ask(graph, name, case)
        for first, second in pairwise(rows):
            assert _not_after(first, second, keys), f"{name} {case}: {first} stands before {second}"
        assert _ask(graph, name, {**case, "limit": 3}) == rows[:3]


def _ask(graph: EmbeddedGraph, name: str, case: dict[str, Any]) -> list[Row]:
    return ask_library(graph, name, {"limit": EVERYTHING, **case}, limit=None).records()


def _key(row: Row) -> str:
    return repr([(name, round(v, 3) if isinstance(v, float) else v) for name, v in sorted(row.items())])


def _same(rows: list[Row], expected: list[Row], where: str) -> None:
    assert len(rows) == len(expected), f"{where}: {len(rows)} rows, brute force has {len(expected)}"
    for row, wanted in zip(rows, expected, strict=True):
        assert list(row) == list(find(where.split()[0]).columns)
        for name, value in wanted.items():
            assert _equal(row[name], value), f"{where} {name}: {row} but brute force {wanted}"
        assert set(row) == set(wanted)


def _equal(a: Any, b: Any) -> bool:
    if isinstance(a, float) and isinstance(b, (int, float)) and not isinstance(b, bool):
        return math.isclose(a, b, rel_tol=1e-9, abs_tol=1e-6)
    return type(a) is type(b) and a == b


def _order(name: str) -> list[str]:
    """The columns of the last ORDER BY, a falling one with a minus before it."""
    found = tokens(find(name).cypher)
    start = max(at for at, token in enumerate(found) if token.depth == 0 and token.upper == "BY") + 1
    keys: list[str] = []
    for token in found[start:]:
        if token.upper == "DESC":
            keys[-1] = "-" + keys[-1]
        elif token.upper == "LIMIT":
            break
        elif token.kind == "word":
            keys.append(token.text)
    return keys


def _not_after(first: Row, second: Row, keys: list[str]) -> bool:
    for key in keys:
        name = key.lstrip("-")
        a, b = (_extra(row) if name == "extra" else row[name] for row in (first, second))
        if a is None or b is None:  # null is the largest
            a, b = float(a is None), float(b is None)
        if a == b:
            continue
        if isinstance(a, float) and math.isclose(a, b, rel_tol=1e-12, abs_tol=1e-8):
            return True  # the same sum, added up in another order
        return bool(a > b if key.startswith("-") else a < b)
    return False  # equal in all keys: the order is not total


def _extra(row: Row) -> float:
    """What two queries order by and do not return: extra time, and value lost in hundredths."""
    return row["extra_s_total"] or 0.0 if "extra_s_total" in row else int(100 * (row["value_lost"] or 0.0))

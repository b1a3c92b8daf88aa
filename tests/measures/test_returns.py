"""Returns, loops by order, avoidable returns."""

from __future__ import annotations

import pytest

from tests.drawings import draw
from tests.measures.adapter import Tables, agreed, column, same
from tests.oracles.loops import TRACES


@pytest.mark.parametrize(
    ("drawing", "rows"),
    [
        ("A B", []),
        ("A A A", []),
        ("A B A", [(0, 2, 2, 2)]),
        ("A B B customer A A", [(0, 2, 2, 2)]),
        ("A B A B", [(0, 2, 2, 2), (1, 3, 2, 2)]),
        ("A B C A", [(0, 3, 3, 3)]),
        ("A B C B A", [(1, 3, 2, 2), (0, 4, 4, 3)]),
        ("A B A C A", [(0, 2, 2, 2), (2, 4, 2, 2)]),
        ("A B C D B C A", [(1, 4, 3, 3), (2, 5, 3, 3), (0, 6, 6, 4)]),
    ],
)
def test_returns(drawing: str, rows: list[tuple[int, int, int, int]]) -> None:
    """The partner is the latest earlier visit; the order counts distinct owners between, plus one."""
    found = agreed(draw(drawing))["returns"]
    assert sorted(column(found, "to_position", "from_position", "hops", "order")) == sorted(
        (j, i, hops, order) for i, j, hops, order in rows
    )


@pytest.mark.parametrize(
    ("drawings", "avoidable"),
    [
        (["A B A"], None),
        (["A B!note A"], None),
        (["A B!message A"], False),
        (["A B customer!message A"], False),
        (["A system!status_changed B A"], False),
        (["A!message B A"], True),
        (["A B A!message"], True),
        (["A A!resolved B A"], True),
        (["A B A", "C!closed"], True),
        (["A%x B%x A%x", "C%y!closed"], None),
        (["A%x B%y A%x", "C%y!closed"], True),
    ],
)
def test_avoidable(drawings: list[str], avoidable: bool | None) -> None:
    """A trace strictly between makes a return worked, none avoidable; unknown where the sources record no traces."""
    assert column(agreed(draw(*drawings))["returns"], "avoidable") == [avoidable]


@pytest.mark.parametrize("trace", TRACES)
def test_each_trace_makes_a_return_worked(trace: str) -> None:
    """Any status or field change, message, escalation, survey answer or call-back between is a trace."""
    assert column(agreed(draw(f"A B system!{trace} A"))["returns"], "avoidable") == [False]


def test_generated(generated: tuple[Tables, Tables]) -> None:
    """Returns of generated logs equal the oracle's."""
    same(generated[1]["returns"], generated[0]["returns"], "returns")


def test_every_return_visit_has_one_return(generated: tuple[Tables, Tables]) -> None:
    """There are as many returns as visits marked as return, and they name the same visits."""
    marked = {(v["journey_id"], v["position"]) for v in generated[1]["visits"] if v["is_return"]}
    assert sorted(column(generated[1]["returns"], "journey_id", "to_position")) == sorted(marked)

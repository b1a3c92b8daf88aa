"""The directly-follows graph and its percentiles."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.drawings import MINUTE, draw
from tests.measures.adapter import Tables, agreed, column, same
from tests.oracles import nearest_rank


@pytest.mark.parametrize(
    ("values", "percent", "answer"),
    [
        ([7], 50, 7),
        ([1, 2], 50, 1),
        ([3, 1, 2], 50, 2),
        ([1, 2, 3, 4], 50, 2),
        (list(range(1, 21)), 95, 19),
        (list(range(1, 20)), 95, 19),
        (list(range(1, 101)), 95, 95),
    ],
)
def test_nearest_rank(values: list[int], percent: int, answer: int) -> None:
    """A percentile is a value of the data: the smallest whose rank reaches it."""
    assert nearest_rank(values, percent) == answer


@given(st.lists(st.integers(0, 9), min_size=1, max_size=40), st.integers(1, 100))
def test_nearest_rank_is_the_smallest_value_that_covers_enough(values: list[int], percent: int) -> None:
    """At least p percent of the values are at most the percentile, and fewer are below it."""
    found = nearest_rank(values, percent)
    assert 100 * sum(value <= found for value in values) >= percent * len(values)
    assert 100 * sum(value < found for value in values) < percent * len(values)


def test_counts_and_gaps_by_pair_of_activities() -> None:
    """Edges count direct succession in a journey; gaps start at the latest end so far."""
    found = agreed(draw("L1=a/5@0 L1=b@7 L1=a@7 L1=b@10", "L1=a L1=b"))["dfg"]
    assert column(found, "from_activity", "to_activity", "count", "median_us", "p95_us", "total_us") == [
        ("a", "b", 3, 2 * MINUTE, 3 * MINUTE, 6 * MINUTE),
        ("b", "a", 1, 0, 0, 0),
    ]


def test_percentiles_of_an_edge() -> None:
    """The p95 of twenty gaps is the 19th, the median the 10th."""
    log = draw(*(f"L1=a@0 L1=b@{minutes}" for minutes in range(1, 21)))
    assert column(agreed(log)["dfg"], "median_us", "p95_us") == [(10 * MINUTE, 19 * MINUTE)]


def test_a_log_of_single_events_has_no_edges() -> None:
    """Nothing follows nothing."""
    assert agreed(draw("L1", "L2"))["dfg"] == []


def test_generated(generated: tuple[Tables, Tables]) -> None:
    """The graph of generated logs equals the oracle's."""
    same(generated[1]["dfg"], generated[0]["dfg"], "dfg")

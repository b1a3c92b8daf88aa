"""Ping-pong runs."""

from __future__ import annotations

import pytest

from tests.drawings import draw
from tests.measures.adapter import Tables, agreed, column, same


@pytest.mark.parametrize(
    ("drawing", "rows"),
    [
        ("A B", []),
        ("A B C A", []),
        ("A B A", [("A", "B", 0, 2, 1)]),
        ("A B A B A", [("A", "B", 0, 4, 3)]),
        ("A A B system B A", [("A", "B", 0, 2, 1)]),
        ("C A B A B C", [("A", "B", 1, 4, 2)]),
        ("A B A C A", [("A", "B", 0, 2, 1), ("A", "C", 2, 4, 1)]),
        ("A B A B C B", [("A", "B", 0, 3, 2), ("B", "C", 3, 5, 1)]),
        ("A B A C B A B", [("A", "B", 0, 2, 1), ("B", "A", 4, 6, 1)]),
    ],
)
def test_pingpongs(drawing: str, rows: list[tuple[str, str, int, int, int]]) -> None:
    """Runs are maximal, may share a visit, and are named in the order in which their owners come."""
    found = agreed(draw(drawing))["pingpongs"]
    assert column(found, "owner_a", "owner_b", "first_position", "last_position", "bounces") == rows


def test_generated(generated: tuple[Tables, Tables]) -> None:
    """Ping-pong runs of generated logs equal the oracle's."""
    same(generated[1]["pingpongs"], generated[0]["pingpongs"], "pingpongs")


def test_bounces_are_the_loops_of_order_two(generated: tuple[Tables, Tables]) -> None:
    """Every A→B→A is one bounce of one run."""
    loops = [row for row in generated[1]["returns"] if row["order"] == 2]
    assert sum(row["bounces"] for row in generated[1]["pingpongs"]) == len(loops)

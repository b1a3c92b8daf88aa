"""Visits."""

from __future__ import annotations

import pytest

from tests.drawings import MINUTE, START, draw
from tests.measures.adapter import Tables, agreed, column, same


@pytest.mark.parametrize(
    ("drawing", "owners", "returns"),
    [
        ("L1", ["L1"], [False]),
        ("L1 L1 L1", ["L1"], [False]),
        ("L1 L2 L1", ["L1", "L2", "L1"], [False, False, True]),
        ("L1 customer L1 system L1", ["L1"], [False]),
        ("customer system", [], []),
        ("L1 L2 L2 L3 L2 L1", ["L1", "L2", "L3", "L2", "L1"], [False, False, False, True, True]),
    ],
)
def test_visits_are_maximal_runs(drawing: str, owners: list[str], returns: list[bool]) -> None:
    """Consecutive owned events of one owner are one visit; events without an owner do not interrupt it."""
    visits = agreed(draw(drawing))["visits"]
    assert column(visits, "owner", "is_return") == list(zip(owners, returns, strict=True))
    assert column(visits, "position") == list(range(len(owners)))


def test_a_visit_lasts_from_its_earliest_start_to_its_latest_end() -> None:
    """A long span inside a visit ends it, whatever its last event is."""
    visits = agreed(draw("L1/30@0 L1@5 L2@40"))["visits"]
    assert column(visits, "arrived_us", "left_us")[0] == (START, START + 30 * MINUTE)


def test_unowned_events_neither_count_nor_lengthen_a_visit() -> None:
    """A system's note after the last owned event does not make a visit longer."""
    visits = agreed(draw("L1@0 system/5@2 customer@9 L2@10"))["visits"]
    assert column(visits, "events", "left_us")[0] == (1, START)


def test_the_silo_of_a_visit_is_the_first_known() -> None:
    """An unknown silo of the first event is filled from the next that has one."""
    assert column(agreed(draw("L1 L1#Sales L1#Service"))["visits"], "silo") == ["Sales"]


def test_a_visit_knows_its_first_and_last_event() -> None:
    """opened_seq and closed_seq are those of the first and last owned event."""
    visits = agreed(draw("customer L1 customer L1 customer L2"))["visits"]
    assert column(visits, "opened_seq", "closed_seq") == [(1, 3), (5, 5)]


def test_generated(generated: tuple[Tables, Tables]) -> None:
    """Visits of generated logs equal the oracle's."""
    same(generated[1]["visits"], generated[0]["visits"], "visits")


def test_silo_visits_join_neighbours_and_look_through_the_unknown() -> None:
    """Visits of one silo, also with an unknown one in between, are one silo visit; a return to it is another."""
    silo_visits = agreed(draw("L1#Service L2#Service L3 L4#Service L5#Sales L1#Service"))["silo_visits"]
    assert column(silo_visits, "silo", "first_position", "last_position") == [
        ("Service", 0, 3),
        ("Sales", 4, 4),
        ("Service", 5, 5),
    ]


def test_a_bot_whose_name_stands_for_nobody_owns_nothing() -> None:
    """A bot called unknown makes no visit between two teams, a bot with a name does."""
    assert column(agreed(draw("L1 bot:unknown L1"))["visits"], "owner") == ["L1"]
    assert column(agreed(draw("L1 bot:Ada L1"))["visits"], "owner") == ["L1", "Ada", "L1"]

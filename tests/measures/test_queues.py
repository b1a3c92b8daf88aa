"""The queues before teams: total time, Little's law beside the count, the local weekday and hour."""

from __future__ import annotations

from typing import Any

import pytest

from miner.events.engine import Engine
from miner.events.sink import Sink
from miner.journeys import stitch
from miner.measures import measure
from miner.measures.calendar_file import Calendars
from tests.drawings import MINUTE, draw
from tests.measures.adapter import _arrow
from tests.measures.test_calendars import BOTH, _spread
from tests.oracles import Event, ordered
from tests.oracles.queues import queue_hours, queues


def mined(events: list[Event], calendars: Calendars | None = None, tz: str | None = None) -> tuple[Any, Any]:
    """`queues` by team, and `queue_hours` by team, weekday and hour."""
    with Engine() as engine:
        Sink(engine)
        engine.insert_arrow("raw_events", _arrow(events))
        stitch(engine, linked=False)
        measure(engine, calendars=calendars, tz=tz)
        cursor = engine.run("SELECT * FROM queues")
        names = [column[0] for column in cursor.description]
        rows = [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]
        hours = engine.rows("SELECT team, weekday, hour, arrivals, wait_us, taken_up FROM queue_hours")
    return {row["team"]: row for row in rows}, {tuple(row[:3]): tuple(row[3:]) for row in hours}


def test_a_queue_by_hand() -> None:
    """Two journeys wait for L2, 10 and 20 minutes of a log of 60, ten of them together."""
    found, _ = mined(draw("L1@0 L2/5@20", "L1@10 system@15 L2/5@20", "L1@0 L3@60"))
    row = found["L2"]
    assert (row["visits"], row["waited"], row["wait_us"] / MINUTE, row["most_waiting"]) == (2, 2, 30, 2)
    assert row["arrivals_per_h"] == 2
    assert row["waiting_little"] == pytest.approx(0.5) and row["waiting_counted"] == pytest.approx(0.5)
    assert row["share"] == pytest.approx(30 / 90)
    assert row["handled_us"] == 10 * MINUTE and row["served_per_handled_h"] == pytest.approx(12)
    assert row["people_busy"] == pytest.approx(10 / 60) and row["people"] == 1
    assert found["L1"]["wait_us"] == 0 and found["L1"]["peak_weekday"] is None


@pytest.mark.parametrize("seed", [3, 4])
def test_generated_queues_equal_the_oracle(seed: int) -> None:
    """Totals, percentiles and counts are the oracle's; Little's law agrees with the count."""
    events = _spread(seed)
    found, _ = mined(events)
    answer = queues(ordered(events))
    assert found.keys() == answer.keys()
    for team, row in answer.items():
        mine = found[team]
        told = (mine["visits"], mine["wait_us"], mine["median_us"], mine["p95_us"], mine["most_waiting"])
        assert told == (row["visits"], row["wait"], row["median"], row["p95"], row["most"])
        assert mine["waiting_counted"] == pytest.approx(row["counted"])
        assert mine["waiting_little"] == pytest.approx(row["counted"])


@pytest.mark.parametrize(
    ("calendars", "tz"), [(BOTH, None), (None, "Europe/Berlin"), (None, None), (BOTH, "Asia/Tokyo")]
)
def test_hours_are_local_on_both_sides_of_a_clock_change(calendars: Calendars | None, tz: str | None) -> None:
    """Weekday and hour are those of the team's zone at the moment itself, over a change to summer time."""
    events = _spread(5)

    def zone_of(team: str) -> str:
        return calendars.zone_of(team) if calendars else tz or "UTC"

    assert mined(events, calendars, tz)[1] == queue_hours(ordered(events), zone_of)

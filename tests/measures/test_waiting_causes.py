"""Why work waits: hand-worked cases, and generated logs against the oracle."""

from __future__ import annotations

from typing import Any

import pytest

from miner.calendars import Calendar, Calendars
from miner.events.engine import Engine
from miner.events.sink import Sink
from miner.journeys import stitch
from miner.measures import measure
from tests.drawings import MINUTE, START, draw
from tests.measures.adapter import arrow, same
from tests.oracles import Event, ordered
from tests.oracles.calendar import off_us
from tests.oracles.waiting import CAUSES, waiting_causes
from tests.strategies import random_log

# 1 March 2024 is a Friday; it opens ten minutes after midnight.
LATE = Calendars({"late": Calendar("UTC", {4: ((10, 60),)})}, "late", {})


def mined(events: list[Event], calendars: Calendars | None = None) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """`waiting_causes` as the oracle has it (without a calendar unavailability is 0 there), and `cycle_time`."""
    with Engine() as engine:
        Sink(engine)
        engine.insert_arrow("raw_events", arrow(events))
        stitch(engine, linked=False)
        measure(engine, calendars=calendars)
        columns = ", ".join(f"{cause}_us" for cause in ("wait", *CAUSES))
        rows = engine.rows(f"SELECT journey_id, seq, team, activity, {columns} FROM waiting_causes ORDER BY 1, 2")
        cursor = engine.run("SELECT * FROM cycle_time ORDER BY kind, name")
        names = [column[0] for column in cursor.description]
        cycles = [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]
    names = ["journey_id", "seq", "team", "activity", "wait", *CAUSES]
    found = [dict(zip(names, row, strict=True)) for row in rows]
    for row in found:
        assert calendars is not None or row["unavailability"] is None
        row["unavailability"] = row["unavailability"] or 0
    return found, cycles


def causes(*drawings: str, calendars: Calendars | None = None) -> dict[str, float]:
    """Minutes by cause of the wait of the first journey's last event."""
    found = [row for row in mined(draw(*drawings), calendars)[0] if row["journey_id"] == "j1"]
    return {cause: found[-1][cause] / MINUTE for cause in CAUSES if found[-1][cause]}


@pytest.mark.parametrize(
    ("drawings", "minutes"),
    [
        # A is possible at 1 and begins at 11. The person does nothing known: extraneous.
        (["L2/1@0 L1/5@11"], {"extraneous": 10}),
        # Busy from 2 to 9 with work possible at 0, before mine at 1: contention.
        (["L2/1@0 L1/5@11", "L3@0 L1/7@2"], {"contention": 7, "extraneous": 3}),
        # Busy from 6 to 9 with work possible at 5, after mine: prioritisation.
        (["L2/1@0 L1/5@11", "L3/5@0 L1/3@6"], {"prioritisation": 3, "extraneous": 7}),
        # Work possible at the same time counts as before.
        (["L2/1@0 L1/5@11", "L3/1@0 L1/3@6"], {"contention": 3, "extraneous": 7}),
        # Both at once: the earlier is what holds it up; then the later one alone.
        (["L2/1@0 L1/5@11", "L3@0 L1/3@4", "L3/5@0 L1/5@5"], {"contention": 3, "prioritisation": 3, "extraneous": 4}),
        # Three letters are written in one go at 11; the last of them came at 8: seven minutes of collecting.
        (
            ["L2/1@0 L1/1@11=letter", "L2/4@0 L1/1@12=letter", "L2/8@0 L1/1@13=letter"],
            {"batching": 7, "extraneous": 3},
        ),
        # What was not possible yet when the first began is not of the batch.
        (
            ["L2/1@0 L1/1@11=letter", "L2/4@0 L1/1@12=letter", "L2/12@0 L1/1@13=letter"],
            {"batching": 3, "extraneous": 7},
        ),
        # The queue's span is part of the wait, with the gaps around it: the person is free all the time.
        (["L2/1@0 system/8@2=line!queue_enter L1/5@11"], {"extraneous": 10}),
        # Eleven minutes from the call to the answer; busy for seven of them while it is in the queue.
        (["customer@0 system/10@1=line!queue_enter L1/5@11", "L3@0 L1/7@2"], {"contention": 7, "extraneous": 4}),
        # A pause in between, or another activity, and it is no batch.
        (["L2/1@0 L1/1@11=letter", "L2/4@0 L1/1@14=letter"], {"extraneous": 10}),
    ],
)
def test_hand_worked_cases(drawings: list[str], minutes: dict[str, float]) -> None:
    """Each cause as the comment beside the case works it out by hand."""
    assert causes(*drawings) == minutes


def test_a_closed_calendar_comes_after_being_busy() -> None:
    """Closed until 10, busy overtime from 2 to 5: that is contention, the rest of the closed time unavailability."""
    found = causes("L2/1@0 L1/5@11", "L3@0 L1/3@2", calendars=LATE)
    assert found == {"contention": 3, "unavailability": 6, "extraneous": 1}


def test_efficiency_without_a_cause() -> None:
    """13 minutes of work and 12 of waiting: 13/25; without the 7 of contention 13/18."""
    _, cycles = mined(draw("L2/1@0 L1/5@11", "L3@0 L1/7@2"))
    (whole,) = [row for row in cycles if row["kind"] == "all"]
    assert (whole["work_us"], whole["wait_us"]) == (13 * MINUTE, 12 * MINUTE)
    assert whole["efficiency"] == 13 / 25 and whole["without_contention"] == 13 / 18
    (own,) = [row for row in cycles if row["kind"] == "team" and row["name"] == "L2"]
    assert own["efficiency"] == 1.0 and own["waits"] == 0


def test_waits_without_a_person_or_a_length_are_not_explained() -> None:
    """Points, and events of nobody known, say nothing of causes."""
    assert mined(draw("L2/1@0 L1@11", "L2/1@0 ivr/5@11 customer/5@30"))[0] == []


@pytest.mark.parametrize("calendars", [None, LATE])
@pytest.mark.parametrize("kind", [{}, {"actor_type": "agent", "team": "L1"}])
def test_generated(kind: dict[str, Any], calendars: Calendars | None) -> None:
    """The causes of generated logs are the oracle's, and add up to the wait."""
    events = random_log(41, 60, 8, **kind)
    for n, event in enumerate(events):  # spread out, so that people are not busy all the time
        event["started_us"] += n % 7 * 9 * MINUTE
        event["ended_us"] += n % 7 * 9 * MINUTE
    bots = {event["agent"] for event in events if event["actor_type"] == "bot"}
    hours = {4: [(10, 60)]}

    def closed(row: dict[str, Any], start: int, end: int) -> int:
        return 0 if row["team"] in bots else off_us(start, end, "UTC", hours, set())

    found, _ = mined(events, calendars)
    answer = waiting_causes(ordered(events), closed if calendars else None)
    same(found, sorted(answer, key=lambda row: (row["journey_id"], row["seq"])), "waiting_causes")
    assert all(sum(row[cause] for cause in CAUSES) == row["wait"] for row in found)
    assert {cause for row in found for cause in CAUSES if row[cause]} >= {"contention", "prioritisation"}
    assert min(event["started_us"] for event in events) >= START

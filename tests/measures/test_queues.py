"""The queues before teams: total time, Little's law beside the count, the local weekday and hour."""

from __future__ import annotations

import random
from typing import Any

import pytest

from miner.calendars import Calendars
from miner.events.engine import Engine
from miner.events.sink import Sink
from miner.journeys import stitch
from miner.measures import measure
from tests.drawings import MINUTE, draw
from tests.measures.adapter import arrow
from tests.measures.test_calendars import BOTH, _spread
from tests.oracles import Event, ordered
from tests.oracles.bottlenecks import queue_hours, queues


def mined(events: list[Event], calendars: Calendars | None = None, tz: str | None = None) -> tuple[Any, Any]:
    """`queues` by team, and `queue_hours` by team, weekday and hour."""
    with Engine() as engine:
        Sink(engine)
        engine.insert_arrow("raw_events", arrow(events))
        stitch(engine, linked=False)
        measure(engine, calendars=calendars, tz=tz)
        cursor = engine.run("SELECT * FROM queues")
        names = [column[0] for column in cursor.description]
        rows = [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]
        hours = engine.rows("SELECT team, weekday, hour, arrivals, wait_us, waiting_us, taken_up FROM queue_hours")
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


def test_what_waits_in_a_queue_is_before_the_team_that_takes_it_up() -> None:
    """A call of 10 minutes in the queue waits 10 minutes for the team that answers, who gave up 5 for its queue."""
    answered = "customer=call system/10@0=queue!queue_enter L1/5@10"
    gone = "customer=call@20 system/5@20=queue!queue_enter customer!abandoned@25"
    found, _ = mined(in_queue("L1", draw(answered, gone)))
    row = found["L1"]
    assert (row["waits"], row["visits"], row["queued"], row["gave_up"], row["gave_up_share"]) == (2, 1, 2, 1, 0.5)
    assert (row["wait_us"] / MINUTE, row["queue_us"] / MINUTE, row["gave_up_us"] / MINUTE) == (15, 15, 5)
    assert (row["median_us"] / MINUTE, row["p95_us"] / MINUTE, row["handed_us"], row["kind"]) == (5, 10, 0, "team")


def test_handed_over_first_routing_and_queue_are_told_apart() -> None:
    """What comes after a handoff, before the first owner and in a queue adds up to the wait."""
    found, _ = mined(draw("customer@0 L1@3 system/4@5 L2@12"))
    row = found["L2"]
    assert [row[f"{part}_us"] / MINUTE for part in ("wait", "handed", "routing", "queue")] == [9, 5, 0, 4]
    assert [found["L1"][f"{part}_us"] / MINUTE for part in ("wait", "handed", "routing", "queue")] == [3, 0, 3, 0]


def test_the_customers_time_is_no_wait_for_a_team() -> None:
    """Sixteen minutes pass until the next team acts, one of them after the customer has answered: one minute."""
    found, _ = mined(draw("L1@0 customer@15 L2@16"))
    assert found["L2"]["wait_us"] == MINUTE


def test_where_owners_are_people_the_queue_is_waited_for() -> None:
    """Without teams the waits of a queue are the queue's, whoever answers; what waits for a person stays theirs."""
    drawings = "customer system/3@0=q!queue_enter A/5@3 B@20", "customer system/4@0=q!queue_enter B/5@4"
    events = in_queue(None, draw(*drawings))
    for event in events:
        event["team"] = None
    found, _ = mined(events)
    assert {team: (row["kind"], row["waits"], row["wait_us"] / MINUTE) for team, row in found.items()} == {
        "line": ("queue", 2, 7),
        "B agent": ("person", 1, 12),
    }


def test_who_asked_to_be_called_back_did_not_give_up() -> None:
    """A callback excludes the contact; nor does a customer give up whom somebody had, without a queue."""
    back = "customer system/3@0=q!queue_enter customer!callback_requested@3 customer!abandoned@4"
    owned = "customer L1@1 customer!abandoned@9"
    found, _ = mined(draw(back, owned))
    assert {team: row["gave_up"] for team, row in found.items()} == {"L1": 0}


def test_what_nobody_ends_is_no_wait_yet() -> None:
    """A queue that the log's end cuts off has no row."""
    assert not mined(draw("customer system/30@0=q!queue_enter", "customer customer@5"))[0]


def in_queue(team: str | None, events: list[Event]) -> list[Event]:
    """The same events, with the queues being those of a team, and called line."""
    for event in events:
        if event["event_type"] == "queue_enter":
            event.update(team=team, actor="line")
    return events


def spread(seed: int) -> list[Event]:
    """A generated log with queues, callbacks and customers who give up."""
    events = _spread(seed)
    dice = random.Random(seed)  # noqa: S311 - not for secrets
    for event in events:
        if event["actor_type"] == "system" or dice.random() < 0.2:
            event.update(actor_type="system", event_type="queue_enter", actor="line")
            event["team"] = dice.choice(["L1", "L2", None])
        elif event["actor_type"] == "customer" and dice.random() < 0.6:
            event["event_type"] = dice.choice(["abandoned"] * 5 + ["callback_requested"])
    return events


@pytest.mark.parametrize("by_team", [True, False])
@pytest.mark.parametrize("seed", [3, 4])
def test_generated_queues_equal_the_oracle(seed: int, by_team: bool) -> None:
    """Totals, percentiles and counts are the oracle's; Little's law agrees with the count."""
    events = spread(seed)
    for event in events:
        event["team"] = event["team"] if by_team else None
    found, _ = mined(events)
    answer = queues(ordered(events))
    assert found.keys() == answer.keys() and any(row["gave_up"] for row in answer.values())
    for team, row in answer.items():
        assert {name: found[team][name] for name in row} == pytest.approx(row)
        assert found[team]["waiting_little"] == pytest.approx(row["waiting_counted"])


@pytest.mark.parametrize(
    ("calendars", "tz"), [(BOTH, None), (None, "Europe/Berlin"), (None, None), (BOTH, "Asia/Tokyo")]
)
def test_hours_are_local_on_both_sides_of_a_clock_change(calendars: Calendars | None, tz: str | None) -> None:
    """Weekday and hour are those of the team's zone at the moment itself, over a change to summer time."""
    events = spread(5)

    def zone_of(team: str) -> str:
        return calendars.zone_of(team) if calendars else tz or "UTC"

    assert mined(events, calendars, tz)[1] == queue_hours(ordered(events), zone_of)

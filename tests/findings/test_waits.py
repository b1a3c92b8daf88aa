"""Slow and busy queues, people who are never named, and customers who give up."""

from __future__ import annotations

import random
from pathlib import Path
from typing import Any

import pytest

from miner.findings import find
from miner.summary import SavedFinding
from tests.drawings import MINUTE, START, draw
from tests.report.made import workspace_of

Event = dict[str, Any]


def told(folder: Path, events: list[Event], agents: bool = False) -> list[SavedFinding]:
    """The findings of a log, of single persons only where they are asked for."""
    return find(workspace_of(folder / "w", events), (), agents=agents)


def handed(seed: int, means: dict[str, tuple[int, float]]) -> list[Event]:
    """Journeys handed from L1 to these teams: how many to each, and how many minutes they wait on average."""
    dice = random.Random(seed)  # noqa: S311 - not for secrets
    lines, intents = [], []
    for team, (count, mean) in means.items():
        for _ in range(count):
            begin = dice.uniform(0, 28 * 24 * 60)
            lines.append(f"L1@{begin:.2f} {team}@{begin + dice.expovariate(1 / mean):.2f}")
            intents.append(dice.choice(("refund", "order")))
    events = draw(*lines)
    for event in events:
        event["intent"] = intents[int(event["journey_id"][1:]) - 1]
    return events


def bottlenecks(found: list[SavedFinding]) -> dict[str, str]:
    """Team → what is said of it, in order."""
    return {one["where"]["teams"][0]: one["title"] for one in found if one["kind"] == "bottleneck"}


def test_a_slow_team_is_told_before_a_busy_one(tmp_path: Path) -> None:
    """A team whose waits are three times as long is slow, with its size and interval; who has most waits is busy."""
    said = bottlenecks(told(tmp_path, handed(1, {"Big": (900, 20), "Other": (200, 20), "Late": (150, 60)})))
    assert next(iter(said)) == "Late" and said["Late"].startswith("Late is slow: journeys waited ")
    assert "more than as many waits of the same intent and kind for others (n = 150)" in said["Late"]
    assert said["Big"].startswith("Big is busy: ") and said["Other"].startswith("Other is busy: ")


@pytest.mark.parametrize("seed", range(4))
def test_the_busiest_of_equal_teams_is_not_called_slow(tmp_path: Path, seed: int) -> None:
    """Five teams with one distribution of waits are busy, whoever has most of them; no word compares them."""
    means = {"A": (400, 30.0), "B": (200, 30.0), "C": (100, 30.0), "D": (60, 30.0), "E": (40, 30.0)}
    said = bottlenecks(told(tmp_path, handed(seed, means)))
    assert list(said) == ["A", "B", "C", "D", "E"]
    assert all(" is busy: " in title and " slow" not in title and " more than " not in title for title in said.values())


def calls(count: int, gone: int, queue: str | None = "line") -> list[Event]:
    """A call centre of ten agents without teams: callers wait for a queue, some give up."""
    dice = random.Random(5)  # noqa: S311 - not for secrets
    events: list[Event] = []
    for n in range(count):
        begin, waits, key = START + n * 7 * MINUTE, round(dice.expovariate(1 / 50) * 1_000_000), f"call{n}"
        common = {
            **dict.fromkeys(draw("L1")[0]),
            "source": "calls",
            "source_no": 0,
            "source_system": "calls",
            "channel": "voice",
            "journey_id": key,
            "interaction_id": key,
        }
        steps: list[Event] = [
            {"activity": "Call", "event_type": "started", "actor_type": "customer", "started_us": begin}
        ]
        if queue:
            steps.append(
                {
                    "activity": "Queued",
                    "event_type": "queue_enter",
                    "actor_type": "system",
                    "actor": queue,
                    "started_us": begin,
                    "ended_us": begin + waits,
                }
            )
        agent = f"agent {dice.randrange(10)}"
        last: Event = (
            {"activity": "Abandoned", "event_type": "abandoned", "actor_type": "customer"}
            if n < gone
            else {
                "activity": "Talk",
                "event_type": "agent_connected",
                "actor_type": "agent",
                "agent": agent,
                "actor": agent,
            }
        )
        steps.append({**last, "started_us": begin + waits, "ended_us": begin + waits + (0 if n < gone else 3 * MINUTE)})
        for sequence, step in enumerate(steps):
            place = {"sequence": sequence, "line": len(events) + 1}
            events.append({**common, **place, "ended_us": step["started_us"], **step})
    return events


def test_callers_wait_for_the_queue_and_never_for_a_person(tmp_path: Path) -> None:
    """Where agents have no team, the queue is the first finding, with all who waited; no agent is named."""
    events = calls(300, 60)
    found = told(tmp_path, events)
    waited = sum(e["ended_us"] - e["started_us"] for e in events if e["event_type"] == "queue_enter") / 3.6e9
    (queue,) = (one for one in found if one["kind"] == "bottleneck")
    assert (queue["where"]["teams"], queue["n"], queue["hours"]) == (["line"], 300, pytest.approx(waited, abs=0.01))
    assert "agent" not in str(found) and 1 <= len(queue["examples"]) <= 10


def test_who_gave_up_is_a_finding_with_its_share_and_interval(tmp_path: Path) -> None:
    """60 of 300 callers gave up: 20 %, with the interval, the time that they waited, and journeys to look at."""
    events = calls(300, 60)
    (gone,) = (one for one in told(tmp_path, events) if one["kind"] == "abandonment")
    assert gone["title"].startswith(
        "60 customers gave up waiting for line, 20.0 % of 300 that were queued (95 % interval 15.9"
    )
    assert (gone["n"], gone["share"], gone["journeys"]) == (300, 0.2, 60)
    assert gone["low"] < 0.2 < gone["high"]
    ended = {e["journey_id"]: e["ended_us"] - e["started_us"] for e in events if e["event_type"] == "queue_enter"}
    lost = sum(ended[f"call{n}"] for n in range(60)) / 3.6e9
    assert gone["hours"] == pytest.approx(lost, abs=0.01)
    assert set(gone["examples"]) <= {f"call{n}" for n in range(60)}


def test_where_nobody_gave_up_nothing_is_said_of_it(tmp_path: Path) -> None:
    """Answered calls are no abandonment."""
    assert not [one for one in told(tmp_path, calls(120, 0)) if one["kind"] == "abandonment"]


def persons() -> list[Event]:
    """A log without teams: one person hands over to two others, of whom Bob lets wait three times as long."""
    events = handed(3, {"Ann": (60, 20), "Bob": (60, 60)})
    for event in events:
        event.update(agent=event["team"], actor=event["team"], team=None)
        event["activity"] = f"step {event['activity'][-1] > '4'}"
    return events


def test_people_without_a_queue_are_not_told_by_name(tmp_path: Path) -> None:
    """Persons who hand over to persons have no finding of their own; the slow step has one."""
    found = [one for one in told(tmp_path, persons()) if one["kind"] == "bottleneck"]
    assert found and all("teams" not in one["where"] and "path" in one["where"] for one in found)


def test_people_are_reported_where_agents_are_asked_for(tmp_path: Path) -> None:
    """With --agents a person can be slow or busy, compared with the others; a log of teams says the same as without."""
    said = bottlenecks(told(tmp_path / "people", persons(), agents=True))
    assert said["Bob"].startswith("Bob is slow: ") and said["Ann"].startswith("Ann is busy: ")
    teams = handed(3, {"L2": (60, 20), "L3": (60, 60)})
    assert told(tmp_path / "with", teams, agents=True) == told(tmp_path / "without", teams)


def test_weekdays_have_both_figures(tmp_path: Path) -> None:
    """What begins on Fridays and lies over the weekend is said with both shares, each by its name."""
    friday = [f"L1@{7 * 24 * 60 * n + 20 * 60} L2@{7 * 24 * 60 * n + 20 * 60 + 2 * 24 * 60}" for n in range(40)]
    short = [f"L1@{24 * 60 * n + 60} L2@{24 * 60 * n + 90}" for n in range(200)]
    (queue,) = (one for one in told(tmp_path, draw(*friday, *short)) if one["kind"] == "bottleneck")
    assert queue["where"]["hours"] == {"weekday": "Friday", "hour": 20}
    began, lies = 40 * 2880 + 29 * 30, 40 * 240 + 29 * 30
    total = 40 * 2880 + 200 * 30
    said = f"Waits that began on Fridays make up {100 * began / total:.0f} % of this time; {100 * lies / total:.0f} %"
    assert f"{said} of it falls on Fridays." in queue["title"]

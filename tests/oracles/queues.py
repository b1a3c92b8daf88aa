"""The queue before each team (definitions: Bottleneck), wait by wait and moment by moment.

Readings: a visit waits for its team in the gaps that its first event ends, the customer's and a system's own spans not
counted; a visit that nothing waited for joins when it begins. Hours are calendar hours from the log's first event to
its last. A wait is counted in the weekday and hour of the team's zone in which it begins.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from itertools import pairwise
from zoneinfo import ZoneInfo

from tests.oracles.flow import nearest_rank
from tests.oracles.order import Event, Row
from tests.oracles.time_split import transitions
from tests.oracles.visits import visits

Log = dict[str, list[Event]]


def queue_visits(log: Log) -> list[Row]:
    """Each visit with the spans of waiting before it."""
    found = []
    for events in log.values():
        rows = transitions(events)
        for visit in visits(events):
            opened = visit["opened_seq"]
            before = max((e["seq"] for e in events[:opened] if e["owned"] or e["actor_type"] == "customer"), default=-1)
            waits = [(events[row["seq"]]["started_us"] - row["gap_us"], events[row["seq"]]["started_us"])
                     for row in rows[before + 1:opened + 1] if row["gap_us"]]  # fmt: skip
            begin = events[opened]["started_us"]
            found.append({
                "team": visit["owner"], "arrived": min([visit["arrived_us"], begin]), "waits": waits,
                "wait": sum(b - a for a, b in waits), "joined": waits[0][0] if waits else visit["arrived_us"],
            })
    return found


def queues(log: Log) -> dict[str, Row]:
    """By team: visits, total, median, p95, the mean number waiting, the most that wait at once."""
    events = [event for its in log.values() for event in its]
    span = max(e["ended_us"] for e in events) - min(e["started_us"] for e in events)
    found = {}
    rows = queue_visits(log)
    for team in {row["team"] for row in rows}:
        own = [row for row in rows if row["team"] == team]
        waits = [wait for row in own for wait in row["waits"]]
        cuts = sorted({t for wait in waits for t in wait})
        waiting = [(b - a, sum(1 for x, y in waits if x <= a and b <= y)) for a, b in pairwise(cuts)]
        found[team] = {
            "visits": len(own), "wait": sum(row["wait"] for row in own),
            "median": nearest_rank([row["wait"] for row in own], 50),
            "p95": nearest_rank([row["wait"] for row in own], 95),
            "counted": sum(us * n for us, n in waiting) / span if span else None,
            "most": max((n for _, n in waiting), default=0),
        }
    return found


def queue_hours(log: Log, tz_of: Callable[[str], str]) -> dict[tuple[str, int, int], tuple[int, int, int]]:
    """By team, weekday (1 is Monday) and local hour: arrivals, microseconds of waiting, visits taken up."""
    found: dict[tuple[str, int, int], list[int]] = {}
    for row in queue_visits(log):
        for us, values in ((row["joined"], (1, row["wait"], 0)), (row["arrived"], (0, 0, 1))):
            local = datetime.fromtimestamp(us // 1_000_000, UTC).astimezone(ZoneInfo(tz_of(row["team"])))
            cell = found.setdefault((row["team"], local.isoweekday(), local.hour), [0, 0, 0])
            for n, value in enumerate(values):
                cell[n] += value
    return {key: (cell[0], cell[1], cell[2]) for key, cell in found.items()}

"""Waits outside working hours (definitions: off_hours), minute by minute in local time.

Readings: the team that ends a gap is the owner of the event that it waits for; a tail, which nobody ends, and teams
without a calendar of their own have the default one; a bot without one is always open. A shift that ends at or before
its start goes on into the next day, and belongs to the day on which it starts: that day's being a holiday closes it.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from tests.oracles.order import Event, Row
from tests.oracles.time_split import transitions

MINUTE = 60_000_000
Hours = dict[int, list[tuple[int, int]]]


def is_open(us: int, tz: str, hours: Hours, off: set[date]) -> bool:
    """Whether the minute of a moment is a working one: wall clock against the hours of today and of yesterday."""
    local = datetime.fromtimestamp(us // 1_000_000, UTC).astimezone(ZoneInfo(tz))
    minute = local.hour * 60 + local.minute
    yesterday = local.date() - timedelta(days=1)
    today = [] if local.date() in off else hours.get(local.weekday(), [])
    late = [] if yesterday in off else hours.get(yesterday.weekday(), [])
    return any(a <= minute < b for a, b in today) or any(a <= minute + 1440 < b for a, b in late)


def off_us(start: int, end: int, tz: str, hours: Hours, off: set[date]) -> int:
    """Microseconds of [start, end] in closed minutes."""
    total, at = 0, start
    while at < end:
        until = min(end, (at // MINUTE + 1) * MINUTE)
        total += 0 if is_open(at, tz, hours, off) else until - at
        at = until
    return total


def off_hours(journey: list[Event], closed: Callable[[Event | None, int, int], int]) -> dict[int, tuple[str, int]]:
    """Of each seq with a handoff_wait or queue_wait gap: which of the two, and how much of it is off hours.

    `closed(event, start, end)` says how much of a span is outside the hours of the team of the event that ends it.
    """
    found = {}
    rows: list[Row] = transitions(journey)
    for row in rows:
        event = journey[row["seq"]]
        ending = next((e for e in journey[row["seq"]:] if e["owned"] or e["actor_type"] == "customer"), None)
        if row["gap_us"] and (ending is None or ending["actor_type"] != "customer"):
            start = event["started_us"] - row["gap_us"]
            part = "handoff_wait" if row["handoff_wait"] else "queue_wait"
            found[row["seq"]] = (part, closed(ending, start, event["started_us"]))
    return found

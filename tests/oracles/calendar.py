"""Waits outside working hours (definitions: off_hours), minute by minute in local time.

Readings: the team that ends a wait is the owner of the next act of an owner; a wait that nobody or a customer who gives
up ends, and teams without a calendar of their own, have the default one; a bot without one is always open. A shift that
ends at or before its start goes on into the next day, and belongs to the day on which it starts: that day's being a
holiday closes it.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from tests.oracles.order import Event
from tests.oracles.time_split import elementary

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


def off_hours(journey: list[Event], closed: Callable[[Event | None, int, int], int]) -> list[tuple[int, str, int]]:
    """(seq of the piece, handoff_wait or queue_wait, how much of it is off hours) of every own wait, gap or span.

    `closed(event, start, end)` says how much of a span is outside the hours of the team of the event that ends it.
    """
    found = []
    for start, end, part, piece in elementary(journey):
        if part in ("handoff_wait", "queue_wait"):
            ending = next(
                (e for e in journey if e["started_us"] >= end and (e["owned"] or e["event_type"] == "abandoned")), None
            )
            found.append((piece, part, closed(ending if ending and ending["owned"] else None, start, end)))
    return found

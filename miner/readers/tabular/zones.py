"""Local times to UTC in SQL, with the clock changes of a zone."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, tzinfo
from functools import cache
from zoneinfo import ZoneInfo

from miner.events.times import zone

HALF_HOUR_US = 1_800_000_000
_YEARS = (1970, 2100)


def to_utc(timestamp: str, name: str | None) -> str:
    """A timestamp expression of local time in a zone (None: UTC) as microseconds in UTC.

    In the hour that a clock change repeats the first is meant; an hour that it skips is read as the one after.
    """
    there = zone(name) if name else UTC
    if not isinstance(there, ZoneInfo):
        offset = there.utcoffset(None) or timedelta()
        shift = offset // timedelta(microseconds=1)
        return f"epoch_us({timestamp}) - {shift}" if shift else f"epoch_us({timestamp})"
    if there.key in ("UTC", "Etc/UTC"):
        return f"epoch_us({timestamp})"
    # The engine takes the second of two equal hours; the first is earlier by what the clock was put back.
    moment = f"epoch_us(timezone('{there.key}', {timestamp}))"
    repeated = _repeated(there.key)
    if not repeated:
        return moment
    whens = " ".join(
        f"WHEN {moment} // {HALF_HOUR_US} IN ({', '.join(map(str, sorted(halves)))}) THEN {shift}"
        for shift, halves in sorted(repeated.items())
    )
    return f"{moment} - CASE {whens} ELSE 0 END"


@cache
def _repeated(key: str) -> dict[int, frozenset[int]]:
    """The half hours (UTC) that show the same local time a second time, by how far the clock was put back (µs)."""
    there = ZoneInfo(key)
    found: dict[int, set[int]] = {}
    day, end = datetime(_YEARS[0], 1, 1, tzinfo=UTC), datetime(_YEARS[1], 1, 1, tzinfo=UTC)
    week = timedelta(days=7)
    while day < end:
        if (back := _offset(there, day) - _offset(there, day + week)) > timedelta():
            half = int(_change(there, day, day + week).timestamp()) // 1800
            shift = back // timedelta(microseconds=1)
            found.setdefault(shift, set()).update(range(half, half + -(-shift // HALF_HOUR_US)))
        day += week
    return {shift: frozenset(halves) for shift, halves in found.items()}


def _offset(there: tzinfo, moment: datetime) -> timedelta:
    return moment.astimezone(there).utcoffset() or timedelta()


def _change(there: tzinfo, low: datetime, high: datetime) -> datetime:
    """The moment of the change of offset between two others, to the minute."""
    before = _offset(there, low)
    while high - low > timedelta(minutes=1):
        middle = low + (high - low) / 2
        middle = middle.replace(second=0, microsecond=0)
        if middle == low:
            break
        low, high = (middle, high) if _offset(there, middle) == before else (low, middle)
    return high

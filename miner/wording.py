"""Counts, lengths of time and shares in words."""

from __future__ import annotations

from datetime import timedelta

_MINUTE, _HOUR, _DAY = 60, 3600, 86400


def plural(count: int, one: str, many: str | None = None) -> str:
    """A count with its noun: "1 journey", "2,020 journeys"."""
    return f"{count:,} {one if count == 1 else many or one + 's'}"


def spoken(length: float | timedelta) -> str:
    """A length of time (a number: in seconds) in the two units that matter: 165 d, 3 d 4 h, 2 h 5 min, 40 s."""
    seconds = length.total_seconds() if isinstance(length, timedelta) else length
    if seconds < 0:
        return f"-{spoken(-seconds)}"
    if 0 < seconds < 1:
        return "under 1 s"
    whole = round(seconds)
    if whole < _MINUTE:
        return f"{whole} s"
    if whole < _HOUR - _MINUTE / 2:
        return _two(whole, _MINUTE, "min", 1, "s") if whole < 10 * _MINUTE else f"{round(whole / _MINUTE)} min"
    if whole < _DAY - _MINUTE / 2:
        return _two(whole, _HOUR, "h", _MINUTE, "min")
    if whole < 14 * _DAY:
        return _two(whole, _DAY, "d", _HOUR, "h")
    return f"{round(whole / _DAY):,} d"


def _two(whole: int, big: int, big_name: str, small: int, small_name: str) -> str:
    high, low = divmod(round(whole / small), big // small)
    return f"{high:,} {big_name} {low} {small_name}" if low else f"{high:,} {big_name}"


def percent(part: float | None, whole: float) -> str:
    """A share in whole percent: 38 %; "under 1 %", "over 99 %" where rounding would hide the rest; "–" of nothing."""
    if part is None or not whole:
        return "–"
    share = 100 * part / whole
    if 0 < share < 1:
        return "under 1 %"
    return "over 99 %" if 99 < share < 100 else f"{share:.0f} %"

"""A finding: one plain sentence with its size, its proof and the query that gives it back."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from typing import Any

WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_MINUTE, _HOUR, _DAY = 60, 3600, 86400


@dataclass(frozen=True)
class Finding:
    """As in summary.json. `hours` is elapsed time (people's where asked again); they can overlap and are not summed."""

    kind: str
    title: str
    where: dict[str, Any]
    journeys: int
    hours: float | None
    n: int
    share: float | None
    query: str
    params: dict[str, Any]
    examples: list[str] = field(default_factory=list)
    money: float | None = None
    value: float | None = None
    low: float | None = None
    high: float | None = None
    unpriced_hours: float | None = None  # of what `money` is the cost of: those that have no rate

    def plain(self) -> dict[str, Any]:
        """The finding as JSON has it."""
        return asdict(self)


def spoken(seconds: float) -> str:
    """A length of time as people say it, in the two units that matter: 165 d, 3 d 4 h, 2 h 5 min, 40 s."""
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


def hours(seconds: float | None) -> float | None:
    """Seconds as hours, rounded to hundredths; unknown stays unknown."""
    return None if seconds is None else round(seconds / 3600, 2)


def percent(part: float, whole: float) -> str:
    """A share for people; "no" share of nothing."""
    return f"{100 * part / whole:.0f} %" if whole else "0 %"

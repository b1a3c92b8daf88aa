"""A finding: one plain sentence with its size, its proof and the query that gives it back."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from typing import Any

WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


@dataclass(frozen=True)
class Finding:
    """As in summary.json. `hours` is elapsed time; hours of different findings can overlap and are not summed."""

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

    def plain(self) -> dict[str, Any]:
        """The finding as JSON has it."""
        return asdict(self)


def spoken(seconds: float) -> str:
    """A length of time as people say it: 3 d 4 h, 2 h 5 min, 40 s."""
    minutes, rest = divmod(round(seconds), 60)
    if minutes == 0:
        return f"{rest} s"
    hours, minutes = divmod(minutes, 60)
    if hours == 0:
        return f"{minutes} min"
    days, left = divmod(hours, 24)
    if days == 0:
        return f"{hours} h {minutes} min" if minutes else f"{hours} h"
    return f"{days:,} d {left} h" if left else f"{days:,} d"


def hours(seconds: float | None) -> float | None:
    """Seconds as hours, rounded to hundredths; unknown stays unknown."""
    return None if seconds is None else round(seconds / 3600, 2)


def percent(part: float, whole: float) -> str:
    """A share for people; "no" share of nothing."""
    return f"{100 * part / whole:.0f} %" if whole else "0 %"

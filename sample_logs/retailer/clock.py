"""Time in Berlin, written as whole UTC seconds since the epoch; working hours and arrivals.

Day 0 is Monday, 5 January 2026. The switch to summer time (29 March 2026) is written out, so that
no zone database is needed.
"""

from __future__ import annotations

from calendar import timegm
from collections.abc import Mapping
from datetime import UTC, datetime

from .dice import Dice

HOUR, DAY = 3600, 86400
_DAY0 = timegm((2026, 1, 5, 0, 0, 0))
_SUMMER = timegm((2026, 3, 29, 1, 0, 0))
_HOLIDAYS = frozenset({88})  # Good Friday, 3 April 2026
MON, TUE, WED, THU, FRI, SAT, SUN = range(7)


def utc(day: int, second: float) -> int:
    """The moment at this local second of this day."""
    moment = _DAY0 + day * DAY + int(second) - HOUR
    return moment - HOUR if moment >= _SUMMER else moment


def local(moment: int) -> tuple[int, int, int]:
    """Day number, weekday (0 = Monday) and second of the day in Berlin."""
    shifted = moment + (2 * HOUR if moment >= _SUMMER else HOUR)
    day, second = divmod(shifted - _DAY0, DAY)
    return day, day % 7, second


def iso(moment: int) -> str:
    """The moment as `2026-01-05T08:00:00Z`."""
    return datetime.fromtimestamp(moment, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


START, END = utc(0, 0), utc(89, 0)  # the exports are made in the night after 3 April 2026


class Hours:
    """The working hours of a week: weekday → (opens, closes) in hours."""

    def __init__(self, week: Mapping[int, tuple[float, float]]):
        self._week = week

    def span(self, day: int) -> tuple[int, int] | None:
        """When it is open on that day, or None."""
        if day in _HOLIDAYS or day % 7 not in self._week:
            return None
        opens, closes = self._week[day % 7]
        return utc(day, opens * HOUR), utc(day, closes * HOUR)

    def left(self, moment: int) -> int:
        """Seconds that it stays open from this moment on; 0 when it is closed."""
        span = self.span(local(moment)[0])
        return max(0, span[1] - moment) if span and moment >= span[0] else 0

    def after(self, moment: int, seconds: float) -> int:
        """The moment when that many working seconds have passed."""
        day, left = local(moment)[0], int(seconds)
        while True:
            span = self.span(day)
            if span:
                begin = max(moment, span[0])
                if begin + left < span[1]:
                    return begin + left
                left -= max(0, span[1] - begin)
            day += 1


OFFICE = Hours(dict.fromkeys(range(5), (8, 18)) | {SAT: (9, 13)})
BACK_OFFICE = Hours(dict.fromkeys(range(5), (8, 17)))

_WEEKDAYS = (1.2, 1.05, 1.0, 1.0, 0.95, 0.6, 0.4)
_HOURS = (1, 0, 0, 0, 0, 1, 3, 7, 12, 17, 19, 17, 14, 14, 15, 15, 14, 13, 13, 13, 12, 9, 5, 2)


def arrival(
    dice: Dice, low: int, high: int, hours: Hours | None = None, weekdays: tuple[float, ...] = _WEEKDAYS
) -> int:
    """When a customer gets in touch between two moments; with `hours`, well before they end."""
    for _ in range(5000):
        moment = int(dice.between(low, high))
        _, weekday, second = local(moment)
        if hours is not None and hours.left(moment) < 45 * 60:
            continue
        if dice.chance(weekdays[weekday] / max(weekdays) * _HOURS[second // HOUR] / max(_HOURS)):
            return moment
    raise ValueError(f"nobody gets in touch between {iso(low)} and {iso(high)}")

"""Whether contacts come at a steady beat, and how sure it is that nobody keeps such a beat by hand.

A person who calls every day at about the same time is off by an hour either way, more or less; who calls every hour, by
a quarter of it. Whose words are not known may be a person who is punctual every day, by a quarter of an hour. Gaps of a
person between two contacts are so spread that a window of a given width holds no more than
a known share of them (two contacts, each off evenly, make a triangle). A beat is sure where more gaps lie in one
window than a person's would, whichever window and width is the best one (union over all of them).
"""

from __future__ import annotations

import math
from itertools import pairwise
from typing import NamedTuple

SECOND = 1_000_000
HOUR = 3600 * SECOND
BY_HAND_US, BY_HAND = HOUR, 0.25  # how far a person is off either way, at most this share of the time between contacts
PUNCTUAL_US, DAY = HOUR // 4, 24 * HOUR  # how far who calls once a day, or every few days, may be off at best
NEARLY = 0.1  # so near whole days, in days, that a clock on the wall may be behind it
LEAST_US = 5 * SECOND  # narrower windows than that are not looked at; shorter gaps are one contact's
SURE = 0.001  # how likely a person's contacts look as steady, at most
WIDTHS = (0.0005, 0.005, 0.02, 0.04)  # half a window, of the length of the gap


class Cadence(NamedTuple):
    """A beat: its length, the share of gaps of that length, the share of gaps that are whole multiples of it, and the
    probability that the gaps of a person look as steady anywhere."""

    period_us: float
    share: float
    multiples: float
    p: float


def cadence(started_us: list[int], by_habit_us: int = BY_HAND_US) -> Cadence | None:
    """The beat of starts, in order: of those that are sure the one that holds most gaps, else the surest.

    None where there is no gap that counts. `by_habit_us` is how far a person may be off who calls every so many days.
    """
    gaps = sorted(gap for a, b in pairwise(started_us) if (gap := b - a) > LEAST_US)
    every = max(1, len(started_us) - 1)
    found = [_best(gaps, width, every, by_habit_us) for width in WIDTHS] if gaps else []
    sure = [one for one in found if one.p <= SURE]
    if sure:
        return max(sure, key=lambda one: one.multiples + one.share)._replace(p=min(one.p for one in sure))
    return min(found, key=lambda one: one.p, default=None)


def _best(gaps: list[int], width: float, every: int, by_habit_us: int) -> Cadence:
    """The window that holds most gaps, of half a width in parts of the gap it begins at."""
    most = low = first = 0
    for high, gap in enumerate(gaps):
        while gap - gaps[low] > _window(gaps[low], width):
            low += 1
        if high - low + 1 > most:
            most, first = high - low + 1, low
    period = gaps[first + most // 2]
    # The window begins at one of the gaps, which is in it for nothing; each of them and each width is a try.
    by_hand = _more(len(gaps) - 1, most - 1, _within(_window(gaps[first], width), period, by_habit_us))
    half = _window(period, width) / 2
    multiples = sum(abs(gap - max(1, round(gap / period)) * period) <= half for gap in gaps)
    return Cadence(period, most / every, max(most, multiples) / every, min(1.0, len(WIDTHS) * len(gaps) * by_hand))


def _window(gap: float, width: float) -> float:
    return max(LEAST_US, 2 * width * gap)


def _within(window: float, period: float, by_habit_us: int) -> float:
    """The largest share of a person's gaps that a window holds."""
    daily = period > DAY / 2 and abs(period / DAY - round(period / DAY)) < NEARLY
    off = 2 * min(by_habit_us if daily else BY_HAND_US, BY_HAND * period)  # of a gap: both of its ends are off
    part = min(1.0, window / 2 / off)
    return 1 - (1 - part) ** 2


def _more(n: int, least: int, share: float) -> float:
    """The probability of at least so many of n."""
    if least <= 0:
        return 1.0
    return min(1.0, sum(math.comb(n, k) * share**k * (1 - share) ** (n - k) for k in range(least, n + 1)))

"""Seeded chance that gives the same numbers in every Python version.

Only `random.Random.random()` is used: its sequence is the one Python promises to keep.
"""

from __future__ import annotations

import math
import random
from collections.abc import Mapping, Sequence
from typing import TypeVar

T = TypeVar("T")
SEED = 20260105


class Dice:
    """A stream of chance of its own for each name, so that one part never shifts another."""

    def __init__(self, *name: object):
        self._random = random.Random(":".join(str(part) for part in (SEED, *name)))

    def unit(self) -> float:
        """A number in [0, 1)."""
        return self._random.random()

    def between(self, low: float, high: float) -> float:
        """A number in [low, high)."""
        return low + (high - low) * self.unit()

    def whole(self, low: int, high: int) -> int:
        """A whole number from low to high, both included."""
        return low + int(self.unit() * (high - low + 1))

    def chance(self, probability: float) -> bool:
        """True with this probability."""
        return self.unit() < probability

    def pick(self, items: Sequence[T]) -> T:
        """One of the items, each as likely."""
        return items[int(self.unit() * len(items))]

    def weighted(self, weights: Mapping[T, float]) -> T:
        """One of the keys, as likely as its weight."""
        left = self.unit() * sum(weights.values())
        for key, weight in weights.items():
            left -= weight
            if left < 0:
                return key
        return list(weights)[-1]

    def around(self, median: float, spread: float) -> float:
        """A positive number with this median and a long tail (log-normal)."""
        normal = math.sqrt(-2 * math.log(1 - self.unit())) * math.cos(2 * math.pi * self.unit())
        return median * math.exp(spread * normal)

    def shuffled(self, items: Sequence[T]) -> list[T]:
        """The items in another order."""
        result = list(items)
        for last in range(len(result) - 1, 0, -1):
            other = int(self.unit() * (last + 1))
            result[last], result[other] = result[other], result[last]
        return result

    def code(self, digits: int) -> str:
        """A hexadecimal code of that many digits."""
        return "".join("0123456789abcdef"[self.whole(0, 15)] for _ in range(digits))

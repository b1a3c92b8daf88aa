"""Whether two names can be one person's: typing errors and initials can, other first names can't."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from functools import lru_cache

Name = tuple[str | None, str | None]  # first and last
WITHIN = 3  # letters of a word that is not found in others by chance


def differ(a: Name, b: Name) -> bool:
    """Whether two people's names cannot be one person's: other first names, and not the same ones turned round.

    A single word may be a first or a last name, or both written as one; it differs where it is none of the other's.
    """
    if a[0] is None or b[0] is None:
        return all(_apart(one, other) for one in a for other in b if one and other)
    if not conflict(a[0], b[0]):
        return False
    if a[1] is None or b[1] is None:
        return True
    return conflict(a[0], b[1]) or conflict(a[1], b[0])


def _apart(a: str, b: str) -> bool:
    """Whether two words differ, and neither is written within the other."""
    short, long = sorted((a, b), key=len)
    return conflict(a, b) and not (len(short) >= WITHIN and short in long)


def any_differ(some: Iterable[Name], others: Collection[Name]) -> bool:
    """Whether any two names, one of each, differ."""
    return any(differ(a, b) for a in some for b in others)


def fullest(names: Collection[Name]) -> frozenset[Name]:
    """One person's names without the single words that are part of a full one."""
    whole = [name for name in names if name[0] is not None]
    return frozenset(name for name in names if name[0] is not None or all(differ(name, other) for other in whole))


def conflict(a: str | None, b: str | None) -> bool:
    """Whether two names are known and clearly different."""
    return a is not None and b is not None and a != b and not _like(*sorted((a, b)))


@lru_cache(maxsize=200_000)
def _like(a: str, b: str) -> bool:
    if min(len(a), len(b)) == 1:
        return a[0] == b[0]
    if a.startswith(b) or b.startswith(a):
        return True
    return distance(a, b) <= (1 if max(len(a), len(b)) <= 5 else 2)


def distance(a: str, b: str) -> int:
    """How many letters are to be changed, left out, put in or swapped with their neighbour."""
    before: list[int] = []
    last = list(range(len(b) + 1))
    for i, x in enumerate(a, 1):
        row = [i]
        for j, y in enumerate(b, 1):
            cost = min(last[j] + 1, row[j - 1] + 1, last[j - 1] + (x != y))
            if i > 1 and j > 1 and x == b[j - 2] and a[i - 2] == y:
                cost = min(cost, before[j - 2] + 1)
            row.append(cost)
        before, last = last, row
    return last[-1]

"""Disjoint sets of numbers: what belongs together, and what each set is called."""

from __future__ import annotations


class DisjointSets:
    """Sets of the numbers from 0 below `count`, each called by its least number."""

    def __init__(self, count: int):
        self.parent = list(range(count))

    def root(self, i: int) -> int:
        """The least number of a set."""
        parent = self.parent
        while parent[i] != i:
            parent[i] = parent[parent[i]]
            i = parent[i]
        return i

    def join(self, a: int, b: int) -> bool:
        """Make two sets one; False where they are one already."""
        low, high = sorted((self.root(a), self.root(b)))
        self.parent[high] = low
        return low != high

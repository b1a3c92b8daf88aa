"""How much more each member of a family has, stratum by stratum, and what chance alone would make of it.

Rows of one stratum that belong to the same members are one group. Where every value is 0 or 1 (an outcome), groups
are counts and a million rows cost no more than their groups.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

LEAST_SIDE = 5  # rows on each side of a stratum
LEAST = 30  # rows of a member

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]


@dataclass(frozen=True)
class Groups:
    """Rows counted by stratum and by the members they belong to.

    `stratum` (groups): its number; `n`, `total`, `square`: rows, the sum of their values and of the squares; `weight`:
    what their difference is worth, summed (the number of rows, or their value); `took` (groups × members); `base`
    (groups): whether its rows serve as the reference; `rows`: the values themselves, group by group, empty where all
    are 0 or 1.
    """

    stratum: Ints
    n: Ints
    total: Floats
    square: Floats
    weight: Floats
    took: Flags
    base: Flags
    rows: Floats = field(default_factory=lambda: np.empty(0))

    def only(self, kept: Flags) -> Groups:
        """The groups that are kept."""
        return Groups(
            self.stratum[kept],
            self.n[kept],
            self.total[kept],
            self.square[kept],
            self.weight[kept],
            self.took[kept],
            self.base[kept],
            self.rows[np.repeat(kept, self.n)] if len(self.rows) else self.rows,
        )


@dataclass(frozen=True)
class Strata:
    """Each stratum (rows) by each member (columns): rows, sums and squares on it and off it, and the weight on it.

    `spread` (strata × 1) is the variance of all values of the stratum, `counts` whether all of them are 0 or 1;
    `kept` says where both sides have enough rows; everything else counts kept strata only.
    """

    n_on: Ints
    total_on: Floats
    square_on: Floats
    n_off: Ints
    total_off: Floats
    square_off: Floats
    weight_on: Floats
    spread: Floats
    counts: bool
    kept: Flags

    @property
    def mean_off(self) -> Floats:
        """The mean of the reference."""
        return np.asarray(self.total_off / np.maximum(self.n_off, 1))

    @property
    def gap(self) -> Floats:
        """The mean on it less the mean of the reference; 0 where the stratum is left out."""
        return np.where(self.kept, self.total_on / np.maximum(self.n_on, 1) - self.mean_off, 0.0)

    @property
    def excess(self) -> Floats:
        """How much more each member has, summed over its strata by weight."""
        return np.sum(self.weight_on * self.gap, axis=0)

    @property
    def mean_gap(self) -> Floats:
        """How much more a row of each member has; 0 where none can be compared."""
        n = np.sum(np.where(self.kept, self.n_on, 0), axis=0)
        return np.asarray(np.sum(self.n_on * self.gap, axis=0) / np.maximum(n, 1))

    @property
    def error(self) -> Floats:
        """The standard error of `excess`: Welch's; of shares Agresti and Caffo's (2000), one of each more a side."""
        variance = self._variance(self.n_on, self.total_on, self.square_on) + self._variance(
            self.n_off, self.total_off, self.square_off
        )
        return np.sqrt(np.sum(np.where(self.kept, self.weight_on**2 * variance, 0.0), axis=0))

    def _variance(self, n: Ints, total: Floats, square: Floats) -> Floats:
        if self.counts:
            share = (total + 1) / (n + 2)
            return np.asarray(share * (1 - share) / (n + 2))
        rows = np.maximum(n, 2)
        return np.asarray(np.maximum(square - total**2 / rows, 0.0) / (rows - 1) / rows)

    @property
    def null_sd(self) -> Floats:
        """The standard deviation of `excess` if values fell among the rows of a stratum by chance."""
        sides = 1 / np.maximum(self.n_on, 1) + 1 / np.maximum(self.n_off, 1)
        return np.sqrt(np.sum(np.where(self.kept, self.weight_on**2 * self.spread * sides, 0.0), axis=0))

    @property
    def scores(self) -> Floats:
        """`excess` in units of what chance makes of it; −∞ where nothing can be said."""
        sd = self.null_sd
        able = (sd > 0) & (np.sum(self.n_on, axis=0) >= LEAST)
        return np.where(able, self.excess / np.where(able, sd, 1.0), -np.inf)


def grouped(values: Floats, took: Flags, stratum: Ints, base: Flags | None = None) -> Groups:
    """Rows as groups: `values`, `stratum`, `base` (rows), `took` (rows × members); each row weighs 1."""
    serves = np.ones(len(values), dtype=bool) if base is None else base
    marks = np.packbits(np.column_stack([took, serves]), axis=1)
    key = np.column_stack([stratum.astype(">i8").view(np.uint8).reshape(len(values), 8), marks])
    packed = np.ascontiguousarray(key).view(np.dtype((np.void, key.shape[1]))).ravel()
    _, first, group = np.unique(packed, return_index=True, return_inverse=True)
    return numbered(values, group, took[first], stratum[first], serves[first])


def numbered(values: Floats, group: Ints, took: Flags, stratum: Ints, base: Flags) -> Groups:
    """Rows (`values`, `group`: its number) of which is known what groups they form (`took`, `stratum`, `base`)."""
    n = np.bincount(group, minlength=len(stratum)).astype(np.int64)
    total, square = (np.asarray(np.bincount(group, each, len(stratum)), float) for each in (values, values**2))
    counts = bool(np.all((values == 0) | (values == 1)))
    rows = np.empty(0) if counts else values[np.argsort(group, kind="stable")]
    return Groups(stratum, n, total, square, n.astype(float), took, base, rows)


def strata(groups: Groups) -> Strata:
    """The groups, added up by stratum and member."""
    strata_n = int(groups.stratum.max()) + 1 if len(groups.stratum) else 0
    row = np.zeros((strata_n, len(groups.n)))
    row[groups.stratum, np.arange(len(groups.n))] = 1.0
    on = groups.took.astype(float)
    off = (groups.base[:, None] & ~groups.took).astype(float)

    def added(of: Ints | Floats, where: Floats) -> Floats:
        return np.asarray(row @ (where * of[:, None]))

    def counted(where: Floats) -> Ints:
        return np.rint(added(groups.n, where)).astype(np.int64)

    n_on, n_off = counted(on), counted(off)
    kept = (n_on >= LEAST_SIDE) & (n_off >= LEAST_SIDE)
    return Strata(
        n_on,
        added(groups.total, on),
        added(groups.square, on),
        n_off,
        added(groups.total, off),
        added(groups.square, off),
        added(groups.weight, on),
        _spread(groups, row),
        not len(groups.rows),
        kept,
    )


def _spread(groups: Groups, row: Floats) -> Floats:
    """The variance of all values of each stratum (strata × 1)."""
    n, total, square = (row @ each for each in (groups.n, groups.total, groups.square))
    variance = (square - total**2 / np.maximum(n, 1)) / np.maximum(n - 1, 1)
    return np.asarray(np.where(variance > 1e-12 * np.maximum(square, 1e-300), variance, 0.0))[:, None]

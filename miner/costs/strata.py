"""What is lost on each path, stratum by stratum, and what chance alone would make of it.

Pure arithmetic on counts (definitions: Value lost on cross-silo paths). Journeys of one intent that took the same
paths are one group: under permutation of the outcomes within an intent, the good outcomes of its groups follow a
multivariate hypergeometric distribution, so that a million journeys cost no more than their groups.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

LEAST_SIDE = 5  # journeys on each side of a stratum
LEAST_PATH = 30  # journeys of a path
Z = 1.959964  # of a 95 % interval

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]


@dataclass(frozen=True)
class Groups:
    """Journeys with a known outcome, counted by intent and by the set of paths they took.

    `intent` (groups): number of the intent; `n`, `good`: journeys, and those that ended well; `value`: their value,
    summed; `took` (groups × paths): whether the group's journeys took the path.
    """

    intent: Ints
    n: Ints
    good: Ints
    value: Floats
    took: Flags

    def only(self, kept: Flags) -> Groups:
        """The groups that are kept."""
        return Groups(self.intent[kept], self.n[kept], self.good[kept], self.value[kept], self.took[kept])


@dataclass(frozen=True)
class Strata:
    """Each intent (rows) by each path (columns): journeys and good outcomes on and off the path, value on it.

    `kept` says where both sides have enough journeys; everything else counts kept strata only.
    """

    n_on: Ints
    good_on: Ints
    n_off: Ints
    good_off: Ints
    value_on: Floats
    kept: Flags

    @property
    def share_gap(self) -> Floats:
        """P(good | intent, without the path) − P(good | intent, with it); 0 where the stratum is left out."""
        off = self.good_off / np.maximum(self.n_off, 1)
        on = self.good_on / np.maximum(self.n_on, 1)
        return np.where(self.kept, off - on, 0.0)

    @property
    def lost(self) -> Floats:
        """Value lost on each path."""
        return np.sum(self.value_on * self.share_gap, axis=0)

    @property
    def mean_gap(self) -> Floats:
        """How many more of 100 journeys on each path would have ended well, over 100; 0 where none can be compared."""
        n = np.sum(np.where(self.kept, self.n_on, 0), axis=0)
        return np.asarray(np.sum(self.n_on * self.share_gap, axis=0) / np.maximum(n, 1))

    @property
    def half_width(self) -> Floats:
        """Half of the 95 % interval of `lost`, after Agresti and Caffo (2000): a good and a bad journey more a side."""
        on = (self.good_on + 1) / (self.n_on + 2)
        off = (self.good_off + 1) / (self.n_off + 2)
        variance = on * (1 - on) / (self.n_on + 2) + off * (1 - off) / (self.n_off + 2)
        return Z * np.sqrt(np.sum(np.where(self.kept, self.value_on**2 * variance, 0.0), axis=0))

    @property
    def null_sd(self) -> Floats:
        """The standard deviation of `lost` if outcomes fell among the journeys of an intent by chance."""
        n, good = self.n_on + self.n_off, self.good_on + self.good_off
        with np.errstate(divide="ignore", invalid="ignore"):
            on = self.n_on * (good / n) * (1 - good / n) * (self.n_off / (n - 1))
            weight = self.value_on * n / (self.n_on * self.n_off)
            return np.sqrt(np.sum(np.where(self.kept, weight**2 * on, 0.0), axis=0))

    @property
    def scores(self) -> Floats:
        """`lost` in units of what chance makes of it; −∞ where nothing can be said."""
        sd = self.null_sd
        able = (sd > 0) & (np.sum(self.n_on, axis=0) >= LEAST_PATH)
        return np.where(able, self.lost / np.where(able, sd, 1.0), -np.inf)


def strata(groups: Groups, intents: int) -> Strata:
    """The groups, added up by intent and path."""
    row = np.zeros((intents, len(groups.n)))
    row[groups.intent, np.arange(len(groups.n))] = 1.0
    took = groups.took.astype(float)

    def total(of: Ints | Floats) -> Floats:
        return np.asarray(row @ (took * of[:, None]))

    def counted(of: Ints) -> Ints:
        return np.rint(total(of)).astype(np.int64)

    n_on, good_on = counted(groups.n), counted(groups.good)
    n_off = np.rint(row @ groups.n).astype(np.int64)[:, None] - n_on
    good_off = np.rint(row @ groups.good).astype(np.int64)[:, None] - good_on
    kept = (n_on >= LEAST_SIDE) & (n_off >= LEAST_SIDE)
    return Strata(n_on, good_on, n_off, good_off, total(groups.value), kept)


def chance(groups: Groups, seen: Strata, draws: int, rng: np.random.Generator) -> Floats:
    """The largest score of any path in each of `draws` permutations of the outcomes within the intents."""
    sd = seen.null_sd
    able = np.isfinite(seen.scores)
    n = seen.n_on + seen.n_off
    with np.errstate(divide="ignore", invalid="ignore"):
        weight = np.where(seen.kept & able, seen.value_on * n / (seen.n_on * seen.n_off), 0.0)
        fixed = np.where(seen.kept & able, seen.value_on * (seen.good_on + seen.good_off) / seen.n_off, 0.0)
    lost = np.tile(np.sum(fixed, axis=0), (draws, 1))
    for intent in np.unique(groups.intent):
        mine = groups.intent == intent
        drawn = rng.multivariate_hypergeometric(groups.n[mine], int(groups.good[mine].sum()), size=draws)
        lost -= drawn @ (groups.took[mine] * weight[intent])
    if not able.any():
        return np.full(draws, -np.inf)
    return np.max(lost[:, able] / sd[able], axis=1)

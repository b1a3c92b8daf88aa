"""What chance makes of a family: values dealt out anew within each stratum, and every member's score each time."""

from __future__ import annotations

import numpy as np

from miner.chance.strata import Floats, Groups, Strata

DRAWS, LEAST_DRAWS = 1_999, 999
_CELLS = 2e8  # rows × deals that take a few seconds


def draws_for(rows: int) -> int:
    """How many deals: fewer for a log so large that they would take minutes."""
    return int(min(DRAWS, max(LEAST_DRAWS, _CELLS // max(rows, 1))))


def dealt(groups: Groups, seen: Strata, draws: int, rng: np.random.Generator) -> Floats:
    """The score of each member (columns) in each of `draws` permutations of the values within the strata."""
    able = np.isfinite(seen.scores)
    weight = np.where(seen.kept & able, seen.weight_on, 0.0)
    excess = np.zeros((draws, len(able)))
    for stratum in np.unique(groups.stratum):
        mine = groups.stratum == stratum
        took, base = groups.took[mine], groups.base[mine]
        on = took / np.maximum(seen.n_on[stratum], 1)
        off = (base[:, None] & ~took) / np.maximum(seen.n_off[stratum], 1)
        excess += _totals(groups, mine, draws, rng) @ (weight[stratum] * (on - off))
    return np.where(able, excess / np.where(able, seen.null_sd, 1.0), -np.inf)


def _totals(groups: Groups, mine: np.ndarray, draws: int, rng: np.random.Generator) -> Floats:
    """The sum that each group of a stratum is dealt (deals × groups)."""
    n = groups.n[mine]
    if not len(groups.rows):  # 0 and 1 only: the ones are dealt out by count, however many rows there are
        ones = round(float(groups.total[mine].sum()))
        return np.asarray(rng.multivariate_hypergeometric(n, ones, size=draws), float)
    values = groups.rows[np.repeat(mine, groups.n)]
    starts = np.concatenate(([0], np.cumsum(n)[:-1]))
    found = np.empty((draws, len(n)))
    for draw in range(draws):
        rng.shuffle(values)
        found[draw] = np.add.reduceat(values, starts)
    return found

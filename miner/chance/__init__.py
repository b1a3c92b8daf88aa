"""More than chance? One test of the whole family from which a comparing sentence is picked (definitions: Chance).

Members of a family are sets of rows (journeys on a path, waits for a team), which may overlap. Each is compared with
the other rows of the same strata (intents), or with those that serve as the reference. Values are dealt out anew
within each stratum; a member counts as found where its score beats the largest score of *any* member in all but
`level` of these deals.

What is found was picked because it looks large, so its size is corrected (`corrected`), and its interval holds for
all members at once and so for those picked.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from miner.chance.draws import dealt, draws_for
from miner.chance.sizes import beaten, corrected, quantile
from miner.chance.strata import Flags, Floats, Groups, Ints, Strata, grouped, numbered, strata

__all__ = [
    "LEVEL",
    "Excess",
    "Flags",
    "Floats",
    "Groups",
    "Ints",
    "Strata",
    "beaten",
    "compare",
    "compare_groups",
    "corrected",
    "dealt",
    "draws_for",
    "grouped",
    "level",
    "numbered",
    "quantile",
    "strata",
    "told",
]

LEVEL = 0.01  # of all comparing sentences of a run together
_SEED = 20_260_105
_WORTH, _FEW = 2.0, 199  # a largest score below this is chance at any level that is used: few deals say so
# What each kind of comparing sentence gets of it, in thousandths.
_PARTS = {
    "value_loss": 3.5,
    "cross_silo_path": 1.5,
    "false_containment": 1.0,
    "bottleneck": 1.5,
    "peak": 0.75,
    "abandonment": 0.75,
    "routing": 1.0,
}


@dataclass(frozen=True)
class Excess:
    """How much a member's rows have above the others of their strata, added up over those that can be compared.

    `n` rows of the member, `compared` of them have enough others in their stratum; `size` as counted, `expected` what
    as many other rows of these strata have (n × mean); `corrected` the size less what picking it adds; `low`, `high`
    hold the truth in 95 of 100 logs for all members at once. Sizes are null where nothing can be compared.
    """

    n: int
    compared: int
    size: float | None
    expected: float | None
    corrected: float | None
    low: float | None
    high: float | None
    p: float
    found: bool


def level(kind: str) -> float:
    """The chance that a run may say something of this kind where nothing is; KeyError for kinds without a share."""
    return LEVEL * _PARTS[kind] / sum(_PARTS.values())


def compare(
    values: ArrayLike,
    took: ArrayLike,
    stratum: ArrayLike,
    at: float,
    *,
    base: ArrayLike | None = None,
    draws: int | None = None,
    seed: int = _SEED,
) -> list[Excess]:
    """Every member of one family against the other rows of its strata; "more" is what is tested for.

    `values` (rows): a number or 0/1 for each row; `took` (rows × members): whether it is the member's; `stratum`
    (rows): the number of its stratum, from 0; `at`: the level (see `level`); `base` (rows): rows that serve as the
    reference, all others where None.
    """
    groups = grouped(
        np.asarray(values, float),
        np.asarray(took, bool),
        np.asarray(stratum, np.int64),
        None if base is None else np.asarray(base, bool),
    )
    return compare_groups(groups, at, draws, seed)


def compare_groups(groups: Groups, at: float, draws: int | None = None, seed: int = _SEED) -> list[Excess]:
    """The same for rows that are grouped already."""
    seen = strata(groups)
    plain = not (np.isfinite(seen.scores) & (seen.scores > _WORTH)).any()
    many = draws or (_FEW if plain else draws_for(len(groups.rows)))
    return told(seen, dealt(groups, seen, many, np.random.default_rng(seed)), at)


def told(seen: Strata, drawn: Floats, at: float) -> list[Excess]:
    """The members of a family beside `drawn`, their scores in deals of chance (deals × members)."""
    able = np.isfinite(seen.scores)
    largest = drawn[:, able].max(axis=1) if able.any() else np.full(len(drawn), -np.inf)
    widest = np.abs(drawn[:, able]).max(axis=1) if able.any() else np.zeros(len(drawn))
    cut, wide = quantile(largest, 1 - at), quantile(widest, 0.95)
    return [_excess(seen, no, largest, cut, wide, at) for no in range(len(seen.scores))]


def _excess(seen: Strata, no: int, largest: Floats, cut: float, wide: float, at: float) -> Excess:
    n, kept = int(seen.n_on[:, no].sum()), seen.kept[:, no]
    compared = int(seen.n_on[kept, no].sum())
    if not np.isfinite(seen.scores[no]):
        return Excess(n, compared, None, None, None, None, None, 1.0, False)
    size, se = float(seen.excess[no]), float(seen.error[no])
    p = beaten(largest, float(seen.scores[no]))
    low, high = size - wide * se, size + wide * se
    right = min(max(corrected(size, se, cut * float(seen.null_sd[no])), low), size)
    expected = float(np.sum(np.where(kept, seen.weight_on[:, no] * seen.mean_off[:, no], 0.0)))
    return Excess(n, compared, size, expected, right, low, high, p, p <= at and low > 0)

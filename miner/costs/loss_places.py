"""Where a found path loses: the channel or the intent on which alone its loss lies, where that is beyond chance.

Channel is that of a journey's first visit. Every channel and intent of a path is compared with all others of it; one
is named where journeys on the path lose more there (1 % for all of a path together, Bonferroni), and no loss is shown
elsewhere.
"""

from __future__ import annotations

import math
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np

from miner.chance import LEVEL, Groups, Strata, strata
from miner.chance.strata import LEAST
from miner.events.engine import Engine

Z = 1.959964  # a loss under so many standard errors is not shown
_Cell = tuple[str, str, bool, int, int]  # intent, channel, on the path, journeys, of them good


@dataclass(frozen=True)
class Place:
    """Where a path loses: `by` channel or intent, its `value`; journeys compared there and elsewhere, how many of them
    ended well, and how many would have as others about the same on the same channel did."""

    by: str
    value: str
    journeys: int
    good: int
    expected: float
    elsewhere: int
    elsewhere_good: int
    elsewhere_expected: float


def place_of(engine: Engine, no: int) -> Place | None:
    """The place of the loss with this number in `loss_cells`; None where it is not in one place."""
    columns = "intent, channel, on_path, journeys, good"
    return place(engine.rows(f"SELECT {columns} FROM loss_cells WHERE no = ? ORDER BY ALL", [no]))


def place(cells: list[_Cell]) -> Place | None:
    """The place of a loss, of counts by intent, channel, and whether the journeys are on the path."""
    on = np.array([cell[2] for cell in cells], dtype=bool)
    parts = [("channel", at, value) for at, value in enumerate(sorted({cell[1] for cell in cells}))]
    parts += [("intent", at, value) for at, value in enumerate(sorted({cell[0] for cell in cells}))]
    here = [on & np.array([cell[by == "channel"] == value for cell in cells]) for by, _, value in parts]
    if not here:
        return None
    seen = strata(_groups(cells, np.column_stack([*here, *(on & ~each for each in here)])))
    compared = np.where(seen.kept, seen.n_on, 0).sum(axis=0)
    half = len(parts)
    able = [at for at in range(half) if min(compared[at], compared[half + at]) >= LEAST and parts[at][2]]
    mean, error = seen.excess / np.maximum(compared, 1), seen.error / np.maximum(compared, 1)
    apart = {at: _apart(mean, error, at, half + at) for at in able if mean[half + at] < Z * error[half + at]}
    best = max(apart, key=lambda at: apart[at], default=None)
    if best is None or math.erfc(apart[best] / math.sqrt(2)) / 2 > LEVEL / len(able):
        return None
    by, _, value = parts[best]
    return Place(by, value, *_ended(seen, best), *_ended(seen, half + best))


def shown(place: Place | None) -> dict[str, Any]:
    """A place as columns of the table value_lost; all null where there is none."""
    names = ("by", "value", "journeys", "good", "expected", "elsewhere", "elsewhere_good", "elsewhere_expected")
    content = asdict(place) if place else dict.fromkeys(names)
    return {f"place_{name}": content[name] for name in names}


def _groups(cells: list[_Cell], took: Any) -> Groups:
    """The cells as groups of what ended badly, in strata of intent and channel; each journey weighs 1."""
    number = {key: no for no, key in enumerate(sorted({cell[:2] for cell in cells}))}
    n = np.array([cell[3] for cell in cells], dtype=np.int64)
    bad = np.array([float(cell[3] - cell[4]) for cell in cells])
    stratum = np.array([number[cell[:2]] for cell in cells], dtype=np.int64)
    # Those off the path alone serve as the reference: what is on it elsewhere is no measure of what is on it here.
    return Groups(stratum, n, bad, bad, n.astype(float), took, ~np.array([cell[2] for cell in cells], dtype=bool))


def _apart(mean: Any, error: Any, here: int, elsewhere: int) -> float:
    """By how many standard errors journeys lose more here."""
    both = math.hypot(float(error[here]), float(error[elsewhere]))
    return float(mean[here] - mean[elsewhere]) / both if both else 0.0


def _ended(seen: Strata, at: int) -> tuple[int, int, float]:
    """Journeys compared, of them good, and as many as others would have."""
    kept, n = seen.kept[:, at], seen.n_on[:, at]
    good = n[kept] - seen.total_on[kept, at]
    return int(n[kept].sum()), round(float(good.sum())), float((n[kept] * (1 - seen.mean_off[kept, at])).sum())

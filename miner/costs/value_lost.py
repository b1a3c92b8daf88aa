"""Value lost on cross-silo paths: which ways across silos end worse than journeys about the same, beyond chance.

Definitions: Value lost on cross-silo paths. All paths of a log are one family; paths that are found are told one
after the other, and the journeys of those told are set aside before the next is looked for, so that no value is
counted twice. Everything here is an association.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace

import numpy as np

from miner.chance import Excess, Floats, Groups, Strata, dealt, level, strata, told
from miner.events.engine import Engine
from miner.sql import add

LEVEL = level("value_loss")
Z = 1.959964  # from so many standard deviations beyond chance on, a path is not explained away
DRAWS = 1_999
_SEED = 20_260_105


@dataclass(frozen=True)
class PathLoss:
    """One path with at least 30 journeys whose outcome counts, among the journeys not set aside when it was looked at.

    `value`, `low`, `high` in the log's own unit of value, null where the log has none; `lost_outcomes`,
    `outcomes_low`, `outcomes_high` are the same with every journey worth 1. Sizes are as counted; of a found path,
    times `corrected` they are what to expect of one that was picked for looking bad. Intervals hold the truth in 95 of
    100 logs for all paths at once, and so for those picked. `rank` is 1 for the first that is found beyond chance, null
    where it is not; `rivals` are paths that explain what a found one loses as well: the log does not tell them apart.
    """

    path: list[str]
    rank: int | None
    journeys: int
    good: int
    expected_good: float
    lost_outcomes: float
    outcomes_low: float
    outcomes_high: float
    value: float | None
    low: float | None
    high: float | None
    corrected: float | None
    value_compared: float | None
    value_left_out: float | None
    p: float | None
    set_aside: list[list[str]] = field(default_factory=list)
    rivals: list[list[str]] = field(default_factory=list)


def value_lost(engine: Engine, draws: int = DRAWS) -> list[PathLoss]:
    """Every path that can be judged: those found beyond chance first, then the rest by value lost.

    The engine sees `journeys`, `journey_outcomes` and `silo_visits`. Empty where no outcome counts or no journey
    crosses a silo.
    """
    paths, groups, valued = _counted(engine)
    if not paths:
        return []
    rng = np.random.default_rng(_SEED)
    losses: list[PathLoss] = []
    while True:
        seen = strata(groups)
        sizes = told(seen, dealt(groups, seen, draws, rng), LEVEL)
        found = [at for at, one in enumerate(sizes) if one.found]
        aside = [one.path for one in losses]
        if not found:
            rest = [
                _loss(path, at, seen, groups, sizes[at], valued, aside)
                for at, path in enumerate(paths)
                if path not in aside and sizes[at].size is not None
            ]
            return losses + sorted(
                rest, key=lambda one: (-(one.lost_outcomes if one.value is None else one.value), one.path)
            )
        best, rivals = explains(paths, groups, found, seen.scores)
        loss = _loss(paths[best], best, seen, groups, sizes[best], valued, aside)
        losses.append(replace(loss, rank=len(losses) + 1, p=sizes[best].p, rivals=[paths[at] for at in rivals]))
        groups = groups.only(~groups.took[:, best])


def explains(paths: list[list[str]], groups: Groups, found: list[int], scores: Floats) -> tuple[int, list[int]]:
    """The one of the found paths that explains what the others lose, and those that explain as well what it loses.

    It is the one beyond chance by most, or a longer path that holds it and explains it away, so that its other
    journeys end as well as any.
    """
    beyond = _beyond(groups, found)
    best = max(found, key=lambda at: scores[at])
    while longer := [at for at in found if holds(paths[at], paths[best]) and beyond[best, at] < Z]:
        best = max(longer, key=lambda at: scores[at])
    rivals = [at for at in found if at != best and beyond[best, at] < Z]
    return best, sorted(rivals, key=lambda at: -scores[at])


def _beyond(groups: Groups, found: list[int]) -> dict[tuple[int, int], float]:
    """For each found path and each other: its score among journeys that are on the other path, or off it, alike.

    0 where the two cannot be told apart, as they have the same journeys; infinite where they have none in common.
    """
    beyond: dict[tuple[int, int], float] = {}
    for other in found:
        parted = replace(groups, stratum=2 * groups.stratum + groups.took[:, other], took=groups.took[:, found])
        for at, score in zip(found, strata(parted).scores, strict=True):
            common = bool((groups.took[:, at] & groups.took[:, other]).any())
            beyond[at, other] = (float(score) if np.isfinite(score) else 0.0) if common else np.inf
    return beyond


def holds(path: list[str], part: list[str]) -> bool:
    """Whether a path goes on before or after a part of it."""
    return len(path) > len(part) and any(path[at : at + len(part)] == part for at in range(len(path)))


def _loss(
    path: list[str], at: int, seen: Strata, groups: Groups, size: Excess, valued: bool, aside: list[list[str]]
) -> PathLoss:
    kept, n_on = seen.kept[:, at], seen.n_on[:, at]
    good_on = n_on - seen.total_on[:, at]
    expected = np.where(kept, n_on * (1 - seen.mean_off[:, at]), good_on)
    value, error = float(seen.excess[at]), float(seen.error[at])
    outcomes = float(np.sum(n_on * seen.gap[:, at]))
    half = float(replace(seen, weight_on=n_on[:, None] * np.ones_like(seen.weight_on)).error[at])
    wide = (value - (size.low or 0.0)) / error if error else 0.0  # standard errors of the interval
    loss = PathLoss(
        path,
        None,
        int(n_on.sum()),
        int(good_on.sum()),
        expected_good=float(expected.sum()),
        lost_outcomes=outcomes,
        outcomes_low=outcomes - wide * half,
        outcomes_high=outcomes + wide * half,
        value=None,
        low=None,
        high=None,
        corrected=(size.corrected or 0.0) / value if size.found else None,
        value_compared=None,
        value_left_out=None,
        p=None,
        set_aside=aside,
    )
    if not valued:
        return loss
    compared = float(seen.weight_on[kept, at].sum())
    left_out = float(groups.weight[groups.took[:, at]].sum()) - compared
    return replace(loss, value=value, low=size.low, high=size.high, value_compared=compared, value_left_out=left_out)


def judge(engine: Engine) -> None:
    """Make `judged_journeys` (those whose outcome counts) and `path_journeys` (the paths they took, with positions)."""
    add(engine, "judged_journeys", "path_journeys")


def _counted(engine: Engine) -> tuple[list[list[str]], Groups, bool]:
    """The paths of at least 30 journeys, the journeys in groups (by what ended badly), whether values are known."""
    judge(engine)
    add(engine, "tested_paths", "path_groups")
    paths = [list(row[0]) for row in engine.rows("SELECT path FROM tested_paths ORDER BY no")]
    rows = engine.rows("SELECT intent, paths, journeys, good, value, valued FROM path_groups ORDER BY intent, paths")
    intents = {name: no for no, name in enumerate(sorted({row[0] for row in rows}))}
    took = np.zeros((len(rows), len(paths)), dtype=bool)
    for at, (_, taken, *_rest) in enumerate(rows):
        took[at, taken or []] = True
    valued = any(row[5] for row in rows)
    value = np.array([float(row[4] or 0.0) if valued else float(row[2]) for row in rows])
    failed = np.array([float(row[2] - row[3]) for row in rows])
    intent = np.array([intents[row[0]] for row in rows], dtype=np.int64)
    n = np.array([row[2] for row in rows], dtype=np.int64)
    return paths, Groups(intent, n, failed, failed, value, took, np.ones(len(rows), dtype=bool)), valued

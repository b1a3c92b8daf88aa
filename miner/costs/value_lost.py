"""Value lost on cross-silo paths: which ways across silos end worse than journeys about the same, beyond chance.

Definitions: Value lost on cross-silo paths. All paths of a log are one family; paths that are found are told one
after the other, and the journeys of those told are set aside before the next is looked for, so that no value is
counted twice. Everything here is an association.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace

import numpy as np

from miner.chance import Floats, Groups, Strata, beaten, dealt, level, strata
from miner.events.engine import Engine

LEVEL = level("value_loss")
Z = 1.959964  # of a 95 % interval
DRAWS = 1_999
_SEED = 20_260_105

# Journeys of a known outcome with the paths they took, each contiguous run of 2 to 4 silos, and where it begins.
_TOOK = """
WITH runs AS (
  SELECT journey_id, position, silo, lead(silo, 1) OVER w AS second, lead(silo, 2) OVER w AS third,
         lead(silo, 3) OVER w AS fourth
  FROM silo_visits JOIN judged USING (journey_id)
  WINDOW w AS (PARTITION BY journey_id ORDER BY position)
)
SELECT journey_id, position, [silo, second] AS path FROM runs WHERE second IS NOT NULL
UNION ALL
SELECT journey_id, position, [silo, second, third] AS path FROM runs WHERE third IS NOT NULL
UNION ALL
SELECT journey_id, position, [silo, second, third, fourth] AS path FROM runs WHERE fourth IS NOT NULL
"""
_JUDGED = """
SELECT j.journey_id, coalesce(j.intent, '') AS intent, j.value,
       lower(j.outcome) IN (SELECT unnest(CAST(? AS VARCHAR[]))) AS good
FROM journeys j WHERE j.outcome IS NOT NULL
"""
# Journeys that took the same paths about the same intent are one group.
_GROUPS = """
WITH sets AS (
  SELECT t.journey_id, list(DISTINCT p.no ORDER BY p.no) AS paths
  FROM took t JOIN paths p ON p.path = t.path
  GROUP BY t.journey_id
)
SELECT j.intent, s.paths, count(*) AS n, sum(CASE WHEN j.good THEN 1 ELSE 0 END) AS good,
       total(j.value) AS value, count(j.value) AS valued
FROM judged j LEFT JOIN sets s ON s.journey_id = j.journey_id
GROUP BY j.intent, s.paths
ORDER BY ALL
"""


@dataclass(frozen=True)
class PathLoss:
    """One path with at least 30 journeys of known outcome, among the journeys not set aside when it was looked at.

    `value`, `low`, `high` (95 %) in the log's own unit of value, null where the log has none; `lost_outcomes` is the
    same with every journey worth 1. `rank` is 1 for the first that is found beyond chance, null where it is not.
    """

    path: list[str]
    rank: int | None
    journeys: int
    good: int
    expected_good: float
    lost_outcomes: float
    value: float | None
    low: float | None
    high: float | None
    value_compared: float | None
    value_left_out: float | None
    p: float | None
    set_aside: list[list[str]] = field(default_factory=list)


def value_lost(engine: Engine, good: tuple[str, ...], draws: int = DRAWS) -> list[PathLoss]:
    """Every path that can be judged: those found beyond chance first, then the rest by value lost.

    The engine sees `journeys` and `silo_visits`; `good` are the outcomes that count as good. Empty where no outcome
    is known or no journey crosses a silo.
    """
    paths, groups, valued = _counted(engine, good)
    if not paths:
        return []
    rng = np.random.default_rng(_SEED)
    found: list[PathLoss] = []
    while True:
        seen = strata(groups)
        best = int(np.argmax(seen.scores))
        if not np.isfinite(seen.scores[best]) or seen.excess[best] - Z * seen.error[best] <= 0:
            break
        drawn = dealt(groups, seen, draws, rng).max(axis=1)
        if beaten(drawn, seen.scores[best]) > LEVEL:
            break
        best = _most_telling(paths, best, seen, groups, drawn)
        p = beaten(drawn, seen.scores[best])
        aside = [one.path for one in found]
        found.append(_told(paths[best], best, seen, groups, valued, len(found) + 1, p, aside))
        groups = groups.only(~groups.took[:, best])
    return found + _rest(paths, found, groups, valued)


def _most_telling(paths: list[list[str]], best: int, seen: Strata, groups: Groups, drawn: Floats) -> int:
    """The longer path that the loss is in: the journeys that took only its part lose less than half as often."""
    longer = [at for at, path in enumerate(paths) if holds(path, paths[best]) and seen.scores[at] > 0]
    for at in sorted(longer, key=lambda at: (-seen.scores[at], -len(paths[at]), paths[at])):
        rest = strata(groups.only(~groups.took[:, at]))
        if beaten(drawn, seen.scores[at]) <= LEVEL and rest.mean_gap[best] < seen.mean_gap[at] / 2:
            return at
    return best


def holds(path: list[str], part: list[str]) -> bool:
    """Whether a path goes on before or after a part of it."""
    return len(path) > len(part) and any(path[at : at + len(part)] == part for at in range(len(path)))


def _rest(paths: list[list[str]], found: list[PathLoss], groups: Groups, valued: bool) -> list[PathLoss]:
    """The paths that chance alone could have made, as far as enough of their journeys are left."""
    seen, told = strata(groups), [one.path for one in found]
    rest = [
        _told(path, at, seen, groups, valued, None, None, told)
        for at, path in enumerate(paths)
        if path not in told and np.isfinite(seen.scores[at])
    ]
    return sorted(rest, key=lambda one: (-(one.value if one.value is not None else one.lost_outcomes), one.path))


def _told(path: list[str], at: int, seen: Strata, groups: Groups, valued: bool, rank: int | None, p: float | None,
          aside: list[list[str]]) -> PathLoss:  # fmt: skip
    kept, n_on = seen.kept[:, at], seen.n_on[:, at]
    good_on = n_on - seen.total_on[:, at]
    expected = np.where(kept, n_on * (1 - seen.mean_off[:, at]), good_on)
    loss = PathLoss(
        path, rank, int(n_on.sum()), int(good_on.sum()), expected_good=float(expected.sum()),
        lost_outcomes=float(np.sum(n_on * seen.gap[:, at])),
        value=None, low=None, high=None, value_compared=None, value_left_out=None, p=p, set_aside=aside,
    )  # fmt: skip
    if not valued:
        return loss
    value, half, compared = float(seen.excess[at]), Z * float(seen.error[at]), float(seen.weight_on[kept, at].sum())
    left_out = float(groups.weight[groups.took[:, at]].sum()) - compared
    return replace(loss, value=value, low=value - half, high=value + half, value_compared=compared,
                   value_left_out=left_out)  # fmt: skip


def judge(engine: Engine, good: tuple[str, ...]) -> None:
    """Make the engine tables `judged` (journeys of known outcome) and `took` (the paths they took, with positions)."""
    engine.run(f"CREATE OR REPLACE TEMP TABLE judged AS {_JUDGED}", [sorted({word.lower() for word in good})])
    engine.run(f"CREATE OR REPLACE TEMP TABLE took AS {_TOOK}")


def _counted(engine: Engine, good: tuple[str, ...]) -> tuple[list[list[str]], Groups, bool]:
    """The paths of at least 30 journeys, the journeys in groups (by what ended badly), whether values are known."""
    judge(engine, good)
    engine.run(
        "CREATE OR REPLACE TEMP TABLE paths AS SELECT path, row_number() OVER (ORDER BY path) - 1 AS no "
        "FROM took GROUP BY path HAVING count(DISTINCT journey_id) >= 30"
    )
    paths = [list(row[0]) for row in engine.rows("SELECT path FROM paths ORDER BY no")]
    rows = engine.rows(_GROUPS)
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

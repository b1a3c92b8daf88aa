"""One problem, one number: findings most of whose waiting is the waiting of a larger one belong to its group.

What a finding waited is the set of its handoffs: those to a team, those inside a loop, those between the silos of a
path. Two findings share the handoffs that are in both.
"""

from __future__ import annotations

from miner.events.engine import Engine
from miner.sql import load_saved
from miner.summary import SavedFinding
from miner.workspace import Workspace

MOST = 0.5  # of the hours of the smaller finding
_READ = ("handoffs", "visits", "silo_visits", "returns")
_PREPARED = """
CREATE TEMP TABLE marks (no BIGINT, journey_id VARCHAR, position BIGINT);
CREATE TEMP TABLE own AS SELECT journey_id, position, own_wait_s AS own_s FROM handoffs WHERE own_wait_s > 0;
CREATE TEMP TABLE circles AS
SELECT r.journey_id, r.from_position, r.to_position, list(v.owner ORDER BY v.position) AS path
FROM returns r
JOIN visits v ON v.journey_id = r.journey_id AND v.position BETWEEN r.from_position AND r.to_position
GROUP BY r.journey_id, r.from_position, r.to_position;
CREATE TEMP TABLE silo_runs AS
SELECT journey_id, position, list(silo) OVER w AS silos, list(first_position) OVER w AS firsts
FROM silo_visits
WINDOW w AS (PARTITION BY journey_id ORDER BY position ROWS BETWEEN CURRENT ROW AND 3 FOLLOWING)
"""
_TEAM = "INSERT INTO marks SELECT ?, journey_id, position FROM handoffs WHERE to_owner = ?"
_LOOP = """
INSERT INTO marks SELECT DISTINCT ?, journey_id, unnest(range(from_position + 1, to_position + 1))
FROM circles WHERE path = CAST(? AS VARCHAR[]) OR path = CAST(? AS VARCHAR[])
"""
_PATH = """
INSERT INTO marks SELECT DISTINCT ?, journey_id, unnest(firsts[2:len(CAST(? AS VARCHAR[]))])
FROM silo_runs WHERE silos[1:len(CAST(? AS VARCHAR[]))] = CAST(? AS VARCHAR[])
"""
_SHARED = """
SELECT a.no, b.no, total(o.own_s) FROM marks a JOIN marks b USING (journey_id, position)
JOIN own o USING (journey_id, position) WHERE a.no <= b.no GROUP BY a.no, b.no
"""


def group(findings: list[SavedFinding], workspace: Workspace) -> list[SavedFinding]:
    """The findings, in their order, each with `group`: the number of the problem it belongs to, from 1."""
    numbers = groups(findings, shared(findings, workspace))
    return [{**finding, "group": number} for finding, number in zip(findings, numbers, strict=True)]


def groups(findings: list[SavedFinding], both: dict[tuple[int, int], float]) -> list[int]:
    """The group of each finding: that of the first larger one which holds most of its hours, else its own.

    `both` are the seconds that two findings (by place) share; of a place with itself, all its handoffs waited.
    """
    heads: list[int] = []
    numbers: list[int] = []
    for no in range(len(findings)):
        whole = max(both.get((no, no), 0.0), 3600 * (findings[no]["hours"] or 0.0))
        larger = [at for at in heads if whole > 0 and both.get((at, no), 0.0) > MOST * whole]
        if not larger:
            heads.append(no)
        numbers.append(heads.index(larger[0] if larger else no) + 1)
    return numbers


def shared(findings: list[SavedFinding], workspace: Workspace) -> dict[tuple[int, int], float]:
    """The seconds waited in both of two findings, by their places."""
    with Engine() as engine:
        load_saved(engine, workspace, *_READ)
        engine.run(_PREPARED)
        for no, finding in enumerate(findings):
            _mark(engine, no, finding)
        return {(a, b): float(seconds) for a, b, seconds in engine.rows(_SHARED)}


def _mark(engine: Engine, no: int, finding: SavedFinding) -> None:
    kind, where = finding["kind"], finding["where"]
    path, teams = where.get("path") or [], where.get("teams") or []
    if kind == "bottleneck" and len(teams) == 1:
        engine.run(_TEAM, [no, teams[0]])
    elif kind == "handoff_loop":
        other = [path[1], path[0], path[1]] if len(path) == 3 else path
        engine.run(_LOOP, [no, path, other])
    elif kind in ("cross_silo_path", "value_loss"):
        engine.run(_PATH, [no, path, path, path])

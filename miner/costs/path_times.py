"""Which ways across silos take longer than journeys about the same that stay in one, beyond chance.

Compared is the time with us: what the time split calls work, rework, hold, queue_wait, handoff_wait or off_hours. The
customer's own time, the time between contacts and the tail are no part of it (definitions: Time; Chance).
"""

from __future__ import annotations

from functools import partial
from typing import Any

import numpy as np
import pyarrow as pa

from miner.chance import Excess, Flags, compare_groups, level, numbered
from miner.chance.strata import LEAST
from miner.events.engine import Engine
from miner.workspace import Workspace

TABLE = "path_times"
_READ = ("journeys", "silo_visits", "transitions")
_LONGEST = 4  # silos of a path

_JOURNEYS = """
WITH ours AS (
  SELECT journey_id, total(work_s + rework_s + hold_s + queue_wait_s + handoff_wait_s + off_hours_s) AS ours_s
  FROM transitions GROUP BY journey_id
),
ways AS (SELECT journey_id, list(silo ORDER BY position) AS way FROM silo_visits GROUP BY journey_id)
SELECT dense_rank() OVER (ORDER BY coalesce(j.intent, '')) - 1 AS intent, dense_rank() OVER (ORDER BY w.way) - 1 AS way,
       o.ours_s
FROM journeys j JOIN ways w USING (journey_id) JOIN ours o USING (journey_id)
ORDER BY intent, way, j.journey_id
"""
_WAYS = """
SELECT DISTINCT way FROM (
  SELECT list(silo ORDER BY position) AS way FROM silo_visits SEMI JOIN journeys USING (journey_id) GROUP BY journey_id)
ORDER BY way
"""


def path_times(engine: Engine) -> list[tuple[list[str], Excess]]:
    """Every path of 2 to 4 silos with at least 30 journeys, beside journeys of the same intents inside one silo.

    The engine sees `journeys`, `silo_visits` and `transitions`; sizes are in seconds.
    """
    ways = [list(row[0]) for row in engine.rows(_WAYS)]
    if not any(len(way) > 1 for way in ways):
        return []
    table = engine.sql.sql(_JOURNEYS).to_arrow_table()
    intent, way, ours = (table.column(name).to_numpy() for name in ("intent", "way", "ours_s"))
    paths, took = _paths(ways, np.bincount(way, minlength=len(ways)))
    if not paths:
        return []
    key, group = np.unique(intent * len(ways) + way, return_inverse=True)
    kind = key % len(ways)
    alone = np.array([len(way) == 1 for way in ways])
    groups = numbered(ours, group, took[kind], key // len(ways), alone[kind])
    return list(zip(paths, compare_groups(groups, level("cross_silo_path")), strict=True))


def runs(way: list[str]) -> set[tuple[str, ...]]:
    """Every contiguous run of 2 to 4 silos of a way."""
    return {tuple(way[at : at + n]) for n in range(2, _LONGEST + 1) for at in range(len(way) - n + 1)}


def _paths(ways: list[list[str]], journeys: Any) -> tuple[list[list[str]], Flags]:
    """The paths that enough journeys took, and which ways hold them (ways × paths)."""
    held = [runs(way) for way in ways]
    counts: dict[tuple[str, ...], int] = {}
    for here, n in zip(held, journeys, strict=True):
        for path in here:
            counts[path] = counts.get(path, 0) + int(n)
    paths = sorted(path for path, n in counts.items() if n >= LEAST)
    number = {path: no for no, path in enumerate(paths)}
    took = np.zeros((len(ways), len(paths)), dtype=bool)
    for at, here in enumerate(held):
        took[at, [number[path] for path in here if path in number]] = True
    return [list(path) for path in paths], took


_SCHEMA = pa.schema(
    [
        ("path", pa.list_(pa.string())),
        ("journeys", pa.int64()),
        ("compared", pa.int64()),
        ("extra_s", pa.float64()),
        ("expected_s", pa.float64()),
        ("corrected_s", pa.float64()),
        ("low_s", pa.float64()),
        ("high_s", pa.float64()),
        ("p", pa.float64()),
        ("is_longer", pa.bool_()),
    ]
)


def save_path_times(workspace: Workspace) -> None:
    """Write `path_times`, a row a path, the longest first."""
    with Engine() as engine:
        for table in _READ:
            engine.see_parquet(table, workspace.table_path(table))
        rows: list[dict[str, Any]] = [
            {
                "path": path,
                "journeys": one.n,
                "compared": one.compared,
                "extra_s": one.size,
                "expected_s": one.expected,
                "corrected_s": one.corrected,
                "low_s": one.low,
                "high_s": one.high,
                "p": one.p if one.size is not None else None,
                "is_longer": one.found,
            }
            for path, one in path_times(engine)
        ]
    rows.sort(key=lambda row: (row["extra_s"] is None, -(row["extra_s"] or 0.0), row["path"]))
    workspace.write(f"tables/{TABLE}.parquet", partial(_write, rows))


def _write(rows: list[dict[str, Any]], path: Any) -> None:
    import pyarrow.parquet as pq

    pq.write_table(pa.Table.from_pylist(rows, schema=_SCHEMA), path)

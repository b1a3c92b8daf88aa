"""Which ways across silos take longer than journeys about the same that stay in one, beyond chance.

Compared is the time with us: what the time split calls work, rework, hold, queue_wait, handoff_wait or off_hours. The
customer's own time, the time between contacts and the tail are no part of it (definitions: Time; Chance).
"""

from __future__ import annotations

from typing import Any

import numpy as np

from miner.chance import Excess, Flags, compare_groups, level, numbered
from miner.chance.strata import LEAST
from miner.events.engine import Engine
from miner.sql import add, load_saved, save_rows
from miner.workspace import Workspace

_READ = ("journeys", "silo_visits", "transitions")
_LONGEST = 4  # silos of a path


def path_times(engine: Engine) -> list[tuple[list[str], Excess]]:
    """Every path of 2 to 4 silos with at least 30 journeys, beside journeys of the same intents inside one silo.

    The engine sees `journeys`, `silo_visits` and `transitions`; sizes are in seconds.
    """
    add(engine, "silo_paths", "time_with_us")
    ways = [list(row[0]) for row in engine.rows("SELECT DISTINCT path, path_no FROM silo_paths ORDER BY path_no")]
    if not any(len(way) > 1 for way in ways):
        return []
    columns = ("intent_no", "path_no", "ours_s")
    order = "intent_no, path_no, journey_id"
    table = engine.sql.sql(f"SELECT {', '.join(columns)} FROM time_with_us ORDER BY {order}").to_arrow_table()
    intent, way, ours = (table.column(name).to_numpy() for name in columns)
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


def save_path_times(workspace: Workspace) -> None:
    """Write `path_times`, a row a path, the longest first."""
    with Engine() as engine:
        load_saved(engine, workspace, *_READ)
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
    save_rows(workspace, "path_times", rows)

"""Small workspaces from drawings: `"a b c"` is a journey of the activities a, b, c; `"3x a b"` is three of it."""

from __future__ import annotations

from collections import Counter
from itertools import pairwise
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from miner.workspace import Workspace


def steps(*drawings: str) -> list[list[str]]:
    """The journeys of drawings, each as its activities."""
    journeys = []
    for drawing in drawings:
        first, *rest = drawing.split()
        times, words = (int(first[:-1]), rest) if first[:-1].isdigit() and first.endswith("x") else (1, [first, *rest])
        journeys += [words] * times
    return journeys


def workspace(folder: Path, journeys: list[list[str]], silos: dict[str, str] | None = None) -> Workspace:
    """A workspace with the tables `events` and `dfg` of these journeys."""
    made = Workspace(folder)
    (folder / "tables").mkdir(parents=True)
    events = [
        {"journey_id": f"j{number}", "seq": seq, "activity": activity, "silo": (silos or {}).get(activity)}
        for number, journey in enumerate(journeys)
        for seq, activity in enumerate(journey)
    ]
    schema = {"journey_id": pa.string(), "seq": pa.int64(), "activity": pa.string(), "silo": pa.string()}
    pq.write_table(pa.Table.from_pylist(events, pa.schema(schema)), made.table_path("events"))
    counts = Counter(pair for journey in journeys for pair in pairwise(journey))
    rows = [
        {"from_activity": a, "to_activity": b, "count": n, "median_s": 1.0, "p95_s": 2.0, "total_s": 3.0}
        for (a, b), n in counts.items()
    ]
    schema = {
        "from_activity": pa.string(),
        "to_activity": pa.string(),
        "count": pa.int64(),
        "median_s": pa.float64(),
        "p95_s": pa.float64(),
        "total_s": pa.float64(),
    }
    pq.write_table(pa.Table.from_pylist(rows, pa.schema(schema)), made.table_path("dfg"))
    return made

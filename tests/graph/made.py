"""Workspaces for the tests of the graph: raw events in, the tables of a run and its graph out."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from miner.costs import Rates, price
from miner.costs.path_times import save_path_times
from miner.costs.rates import Value
from miner.events.engine import Engine
from miner.events.schema import RAW_EVENTS
from miner.events.sink import Sink
from miner.graph import build
from miner.journeys import stitch
from miner.kpis import save_kpis
from miner.measures import measure, saved_tables
from miner.outcomes import save_outcomes
from miner.pipeline.settings import GOOD
from miner.sql import save
from miner.workspace import Workspace
from tests.drawings import MINUTE, draw
from tests.strategies import random_log

Event = dict[str, Any]
Row = dict[str, Any]
Tables = dict[str, list[Row]]
# Half an hour off the whole ones, and changed in the middle of the generated logs.
ZONE = "America/St_Johns"
_ARROW = {"VARCHAR": pa.string(), "BIGINT": pa.int64(), "INTEGER": pa.int32(), "DOUBLE": pa.float64()}


def workspace_of(folder: Path, events: list[Event], linked: bool = False) -> Workspace:
    """The tables of a run over these raw events."""
    workspace = Workspace(folder)
    rows = [{**event, "ended_us": max(event["started_us"], event["ended_us"])} for event in events]
    with Engine() as engine:
        Sink(engine)
        raw = {name: pa.array([row[name] for row in rows], _ARROW[kind]) for name, kind in RAW_EVENTS.items()}
        engine.insert_arrow("raw_events", pa.table(raw))
        stitch(engine, linked)
        measure(engine)
        for table in saved_tables():
            save(engine, workspace, table)
        workspace.write("tables/links.parquet", lambda p: engine.copy_parquet("SELECT * FROM links ORDER BY ALL", p))
    workspace.write_json("manifest.json", {**workspace.manifest, "options": {"good": list(GOOD)}})
    return workspace


def drawn(folder: Path, *drawings: str, level: str = "events") -> Workspace:
    """The workspace of a drawing (tests/drawings.py) with its graph."""
    workspace = workspace_of(folder, draw(*drawings))
    build(workspace, level)
    return workspace


def generated(seed: int, journeys: int = 150) -> list[Event]:
    """A generated log over several weeks: two customers' interactions in three are of one matter."""
    log = random_log(seed, journeys, 14)
    for event in log:
        number = int(event["journey_id"][1:])
        event["interaction_id"] = f"log:{event['journey_id']}"
        event["customer"] = f"c{number // 2}" if number % 3 else None
        event["intent"] = (None, "refund", "order")[number // 2 % 3]
        for time in ("started_us", "ended_us"):
            event[time] += number * 437 * MINUTE
    return log


def costed(folder: Path, seed: int, journeys: int = 150) -> Workspace:
    """The workspace of a generated log with customers of every type, priced, and with its contacts."""
    workspace = workspace_of(folder, generated(seed, journeys), linked=True)
    interactions = workspace.arrow("interactions")
    types = pa.array([("human", "machine", "unknown", "unknown")[n % 4] for n in range(len(interactions))])
    changed = interactions.set_column(interactions.column_names.index("customer_type"), "customer_type", types)
    sure = pa.array([(None, 0.9991 + n % 7 / 1e4, None, None)[n % 4] for n in range(len(changed))])
    changed = changed.set_column(changed.column_names.index("customer_type_sure"), "customer_type_sure", sure)
    made = _with_legs(changed)
    workspace.write("tables/interactions.parquet", lambda path: pq.write_table(made, path))
    workspace.write_json("summary.json", {})
    workspace.write_json("manifest.json", {**workspace.manifest, "options": {"good": list(GOOD), "tz": ZONE}})
    values = {
        "loaded_rate": Value(20, 30, 40, "EUR/h", "made", 2026),
        "delay_rate": Value(1, 2, 3, "EUR/h", "made", 2026),
        "system_boundary": Value(30, 60, 90, "s", "made", 2026),
    }
    price(workspace, Rates("made", "EUR", values=values, ask_again={"identity": ("verify",)}))
    save_outcomes(workspace, ("solved",))
    save_kpis(workspace, ("solved",))
    save_path_times(workspace)
    return workspace


def _with_legs(interactions: pa.Table) -> pa.Table:
    """Some interactions are records, and some journeys' contacts legs of one conversation, called after the first."""
    rows = interactions.to_pylist()
    first: dict[str, Row] = {}
    for number, row in enumerate(sorted(rows, key=lambda row: (row["started_at"], row["interaction_id"]))):
        row["kind"] = "record" if number % 11 == 0 else "contact"
        if row["kind"] == "contact":
            opening = first.setdefault(row["journey_id"], row)
            row["conversation_id"] = opening["interaction_id"] if len(row["journey_id"]) % 2 else row["interaction_id"]
    return pa.Table.from_pylist(rows, schema=interactions.schema)


def tables(workspace: Workspace) -> Tables:
    """All tables of a workspace as dicts; times as integer milliseconds `*_ms`."""
    return {
        name: [_row(row) for row in pq.read_table(workspace.table_path(name)).to_pylist()]
        for name in workspace.tables()
    }


def _row(row: Row) -> Row:
    from datetime import datetime, timedelta

    for name in [name for name, value in row.items() if name.endswith("_at") and value is not None]:
        row[f"{name[:-3]}_us"] = (row[name] - datetime(1970, 1, 1)) // timedelta(microseconds=1)  # noqa: DTZ001
        row[f"{name[:-3]}_ms"] = row[f"{name[:-3]}_us"] // 1000
    return row

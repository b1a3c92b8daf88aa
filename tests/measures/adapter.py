"""The one place where these tests touch the implementation: its tables as rows of the oracles.

Rows are dicts with the oracle's names (`*_us` integers), sorted, so that two tables are equal
when the lists are. `COLUMNS` says what is compared of each table.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pyarrow as pa

from miner.events.engine import Engine
from miner.events.schema import RAW_EVENTS
from miner.events.sink import Sink
from miner.journeys import stitch
from miner.measures import measure
from tests.oracles import Event, Row, tables

COLUMNS = {
    "events": "journey_id seq line started_us ended_us activity owner owned position",
    "visits": "journey_id position owner team silo channel source_system arrived_us left_us events is_return "
    "opened_seq closed_seq",
    "handoffs": "journey_id position from_owner to_owner from_silo to_silo wait_us customer_wait_us overlap_us "
    "crosses_silo crosses_system changes_channel",
    "returns": "journey_id from_position to_position owner hops order avoidable",
    "pingpongs": "journey_id owner_a owner_b first_position last_position bounces",
    "spans": "journey_id seq from_us to_us part reason",
    "transitions": "journey_id seq from_activity to_activity gap_us work rework hold customer_wait queue_wait "
    "handoff_wait off_hours",
    "dfg": "from_activity to_activity count median_us p95_us total_us",
    "journeys": "journey_id started_us ended_us events handoffs outcome value",
}
SPAN_PARTS = {1: "hold", 2: "work", 3: "rework", 4: "customer_wait", 5: "queue_wait"}
_ARROW = {"VARCHAR": pa.string(), "BIGINT": pa.int64(), "INTEGER": pa.int32(), "DOUBLE": pa.float64()}

Tables = dict[str, list[Row]]


def expected(events: list[Event]) -> Tables:
    """What the oracles answer, cut to the columns that are compared."""
    return {name: _rows(name, rows) for name, rows in tables(events).items()}


def mined(events: list[Event]) -> Tables:
    """What stitching (the case is the journey) and the measures make of the same raw events."""
    with Engine() as engine:
        Sink(engine)
        engine.insert_arrow("raw_events", _arrow(events))
        stitch(engine, linked=False)
        measure(engine, keep_steps=True)
        return {name: _rows(name, _read(engine, name)) for name in COLUMNS}


def saved(workspace: Path) -> Tables:
    """The tables of a workspace (all but `spans`, which is not saved)."""
    import pyarrow.parquet as pq

    answer = {}
    for name in COLUMNS:
        path = workspace / "tables" / f"{name}.parquet"
        if path.is_file():
            answer[name] = _rows(name, [_saved_row(row) for row in pq.read_table(path).to_pylist()])
    return answer


def _arrow(events: list[Event]) -> pa.Table:
    rows = [{**event, "ended_us": max(event["started_us"], event["ended_us"])} for event in events]
    return pa.table({name: pa.array([row[name] for row in rows], _ARROW[kind]) for name, kind in RAW_EVENTS.items()})


def _read(engine: Engine, table: str) -> list[Row]:
    cursor = engine.run(f"SELECT * FROM {table}")  # noqa: S608 - a name of COLUMNS
    names = [column[0] for column in cursor.description]
    return [_engine_row(dict(zip(names, row, strict=True))) for row in cursor.fetchall()]


def _engine_row(row: Row) -> Row:
    for part in ("work", "rework", "hold", "customer_wait", "queue_wait", "handoff_wait", "off_hours"):
        if f"{part}_us" in row:
            row[part] = row[f"{part}_us"]
    if "loop_order" in row:
        row["order"] = row["loop_order"]
    if isinstance(row.get("part"), int):
        row["part"] = SPAN_PARTS[row["part"]]
    return row


def _saved_row(row: Row) -> Row:
    made: Row = dict(row)
    for name, value in row.items():
        if name.endswith("_s") and value is not None:
            made[f"{name[:-2]}_us"] = round(value * 1_000_000)
        if name.endswith("_at"):
            made[f"{name[:-3]}_us"] = _microseconds(value)
    return _engine_row(made)


def _microseconds(moment: Any) -> int:
    from datetime import UTC, datetime, timedelta

    return (moment.replace(tzinfo=UTC) - datetime(1970, 1, 1, tzinfo=UTC)) // timedelta(microseconds=1)


def _rows(table: str, rows: list[Row]) -> list[Row]:
    cut = [{name: row[name] for name in COLUMNS[table].split()} for row in rows]
    return sorted(cut, key=lambda row: [(value is not None, value) for value in row.values()])


def agreed(events: list[Event]) -> Tables:
    """The tables of a log, after asserting that oracle and measures give the same."""
    answer, found = expected(events), mined(events)
    for name in COLUMNS:
        same(found[name], answer[name], name)
    return answer


def same(found: list[Row], answer: list[Row], name: str) -> None:
    """Assert that two tables are equal, showing the first row that one has and the other has not."""
    if found != answer:
        extra = next((row for row in found if row not in answer), None)
        missing = next((row for row in answer if row not in found), None)
        raise AssertionError(f"{name}: {len(found)} rows for {len(answer)}\n  found    {extra}\n  expected {missing}")


def column(rows: list[Row], *names: str) -> list[Any]:
    """The values of a column in order of rows, or tuples of several."""
    return [row[names[0]] if len(names) == 1 else tuple(row[name] for name in names) for row in rows]

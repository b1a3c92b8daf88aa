"""The one place where these tests touch the implementation: its tables as rows of the oracles.

Rows are dicts with the oracle's names (`*_us` integers), sorted by the columns before the bar in
`COLUMNS`, which says what is compared of each table; so two tables are equal when the lists are.
"""

from __future__ import annotations

from itertools import zip_longest
from operator import itemgetter
from pathlib import Path
from typing import Any

import pyarrow as pa

from miner.events.engine import Engine
from miner.events.schema import RAW_EVENTS
from miner.events.sink import Sink
from miner.journeys import stitch
from miner.measures import measure
from miner.sql import model
from tests.oracles import PLAIN, Event, Row, Rules, by_name, tables
from tests.oracles.time_split import PARTS

COLUMNS = {
    "events": "journey_id seq | line started_us ended_us activity owner owned position",
    "visits": "journey_id position | owner team silo channel source_system arrived_us left_us events is_return "
    "opened_seq closed_seq",
    "silo_visits": "journey_id position | silo first_position last_position",
    "handoffs": "journey_id position | from_owner to_owner from_silo to_silo wait_us own_wait_us customer_wait_us "
    "between_us overlap_us happened_us "
    "crosses_silo crosses_system changes_channel",
    "returns": "journey_id to_position | from_position owner hops order avoidable",
    "pingpongs": "journey_id first_position | owner_a owner_b last_position bounces",
    "spans": "journey_id seq from_us | to_us part reason",
    "transitions": "journey_id seq | from_activity to_activity gap_us work rework hold customer_wait queue_wait "
    "handoff_wait off_hours between tail",
    "dfg": "from_activity to_activity | count median_us p95_us total_us",
    "journeys": "journey_id | started_us ended_us events handoffs outcome value",
}
_ARROW = {"VARCHAR": pa.string(), "BIGINT": pa.int64(), "INTEGER": pa.int32(), "DOUBLE": pa.float64()}

Tables = dict[str, list[Row]]


def compared() -> dict[str, str]:
    """What is compared of each table, as in `COLUMNS`; all that its header declares where the oracle has its name."""
    found = dict(COLUMNS)
    for name in by_name():
        made = model(name)
        found[name] = " ".join([*made.grain, "|", *(c.name for c in made.all_columns if c.name not in made.grain)])
    return found


def expected(events: list[Event], rules: Rules = PLAIN) -> Tables:
    """What the oracles answer, cut to the columns that are compared."""
    return {name: _rows(name, rows) for name, rows in tables(events, rules).items()}


def mined(events: list[Event], rules: Rules = PLAIN) -> Tables:
    """What stitching and the measures make of the same raw events, in the journeys that they are drawn in."""
    with Engine() as engine:
        Sink(engine)
        engine.insert_arrow("raw_events", arrow(events))
        stitch(engine, linked=False)
        _declare(engine, events, rules)
        measure(engine, keep_steps=True, good=rules.good, ends=rules.ends)
        return {name: _rows(name, _read(engine, name)) for name in compared()}


def _declare(engine: Engine, events: list[Event], rules: Rules) -> None:
    """Say of a drawn log what readers and linking say of a real one."""
    for interaction, journey in {(e["interaction_id"], e["journey_id"]) for e in events}:
        if interaction != journey:
            engine.run("UPDATE raw SET journey_id = ? WHERE interaction_id = ?", [journey, interaction])
    engine.run("UPDATE settings SET linked = ?", [rules.linked])
    for name in rules.records:
        engine.run("UPDATE interaction_conversations SET kind = 'record' WHERE interaction_id = ?", [name])
    for leg, conversation in rules.conversations:
        engine.run(
            "UPDATE interaction_conversations SET conversation_id = ? WHERE interaction_id = ?", [conversation, leg]
        )
    for pair in rules.references:
        engine.run("INSERT INTO referred VALUES (?, ?)", list(pair))


def saved(workspace: Path) -> Tables:
    """The tables of a workspace (all but `spans`, which is not saved)."""
    return {name: _rows(name, _saved_rows(workspace, name)) for name in compared() if model(name).is_saved}


def _saved_rows(workspace: Path, name: str) -> list[Row]:
    import pyarrow.parquet as pq

    table = pq.read_table(workspace / "tables" / f"{name}.parquet")
    wanted = set(compared()[name].split())
    columns = {}
    for column in table.column_names:
        values = table[column]
        if column.endswith("_at"):
            column, values = f"{column[:-3]}_us", values.cast(pa.timestamp("us")).cast(pa.int64())
        stem = column.removesuffix("_s")
        target = stem if stem in wanted else f"{stem}_us"
        if column in wanted:
            columns[column] = values.to_pylist()
        elif target in wanted:
            columns[target] = [round(seconds * 1_000_000) for seconds in values.to_pylist()]
    return [dict(zip(columns, row, strict=True)) for row in zip(*columns.values(), strict=True)]


def arrow(events: list[Event]) -> pa.Table:
    """Drawn events as rows of raw_events."""
    rows = [{**event, "ended_us": max(event["started_us"], event["ended_us"])} for event in events]
    return pa.table({name: pa.array([row[name] for row in rows], _ARROW[kind]) for name, kind in RAW_EVENTS.items()})


def _read(engine: Engine, table: str) -> list[Row]:
    cursor = engine.run(f"SELECT * FROM {table}")  # noqa: S608 - a name of COLUMNS
    names = [column[0] for column in cursor.description]
    return [_engine_row(dict(zip(names, row, strict=True))) for row in cursor.fetchall()]


def _engine_row(row: Row) -> Row:
    for part in PARTS:
        if f"{part}_us" in row:
            row[part] = row[f"{part}_us"]
    if "loop_order" in row:
        row["order"] = row["loop_order"]
    return row


def _rows(table: str, rows: list[Row]) -> list[Row]:
    key, _, others = (part.split() for part in compared()[table].partition("|"))
    names = [*key, *others]
    return sorted(({name: row[name] for name in names} for row in rows), key=itemgetter(*key))


def agreed(events: list[Event], rules: Rules = PLAIN) -> Tables:
    """The tables of a log, after asserting that oracle and measures give the same."""
    answer, found = expected(events, rules), mined(events, rules)
    for name in compared():
        same(found[name], answer[name], name)
    return answer


def same(found: list[Row], answer: list[Row], name: str) -> None:
    """Assert that two tables are equal, showing the first rows in which they are not."""
    if found != answer:
        one, other = next((one, other) for one, other in zip_longest(found, answer) if one != other)
        raise AssertionError(f"{name}: {len(found)} rows for {len(answer)}\n  found    {one}\n  expected {other}")


def column(rows: list[Row], *names: str) -> list[Any]:
    """The values of a column in order of rows, or tuples of several."""
    return [row[names[0]] if len(names) == 1 else tuple(row[name] for name in names) for row in rows]

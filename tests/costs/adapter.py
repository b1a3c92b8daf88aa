"""Where these tests touch the implementation: a priced workspace, its transitions as the oracle's rows."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pyarrow.parquet as pq

from miner.costs import Rates, price
from miner.costs.asking import declared
from miner.events.engine import Engine
from miner.events.sink import Sink
from miner.journeys import stitch
from miner.measures import measure, saved_tables
from miner.sql import save
from miner.workspace import Workspace
from tests.measures.adapter import arrow
from tests.oracles import Event, Row, ordered
from tests.oracles.cost import components

PARTS = ("delay", "handoff", "rework", "information_gap", "repeat_contact")
ASKING = {"identity": ("verify", "identify"), "description": ("describe",)}


def workspace(events: list[Event], path: Path, linked: bool = False) -> Workspace:
    """The measured tables of raw events, as a run saves them."""
    made = Workspace(path)
    with Engine() as engine:
        Sink(engine)
        engine.insert_arrow("raw_events", arrow(events))
        stitch(engine, linked=linked)
        measure(engine)
        engine.run("SET preserve_insertion_order = true")
        for table in saved_tables():
            save(engine, made, table)
    return made


def priced(events: list[Event], path: Path, rates: Rates | None = None) -> tuple[dict[str, Any], list[Row]]:
    """`fragmentation_cost` of the summary, and the transitions with their components in microseconds."""
    made = workspace(events, path)
    found = price(made, rates or Rates(ask_again=ASKING))
    return found, rows(made)


def rows(made: Workspace) -> list[Row]:
    """The transitions of a priced workspace, by journey and seq."""
    table = pq.read_table(made.table_path("transitions")).to_pylist()
    return [
        {
            "journey_id": row["journey_id"],
            "seq": row["seq"],
            "handled": _us(row["handled_s"]),
            **{part: _us(row[f"{part}_cost_s"]) for part in PARTS},
            "system_changes": row["system_changes"],
            "context_shifts": row["context_shifts"],
        }
        for row in table
    ]


def expected(events: list[Event]) -> list[Row]:
    """What the oracle answers."""
    log = ordered(events)
    activities = sorted({event["activity"] for event in events})
    return components(log, dict(declared(activities, ASKING)))


def _us(seconds: float | None) -> int | None:
    return None if seconds is None else round(seconds * 1_000_000)

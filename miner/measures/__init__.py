"""The measures: one SQL file each, its definition on top, run verbatim by the event engine.

`measure` turns the engine's table `raw` into the tables of the contract. The files keep to a
subset of SQL that DuckDB and Spark read alike (docs/add-a-measure.md).
"""

from __future__ import annotations

import re
from collections.abc import Collection
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING

from miner.events.engine import Engine
from miner.events.schema import GOOD

if TYPE_CHECKING:
    from miner.measures.calendar_file import Calendars

# The one macro of these files: a row for each integer from the first up to the last, that left out.
_EACH = re.compile(r"\{\{each ([\w. +]+), ([\w. +]+)\}\}")
# In the order in which they build on each other.
ORDER = (
    "order",
    "owner",
    "events",
    "visits",
    "settled",
    "pieces",
    "spans",
    "touching",
    "covered",
    "own_waits",
    "off_hours",
    "transitions",
    "handoffs",
    "waited",
    "returns",
    "pingpongs",
    "silo_visits",
    "instances",
    "busy",
    "waiting_causes",
    "cycle_time",
    "waits",
    "queue_hours",
    "queues",
    "dfg",
    "interactions",
    "journeys",
)
# What is saved: table → columns of the contract, in order; the others are steps on the way.
SAVED = {
    "events": "event_id journey_id interaction_id seq started_at ended_at activity event_type channel source_system "
    "actor_type actor agent team silo owner customer intent outcome value handoff_kind source line attributes owned "
    "position",
    "interactions": "interaction_id journey_id kind conversation_id source_system channel customer customer_type "
    "customer_type_sure intent is_repeat started_at ended_at outcome value declared contact_until_at",
    "journeys": "journey_id customer intent started_at ended_at events interactions handoffs outcome value probability "
    "customer_type",
    "visits": "visit_id journey_id position owner team silo channel source_system arrived_at left_at events is_return "
    "opened_seq closed_seq actor_type",
    "silo_visits": "journey_id position silo first_position last_position",
    "handoffs": "journey_id position from_owner to_owner from_silo to_silo wait_s own_wait_s customer_wait_s between_s "
    "overlap_s happened_at crosses_silo crosses_system changes_channel kind",
    "returns": "journey_id from_position to_position owner hops order avoidable",
    "pingpongs": "journey_id owner_a owner_b first_position last_position bounces",
    "transitions": "journey_id seq from_activity to_activity gap_s work_s rework_s hold_s customer_wait_s queue_wait_s "
    "handoff_wait_s off_hours_s between_s tail_s rework_reason gap_for handoff_position",
    "waiting_causes": "journey_id seq team activity wait_s batching_s contention_s prioritisation_s unavailability_s "
    "extraneous_s",
    "cycle_time": "kind name instances waits work_s wait_s batching_s contention_s prioritisation_s unavailability_s "
    "extraneous_s efficiency without_batching without_contention without_prioritisation without_unavailability "
    "without_extraneous",
    "waits": "journey_id position seq interaction_id ending team kind channel queued handed_over joined_at ended_at "
    "wait_s handed_s routing_s queue_s",
    "queues": "team kind waits visits journeys waited handed_over queued gave_up gave_up_share wait_s handed_s "
    "routing_s queue_s gave_up_s median_s p95_s queued_median_s queued_p95_s share arrivals_per_h waiting_little "
    "waiting_counted most_waiting peak_weekday peak_hour peak_wait_s handled_s served_per_handled_h people_busy people",
    "queue_hours": "team weekday hour arrivals wait_s waiting_s taken_up",
    "dfg": "from_activity to_activity count median_s p95_s total_s",
}
SORTED = {
    "events": "journey_id, seq",
    "visits": "journey_id, position",
    "silo_visits": "journey_id, position",
    "handoffs": "journey_id, position",
    "returns": "journey_id, to_position",
    "pingpongs": "journey_id, first_position",
    "transitions": "journey_id, seq",
    "journeys": "journey_id",
    "interactions": "interaction_id",
    "waiting_causes": "journey_id, seq",
    "cycle_time": "kind, wait_us DESC, name NULLS FIRST",
    "waits": "journey_id, seq",
    "queues": "wait_us DESC, team",
    "queue_hours": "team, weekday, hour",
    "dfg": "count DESC, from_activity, to_activity",
}


@cache
def text(name: str) -> str:
    """The SQL of a measure, with its header."""
    return files(__name__).joinpath(f"{name}.sql").read_text(encoding="utf-8")


def header(name: str) -> dict[str, str]:
    """The header of a measure: table, definition and what it reads."""
    found: dict[str, str] = {}
    key = ""
    for line in text(name).splitlines():
        if not line.startswith("--"):
            break
        word, colon, rest = line[2:].strip().partition(":")
        if colon and word in ("table", "definition", "reads"):
            key, found[word] = word, rest.strip()
        elif key and line.startswith("--  "):
            found[key] += " " + line[2:].strip()
        else:
            key = ""
    return found


def measure(
    engine: Engine,
    steps: tuple[str, ...] = ORDER,
    keep_steps: bool = False,
    calendars: Calendars | None = None,
    tz: str | None = None,
    good: Collection[str] = GOOD,
    ends: Collection[str] = (),
) -> None:
    """Run the measures in order: each makes the engine table that its header names.

    `calendars` say which waits are outside working hours, `tz` the zone of weekdays and hours where they do not; `good`
    outcomes and the activities in `ends` settle an interaction.
    A step on the way is dropped after the last measure that reads it, unless `keep_steps`.
    """
    from miner.measures.calendars import prepare

    prepare(engine, calendars, tz)
    _settling(engine, good, ends)
    for at, name in enumerate(steps):
        sql = _EACH.sub(r"unnest(range(\1, \2))", text(name))
        engine.run(f"CREATE OR REPLACE TABLE {header(name)['table']} AS {sql}")
        later = {table for other in steps[at + 1 :] for table in reads(other)}
        for table in reads(name):
            if table not in later and table not in SAVED and not keep_steps:
                engine.run(f"DROP TABLE {table}")


def _settling(engine: Engine, good: Collection[str], ends: Collection[str]) -> None:
    """Make `settling` (kind outcome or activity, value in small letters): what settles an interaction by its name."""
    engine.create("settling", {"kind": "VARCHAR", "value": "VARCHAR"})
    for kind, values in (("outcome", good), ("activity", ends)):
        for value in sorted({value.lower() for value in values}):
            engine.run("INSERT INTO settling VALUES (?, ?)", [kind, value])


def reads(name: str) -> list[str]:
    """The engine tables that a measure reads."""
    return [table.strip() for table in header(name)["reads"].split(",")]


def saved_select(table: str) -> str:
    """SQL for a table as it is saved: times as timestamps, seconds as doubles, in a fixed order of rows."""
    columns = ", ".join(_saved_column(table, column) for column in SAVED[table].split())
    # Sorted before the columns are made: numbered words are small, their texts are not.
    return f"SELECT {columns} FROM (SELECT * FROM {table} ORDER BY {SORTED[table]}) AS {table}"


def _saved_column(table: str, column: str) -> str:
    if column == "event_id":
        return "interaction_id || '#' || seq AS event_id"
    if column == "order":
        return 'loop_order AS "order"'
    if column.endswith("_at"):
        return f"make_timestamp({column[:-3]}_us) AS {column}"
    if column.endswith("_s"):
        return f"{column[:-2]}_us / 1e6 AS {column}"
    return f"{table}.{column}"

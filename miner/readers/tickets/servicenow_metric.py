"""ServiceNow `metric_instance`: how long a record had a value, one row per value.

Rows of an assignment metric are spans of the group or person that held the record; rows of other metrics
(state) are spans of the system. The case is the record (`id`).
"""

from __future__ import annotations

import json
from collections.abc import Iterator

from miner.events import times
from miner.events.schema import Event
from miner.events.sink import Sink
from miner.readers.base import Match, Options, Report, SourceFile
from miner.readers.shared.clock import Clock
from miner.readers.shared.fields import Body, Malformed
from miner.readers.shared.staging import Staged, Staging, hand_over, read_files, usable
from miner.readers.shared.states import (
    INCIDENT_STATES,
    TICKET_OUTCOMES,
    State,
    StateChange,
    change_of_state,
    state_kind,
)
from miner.readers.tabular.rows import Row, columns, must_have, need, rows
from miner.readers.tickets.servicenow_clock import declare_zone, rest_clock

NAME = "servicenow_metric"
TITLE = "ServiceNow metrics (metric_instance)"
LINKED = False
OUTCOMES = TICKET_OUTCOMES

_LABELS = {
    "metric_definition": "definition",
    "metric": "definition",
    "document_id": "id",
    "task": "id",
    "started": "start",
    "start_time": "start",
    "ended": "end",
    "end_time": "end",
    "field_value": "value",
}
_HELD = {"group": "Held by team", "person": "Held by agent"}
_NEEDED = ("definition", "id", "value", "start")


def sniff(file: SourceFile) -> Match | None:
    """A table with definition, id, value, start, and end or duration."""
    found = columns(file, _LABELS)
    if found >= set(_NEEDED) and found & {"end", "duration"}:
        return Match(85, "columns definition, id, value, start, as in ServiceNow metric_instance")
    return None


def read(file: SourceFile, options: Options, sink: Sink) -> Report:
    """Read one file of metric rows; for an export in several files see `read_all`."""
    return read_all([file], options, sink)[0]


def read_all(files: list[SourceFile], options: Options, sink: Sink) -> list[Report]:
    """Read the files of one instance together: the values of a record may lie in several."""
    clock = rest_clock(options, sink)

    def stage(file: SourceFile, staging: Staging, report: Report) -> None:
        must_have(columns(file, _LABELS), _NEEDED, file)
        declare_zone(options, sink, report)
        for line, row in rows(file, sink, _LABELS):
            with usable(sink, report, line):
                body = _span(row, clock, sink)
                staging.add(line, need(row, "id"), body, at=body["start"], id=row.get("sys_id"))

    def emit(staging: Staging, reports: dict[int, Report]) -> None:
        for key, spans in staging.topics():
            hand_over(sink, reports, _steps(key, spans))
            sink.interaction(interaction_id=key, source_system="servicenow")
        sink.note("assumed", "the time a group or person held a record is read as a span; it includes waiting")

    return read_files(files, options, sink, NAME, stage, emit)


def _span(row: Row, clock: Clock, sink: Sink) -> Body:
    """Start and end of a row; without an end the duration says it, without either it is still open."""
    start, end = clock.need(row, "start"), clock.of(row, "end")
    lasted = None
    if row.get("duration") is not None:
        try:
            lasted = times.duration(row["duration"])
        except ValueError as error:
            raise Malformed("duration", f"duration is {error}", row["duration"]) from None
    if end is None and lasted is not None:
        end = start + lasted
    elif end is None:
        sink.note("open", "current values have no end and were read as points in time", example=row.get("id"))
    elif lasted is not None and abs(end - start - lasted) > times.SECOND:
        sink.note(
            "reconcile", "an exported duration differs from start and end; those were kept", example=row.get("id")
        )
    return {"definition": need(row, "definition"), "value": row.get("value"), "start": start, "end": end}


def _steps(key: str, spans: list[Staged]) -> Iterator[Event]:
    """The spans of a record as keywords of `Sink.event`; people stand in the group that held it then."""
    # Of what starts together the group comes first, so that the person belongs to it.
    ordered = sorted(spans, key=lambda span: (span.at, _sort(span) != "group", span.body["definition"]))
    team: str | None = None
    state = State(None, None)
    for number, span in enumerate(ordered, 1):
        sort, value = _sort(span), span.body["value"]
        if sort == "group":
            team = value
        change = StateChange("status_changed", None)
        if sort == "state":
            now = State(value, state_kind(INCIDENT_STATES.get(value or "", value)))
            change, state = change_of_state(state, now), now
        held = sort in ("group", "person")
        yield {
            "source": span.source,
            "source_no": span.source_no,
            "line": span.line,
            "sequence": number,
            "interaction_id": key,
            "started_us": span.at,
            "ended_us": span.body["end"],
            "source_system": "servicenow",
            "activity": _HELD.get(sort, f"{span.body['definition']}: {value}"),
            "event_type": "assigned" if held else change.event_type,
            "outcome": change.outcome,
            "actor_type": {"group": "unknown", "person": "agent"}.get(sort, "system"),
            "actor": value if held else "system",
            "agent": value if sort == "person" else None,
            "team": team if held else None,
            "attributes": json.dumps({"definition": span.body["definition"], "value": value}),
        }


def _sort(span: Staged) -> str:
    """What a metric is about: group, person, state, or something else."""
    name = span.body["definition"].lower().replace("_", " ")
    if "assignment group" in name:
        return "group"
    if "assigned to" in name or "assignee" in name:
        return "person"
    return "state" if "state" in name.split() else "other"

"""The real ServiceNow log, read by hand: no reader, no engine, only the csv module."""

from __future__ import annotations

import csv
import gzip
import re
from datetime import UTC, datetime
from functools import cache
from pathlib import Path

from miner.events.schema import RAW_EVENTS
from tests.oracles import Event

LOG = Path(__file__).parents[2] / "sample_logs" / "servicenow" / "incident_event_log.csv.gz"


@cache
def events() -> tuple[Event, ...]:
    """Every row as an event: `?` is missing, times are day-first, to the minute, taken as UTC."""
    with gzip.open(LOG, "rt", encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    made = [_event(row, line) for line, row in enumerate(rows, start=2)]
    _name_types(made, rows)
    return tuple(made)


def _event(row: dict[str, str], line: int) -> Event:
    day, month, year, hour, minute = map(int, re.split("[/ :]", row["sys_updated_at"]))
    started = int(datetime(year, month, day, hour, minute, tzinfo=UTC).timestamp()) * 1_000_000
    event: Event = {**dict.fromkeys(RAW_EVENTS), "journey_id": row["number"], "interaction_id": row["number"]}
    event.update(source="log", source_no=0, line=line, sequence=int(row["sys_mod_count"]), source_system="servicenow")
    event.update(started_us=started, ended_us=started, activity=row["incident_state"], actor_type="unknown")
    event.update(team=_known(row["assignment_group"]), agent=_known(row["assigned_to"]))
    return event


def _known(text: str) -> str | None:
    return None if text == "?" else text


def _name_types(made: list[Event], rows: list[dict[str, str]]) -> None:
    """What an update changed, by comparison with the one before it in the same incident."""
    pairs = sorted(zip(made, rows, strict=True), key=lambda p: (p[0]["started_us"], p[0]["sequence"], p[0]["line"]))
    before: dict[str, dict[str, str]] = {}
    for event, row in pairs:
        event["event_type"] = _type(before.get(row["number"]), row)
        event["outcome"] = _outcome(before.get(row["number"]), row)
        before[row["number"]] = row


def _type(before: dict[str, str] | None, row: dict[str, str]) -> str:
    if before is None:
        return "started"
    state, old = row["incident_state"], before["incident_state"]
    if state != old:
        if state in ("Resolved", "Closed"):
            return state.lower()
        return "reopened" if old in ("Resolved", "Closed") else "status_changed"
    moved = any(row[name] != before[name] for name in ("assignment_group", "assigned_to"))
    return "assigned" if moved else "field_changed"


def _outcome(before: dict[str, str] | None, row: dict[str, str]) -> str | None:
    """What an update tells of the outcome: closing what is resolved tells nothing new."""
    state, old = row["incident_state"], before["incident_state"] if before else None
    if state == old:
        return None
    if state == "Resolved":
        return "resolved"
    if state == "Closed":
        return None if old == "Resolved" else "closed"
    return "open" if old in ("Resolved", "Closed") else None

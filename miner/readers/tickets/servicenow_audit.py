"""ServiceNow `sys_audit`: one row per changed field of a record.

A change belongs to the group the record is in when the user acts; rows of one save that change group and
assignee are one assignment. The case is the record (`documentkey`).
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from itertools import groupby
from typing import Any

from miner.events.sink import Sink
from miner.events.values import customer_key
from miner.readers.base import Match, Options, Report, SourceFile
from miner.readers.staging import Malformed, Staged, Staging, hand_over, read_files, usable
from miner.readers.table_rows import Clock, Row, columns, must_have, need, rows

NAME = "servicenow_audit"
TITLE = "ServiceNow audit history (sys_audit)"
LINKED = False

_LABELS = {"table_name": "tablename", "table": "tablename", "field_name": "fieldname", "field": "fieldname",
           "document_key": "documentkey", "old_value": "oldvalue", "new_value": "newvalue", "created": "sys_created_on",
           "created_by": "sys_created_by", "update_count": "record_checkpoint"}
_NEEDED = ("fieldname", "documentkey", "newvalue", "sys_created_on")
_MOVES = ("assignment_group", "assigned_to")
_STATES = ("state", "incident_state")
_INCIDENT = {"1": "New", "2": "In Progress", "3": "On Hold", "6": "Resolved", "7": "Closed", "8": "Canceled"}
_DONE = ("resolved", "closed", "canceled", "closed complete", "closed incomplete", "closed skipped")
_DERIVED = frozenset((
    "reassignment_count", "reopen_count", "sys_mod_count", "sys_updated_on", "sys_updated_by", "calendar_duration",
    "business_duration", "calendar_stc", "business_stc", "activity_due", "resolved_at", "resolved_by", "closed_at",
    "closed_by", "opened_at", "opened_by", "reopened_time", "reopened_by", "active", "work_start", "work_end",
))
_WORDS = {"comments": ("Comment", "message"), "work_notes": ("Work note", "note"), "made_sla": ("SLA", "sla"),
          "escalation": ("Escalation changed", "escalated")}


def sniff(file: SourceFile) -> Match | None:
    """A table with fieldname, documentkey, newvalue and sys_created_on."""
    if columns(file, _LABELS) >= set(_NEEDED):
        return Match(90, "columns fieldname, documentkey, newvalue, as in ServiceNow sys_audit")
    return None


def read(file: SourceFile, options: Options, sink: Sink) -> Report:
    """Read one file of audit rows; for an export in several files see `read_all`."""
    return read_all([file], options, sink)[0]


def read_all(files: list[SourceFile], options: Options, sink: Sink) -> list[Report]:
    """Read the files of one instance together: the changes of a record may lie in several."""
    clock = Clock(options, sink)

    def stage(file: SourceFile, staging: Staging, report: Report) -> None:
        must_have(columns(file, _LABELS), _NEEDED, file)
        clock.declare(report)
        for line, row in rows(file, sink, _LABELS):
            with usable(sink, report, line):
                at = clock.of(row, "sys_created_on")
                if at is None:
                    raise Malformed("sys_created_on", "sys_created_on is missing")
                need(row, "fieldname")
                staging.add(line, need(row, "documentkey"), dict(row), at=at, id=row.get("sys_id"),
                            rank=_checkpoint(row))

    def emit(staging: Staging, reports: dict[int, Report]) -> None:
        for key, changes in staging.topics():
            record = _Record(key, changes, sink)
            hand_over(sink, reports, record.steps())
            sink.interaction(interaction_id=key, source_system="servicenow", customer=record.customer,
                             declared=json.dumps(record.declared) if record.declared else None)

    return read_files(files, options, sink, NAME, stage, emit)


class _Record:
    """One record on its way through its changes."""

    def __init__(self, key: str, changes: list[Staged], sink: Sink):
        self.key, self.changes, self.sink = key, changes, sink
        self.group = self._before("assignment_group")
        self.assignee = self._before("assigned_to")
        callers = [change.body.get("newvalue") for change in changes if _name(change) == "caller_id"]
        self.customer = customer_key(callers[-1]) if callers else None
        self.declared: dict[str, str] = {}
        self.sequence = 0

    def steps(self) -> Iterator[dict[str, Any]]:
        """The events of the record in order, as keywords of `Sink.event`."""
        for _, saved in groupby(self.changes, key=lambda c: (c.at, c.body.get("user"), _checkpoint(c.body))):
            yield from self._save(list(saved))

    def _save(self, changes: list[Staged]) -> Iterator[dict[str, Any]]:
        """The steps of one save, all of them in the hands of the group before it."""
        after = {_name(c): c.body.get("newvalue") for c in changes}
        user = changes[0].body.get("user") or changes[0].body.get("sys_created_by")
        takes = after.get("assigned_to") is not None and after["assigned_to"] == user
        team = self.group or (after.get("assignment_group") if takes else None)
        moved = False
        for change in changes:
            name = _name(change)
            if name in _MOVES:
                if not moved:
                    yield self._event(change, user, team, **self._assignment(after))
                moved = True
            elif name == "incident_state" and "state" in after:
                continue  # the same change under its older name
            elif name in _DERIVED:
                if change.body.get("newvalue"):
                    self.declared[name] = str(change.body["newvalue"])
                self.sink.note("left out", "fields that follow from other changes are no steps", example=name)
            else:
                yield self._event(change, user, team, **self._field(change, name))
        self.group, self.assignee = after.get("assignment_group", self.group), after.get("assigned_to", self.assignee)

    def _assignment(self, after: dict[str, str | None]) -> dict[str, Any]:
        group, agent = after.get("assignment_group", self.group), after.get("assigned_to", self.assignee)
        kind, moved = None, group != self.group
        if moved and group and self.group:
            kind = "group_reassign"
        elif not moved and agent and self.assignee and agent != self.assignee:
            kind = "agent_reassign"
        activity, event_type = ("Assigned to team" if moved else "Assigned to agent"), "assigned"
        if (moved and not group) or (not moved and not agent):
            activity, event_type = "Unassigned", "unassigned"
        said = {"from_team": self.group, "to_team": group, "from_agent": self.assignee, "to_agent": agent}
        return {"activity": activity, "event_type": event_type, "handoff_kind": kind,
                "attributes": json.dumps({k: v for k, v in said.items() if v})}

    def _field(self, change: Staged, name: str) -> dict[str, Any]:
        if name in _STATES:
            return _state(change.body)
        if name in _WORDS:
            activity, event_type = _WORDS[name]
            return {"activity": activity, "event_type": event_type}
        return {"activity": f"Changed {name}", "event_type": "field_changed"}

    def _event(self, change: Staged, user: str | None, team: str | None, **more: Any) -> dict[str, Any]:
        self.sequence += 1
        acts = user is not None and user.lower() not in ("system", "guest")
        return {
            "source": change.source, "source_no": change.source_no, "line": change.line, "sequence": self.sequence,
            "interaction_id": self.key, "started_us": change.at, "source_system": "servicenow",
            "actor_type": "agent" if acts else "system", "actor": user or "system", "agent": user if acts else None,
            "team": team, "customer": self.customer, **more,
        }

    def _before(self, name: str) -> str | None:
        return next((change.body.get("oldvalue") for change in self.changes if _name(change) == name), None)


def _state(row: Row) -> dict[str, Any]:
    """A change of state; the numbers of incidents by their usual labels, others as they are."""
    labels = _INCIDENT if (row.get("tablename") or "incident") == "incident" else {}
    before, now = (labels.get(value, value) for value in (row.get("oldvalue") or "", row.get("newvalue") or "unknown"))
    if before.lower() in _DONE and now.lower() not in _DONE:
        # What was resolved is open again: the outcome known last is no longer the good one.
        return {"activity": "Reopened", "event_type": "reopened", "outcome": "open"}
    if now.lower() == "resolved":
        return {"activity": "Resolved", "event_type": "resolved", "outcome": "resolved"}
    if now.lower().startswith("closed"):
        return {"activity": now, "event_type": "closed"}
    return {"activity": f"State {now}", "event_type": "status_changed"}


def _name(change: Staged) -> str:
    return str(change.body.get("fieldname"))


def _checkpoint(row: Row) -> int | None:
    text = row.get("record_checkpoint") or ""
    return int(text) if text.isdecimal() and len(text) < 19 else None

"""ServiceNow `sys_audit`: one row per changed field of a record.

The case is the record (`documentkey`).
"""

from __future__ import annotations

import json
from collections.abc import Iterator

from miner.events.schema import Event
from miner.events.sink import Sink
from miner.events.values import customer_key
from miner.readers.base import Match, Options, Report, SourceFile
from miner.readers.shared.fields import Malformed
from miner.readers.shared.saves import saves
from miner.readers.shared.staging import Staged, Staging, hand_over, read_files, usable
from miner.readers.table_rows import Clock, Row, columns, must_have, need, rows
from miner.readers.tickets.lifecycle import By, Desk, Lifecycle
from miner.readers.tickets.states import INCIDENT_STATES, TICKET_OUTCOMES

NAME = "servicenow_audit"
TITLE = "ServiceNow audit history (sys_audit)"
LINKED = False
OUTCOMES = TICKET_OUTCOMES

_LABELS = {
    "table_name": "tablename",
    "table": "tablename",
    "field_name": "fieldname",
    "field": "fieldname",
    "document_key": "documentkey",
    "old_value": "oldvalue",
    "new_value": "newvalue",
    "created": "sys_created_on",
    "created_by": "sys_created_by",
    "update_count": "record_checkpoint",
}
_NEEDED = ("fieldname", "documentkey", "newvalue", "sys_created_on")
_STATES = ("state", "incident_state")
_ROLES = {"assignment_group": "team", "assigned_to": "agent", **dict.fromkeys(_STATES, "state")}
_DERIVED = frozenset(
    (
        "reassignment_count",
        "reopen_count",
        "sys_mod_count",
        "sys_updated_on",
        "sys_updated_by",
        "calendar_duration",
        "business_duration",
        "calendar_stc",
        "business_stc",
        "activity_due",
        "resolved_at",
        "resolved_by",
        "closed_at",
        "closed_by",
        "opened_at",
        "opened_by",
        "reopened_time",
        "reopened_by",
        "active",
        "work_start",
        "work_end",
    )
)
_WORDS = {
    "comments": ("Comment", "message"),
    "work_notes": ("Work note", "note"),
    "made_sla": ("SLA", "sla"),
    "escalation": ("Escalation changed", "escalated"),
}


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
    clock, desk = Clock(options, sink), Desk(sink, "servicenow")

    def stage(file: SourceFile, staging: Staging, report: Report) -> None:
        must_have(columns(file, _LABELS), _NEEDED, file)
        clock.declare(report)
        for line, row in rows(file, sink, _LABELS):
            with usable(sink, report, line):
                at = clock.of(row, "sys_created_on")
                if at is None:
                    raise Malformed("sys_created_on", "sys_created_on is missing")
                need(row, "fieldname")
                staging.add(
                    line, need(row, "documentkey"), dict(row), at=at, id=row.get("sys_id"), rank=_checkpoint(row)
                )

    def emit(staging: Staging, reports: dict[int, Report]) -> None:
        for key, changes in staging.topics():
            record = _Record(key, changes, desk)
            hand_over(sink, reports, record.steps())
            sink.interaction(
                interaction_id=key,
                source_system="servicenow",
                customer=record.life.customer,
                declared=json.dumps(record.declared) if record.declared else None,
            )

    return read_files(files, options, sink, NAME, stage, emit)


class _Record:
    """One record with its changes."""

    def __init__(self, key: str, changes: list[Staged], desk: Desk):
        self.changes, self.desk = changes, desk
        callers = [change.body.get("newvalue") for change in changes if _name(change) == "caller_id"]
        self.life = Lifecycle(desk, key, customer=customer_key(callers[-1]) if callers else None)
        self.declared: dict[str, str] = {}

    def steps(self) -> Iterator[Event]:
        """The events of the record in order, as keywords of `Sink.event`."""
        self.life.starts({"team": self._before("assignment_group"), "agent": self._before("assigned_to")})
        for save in saves(self.changes, lambda c: (c.body.get("user"), _checkpoint(c.body)), lambda c: (_name(c),)):
            yield from self._save(save)

    def _save(self, changes: list[Staged]) -> Iterator[Event]:
        """The steps of one save, all of them in the hands of the group before it."""
        names = {_name(change) for change in changes}
        change: dict[str, str | None] = {}
        before: dict[str, str | None] = {}
        steps: list[Event] = []
        reason = None
        for row in changes:
            name = _name(row)
            if name == "incident_state" and "state" in names:
                continue  # the same change under its older name
            if name in _ROLES:
                change[_ROLES[name]], before[_ROLES[name]] = _end(row, "newvalue"), _end(row, "oldvalue")
            elif name in _DERIVED:
                if row.body.get("newvalue"):
                    self.declared[name] = str(row.body["newvalue"])
                self.desk.sink.note("left out", "fields that follow from other changes are not steps", example=name)
            else:
                reason = row.body.get("newvalue") if name == "close_code" else reason
                activity, event_type = _WORDS.get(name, (f"Changed {name}", "field_changed"))
                steps.append({"activity": activity, "event_type": event_type})
        yield from self.life.save(changes[0], self._by(changes[0]), change, before=before, steps=steps, reason=reason)

    def _by(self, change: Staged) -> By:
        user = change.body.get("user") or change.body.get("sys_created_by")
        if user is None or user.lower() in ("system", "guest"):
            return By("system", None, user or "system")
        return By("agent", user)

    def _before(self, name: str) -> str | None:
        return next((change.body.get("oldvalue") for change in self.changes if _name(change) == name), None)


def _end(change: Staged, column: str) -> str | None:
    """One end of a change; the numbers of an incident's states by their usual labels, others as they are."""
    value: str | None = change.body.get(column)
    incident = _name(change) in _STATES and (change.body.get("tablename") or "incident") == "incident"
    return INCIDENT_STATES.get(value, value) if incident and value else value


def _name(change: Staged) -> str:
    return str(change.body.get("fieldname"))


def _checkpoint(row: Row) -> int | None:
    text = row.get("record_checkpoint") or ""
    return int(text) if text.isdecimal() and len(text) < 19 else None

"""ServiceNow `sys_audit`: one row per changed field of a record.

The case is the record (`documentkey`).
"""

from __future__ import annotations

from collections.abc import Iterator

from miner.events.schema import Event
from miner.events.values import customer_key
from miner.readers.base import Match, SourceFile
from miner.readers.shared.clock import Clock
from miner.readers.shared.fields import Json
from miner.readers.shared.helpdesk import Author, HelpDesk
from miner.readers.shared.lifecycle import Lifecycle
from miner.readers.shared.save_grouping import group_saves
from miner.readers.shared.staging import Staged
from miner.readers.shared.states import INCIDENT_STATES, TICKET_OUTCOMES
from miner.readers.shared.ticket import Ticket
from miner.readers.shared.ticket_files import TicketFiles
from miner.readers.tabular.rows import Row, columns, must_have, need, rows
from miner.readers.tickets.servicenow_clock import declare_zone, rest_clock

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


class _Record(Ticket[HelpDesk]):
    """One record with its changes."""

    def __init__(self, id: str, changes: list[Staged], account: HelpDesk):
        super().__init__(id, changes, account)
        callers = [change.body.get("newvalue") for change in changes if _name(change) == "caller_id"]
        self.life = Lifecycle(account, id, customer=customer_key(callers[-1]) if callers else None)
        self.totals: dict[str, str] = {}

    def declared(self) -> Json:
        """The record's own totals, as they were counted last."""
        return dict(self.totals)

    def steps(self) -> Iterator[Event]:
        """The events of the record in order, as keywords of `Sink.event`."""
        self.life.starts({"team": self._before("assignment_group"), "agent": self._before("assigned_to")})
        for save in group_saves(
            self.records, lambda c: (c.body.get("user"), _checkpoint(c.body)), lambda c: (_name(c),)
        ):
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
                    self.totals[name] = str(row.body["newvalue"])
                self.account.sink.note("left out", "fields that follow from other changes are not steps", example=name)
            else:
                reason = row.body.get("newvalue") if name == "close_code" else reason
                activity, event_type = _WORDS.get(name, (f"Changed {name}", "field_changed"))
                steps.append({"activity": activity, "event_type": event_type})
        yield from self.life.save(
            changes[0], self._author(changes[0]), change, before=before, steps=steps, reason=reason
        )

    def _author(self, change: Staged) -> Author:
        user = change.body.get("user") or change.body.get("sys_created_by")
        if user is None or user.lower() in ("system", "guest"):
            return Author("system", None, user or "system")
        return Author("agent", user)

    def _before(self, name: str) -> str | None:
        return next((change.body.get("oldvalue") for change in self.records if _name(change) == name), None)


class _Files(TicketFiles[HelpDesk]):
    """The files of one instance: the changes of a record may lie in several."""

    name, system, account_type, ticket_type = NAME, "servicenow", HelpDesk, _Record
    keys = ()
    nothing, fix = "there are no changes that are steps", "export the changes of state, group and assignee too"

    def make_clock(self, file: SourceFile) -> Clock:
        """The tables have no zone."""
        return rest_clock(self.options, self.sink)

    def stage(self, file: SourceFile) -> None:
        """Lay the changes down."""
        must_have(columns(file, _LABELS), _NEEDED, file)
        declare_zone(self.options, self.sink, self.report)
        self.take_each(rows(file, self.sink, _LABELS), self._take)

    def _take(self, line: int, row: Row) -> None:
        at = self.clock.need(row, "sys_created_on")
        need(row, "fieldname")
        self.staging.add(line, need(row, "documentkey"), dict(row), at=at, id=row.get("sys_id"), rank=_checkpoint(row))


read, read_all = _Files.read, _Files.read_all


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

"""ServiceNow task tables: one row a record as it is now, with its totals, and tables of names beside it.

`incident` whole, or `task` and `incident` apart as connectors copy them, `task_sla`, `sys_user_group`, `sys_user`,
`sys_choice`. A record says when it was opened, resolved, reopened and closed and by whom, and how often it was
moved; it does not say between whom. What a record means is in `servicenow_record`.
"""

from __future__ import annotations

from functools import partial

from miner.readers.base import Match, SourceFile
from miner.readers.shared.clock import ASSUMED_UTC, Clock
from miner.readers.shared.states import TICKET_OUTCOMES
from miner.readers.shared.ticket_files import TicketFiles
from miner.readers.tabular.rows import Row, flat_rows, kind_of, need
from miner.readers.tickets.servicenow_record import LABELS, Account, ServicenowRecord, moments, service_level

NAME = "servicenow_task"
TITLE = "ServiceNow task tables (incident, task, task_sla)"
LINKED = False
OUTCOMES = TICKET_OUTCOMES

_KINDS = {
    "slas": ("task", "stage", "start_time", "has_breached"),
    "tasks": ("number", "opened_at", "sys_updated_on", "state"),
    "incident list": ("number", "opened_at", "sys_updated_on", "incident_state"),  # columns that somebody chose
    "incidents": ("sys_id", "incident_state", "reopen_count", "caller_id"),
    "problems": ("sys_id", "problem_state", "reopen_count"),
    "groups": ("sys_id", "name", "exclude_manager", "include_members"),
    "users": ("sys_id", "name", "user_name"),
    "choices": ("sys_id", "element", "label", "value", "name"),
    "others": ("sys_id", "sys_created_on", "sys_updated_on"),
}
_SURE = {"others": 40}


def sniff(file: SourceFile) -> Match | None:
    """Tables with the columns of ServiceNow's task tables, or of those that give names to them."""
    kind = kind_of(file, _KINDS, LABELS)
    return Match(_SURE.get(kind, 87), f"columns of a ServiceNow table ({kind})") if kind else None


class _Files(TicketFiles[Account]):
    """The tables of one instance: names, incidents and service levels belong to the tasks."""

    name, system, account_type, ticket_type = NAME, "servicenow", Account, ServicenowRecord
    time_words = "ISO-8601 without zone"
    nothing, fix = "there are no tasks with a time", "export incident or task too"

    def make_clock(self, file: SourceFile) -> Clock:
        """The tables have no zone."""
        return Clock(self.options, self.sink, assumed=ASSUMED_UTC)

    def stage(self, file: SourceFile) -> None:
        """Lay down what records say of their times, and remember the rest of them."""
        kind = kind_of(file, _KINDS, LABELS) or "tasks"
        if kind == "others":
            self.sink.note("left out", "a table that says nothing about the work on tasks was not used")
        self.take_each(flat_rows(file, self.sink, LABELS), partial(self._take, kind))

    def conclude(self) -> None:
        """Say whom the steps are attributed to."""
        self.sink.note(
            "assumed",
            "task tables contain only the last team and assignee: the final steps are "
            "attributed to them; export sys_audit for the rest",
        )

    def _take(self, kind: str, line: int, row: Row) -> None:
        account = self.account
        if kind == "groups":
            account.teams[need(row, "sys_id")] = row.get("name") or need(row, "sys_id")
        elif kind == "users":
            account.remember_user(need(row, "sys_id"), row)
        elif kind == "choices":
            if row.get("element") in ("state", "incident_state") and row.get("value"):
                account.states[row["value"] or ""] = row.get("label") or row["value"] or ""
        elif kind == "slas":
            for name, at, body in service_level(row, self.clock):
                self.staging.add(line, need(row, "task"), body, at=at, id=f"{name} {row.get('sys_id') or line}", rank=1)
        elif kind != "others":
            key = row.get("sys_id") or need(row, "number")
            account.record(key).update({name: value for name, value in row.items() if value is not None})
            for name, at, body in moments(row, self.clock):
                self.staging.add(line, key, body, at=at, id=f"{name} {key}", rank=body["rank"])


read, read_all = _Files.read, _Files.read_all

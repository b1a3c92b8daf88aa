"""ServiceNow task tables: one row a record as it is now, with its totals, and tables of names beside it.

`incident` whole, or `task` and `incident` apart as connectors copy them, `task_sla`, `sys_user_group`, `sys_user`,
`sys_choice`. A record says when it was opened, resolved, reopened and closed and by whom, and how often it was
moved; it does not say between whom. What a record means is in `servicenow_record`.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from miner.events.sink import Sink
from miner.readers.base import Match, Options, Report, SourceFile
from miner.readers.shared.staging import Staging, hand_over, nothing_told, read_files, usable
from miner.readers.table_rows import Row, need
from miner.readers.tabular.keys import ATTRIBUTES
from miner.readers.tickets.lifecycle import Desk
from miner.readers.tickets.servicenow_record import LABELS, Instance, moments, record
from miner.readers.tickets.states import TICKET_OUTCOMES
from miner.readers.tickets.tables import Times, flat_rows, kind_of

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
_MAPPED = ("intent", "customer", "outcome", "value", *ATTRIBUTES)


def sniff(file: SourceFile) -> Match | None:
    """Tables with the columns of ServiceNow's task tables, or of those that give names to them."""
    kind = kind_of(file, _KINDS, LABELS)
    return Match(_SURE.get(kind, 87), f"columns of a ServiceNow table ({kind})") if kind else None


def read(file: SourceFile, options: Options, sink: Sink) -> Report:
    """Read one table; for several of an instance see `read_all`."""
    return read_all([file], options, sink)[0]


def read_all(files: list[SourceFile], options: Options, sink: Sink) -> list[Report]:
    """Read the tables of one instance together: names, incidents and service levels belong to the tasks."""
    reading = _Reading(options, sink)
    return read_files(files, options, sink, NAME, reading.stage, reading.emit)


@dataclass
class _Reading:
    options: Options
    sink: Sink
    instance: Instance = field(init=False)

    def __post_init__(self) -> None:
        mapped = self.options.mapped(_MAPPED)
        self.instance = Instance(Desk(self.sink, "servicenow"), mapped)

    def stage(self, file: SourceFile, staging: Staging, report: Report) -> None:
        """Lay down what records say of their times, and remember the rest of them."""
        kind = kind_of(file, _KINDS, LABELS) or "tasks"
        report.columns, report.time = dict(self.instance.mapped), "ISO-8601 without zone"
        if kind == "others":
            self.sink.note("left out", "a table that says nothing about the work on tasks was not used")
        clock = Times(self.options, self.sink, assume_utc=True)
        for line, row in flat_rows(file, self.sink, LABELS):
            with usable(self.sink, report, line):
                self._take(kind, line, row, staging, clock)

    def emit(self, staging: Staging, reports: dict[int, Report]) -> None:
        """Turn every record into events, an interaction and its references."""
        count = 0
        for key, steps in staging.topics():
            count += hand_over(self.sink, reports, record(key, steps, self.instance))
        if not count:
            raise nothing_told(reports, "there are no tasks with a time", "export incident or task too")
        self.sink.note(
            "assumed",
            "task tables contain only the last team and assignee: the final steps are "
            "attributed to them; export sys_audit for the rest",
        )

    def _take(self, kind: str, line: int, row: Row, staging: Staging, clock: Times) -> None:
        instance = self.instance
        if kind == "groups":
            instance.desk.teams[need(row, "sys_id")] = row.get("name") or need(row, "sys_id")
        elif kind == "users":
            instance.user(need(row, "sys_id"), row)
        elif kind == "choices":
            if row.get("element") in ("state", "incident_state") and row.get("value"):
                instance.desk.states[row["value"] or ""] = row.get("label") or row["value"] or ""
        elif kind == "slas":
            for name, at, body in moments(row, clock, line, sla=True):
                staging.add(line, need(row, "task"), body, at=at, id=f"{name} {row.get('sys_id') or line}", rank=1)
        elif kind != "others":
            key = row.get("sys_id") or need(row, "number")
            instance.record(key).update({name: value for name, value in row.items() if value is not None})
            for name, at, body in moments(row, clock, line):
                staging.add(line, key, body, at=at, id=f"{name} {key}", rank=body["rank"])

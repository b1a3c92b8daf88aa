"""Salesforce Service Cloud: `Case` with `CaseHistory` and `CaseHistory2`, `Group` and `User` for names.

CSV of a data export, or records of the REST interface. What the changes of one case mean is in `salesforce_case`.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from miner.errors import InputError, Problem
from miner.events.sink import Sink
from miner.readers.base import Match, Options, Report, SourceFile
from miner.readers.shared.fields import Malformed
from miner.readers.shared.staging import Staging, nothing_told, read_files, usable
from miner.readers.table_rows import Row, need
from miner.readers.tabular.keys import ATTRIBUTES
from miner.readers.tickets.lifecycle import Desk
from miner.readers.tickets.salesforce_case import Case, Org
from miner.readers.tickets.states import TICKET_OUTCOMES
from miner.readers.tickets.tables import Times, flat_rows, kind_of, yes
from miner.readers.tickets.telling import tell

NAME = "salesforce"
TITLE = "Salesforce cases and their history"
LINKED = True
OUTCOMES = TICKET_OUTCOMES

_LABELS = {
    "case_id": "caseid",
    "field_event": "field",
    "old_value": "oldvalue",
    "new_value": "newvalue",
    "created_date": "createddate",
    "created_by_id": "createdbyid",
    "case_number": "casenumber",
    "owner_id": "ownerid",
    "closed_date": "closeddate",
    "contact_id": "contactid",
    "data_type": "datatype",
    "previous_update": "previousupdate",
    "edit_date": "createddate",
    "parent_id": "parentid",
    "last_modified_date": "lastmodifieddate",
    "last_modified_by_id": "lastmodifiedbyid",
    "contact_email": "contactemail",
    "is_escalated": "isescalated",
}
_KINDS = {
    "history": ("caseid", "field", "oldvalue", "newvalue"),
    "history2": ("caseid", "ownerid", "previousupdate", "status"),
    "cases": ("casenumber", "status", "ownerid", "createddate"),
    "cases_named": ("casenumber", "status", "owner_name", "createddate"),
    "groups": ("id", "name", "developername", "type"),
    "users": ("id", "name", "username", "isactive"),
}
_MAPPED = ("team", "intent", "customer", "outcome", "value", *ATTRIBUTES)


def sniff(file: SourceFile) -> Match | None:
    """Tables with the columns of Case, CaseHistory, CaseHistory2, Group or User."""
    kind = kind_of(file, _KINDS, _LABELS)
    if kind is None:
        return None
    names = {"history": "CaseHistory", "history2": "CaseHistory2", "groups": "Group", "users": "User"}
    return Match(88, f"the columns of Salesforce's {names.get(kind, 'Case')}")


def read(file: SourceFile, options: Options, sink: Sink) -> Report:
    """Read one table; for several of an organisation see `read_all`."""
    return read_all([file], options, sink)[0]


def read_all(files: list[SourceFile], options: Options, sink: Sink) -> list[Report]:
    """Read the tables of one organisation together: cases, their changes, and the names of queues and users."""
    reading = _Reading(options, sink)
    return read_files(files, options, sink, NAME, reading.stage, reading.emit)


@dataclass
class _Reading:
    options: Options
    sink: Sink
    org: Org = field(init=False)

    def __post_init__(self) -> None:
        mapped = {key: self.options.columns[key].lower() for key in _MAPPED if key in self.options.columns}
        self.org = Org(Desk(self.sink, NAME), mapped)

    def stage(self, file: SourceFile, staging: Staging, report: Report) -> None:
        """Lay the changes down and remember cases and names."""
        kind = kind_of(file, _KINDS, _LABELS)
        if kind is None:
            raise InputError(
                Problem(
                    "these are not the columns of Case, CaseHistory, Group or User",
                    file.name,
                    1,
                    fix="export CaseHistory with CaseId, Field, OldValue, NewValue, CreatedDate",
                )
            )
        report.columns, report.time = dict(self.org.mapped), "ISO-8601"
        clock = Times(self.options, self.sink, assume_utc=True)
        for line, row in flat_rows(file, self.sink, _LABELS):
            with usable(self.sink, report, line):
                self._take(kind, line, row, staging, clock)

    def emit(self, staging: Staging, reports: dict[int, Report]) -> None:
        """Turn every case into events, an interaction and its references."""
        count = 0
        for case_id, rows in staging.topics():
            count += tell(self.sink, reports, Case(case_id, rows, self.org))
        if not count:
            raise nothing_told(reports, "there are no cases with a time", "export Case and CaseHistory")

    def _take(self, kind: str, line: int, row: Row, staging: Staging, clock: Times) -> None:
        if yes(row.get("isdeleted")):
            raise Malformed("isdeleted", "lies in the recycle bin")
        if kind == "groups":
            self.org.group(_id18(need(row, "id")), row)
        elif kind == "users":
            self.org.user(_id18(need(row, "id")), row)
        elif kind.startswith("history"):
            self._change(kind, line, row, staging, clock)
        else:
            self._case(line, row, staging, clock)

    def _change(self, kind: str, line: int, row: Row, staging: Staging, clock: Times) -> None:
        case, who = _id18(need(row, "caseid")) or "", row.get("createdbyid") or row.get("lastmodifiedbyid")
        body = {"kind": kind, "by": _id18(who), "by_name": row.get("createdby_name")}
        if kind == "history":
            body |= {"field": need(row, "field"), "old": _id18(row.get("oldvalue")), "new": _id18(row.get("newvalue"))}
            at = clock.need(row.get("createddate"), "createddate", line)
        else:
            body |= {"owner": _id18(row.get("ownerid")), "status": row.get("status")}
            at = clock.need(row.get("createddate") or row.get("lastmodifieddate"), "createddate", line)
            self.org.owner(body["owner"], row)
        number = row.get("id")
        staging.add(line, case, body, at=at, id=f"{kind} {number}" if number else None, rank=line)

    def _case(self, line: int, row: Row, staging: Staging, clock: Times) -> None:
        case = _id18(row.get("id")) or need(row, "casenumber")
        known = self.org.cases.setdefault(case, {})
        known.update({name: value for name, value in row.items() if value is not None})
        known["ownerid"] = _id18(row.get("ownerid") or row.get("owner_name"))
        self.org.owner(known["ownerid"], row)
        at = clock.need(row.get("createddate"), "createddate", line)
        created = {"kind": "created", "by": _id18(row.get("createdbyid")), "by_name": row.get("createdby_name")}
        staging.add(line, case, created, at=at, id=f"created {case}", rank=-1)
        closed = clock.of(row.get("closeddate"), "closeddate", line)
        if closed is not None:
            staging.add(line, case, {"kind": "closed", "by": None}, at=closed, id=f"closed {case}", rank=1 << 40)


def _id18(value: str | None) -> str | None:
    """An id of 15 or 18 characters as the 15 that tell it; any other text as it is."""
    if value and len(value) == 18 and value.isalnum() and value[3:5].isalnum() and value[:3] in ("005", "00G", "500"):
        return value[:15]
    return value

"""Salesforce Service Cloud: `Case` with `CaseHistory` and `CaseHistory2`, `Group` and `User` for names.

CSV of a data export, or records of the REST interface. What the changes of one case mean is in `salesforce_case`.
"""

from __future__ import annotations

from functools import partial

from miner.errors import InputError, Problem
from miner.events.sink import Sink
from miner.readers.base import Match, Options, SourceFile
from miner.readers.shared.clock import ASSUMED_UTC, Clock
from miner.readers.shared.fields import Malformed, yes
from miner.readers.shared.states import TICKET_OUTCOMES
from miner.readers.shared.ticket_files import TicketFiles
from miner.readers.tabular.rows import Row, flat_rows, kind_of, need
from miner.readers.tickets.salesforce_account import Account
from miner.readers.tickets.salesforce_case import SalesforceCase

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


def sniff(file: SourceFile) -> Match | None:
    """Tables with the columns of Case, CaseHistory, CaseHistory2, Group or User."""
    kind = kind_of(file, _KINDS, _LABELS)
    if kind is None:
        return None
    names = {"history": "CaseHistory", "history2": "CaseHistory2", "groups": "Group", "users": "User"}
    return Match(88, f"the columns of Salesforce's {names.get(kind, 'Case')}")


class _Files(TicketFiles[Account]):
    """The tables of one organisation: cases, their changes, and the names of queues and users."""

    name, account_type, ticket_type = NAME, Account, SalesforceCase
    keys = ("team", *TicketFiles.keys)
    nothing, fix = "there are no cases with a time", "export Case and CaseHistory"

    def __init__(self, options: Options, sink: Sink):
        super().__init__(options, sink)
        self.mapping.update({key: name.lower() for key, name in self.mapping.items()})

    def make_clock(self, file: SourceFile) -> Clock:
        """Copied tables have no zone."""
        return Clock(self.options, self.sink, assumed=ASSUMED_UTC)

    def stage(self, file: SourceFile) -> None:
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
        self.take_each(flat_rows(file, self.sink, _LABELS), partial(self._take, kind))

    def _take(self, kind: str, line: int, row: Row) -> None:
        if yes(row.get("isdeleted")):
            raise Malformed("isdeleted", "lies in the recycle bin")
        if kind == "groups":
            self.account.remember_group(_id18(need(row, "id")), row)
        elif kind == "users":
            self.account.remember_user(_id18(need(row, "id")), row)
        elif kind.startswith("history"):
            self._change(kind, line, row)
        else:
            self._case(line, row)

    def _change(self, kind: str, line: int, row: Row) -> None:
        case, who = _id18(need(row, "caseid")) or "", row.get("createdbyid") or row.get("lastmodifiedbyid")
        body = {"kind": kind, "by": _id18(who), "by_name": row.get("createdby_name")}
        if kind == "history":
            body |= {"field": need(row, "field"), "old": _id18(row.get("oldvalue")), "new": _id18(row.get("newvalue"))}
            at = self.clock.need(row, "createddate")
        else:
            body |= {"owner": _id18(row.get("ownerid")), "status": row.get("status")}
            at = self.clock.need(row, "createddate", "lastmodifieddate")
            self.account.remember_owner(body["owner"], row)
        number = row.get("id")
        self.staging.add(line, case, body, at=at, id=f"{kind} {number}" if number else None, rank=line)

    def _case(self, line: int, row: Row) -> None:
        case = _id18(row.get("id")) or need(row, "casenumber")
        known = self.account.cases.setdefault(case, {})
        known.update({name: value for name, value in row.items() if value is not None})
        known["ownerid"] = _id18(row.get("ownerid") or row.get("owner_name"))
        self.account.remember_owner(known["ownerid"], row)
        at = self.clock.need(row, "createddate")
        created = {"kind": "created", "by": _id18(row.get("createdbyid")), "by_name": row.get("createdby_name")}
        self.staging.add(line, case, created, at=at, id=f"created {case}", rank=-1)
        closed = self.clock.of(row, "closeddate")
        if closed is not None:
            self.staging.add(line, case, {"kind": "closed", "by": None}, at=closed, id=f"closed {case}", rank=1 << 40)


read, read_all = _Files.read, _Files.read_all


def _id18(value: str | None) -> str | None:
    """An id of 15 or 18 characters as the 15 that tell it; any other text as it is."""
    if value and len(value) == 18 and value.isalnum() and value[3:5].isalnum() and value[:3] in ("005", "00G", "500"):
        return value[:15]
    return value

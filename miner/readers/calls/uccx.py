"""Cisco Unified CCX: the tables ContactCallDetail, ContactQueueDetail and AgentConnectionDetail, and names beside them.

A call is all rows with one sessionID; its legs are numbered by sessionSeqNum. What the codes mean is in `uccx_session`.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from miner.events.sink import Sink
from miner.readers.base import Match, Options, SourceFile
from miner.readers.calls.report_files import ReportFiles
from miner.readers.calls.tables import Row, need, shown
from miner.readers.calls.uccx_rows import ROWS, Names
from miner.readers.calls.uccx_session import Session
from miner.readers.shared.call_files import ReadCall
from miner.readers.shared.staging import Staged
from miner.readers.tabular.keys import ATTRIBUTES

NAME = "uccx"
TITLE = "Cisco Unified CCX call detail tables"
TOTALS = {
    "talkTime": "talk_s",
    "holdTime": "hold_s",
    "workTime": "wrap_s",
    "queueTime": "queue_s",
    "transfer": "transfers",
}
NOT_COMPARED = {
    "ringTime": "ringing counts for nobody",
    "connectTime": "it covers the whole leg",
    "conference": "the export does not say who joined",
}
LINKED = True
OUTCOMES = ("abandoned",)

_KEYS = ("sessionid", "sessionseqnum", "nodeid", "profileid")
_TABLES: dict[str, tuple[str, ...]] = {  # table → the columns that only it has, the first two of them needed to know it
    "call": (
        "contactdisposition",
        "contacttype",
        "originatortype",
        "originatorid",
        "originatordn",
        "destinationtype",
        "destinationid",
        "destinationdn",
        "callednumber",
        "applicationname",
        "connecttime",
        "transfer",
        "conference",
        "redirect",
        "startdatetime",
        "enddatetime",
        "accountnumber",
        *(f"customvariable{n}" for n in range(1, 11)),
    ),
    "queue": ("targettype", "targetid", "disposition", "queuetime", "qindex", "queueorder"),
    "agent": (
        "resourceid",
        "talktime",
        "ringtime",
        "holdtime",
        "worktime",
        "startdatetime",
        "enddatetime",
        "qindex",
        "callwrapupdata",
    ),
    "people": ("resourceid", "resourceloginid", "resourcename"),
    "queues": ("csqname", "contactservicequeueid", "recordid"),
}
_TITLES = {
    "call": "ContactCallDetail",
    "queue": "ContactQueueDetail",
    "agent": "AgentConnectionDetail",
    "people": "Resource",
    "queues": "ContactServiceQueue",
}
_TIMES = ("startdatetime", "enddatetime")
_MAPPED = ("customer", "intent", "outcome", "value", "case", *ATTRIBUTES)
_PAGES = ("rows", "records", "items")


def sniff(file: SourceFile) -> Match | None:
    """The columns of one of the tables."""
    kind = _kind(file)
    return Match(90, f"the columns of Cisco Unified CCX's {_TITLES[kind]}") if kind else None


def _kind(file: SourceFile) -> str | None:
    names = shown(file, _PAGES)
    for kind, columns in _TABLES.items():
        leg = kind in ("call", "queue", "agent")
        if set(columns[:2]) <= names and (not leg or {"sessionid", "sessionseqnum"} <= names):
            return kind
    return None


class _Files(ReportFiles):
    """The tables of one server: a call is whole only with all three."""

    name, keys, pages = NAME, _MAPPED, _PAGES
    default = Options(tz="UTC")  # the database keeps UTC; gmtOffset only says where the server is

    def __init__(self, options: Options, sink: Sink):
        super().__init__(options, sink)
        self.names_of = Names()

    def stage(self, file: SourceFile) -> None:
        """Lay the rows of a table down."""
        kind = self.kind = _kind(file) or "call"
        self.fields = (*_KEYS, *_TABLES[kind])
        self.times = _TIMES if kind in ("call", "agent") else ()
        self.needed = _TABLES[kind][:2] if kind in ("people", "queues") else ("sessionid", "sessionseqnum")
        super().stage(file)

    def take_row(self, line: int, row: Row) -> None:
        """A name to remember, or a row of a leg."""
        if self.kind == "people":
            name = row.get("resourcename") or row.get("resourceloginid")
            self.names_of.people[need(row, "resourceid")] = name
        elif self.kind == "queues":
            for key in ("contactservicequeueid", "recordid"):
                if row.get(key):
                    self.names_of.queues[str(row[key])] = need(row, "csqname")
        else:
            self._leg(line, row)

    def interaction(self, key: str, records: list[Staged]) -> ReadCall:
        """The call."""
        return ReadCall(self.sink, Session(key, records, self.names_of, self.sink).steps())

    def _leg(self, line: int, row: Row) -> None:
        body: Mapping[str, Any] = ROWS[self.kind](row, self.columns)
        session, node = need(row, "sessionid"), row.get("nodeid")
        server = "/".join(part for part in (node, row.get("profileid")) if part and part not in ("0", "1"))
        key = session + (f"@{server}" if server and row.get("profileid") is None else "")
        mark = [self.kind, session, body["seq"], node]
        mark += [body.get(name) for name in ("start", "resource", "target_type", "target", "qindex")]
        self.staging.add(line, key, body, at=body.get("start") or 0, id="|".join(map(str, mark)), rank=body["seq"])


read, read_all = _Files.read, _Files.read_all

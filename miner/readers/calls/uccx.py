"""Cisco Unified CCX: the tables ContactCallDetail, ContactQueueDetail and AgentConnectionDetail, and names beside them.

A call is all rows with one sessionID; its legs are numbered by sessionSeqNum. What the codes mean is in `uccx_session`.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from miner.events.sink import Sink
from miner.readers.base import Match, Options, Report, SourceFile
from miner.readers.calls.fields import mapped_columns
from miner.readers.calls.tables import Row, Table, need, plain, shown
from miner.readers.calls.uccx_rows import ROWS, Names
from miner.readers.calls.uccx_session import Session
from miner.readers.shared.staging import Staging, hand_over, read_files, usable
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


def read(file: SourceFile, options: Options, sink: Sink) -> Report:
    """Read one of the tables; a call is whole only with all three, see `read_all`."""
    return read_all([file], options, sink)[0]


def read_all(files: list[SourceFile], options: Options, sink: Sink) -> list[Report]:
    """Read the tables of one server together."""
    names = Names()

    def stage(file: SourceFile, staging: Staging, report: Report) -> None:
        kind = _kind(file) or "call"
        columns = {key: plain(name) for key, name in mapped_columns(options, report, _MAPPED).items()}
        needed = _TABLES[kind][:2] if kind in ("people", "queues") else ("sessionid", "sessionseqnum")
        # The database keeps UTC; gmtOffset only says where the server is.
        table = Table(
            file,
            sink,
            options,
            (*_KEYS, *_TABLES[kind], *columns.values()),
            _TIMES if kind in ("call", "agent") else (),
            needed,
            _PAGES,
            default=Options(tz="UTC"),
        )
        table.words(report)
        for line, row in table.rows():
            with usable(sink, report, line):
                _stage(kind, row, columns, names, staging, line)

    def emit(staging: Staging, reports: dict[int, Report]) -> None:
        for key, rows in staging.topics():
            session = Session(key, rows, names, sink)
            hand_over(sink, reports, session.steps())

    return read_files(files, options, sink, NAME, stage, emit)


def _stage(kind: str, row: Row, columns: dict[str, str], names: Names, staging: Staging, line: int) -> None:
    if kind == "people":
        names.people[need(row, "resourceid")] = row.get("resourcename") or row.get("resourceloginid")
    elif kind == "queues":
        for key in ("contactservicequeueid", "recordid"):
            if row.get(key):
                names.queues[str(row[key])] = need(row, "csqname")
    else:
        body: Mapping[str, Any] = ROWS[kind](row, columns)
        session, node = need(row, "sessionid"), row.get("nodeid")
        server = "/".join(part for part in (node, row.get("profileid")) if part and part not in ("0", "1"))
        key = session + (f"@{server}" if server and row.get("profileid") is None else "")
        mark = [kind, session, body["seq"], node]
        mark += [body.get(name) for name in ("start", "resource", "target_type", "target", "qindex")]
        staging.add(line, key, body, at=body.get("start") or 0, id="|".join(map(str, mark)), rank=body["seq"])

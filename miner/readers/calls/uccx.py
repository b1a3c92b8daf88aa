"""Cisco Unified CCX: the tables ContactCallDetail, ContactQueueDetail and AgentConnectionDetail, and names beside them.

A call is all rows with one sessionID; its legs are numbered by sessionSeqNum. What the codes mean is in `uccx_legs`.
"""

from __future__ import annotations

from typing import Any

from miner.events.sink import Sink
from miner.events.values import id_of
from miner.readers.base import Match, Options, Report, SourceFile
from miner.readers.calls.steps import mapped_columns, seconds_of
from miner.readers.calls.tables import Row, Table, moment, need, plain, shown, yes
from miner.readers.calls.uccx_legs import Names, Session
from miner.readers.shared.fields import Malformed
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
_TIMES = ("startdatetime", "enddatetime")
_MAPPED = ("customer", "intent", "outcome", "value", "case", *ATTRIBUTES)
_PAGES = ("rows", "records", "items")


def sniff(file: SourceFile) -> Match | None:
    """The columns of one of the tables."""
    kind = _kind(file)
    return Match(90, f"the columns of Cisco Unified CCX's {_SAID[kind]}") if kind else None


_SAID = {
    "call": "ContactCallDetail",
    "queue": "ContactQueueDetail",
    "agent": "AgentConnectionDetail",
    "people": "Resource",
    "queues": "ContactServiceQueue",
}


def _kind(file: SourceFile) -> str | None:
    found = shown(file, _PAGES)
    for kind, columns in _TABLES.items():
        leg = kind in ("call", "queue", "agent")
        if set(columns[:2]) <= found and (not leg or {"sessionid", "sessionseqnum"} <= found):
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
                _lay(kind, row, columns, names, staging, line)

    def emit(staging: Staging, reports: dict[int, Report]) -> None:
        for key, rows in staging.topics():
            session = Session(key, rows, names, sink)
            hand_over(sink, reports, session.steps())

    return read_files(files, options, sink, NAME, stage, emit)


def _lay(kind: str, row: Row, columns: dict[str, str], names: Names, staging: Staging, line: int) -> None:
    if kind == "people":
        names.people[need(row, "resourceid")] = row.get("resourcename") or row.get("resourceloginid")
    elif kind == "queues":
        for key in ("contactservicequeueid", "recordid"):
            if row.get(key):
                names.queues[str(row[key])] = need(row, "csqname")
    else:
        body = _slim(kind, row, columns)
        server = "/".join(part for part in (row.get("nodeid"), row.get("profileid")) if part and part not in ("0", "1"))
        key = need(row, "sessionid") + (f"@{server}" if server and row.get("profileid") is None else "")
        mark = [
            kind,
            need(row, "sessionid"),
            body["seq"],
            row.get("nodeid"),
            body.get("start"),
            body.get("resource"),
            body.get("target_type"),
            body.get("target"),
            body.get("qindex"),
        ]
        staging.add(line, key, body, at=body.get("start") or 0, id="|".join(map(str, mark)), rank=body["seq"])


def _slim(kind: str, row: Row, columns: dict[str, str]) -> dict[str, Any]:
    """The parts of a row that are used, by its table."""
    number = need(row, "sessionseqnum")
    if not (number.isascii() and number.isdigit()):
        raise Malformed("sessionseqnum", "sessionSeqNum is not a number", number)
    body: dict[str, Any] = {"kind": kind, "seq": int(number), "qindex": row.get("qindex")}
    if kind == "queue":
        return body | {
            "target_type": row.get("targettype"),
            "target": id_of(row.get("targetid")),
            "disposition": row.get("disposition"),
            "queued": seconds_of(row.get("queuetime")),
        }
    start = moment(row, "startdatetime")
    if start is None:
        raise Malformed("startdatetime", "startDateTime is missing")
    body |= {"start": start, "end": moment(row, "enddatetime")}
    if kind == "agent":
        return body | {
            "resource": need(row, "resourceid"),
            "wrapup": row.get("callwrapupdata"),
            **{name: seconds_of(row.get(f"{name}time")) for name in ("ring", "talk", "hold", "work")},
        }
    return body | {
        "type": row.get("contacttype"),
        "disposition": row.get("contactdisposition"),
        "from_type": row.get("originatortype"),
        "from": row.get("originatordn"),
        "from_id": row.get("originatorid"),
        "to_type": row.get("destinationtype"),
        "to_dn": row.get("destinationdn"),
        "to_id": row.get("destinationid"),
        "called": row.get("callednumber"),
        "application": row.get("applicationname"),
        "transfer": yes(row.get("transfer")),
        "conference": yes(row.get("conference")),
        "connected": seconds_of(row.get("connecttime")),
        "mapped": {key: row.get(name) for key, name in columns.items() if row.get(name)},
    }

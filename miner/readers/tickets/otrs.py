"""OTRS and Znuny: the table `ticket_history`, plain or joined with its names, or what the interface gives of it.

Tables of `users`, `queue`, `ticket` and `ticket_history_type` beside it give names. What the rows of one ticket
mean is in `otrs_ticket`.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from miner.events.sink import Sink
from miner.events.values import id_of, text_of
from miner.readers.base import Match, Options, Report, SourceFile
from miner.readers.shared.fields import Json, Malformed
from miner.readers.shared.records import paged_records, sample
from miner.readers.shared.staging import Staging, nothing_told, read_files, usable
from miner.readers.tabular.keys import ATTRIBUTES
from miner.readers.tabular.read import is_table
from miner.readers.tickets.lifecycle import Desk
from miner.readers.tickets.otrs_ticket import STATES, System, Ticket
from miner.readers.tickets.states import TICKET_OUTCOMES
from miner.readers.tickets.tables import Times, flat_rows, kind_of, plain_name, whole_number
from miner.readers.tickets.telling import tell

NAME = "otrs"
TITLE = "OTRS and Znuny ticket history"
LINKED = True
OUTCOMES = TICKET_OUTCOMES

_LABELS = {
    "historytype": "history_type",
    "historytypeid": "history_type_id",
    "ticketid": "ticket_id",
    "articleid": "article_id",
    "queueid": "queue_id",
    "ownerid": "owner_id",
    "stateid": "state_id",
    "priorityid": "priority_id",
    "createtime": "create_time",
    "createby": "create_by",
    "typeid": "type_id",
    "historyid": "id",
    "ticketnumber": "tn",
    "customeruserid": "customer_user_id",
    "customerid": "customer_id",
}
_KINDS = {
    "history": ("name", "history_type", "ticket_id", "create_time", "create_by"),
    "plain": ("name", "history_type_id", "ticket_id", "create_time", "create_by"),
    "tickets": ("tn", "queue_id", "user_id", "ticket_state_id"),
    "queues": ("id", "name", "group_id", "follow_up_id"),
    "users": ("id", "login", "first_name", "last_name"),
    "types": ("id", "name", "valid_id", "create_by"),
}
_PAGES = ("TicketHistory",)
_MAPPED = ("intent", "customer", "outcome", "value", *ATTRIBUTES)


def sniff(file: SourceFile) -> Match | None:
    """Rows with name, history type, ticket, and who created them; tables of names beside them."""
    if is_table(file) == "json" and any(_is_api(r.value) for r in sample(file, _PAGES, 3)):
        return Match(92, "TicketHistory with a list of History, as in OTRS and Znuny")
    kind = _kind(file)
    return Match(87, f"the columns of a table of OTRS or Znuny ({kind})") if kind else None


def read(file: SourceFile, options: Options, sink: Sink) -> Report:
    """Read one table; for several of a system see `read_all`."""
    return read_all([file], options, sink)[0]


def read_all(files: list[SourceFile], options: Options, sink: Sink) -> list[Report]:
    """Read the tables of one system together: histories, and names for all of them."""
    reading = _Reading(options, sink)
    return read_files(files, options, sink, NAME, reading.stage, reading.emit)


@dataclass
class _Reading:
    options: Options
    sink: Sink
    system: System = field(init=False)

    def __post_init__(self) -> None:
        mapped = self.options.mapped(_MAPPED)
        self.system = System(Desk(self.sink, NAME, states=dict(STATES)), mapped)

    def stage(self, file: SourceFile, staging: Staging, report: Report) -> None:
        """Lay the rows of histories down and remember names."""
        report.columns, report.time = dict(self.system.mapped), "ISO-8601 without zone"
        clock, kind = Times(self.options, self.sink, assume_utc=True), _kind(file)
        if is_table(file) == "json" and kind is None:
            for record in paged_records(file, self.sink, _PAGES):
                rows = record.value["History"] if _is_api(record.value) else [record.value]
                for row in rows:
                    if not isinstance(row, dict):
                        self.sink.reject(record.line, "History", row, "not an object")
                        continue
                    fields = {_LABELS.get(plain_name(name), plain_name(name)): value for name, value in row.items()}
                    with usable(self.sink, report, record.line):
                        self._row(record.line, fields, staging, clock)
            return
        for line, row in flat_rows(file, self.sink, _LABELS):
            with usable(self.sink, report, line):
                self._take(line, kind or "history", row, staging, clock)

    def emit(self, staging: Staging, reports: dict[int, Report]) -> None:
        """Turn every ticket into events, an interaction and its references."""
        count = 0
        for ticket_id, rows in staging.topics():
            count += tell(self.sink, reports, Ticket(ticket_id, rows, self.system))
        if not count:
            raise nothing_told(reports, "there is no ticket history", "export ticket_history too")

    def _take(self, line: int, kind: str, row: Json, staging: Staging, clock: Times) -> None:
        if kind in ("history", "plain"):
            self._row(line, row, staging, clock)
        else:
            self.system.take(kind, row)

    def _row(self, line: int, row: Json, staging: Staging, clock: Times) -> None:
        ticket = id_of(row.get("ticket_id"))
        if ticket is None:
            raise Malformed("ticket_id", "ticket_id is missing")
        body: Json = {
            name: id_of(row.get(name)) for name in ("history_type_id", "queue_id", "owner_id", "state_id", "create_by")
        }
        body |= {"type": text_of(row.get("history_type")), "name": text_of(row.get("name")) or ""}
        if not body["type"] and not body["history_type_id"]:
            raise Malformed("history_type", "history_type is missing")
        if row.get("queue") and body["queue_id"]:
            self.system.desk.teams[body["queue_id"]] = text_of(row["queue"]) or body["queue_id"]
        number = id_of(row.get("id"))
        staging.add(
            line,
            ticket,
            body,
            at=clock.need(row.get("create_time"), "create_time", line),
            id=number,
            rank=whole_number(number),
        )
        self.system.learn(body)


def _is_api(value: Json) -> bool:
    rows = value.get("History")
    return isinstance(rows, list) and any(isinstance(row, dict) and "HistoryType" in row for row in rows)


def _kind(file: SourceFile) -> str | None:
    kind = kind_of(file, _KINDS, _LABELS)
    return None if kind == "types" and "history_type" not in file.name else kind

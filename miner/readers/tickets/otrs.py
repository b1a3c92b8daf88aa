"""OTRS and Znuny: the table `ticket_history`, plain or joined with its names, or what the interface gives of it.

Tables of `users`, `queue`, `ticket` and `ticket_history_type` beside it give names. What the rows of one ticket
mean is in `otrs_ticket`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from miner.events.values import id_of, text_of
from miner.readers.base import Match, SourceFile
from miner.readers.shared.clock import ASSUMED_UTC, Clock
from miner.readers.shared.fields import Body, Json, Malformed, whole_number
from miner.readers.shared.records import paged_records, sample
from miner.readers.shared.states import TICKET_OUTCOMES
from miner.readers.shared.ticket_files import TicketFiles
from miner.readers.tabular.read import is_table
from miner.readers.tabular.rows import flat_rows, kind_of, plain_name
from miner.readers.tickets.otrs_account import Account
from miner.readers.tickets.otrs_ticket import OtrsTicket

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


def sniff(file: SourceFile) -> Match | None:
    """Rows with name, history type, ticket, and who created them; tables of names beside them."""
    if is_table(file) == "json" and any(_is_api(r.value) for r in sample(file, _PAGES, 3)):
        return Match(92, "TicketHistory with a list of History, as in OTRS and Znuny")
    kind = _kind(file)
    return Match(87, f"the columns of a table of OTRS or Znuny ({kind})") if kind else None


class _Files(TicketFiles[Account]):
    """The tables of one system: histories, and names for all of them."""

    name, account_type, ticket_type = NAME, Account, OtrsTicket
    time_words = "ISO-8601 without zone"
    nothing, fix = "there is no ticket history", "export ticket_history too"

    def make_clock(self, file: SourceFile) -> Clock:
        """The tables have no zone."""
        return Clock(self.options, self.sink, assumed=ASSUMED_UTC)

    def stage(self, file: SourceFile) -> None:
        """Lay the rows of histories down and remember names."""
        kind = _kind(file)
        if is_table(file) == "json" and kind is None:
            self.take_each(self._api_rows(file), self._row)
        elif kind in ("history", "plain", None):
            self.take_each(flat_rows(file, self.sink, _LABELS), self._row)
        else:
            self.take_each(flat_rows(file, self.sink, _LABELS), lambda _, row: self.account.remember(kind, row))

    def _api_rows(self, file: SourceFile) -> Iterator[tuple[int, Json]]:
        """The rows of histories as the interface gives them, by the names of the table."""
        for record in paged_records(file, self.sink, _PAGES):
            rows = record.value.get("History") if _is_api(record.value) else [record.value]
            for row in rows if isinstance(rows, list) else ():
                if isinstance(row, dict):
                    names = {name: plain_name(name) for name in row}
                    yield record.line, {_LABELS.get(names[name], names[name]): value for name, value in row.items()}
                else:
                    self.sink.reject(record.line, "History", row, "not an object")

    def _row(self, line: int, row: Mapping[str, object]) -> None:
        ticket = id_of(row.get("ticket_id"))
        if ticket is None:
            raise Malformed("ticket_id", "ticket_id is missing")
        body: Body = {
            name: id_of(row.get(name)) for name in ("history_type_id", "queue_id", "owner_id", "state_id", "create_by")
        }
        body |= {"type": text_of(row.get("history_type")), "name": text_of(row.get("name")) or ""}
        if not body["type"] and not body["history_type_id"]:
            raise Malformed("history_type", "history_type is missing")
        if row.get("queue") and body["queue_id"]:
            self.account.teams[body["queue_id"]] = text_of(row["queue"]) or body["queue_id"]
        number, at = id_of(row.get("id")), self.clock.need(row, "create_time")
        self.staging.add(line, ticket, body, at=at, id=number, rank=whole_number(number))
        self.account.learn(body)


read, read_all = _Files.read, _Files.read_all


def _is_api(value: Json) -> bool:
    rows = value.get("History")
    return isinstance(rows, list) and any(isinstance(row, dict) and "HistoryType" in row for row in rows)


def _kind(file: SourceFile) -> str | None:
    kind = kind_of(file, _KINDS, _LABELS)
    return None if kind == "types" and "history_type" not in file.name else kind

"""Zammad ticket histories: what the interface gives for a ticket, or the table `histories` of the database.

The interface sends `history` and `assets` (users, groups, the ticket itself). From the database: `histories` joined
with its names, or plain with `history_types`, `history_objects`, `history_attributes` as files beside it, and
`users`, `groups`, `tickets`. What the rows of one ticket mean is in `zammad_ticket`.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from miner.events.values import id_of, text_of
from miner.readers.base import Match, SourceFile
from miner.readers.shared.clock import ASSUMED_UTC, Clock
from miner.readers.shared.fields import Json, Malformed, child, whole_number
from miner.readers.shared.records import paged_records, sample, shows
from miner.readers.shared.staging import usable
from miner.readers.shared.states import TICKET_OUTCOMES
from miner.readers.shared.ticket_files import TicketFiles
from miner.readers.tabular.read import is_table
from miner.readers.tabular.rows import flat_rows, kind_of
from miner.readers.tickets.zammad_account import Account
from miner.readers.tickets.zammad_ticket import ZammadTicket

NAME = "zammad"
TITLE = "Zammad ticket histories"
NOT_COMPARED = {"article_count": "articles by systems and rules are counted too, but are not replies"}
LINKED = True
OUTCOMES = TICKET_OUTCOMES

_KINDS = {
    "histories": ("o_id", "created_by_id", "created_at", "history_type_id", "history_object_id"),
    "rows": ("o_id", "created_by_id", "created_at", "object", "type"),
    "users": ("id", "login", "firstname", "lastname"),
    "tickets": ("id", "number", "group_id", "owner_id", "customer_id"),
    "groups": ("id", "name", "follow_up_possible"),
}
_WORDS = ("history_types", "history_objects", "history_attributes")


def sniff(file: SourceFile) -> Match | None:
    """A history with assets, rows of histories, or tables that give names to them."""
    if is_table(file) == "json":
        if any(_is_history(record.value) for record in sample(file, (), 5)):
            return Match(92, "a history with assets, as in Zammad")
        if shows(file, "history", "assets", "o_id"):
            return Match(70, "a long record with history and assets, as in Zammad")
    kind = _kind(file)
    return Match(87, f"the columns of Zammad's table {kind}") if kind else None


class _Files(TicketFiles[Account]):
    """The files of one installation: histories of tickets, and names for all of them."""

    name, account_type, ticket_type = NAME, Account, ZammadTicket
    nothing = "there are no histories of tickets"
    fix = "export /api/v1/ticket_history/ID; for histories add history_types and so on"

    def make_clock(self, file: SourceFile) -> Clock:
        """Copied tables have no zone."""
        return Clock(self.options, self.sink, assumed=ASSUMED_UTC)

    def stage(self, file: SourceFile) -> None:
        """Lay the rows of histories down and remember names."""
        kind = _kind(file)
        if kind is None and is_table(file) == "json":
            self.take_each(self._history_rows(file), self._row)
        elif kind in _WORDS:
            self.take_each(flat_rows(file, self.sink, {}), partial(self.account.word_of, kind))
        elif kind in ("users", "groups", "tickets"):
            self.take_each(flat_rows(file, self.sink, {}), lambda line, row: self.account.remember(kind, row))
        else:
            self.take_each(flat_rows(file, self.sink, {}), self._row)

    def _history_rows(self, file: SourceFile) -> Iterator[tuple[int, object]]:
        """The rows of all histories; what comes along with them is remembered."""
        for record in paged_records(file, self.sink, ()):
            if not _is_history(record.value):
                yield record.line, record.value
                continue
            with usable(self.sink, None, record.line):
                self.account.remember_assets(child(record.value, "assets"))
            rows = record.value.get("history")
            yield from ((record.line, row) for row in (rows if isinstance(rows, list) else ()))

    def _row(self, line: int, row: object) -> None:
        if not isinstance(row, dict):
            raise Malformed("history", "not an object", row)
        ticket = id_of(row.get("related_o_id")) or id_of(row.get("o_id"))
        if ticket is None:
            raise Malformed("o_id", "o_id is missing")
        body = {name: _word(row, name) for name in ("type", "object", "attribute")}
        if not body["type"] and not body["object"]:
            raise Malformed("type", "not a row of a history: type and object are missing", sorted(row)[:10])
        texts = ("value_from", "value_to", "sourceable_type", "sourceable_name")
        body |= {name: text_of(row.get(name)) for name in texts}
        body |= {name: id_of(row.get(name)) for name in ("id_from", "id_to", "o_id", "created_by_id")}
        number, at = id_of(row.get("id")), self.clock.need(row, "created_at")
        self.staging.add(line, ticket, body, at=at, id=number, rank=whole_number(number))
        self.account.learn(body)


read, read_all = _Files.read, _Files.read_all


def _is_history(value: Json) -> bool:
    rows = value.get("history")
    return isinstance(rows, list) and any(isinstance(row, dict) and "o_id" in row for row in rows)


def _kind(file: SourceFile) -> str | None:
    kind = kind_of(file, _KINDS, {})
    if kind is None and any(word in file.name for word in _WORDS) and kind_of(file, {"words": ("id", "name")}, {}):
        return next(word for word in _WORDS if word in file.name)
    return kind


def _word(row: Json, name: str) -> str | None:
    """The name of a type, object or attribute, or a mark of its id that is resolved when all files are read."""
    number = id_of(row.get(f"history_{name}_id"))
    return text_of(row.get(name)) or (f"#history_{name}s {number}" if number else None)

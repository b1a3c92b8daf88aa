"""Zammad ticket histories: what the interface gives for a ticket, or the table `histories` of the database.

The interface sends `history` and `assets` (users, groups, the ticket itself). From the database: `histories` joined
with its names, or plain with `history_types`, `history_objects`, `history_attributes` as files beside it, and
`users`, `groups`, `tickets`. What the rows of one ticket mean is in `zammad_ticket`.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from miner.events.sink import Sink
from miner.events.values import id_of, text_of
from miner.readers.base import Match, Options, Report, SourceFile
from miner.readers.shared.fields import Json, Malformed, child
from miner.readers.shared.records import paged_records, sample, shows
from miner.readers.shared.staging import Staging, nothing_told, read_files, usable
from miner.readers.tabular.keys import ATTRIBUTES
from miner.readers.tabular.read import is_table
from miner.readers.tickets.lifecycle import Desk
from miner.readers.tickets.states import TICKET_OUTCOMES
from miner.readers.tickets.tables import Times, flat_rows, kind_of, whole_number
from miner.readers.tickets.telling import tell
from miner.readers.tickets.zammad_ticket import Helpdesk, Ticket

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
_MAPPED = ("intent", "customer", "outcome", "value", *ATTRIBUTES)


def sniff(file: SourceFile) -> Match | None:
    """A history with assets, rows of histories, or tables that give names to them."""
    if is_table(file) == "json":
        found = [record.value for record in sample(file, (), 5)]
        if any(_is_history(value) for value in found):
            return Match(92, "a history with assets, as in Zammad")
        if shows(file, "history", "assets", "o_id"):
            return Match(70, "a long record with history and assets, as in Zammad")
    kind = _kind(file)
    return Match(87, f"the columns of Zammad's table {kind}") if kind else None


def read(file: SourceFile, options: Options, sink: Sink) -> Report:
    """Read one file of histories; for an export in several files see `read_all`."""
    return read_all([file], options, sink)[0]


def read_all(files: list[SourceFile], options: Options, sink: Sink) -> list[Report]:
    """Read the files of one installation together: histories of tickets, and names for all of them."""
    reading = _Reading(options, sink)
    return read_files(files, options, sink, NAME, reading.stage, reading.emit)


@dataclass
class _Reading:
    options: Options
    sink: Sink
    desk: Helpdesk = field(init=False)

    def __post_init__(self) -> None:
        mapped = self.options.mapped(_MAPPED)
        self.desk = Helpdesk(Desk(self.sink, NAME), mapped)

    def stage(self, file: SourceFile, staging: Staging, report: Report) -> None:
        """Lay the rows of histories down and remember names."""
        report.columns, report.time = dict(self.desk.mapped), "ISO-8601"
        clock, kind = Times(self.options, self.sink, assume_utc=True), _kind(file)
        if kind is None and is_table(file) == "json":
            for record in paged_records(file, self.sink, ()):
                rows = [record.value]
                if _is_history(record.value):
                    self._assets(record.line, record.value)
                    rows = record.value["history"]
                for row in rows:
                    with usable(self.sink, report, record.line):
                        self._row(record.line, row, staging, clock)
        else:
            for line, row in flat_rows(file, self.sink, {}):
                with usable(self.sink, report, line):
                    self._table(line, kind or "rows", row, staging, clock)

    def emit(self, staging: Staging, reports: dict[int, Report]) -> None:
        """Turn every ticket into events, an interaction and its references."""
        count = 0
        self.desk.know()
        for ticket_id, rows in staging.topics():
            count += tell(self.sink, reports, Ticket(ticket_id, rows, self.desk))
        if not count:
            raise nothing_told(
                reports,
                "there are no histories of tickets",
                "export /api/v1/ticket_history/ID; for histories add history_types and so on",
            )

    def _assets(self, line: int, value: Json) -> None:
        with usable(self.sink, None, line):
            self.desk.assets(child(value, "assets"))

    def _table(self, line: int, kind: str, row: Json, staging: Staging, clock: Times) -> None:
        if kind in _WORDS:
            self.desk.words[f"{kind} {row.get('id')}"] = row.get("name") or ""
        elif kind in ("users", "groups", "tickets"):
            self.desk.take(kind, row)
        else:
            self._row(line, row, staging, clock)

    def _row(self, line: int, row: Any, staging: Staging, clock: Times) -> None:
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
        number = id_of(row.get("id"))
        staging.add(
            line,
            ticket,
            body,
            at=clock.need(row.get("created_at"), "created_at", line),
            id=number,
            rank=whole_number(number),
        )
        self.desk.learn(body)


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

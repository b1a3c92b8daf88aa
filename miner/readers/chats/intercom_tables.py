"""Intercom as Fivetran lays it down: the tables conversation_history, conversation_part_history and those beside them.

`team`, `admin`, `contact_history` and `conversation_contact_history` give names and customers. What the parts mean is
in `intercom_parts`. Fivetran's times are UTC and carry no zone.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC
from typing import Any

from miner.errors import InputError, Problem
from miner.events.sink import Sink
from miner.events.values import text_of
from miner.readers.base import Match, Options, Report, SourceFile
from miner.readers.chats.intercom_parts import Conversation
from miner.readers.shared.clock import Clock
from miner.readers.shared.fields import Malformed
from miner.readers.shared.staging import Staged, Staging, hand_over, nothing_told, read_files, usable
from miner.readers.tabular.keys import ATTRIBUTES
from miner.readers.tabular.rows import Row, columns, need, rows

NAME = "intercom_tables"
TITLE = "Intercom tables of Fivetran"
LINKED = True
OUTCOMES = ("resolved", "closed", "open")

# The columns that tell the tables apart, the surest first.
_TABLES: dict[str, frozenset[str]] = {
    "part": frozenset(("id", "conversation_id", "part_type", "author_type", "assigned_to_id")),
    "conversation": frozenset(("id", "source_author_id", "source_delivered_as", "assignee_type")),
    "conversation_contact": frozenset(("contact_id", "conversation_id", "conversation_updated_at")),
    "contact": frozenset(("id", "workspace_id", "external_id", "signed_up_at", "unsubscribed_from_emails")),
    "admin": frozenset(("id", "name", "job_title", "email")),
    "team_admin": frozenset(("admin_id", "team_id")),
    "team": frozenset(("id", "name")),
}
_TEAM = frozenset(("id", "name", "fivetran_deleted", "fivetran_synced"))
_BESIDE = ("admin", "team_admin", "team", "contact", "conversation_contact")
_MAPPED = ("intent", "customer", "outcome", "value", *ATTRIBUTES)


def sniff(file: SourceFile) -> Match | None:
    """Tables with the columns that Fivetran's Intercom connector writes; small ones by their name too."""
    found = columns(file, {})
    table = _table(found)
    if table is None or "fivetran_synced" not in found:
        return None
    named = file.name.rpartition("/")[2].lower().startswith("team")
    if table == "team" and not (named and found <= _TEAM):  # other systems have teams too
        return None
    return Match(92 if table in ("part", "conversation") else 75, f"the Fivetran table {table} of Intercom")


def read(file: SourceFile, options: Options, sink: Sink) -> Report:
    """Read one table; conversations and parts alone are read as far as they go."""
    return read_all([file], options, sink)[0]


def read_all(files: list[SourceFile], options: Options, sink: Sink) -> list[Report]:
    """Read the tables of one account together."""
    account = _Account(options, sink)
    return read_files(files, options, sink, NAME, account.stage, account.emit)


@dataclass
class _Account:
    """What the small tables say, and the conversations and parts on their way."""

    options: Options
    sink: Sink
    names: dict[str, str] = field(default_factory=dict)
    contacts: dict[str, Row] = field(default_factory=dict)
    of_conversation: dict[str, list[str]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.clock = Clock(self.options, self.sink, documented=UTC)
        self.mapped = self.options.mapped(_MAPPED)

    def stage(self, file: SourceFile, staging: Staging, report: Report) -> None:
        """Lay conversations and parts down, remember the rest."""
        table = _table(columns(file, {}))
        if table is None:
            raise InputError(
                Problem(
                    "not a table of Intercom as Fivetran names them",
                    file.name,
                    1,
                    fix="export conversation_history and conversation_part_history",
                )
            )
        report.columns = dict(self.mapped) if table == "conversation" else {}
        if table not in _BESIDE:
            report.time = f"ISO-8601 without zone, read as {self.options.tz or 'UTC, which Fivetran writes'}"
        for line, row in rows(file, self.sink, {}):
            with usable(self.sink, report, line):
                self._take(table, line, row, staging)

    def emit(self, staging: Staging, reports: dict[int, Report]) -> None:
        """Turn every conversation into events and an interaction."""
        count = 0
        for key, found in staging.topics():
            count += 1
            self.sink.source = found[0].source
            conversation = Conversation(self._together(key, found), self.names, self.sink)
            hand_over(self.sink, reports, conversation.steps())
            conversation.finish()
        if not count:
            raise nothing_told(
                reports,
                "there are no conversations",
                "export conversation_history and conversation_part_history beside these tables",
            )

    def _take(self, table: str, line: int, row: Row, staging: Staging) -> None:
        if table in ("team", "admin"):
            self.names[f"{table} {need(row, 'id')}"] = row.get("name") or need(row, "id")
        elif table == "contact":
            self.contacts[need(row, "id")] = row
        elif table == "conversation_contact":
            self.of_conversation.setdefault(need(row, "conversation_id"), []).append(need(row, "contact_id"))
        elif table == "conversation":
            self._conversation(line, row, staging)
        elif table == "part":
            self._part(line, row, staging)

    def _conversation(self, line: int, row: Row, staging: Staging) -> None:
        at = self._time(row, "created_at")
        body: dict[str, Any] = {
            "kind": "conversation",
            "row": dict(row),
            "at": at,
            "rated": self.clock.of(row, "conversation_rating_created_at"),
        }
        staging.add(
            line,
            need(row, "id"),
            body,
            at=at,
            id=f"conversation {need(row, 'id')}",
            version=self.clock.of(row, "updated_at") or at,
        )

    def _part(self, line: int, row: Row, staging: Staging) -> None:
        at, to = self._time(row, "created_at"), row.get("assigned_to_id")
        body = {
            "kind": "part",
            "id": need(row, "id"),
            "type": row.get("part_type") or "",
            "at": at,
            "author": _author(row.get("author_type"), row.get("author_id")),
            "to_type": row.get("assigned_to_type"),
            "to": None if to in ("0", "-1") else to,
            "redacted": False,
            "text": row.get("body"),
            "state": None,
            "before": None,
        }
        staging.add(
            line,
            need(row, "conversation_id"),
            body,
            at=at,
            id=f"part {body['id']}",
            version=self.clock.of(row, "updated_at") or at,
        )

    def _time(self, row: Row, name: str) -> int:
        at = self.clock.of(row, name)
        if at is None:
            raise Malformed(name, f"{name} is missing", row.get("id"))
        return at

    def _together(self, key: str, found: list[Staged]) -> Staged:
        """One conversation as the REST interface would give it, from its row and the rows of its parts."""
        head = next((copy for copy in found if copy.body["kind"] == "conversation"), None)
        parts = [copy.body for copy in found if copy.body["kind"] == "part"]
        if head is None:
            self.sink.note(
                "truncated",
                "parts of conversations missing from conversation_history were read without their start",
                example=key,
            )
        row: Row = head.body["row"] if head else {}
        team = row.get("assignee_id") if row.get("assignee_type") == "team" else None
        body = {
            "id": key,
            "author": _author(row.get("source_author_type"), row.get("source_author_id")),
            "channel": row.get("source_type"),
            "declared": {},
            "team": team,
            "admin": None,
            "ticket": None,
            "contacts": list(self._contacts(key)),
            "linked": [],
            "total_parts": None,
            "parts": parts,
            "listed": bool(parts),
            "headless": head is None,
            "text": row.get("source_body"),
            "rating": {"score": row.get("conversation_rating_value"), "at": head.body["rated"] if head else None},
            "mapped": {name: text_of(row.get(column.lower())) for name, column in self.mapped.items()},
        }
        first = head or found[0]
        return Staged(first.at, first.source, first.source_no, first.line, body)

    def _contacts(self, key: str) -> Iterator[dict[str, str | None]]:
        for contact in dict.fromkeys(self.of_conversation.get(key, [])):
            row = self.contacts.get(contact, {})
            yield {
                "id": contact,
                "external_id": row.get("external_id"),
                "email": row.get("email"),
                "name": row.get("name"),
                "phone": row.get("phone"),
            }


def _author(kind: str | None, id: str | None) -> dict[str, Any]:
    return {"type": kind, "id": id, "name": None, "email": None, "ai": False}


def _table(found: set[str]) -> str | None:
    return next((name for name, wanted in _TABLES.items() if found >= wanted), None)

"""Intercom as Fivetran lays it down: the tables conversation_history, conversation_part_history and those beside them.

`team`, `admin`, `contact_history` and `conversation_contact_history` give names and customers. What the parts mean is
in `intercom_parts`. Fivetran's times are UTC and carry no zone.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC
from typing import cast

from miner.errors import InputError, Problem
from miner.events.sink import Sink
from miner.events.values import text_of
from miner.readers.base import Match, Options, SourceFile
from miner.readers.chats.intercom_conversation import Conversation
from miner.readers.chats.intercom_record import Author, Contact, ConversationRecord, Part
from miner.readers.shared.account_files import AccountFiles
from miner.readers.shared.clock import Clock
from miner.readers.shared.fields import Json
from miner.readers.shared.staging import Staged
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
    names = columns(file, {})
    table = _table(names)
    if table is None or "fivetran_synced" not in names:
        return None
    named = file.name.rpartition("/")[2].lower().startswith("team")
    if table == "team" and not (named and names <= _TEAM):  # other systems have teams too
        return None
    return Match(92 if table in ("part", "conversation") else 75, f"the Fivetran table {table} of Intercom")


class _Files(AccountFiles):
    """The tables of one account; conversations and parts alone are read as far as they go."""

    name, keys = NAME, _MAPPED
    nothing = "there are no conversations"
    fix = "export conversation_history and conversation_part_history beside these tables"

    def __init__(self, options: Options, sink: Sink):
        super().__init__(options, sink)
        self.names: dict[str, str] = {}
        self.contacts: dict[str, Row] = {}
        self.of_conversation: dict[str, list[str]] = {}

    def make_clock(self, file: SourceFile) -> Clock:
        """Fivetran writes UTC."""
        return Clock(self.options, self.sink, documented=UTC)

    def stage(self, file: SourceFile) -> None:
        """Lay conversations and parts down, remember the rest."""
        table = _table(columns(file, {}))
        if table is None:
            what = "not a table of Intercom as Fivetran names them"
            raise InputError(
                Problem(what, file.name, 1, fix="export conversation_history and conversation_part_history")
            )
        self.report.columns = dict(self.mapping) if table == "conversation" else {}
        words = f"ISO-8601 without zone, read as {self.options.tz or 'UTC, which Fivetran writes'}"
        self.report.time = words if table not in _BESIDE else None
        self.take_each(rows(file, self.sink, {}), lambda line, row: self._take(table, line, row))

    def interaction(self, key: str, records: list[Staged]) -> Conversation:
        """One conversation, from its row and the rows of its parts."""
        return Conversation(self._together(key, records), self.names, self.sink)

    def _take(self, table: str, line: int, row: Row) -> None:
        if table in ("team", "admin"):
            self.names[f"{table} {need(row, 'id')}"] = row.get("name") or need(row, "id")
        elif table == "contact":
            self.contacts[need(row, "id")] = row
        elif table == "conversation_contact":
            self.of_conversation.setdefault(need(row, "conversation_id"), []).append(need(row, "contact_id"))
        elif table == "conversation":
            self._conversation(line, row)
        elif table == "part":
            self._part(line, row)

    def _conversation(self, line: int, row: Row) -> None:
        at = self.clock.need(row, "created_at")
        body: Json = {
            "kind": "conversation",
            "row": dict(row),
            "at": at,
            "rated": self.clock.of(row, "conversation_rating_created_at"),
        }
        self.staging.add(
            line,
            need(row, "id"),
            body,
            at=at,
            id=f"conversation {need(row, 'id')}",
            version=self.clock.of(row, "updated_at") or at,
        )

    def _part(self, line: int, row: Row) -> None:
        at, to = self.clock.need(row, "created_at"), row.get("assigned_to_id")
        body = {
            "kind": "part",
            "id": need(row, "id"),
            "type": row.get("part_type") or "",
            "at": at,
            "author": _author(row.get("author_type"), row.get("author_id")),
            "to_type": row.get("assigned_to_type"),
            "to": None if to in ("0", "-1") else to,
            "text": row.get("body"),
            "state": None,
            "before": None,
        }
        self.staging.add(
            line,
            need(row, "conversation_id"),
            body,
            at=at,
            id=f"part {body['id']}",
            version=self.clock.of(row, "updated_at") or at,
        )

    def _together(self, key: str, copies: list[Staged]) -> Staged:
        """One conversation as the REST interface would give it, from its row and the rows of its parts."""
        head = next((copy for copy in copies if copy.body["kind"] == "conversation"), None)
        parts = [cast(Part, copy.body) for copy in copies if copy.body["kind"] == "part"]
        if head is None:
            self.sink.note(
                "truncated",
                "parts of conversations missing from conversation_history were read without their start",
                example=key,
            )
        row: Row = head.body["row"] if head else {}
        team = row.get("assignee_id") if row.get("assignee_type") == "team" else None
        body: ConversationRecord = {
            "id": key,
            "author": _author(row.get("source_author_type"), row.get("source_author_id")),
            "channel": row.get("source_type"),
            "declared": {},
            "team": team,
            "ticket": None,
            "contacts": list(self._contacts(key)),
            "linked": [],
            "total_parts": None,
            "parts": parts,
            "listed": bool(parts),
            "headless": head is None,
            "text": row.get("source_body"),
            "rating": {"score": row.get("conversation_rating_value"), "at": head.body["rated"] if head else None},
            "mapped": {name: text_of(row.get(column.lower())) for name, column in self.mapping.items()},
        }
        first = head or copies[0]
        return Staged(first.at, first.source, first.source_no, first.line, dict(body))

    def _contacts(self, key: str) -> Iterator[Contact]:
        for contact in dict.fromkeys(self.of_conversation.get(key, [])):
            row = self.contacts.get(contact, {})
            yield {
                "id": contact,
                "external_id": row.get("external_id"),
                "email": row.get("email"),
                "name": row.get("name"),
                "phone": row.get("phone"),
            }


def _author(kind: str | None, id: str | None) -> Author:
    return {"type": kind, "id": id, "name": None, "email": None, "ai": False}


def _table(names: set[str]) -> str | None:
    return next((name for name, wanted in _TABLES.items() if names >= wanted), None)


read, read_all = _Files.read, _Files.read_all

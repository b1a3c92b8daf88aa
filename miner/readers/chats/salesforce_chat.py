"""Salesforce chats: rows of LiveChatTranscriptEvent, LiveChatTranscript and MessagingSession, as CSV or JSON.

The tables of one organisation are read together. What the rows mean is in `salesforce_steps`.
"""

from __future__ import annotations

import re
from datetime import UTC
from typing import Any

from miner.events import times
from miner.events.sink import Sink
from miner.readers.base import Match, Options, Report, SourceFile
from miner.readers.chats.account import Account, Talk
from miner.readers.chats.salesforce_steps import chat, session
from miner.readers.shared.fields import Malformed
from miner.readers.shared.staging import Staged, Staging, read_files, usable
from miner.readers.tabular.rows import Row, columns, need, rows

NAME = "salesforce_chat"
TITLE = "Salesforce chat transcripts and messaging sessions"
LINKED = True
OUTCOMES = ("closed", "abandoned")

# The columns that tell the tables apart; names in lower case.
_TABLES: dict[str, tuple[frozenset[str], str]] = {
    "event": (frozenset(("livechattranscriptid", "type", "time")), "LiveChatTranscriptEvent"),
    "session": (frozenset(("id", "agenttype", "starttime")), "MessagingSession"),
    "transcript": (frozenset(("id", "livechatvisitorid", "starttime")), "LiveChatTranscript"),
}
_TIMES = {
    "event": ("time",),
    "session": ("starttime", "accepttime", "endtime"),
    "transcript": ("createddate", "requesttime", "starttime", "endtime"),
}
_MAPPED = ("team", "intent", "customer", "outcome", "value")


def sniff(file: SourceFile) -> Match | None:
    """A table with LiveChatTranscriptId, Type and Time, or one of the two others."""
    table = _table(columns(file, {}))
    return Match(92, f"the columns of {_TABLES[table][1]}, as in Salesforce") if table else None


def read(file: SourceFile, options: Options, sink: Sink) -> Report:
    """Read one table; for several of one organisation see `read_all`."""
    return read_all([file], options, sink)[0]


def read_all(files: list[SourceFile], options: Options, sink: Sink) -> list[Report]:
    """Read the tables of one organisation together: events belong to transcripts."""
    org = _Org(options, sink)
    return read_files(files, options, sink, NAME, org.stage, org.emit)


class _Org(Account):
    mapped_keys = _MAPPED
    fix = "export LiveChatTranscriptEvent, LiveChatTranscript or MessagingSession"

    def __init__(self, options: Options, sink: Sink):
        super().__init__(options, sink)
        self.fields = {key: re.sub(r"[^a-z0-9]+", "_", name.lower()).strip("_") for key, name in self.mapped.items()}

    def stage(self, file: SourceFile, staging: Staging, report: Report) -> None:
        """Lay the rows of a table down."""
        table = _table(columns(file, {}))
        report.columns = dict(self.mapped)
        report.time = f"ISO-8601; without zone read as {self.options.tz or 'UTC (assumed)'}"
        for line, row in rows(file, self.sink, {}):
            with usable(self.sink, report, line):
                self._take(table, line, row, staging)

    def tell(self, topic: str, copies: list[Staged]) -> Talk:
        """A transcript with its events, or a messaging session."""
        heads = [copy for copy in copies if copy.body["table"] != "event"]
        if heads and heads[-1].body["table"] == "session":
            return session(heads[-1], self.sink)
        events = [copy for copy in copies if copy.body["table"] == "event"]
        return chat(topic, heads[-1] if heads else None, events, self.sink)

    def _take(self, table: str | None, line: int, row: Row, staging: Staging) -> None:
        if table is None:
            raise Malformed(None, "not a table of chats or messaging sessions")
        at = {name: self._at(row, name) for name in _TIMES[table]}
        first = next((time for time in at.values() if time is not None), None)
        if first is None:
            raise Malformed(_TIMES[table][0], "no time is given", row.get("id"))
        body: dict[str, Any] = {
            "table": table,
            "row": dict(row),
            "at": at,
            "mapped": {key: row.get(name) for key, name in self.fields.items()},
        }
        topic = need(row, "livechattranscriptid" if table == "event" else "id")
        digits = re.sub(r"\D", "", row.get("name") or "")
        rank = int(digits) if table == "event" and digits and len(digits) < 18 else None
        staging.add(
            line,
            topic,
            body,
            at=first,
            id=f"{table} {row['id']}" if row.get("id") else None,
            rank=rank,
            version=self._at(row, "systemmodstamp"),
        )

    def _at(self, row: Row, name: str) -> int | None:
        value = row.get(name)
        if value is None:
            return None
        form = self.options.time_format
        try:
            return times.parse(value, self.tz, form=form)
        except times.NoZone:
            self.sink.note(
                "assumed",
                "times have no time zone and were read as UTC, as the API writes them; reports "
                "use the user's time zone: set it with --tz",
            )
            return times.parse(value, UTC, form=form)
        except ValueError:
            reason = f"{name} is not a time such as 2026-03-02T10:00:00Z; for another format see --time-format"
            raise Malformed(name, reason, value) from None


def _table(found: set[str]) -> str | None:
    return next((name for name, (wanted, _) in _TABLES.items() if found >= wanted), None)

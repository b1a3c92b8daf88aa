"""Salesforce chats: rows of LiveChatTranscriptEvent, LiveChatTranscript and MessagingSession, as CSV or JSON.

The tables of one organisation are read together. What the rows mean is in `salesforce_steps`.
"""

from __future__ import annotations

import re
from functools import partial

from miner.events.sink import Sink
from miner.readers.base import Match, Options, SourceFile
from miner.readers.chats.salesforce_steps import chat, session
from miner.readers.shared.account_files import AccountFiles
from miner.readers.shared.clock import Clock
from miner.readers.shared.conversation import Conversation
from miner.readers.shared.fields import Json, Malformed
from miner.readers.shared.staging import Staged
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


_ASSUMED = (
    "times have no time zone and were read as UTC, as the API writes them; reports "
    "use the user's time zone: set it with --tz"
)


class _Files(AccountFiles):
    """Read the tables of one organisation together: events belong to transcripts."""

    name = NAME
    keys = _MAPPED
    nothing = "there are no chats"
    fix = "export LiveChatTranscriptEvent, LiveChatTranscript or MessagingSession"

    def __init__(self, options: Options, sink: Sink):
        super().__init__(options, sink)
        self.fields = {key: re.sub(r"[^a-z0-9]+", "_", name.lower()).strip("_") for key, name in self.mapping.items()}

    def stage(self, file: SourceFile) -> None:
        """Lay the rows of a table down."""
        self.report.time = f"ISO-8601; without zone read as {self.options.tz or 'UTC (assumed)'}"
        self.take_each(rows(file, self.sink, {}), partial(self._row, _table(columns(file, {}))))

    def make_clock(self, file: SourceFile) -> Clock:
        """The API writes UTC, reports the user's time, both without a zone."""
        return Clock(self.options, self.sink, assumed=_ASSUMED)

    def interaction(self, key: str, records: list[Staged]) -> Conversation:
        """A transcript with its events, or a messaging session."""
        heads = [copy for copy in records if copy.body["table"] != "event"]
        if heads and heads[-1].body["table"] == "session":
            return session(heads[-1], self.sink)
        events = [copy for copy in records if copy.body["table"] == "event"]
        return chat(key, heads[-1] if heads else None, events, self.sink)

    def _row(self, table: str | None, line: int, row: Row) -> None:
        if table is None:
            raise Malformed(None, "not a table of chats or messaging sessions")
        at = {name: self.clock.of(row, name) for name in _TIMES[table]}
        first = next((time for time in at.values() if time is not None), None)
        if first is None:
            raise Malformed(_TIMES[table][0], "no time is given", row.get("id"))
        body: Json = {
            "table": table,
            "row": dict(row),
            "at": at,
            "mapped": {key: row.get(name) for key, name in self.fields.items()},
        }
        topic = need(row, "livechattranscriptid" if table == "event" else "id")
        digits = re.sub(r"\D", "", row.get("name") or "")
        rank = int(digits) if table == "event" and digits and len(digits) < 18 else None
        self.staging.add(
            line,
            topic,
            body,
            at=first,
            id=f"{table} {row['id']}" if row.get("id") else None,
            rank=rank,
            version=self.clock.of(row, "systemmodstamp"),
        )


read, read_all = _Files.read, _Files.read_all


def _table(names: set[str]) -> str | None:
    return next((name for name, (wanted, _) in _TABLES.items() if names >= wanted), None)

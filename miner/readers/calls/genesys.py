"""Genesys Cloud conversation details: pages of a query or a job, lists, lines, or one conversation.

A record is reduced in `genesys_record`; what it means is in `genesys_conversation`.
"""

from __future__ import annotations

from miner.events.sink import Sink
from miner.events.values import id_of, number_of
from miner.readers.base import Match, Options, SourceFile
from miner.readers.calls.genesys_conversation import Conversation
from miner.readers.calls.genesys_record import conversation_record, remember_name
from miner.readers.shared.call_files import CallFiles, ReadCall
from miner.readers.shared.fields import Json, child
from miner.readers.shared.records import Record, sample, shows
from miner.readers.shared.staging import Staged

NAME = "genesys"
TITLE = "Genesys Cloud conversation details"
TOTALS = {
    "nTransferred": ("transfers", "team_handoffs"),
    "nBlindTransferred": "blind_transfers",
    "nConsultTransferred": "consult_transfers",
    "tAcd": "queue_ms",
    "tTalk": "talk_ms",
    "tHeld": "hold_ms",
    "tAcw": "wrap_ms",
}
NOT_COMPARED = {
    "nOffered": "queues offer a call again when nobody answers",
    "nConsult": "the person consulted may be external",
    "tHandle": "it is talk, hold and wrap-up",
    "tAbandon": "it is the wait of callers who gave up",
    "tAnswered": "it is the wait of answered callers",
}
LINKED = True
OUTCOMES = ("abandoned",)

_PAGES = ("conversations", "entities")


def sniff(file: SourceFile) -> Match | None:
    """A conversation has a conversationId and participants with a purpose and sessions."""
    for record in sample(file, _PAGES, 5):
        if _is_analysis(record.value):
            return Match(90, "records with a sentimentScore of a conversation, as in Genesys Cloud speech analytics")
        if _is_conversation(record.value):
            return Match(95, "records with conversationId and participants, as in Genesys Cloud conversation details")
    if shows(file, "conversationId", "participants", "segments", "segmentType"):
        return Match(80, "a long record with conversationId, participants and segments")
    return None


def _is_analysis(value: Json) -> bool:
    """What speech and text analytics say of a conversation, beside its details."""
    return "sentimentScore" in value and isinstance(value.get("conversation"), dict)


def _is_conversation(value: Json) -> bool:
    participants = value.get("participants")
    if "conversationId" not in value or not isinstance(participants, list):
        return False
    return "conversationStart" in value or any(isinstance(p, dict) and "sessions" in p for p in participants)


class _Files(CallFiles):
    """The files of one organisation: pages overlap, and names stand in some conversations only."""

    name, pages, unit = NAME, _PAGES, "ms"

    def __init__(self, options: Options, sink: Sink):
        super().__init__(options, sink)
        self.names: dict[str, str] = {}
        self.sentiments: dict[str, object] = {}  # by conversation

    def take(self, record: Record) -> None:
        """A name or a sentiment to remember, or a conversation."""
        value = record.value
        if record.key == "entities":
            remember_name(self.names, value.get("id"), value.get("name"))
        elif _is_analysis(value):
            self.sentiments[id_of(child(value, "conversation").get("id")) or ""] = value["sentimentScore"]
        else:
            body = conversation_record(value, self.mapping, self.clock, self.names)
            key = body["id"]
            self.staging.add(record.line, key, body, at=body["start"], id=key, version=body["latest"])

    def interaction(self, key: str, records: list[Staged]) -> ReadCall:
        """The conversation."""
        conversation = Conversation(records[0], self.names, number_of(self.sentiments.get(key)), self.sink)
        return ReadCall(self.sink, conversation.steps(), conversation.declare)


read, read_all = _Files.read, _Files.read_all

"""Genesys Cloud conversation details: pages of a query or a job, lists, lines, or one conversation.

A record is reduced in `genesys_record`; what it means is in `genesys_conversation`.
"""

from __future__ import annotations

from typing import Any

from miner.events.sink import Sink
from miner.events.values import id_of, number_of
from miner.readers.base import Match, Options, Report, SourceFile
from miner.readers.calls.fields import mapped_columns
from miner.readers.calls.genesys_conversation import Conversation
from miner.readers.calls.genesys_record import conversation_record, remember_name
from miner.readers.shared.clock import Clock
from miner.readers.shared.fields import child
from miner.readers.shared.records import paged_records, sample, shows
from miner.readers.shared.staging import Staging, hand_over, read_files, usable

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


def _is_analysis(value: dict[str, Any]) -> bool:
    """What speech and text analytics say of a conversation, beside its details."""
    return "sentimentScore" in value and isinstance(value.get("conversation"), dict)


def _is_conversation(value: dict[str, Any]) -> bool:
    participants = value.get("participants")
    if "conversationId" not in value or not isinstance(participants, list):
        return False
    return "conversationStart" in value or any(isinstance(p, dict) and "sessions" in p for p in participants)


def read(file: SourceFile, options: Options, sink: Sink) -> Report:
    """Read one file of conversations; for an export in several files see `read_all`."""
    return read_all([file], options, sink)[0]


def read_all(files: list[SourceFile], options: Options, sink: Sink) -> list[Report]:
    """Read the files of one organisation together: pages overlap, and names stand in some conversations only."""
    clock, names, tones = Clock(options, sink, "ms"), dict[str, str](), dict[str, object]()

    def stage(file: SourceFile, staging: Staging, report: Report) -> None:
        columns = mapped_columns(options, report)
        report.time = "ISO-8601"
        for record in paged_records(file, sink, _PAGES):
            with usable(sink, report, record.line):
                if record.key == "entities":
                    remember_name(names, record.value.get("id"), record.value.get("name"))
                    continue
                if _is_analysis(record.value):
                    tones[id_of(child(record.value, "conversation").get("id")) or ""] = record.value["sentimentScore"]
                    continue
                body = conversation_record(record.value, columns, clock, names)
                staging.add(record.line, body["id"], body, at=body["start"], id=body["id"], version=body["latest"])

    def emit(staging: Staging, reports: dict[int, Report]) -> None:
        for key, copies in staging.topics():
            conversation = Conversation(copies[0], names, number_of(tones.get(key)), sink)
            hand_over(sink, reports, conversation.steps())
            conversation.declare()

    return read_files(files, options, sink, NAME, stage, emit)

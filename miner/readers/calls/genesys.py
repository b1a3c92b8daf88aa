"""Genesys Cloud conversation details: pages of a query or a job, lists, lines, or one conversation.

What the participants' segments mean is in `genesys_legs`; here a record is reduced to what is used.
"""

from __future__ import annotations

from collections import Counter
from typing import Any

from miner.events.sink import Sink
from miner.events.values import id_of, number_of, text_of
from miner.readers.base import Match, Options, Report, SourceFile
from miner.readers.calls.genesys_legs import Conversation
from miner.readers.calls.steps import Clock, mapped_columns, tickets_of, zone_of
from miner.readers.shared.fields import Malformed, child, children
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
_NAMED = (
    "nTransferred",
    "nBlindTransferred",
    "nConsultTransferred",
    "nConsult",
    "nConnected",
    "nOffered",
    "nError",
    "nOutbound",
    "nOverSla",
    "tHandle",
    "tTalk",
    "tHeld",
    "tAcw",
    "tAcd",
    "tAbandon",
    "tAnswered",
    "tAlert",
    "tNotResponding",
)
_SCORES = (("oSurveyTotalScore", "0-100"), ("surveyPromoterScore", "0-10"), ("surveyScore", "0-100"))
_SEEN_BY = ("monitoredParticipantId", "coachedParticipantId", "bargedParticipantId")


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
    tz, names, tones = zone_of(options), dict[str, str](), dict[str, float]()

    def stage(file: SourceFile, staging: Staging, report: Report) -> None:
        columns = mapped_columns(options, report)
        report.time = "ISO-8601"
        for record in paged_records(file, sink, _PAGES):
            with usable(sink, report, record.line):
                if record.key == "entities":
                    _name(names, record.value.get("id"), record.value.get("name"))
                    continue
                if _is_analysis(record.value):
                    tones[id_of(child(record.value, "conversation").get("id")) or ""] = record.value["sentimentScore"]
                    continue
                body = _slim(record.value, columns, Clock(tz, "ms", file.name, record.line), names)
                staging.add(record.line, body["id"], body, at=body["start"], id=body["id"], version=body["latest"])

    def emit(staging: Staging, reports: dict[int, Report]) -> None:
        for _, found in staging.topics():
            found[0].body["sentiment"] = number_of(tones.get(found[0].body["id"]))
            conversation = Conversation(found[0], names, sink)
            hand_over(sink, reports, conversation.steps())
            conversation.declare()

    return read_files(files, options, sink, NAME, stage, emit)


def _name(names: dict[str, str], key: object, name: object) -> None:
    found, said = id_of(key), text_of(name)
    if found and said:
        names.setdefault(found, said)


def _slim(record: dict[str, Any], columns: dict[str, str], clock: Clock, names: dict[str, str]) -> dict[str, Any]:
    """The parts of a conversation that are used."""
    key = id_of(record.get("conversationId"))
    if key is None:
        raise Malformed("conversationId", "conversationId is missing", record.get("conversationId"))
    people = [_participant(one, columns, clock, names) for one in children(record, "participants")]
    times = [
        at
        for one in people
        for session in one["sessions"]
        for part in session["segments"]
        for at in (part["at"], part["end"])
        if at is not None
    ]
    start, end = clock.of(record, "conversationStart"), clock.of(record, "conversationEnd")
    if start is None and not times:
        raise Malformed("conversationStart", "no time of the conversation is known", key)
    return {
        "id": key,
        "start": start if start is not None else min(times),
        "end": end,
        "latest": max([at for at in (start, end, *times) if at is not None]),
        "direction": text_of(record.get("originatingDirection")),
        "tag": id_of(record.get("externalTag")),
        "participants": people,
        "surveys": [_survey(one, clock) for one in children(record, "surveys")],
    }


def _participant(one: dict[str, Any], columns: dict[str, str], clock: Clock, names: dict[str, str]) -> dict[str, Any]:
    said = {key: text_of(value) for key, value in child(one, "attributes").items()}
    sessions = [_session(session, clock) for session in children(one, "sessions")]
    purpose, name = text_of(one.get("purpose")) or "", text_of(one.get("participantName"))
    user = id_of(one.get("userId"))
    _name(names, user, name)
    queues = {part["queue"] for session in sessions for part in session["segments"] if part["queue"]}
    if purpose == "acd" and len(queues) == 1:
        _name(names, queues.pop(), name)  # a queue takes part under its own name
    return {
        "purpose": purpose,
        "name": name,
        "user": user,
        "team": id_of(one.get("teamId")),
        "contact": id_of(one.get("externalContactId")),
        "sessions": sessions,
        "metrics": _metrics(one),
        "tickets": sorted(set(tickets_of(said, columns.get("case")))),
        "mapped": {key: said.get(column) for key, column in columns.items() if said.get(column)},
    }


def _session(session: dict[str, Any], clock: Clock) -> dict[str, Any]:
    segments = [_segment(part, clock) for part in children(session, "segments")]
    flow = child(session, "flow")
    return {
        "media": text_of(session.get("mediaType")),
        "message": text_of(session.get("messageType")),
        "direction": text_of(session.get("direction")),
        "flow": text_of(flow.get("flowName")) or id_of(flow.get("flowId")),
        **{name: text_of(session.get(name)) for name in ("ani", "dnis", "addressFrom", "addressTo", "addressOther")},
        "callback": _first_of(session.get("callbackNumbers")),
        "watching": any(session.get(name) for name in _SEEN_BY),
        "metrics": _metrics(session),
        # A segment without a start can't be placed.
        "segments": sorted((part for part in segments if part["at"] is not None), key=lambda part: part["at"]),
        "lost": sum(part["at"] is None for part in segments),
    }


def _first_of(value: object) -> str | None:
    return text_of(value[0]) if isinstance(value, list) and value else None


def _segment(part: dict[str, Any], clock: Clock) -> dict[str, Any]:
    return {
        "type": text_of(part.get("segmentType")) or "unknown",
        "at": clock.of(part, "segmentStart"),
        "end": clock.of(part, "segmentEnd"),
        "queue": id_of(part.get("queueId")),
        "disconnect": text_of(part.get("disconnectType")),
        "conference": part.get("conference") is True,
        "code": text_of(part.get("wrapUpCode")),
    }


def _metrics(holder: dict[str, Any]) -> dict[str, float]:
    """The totals that the source itself gives: counts (n…) as they are, times (t…) in milliseconds."""
    found: Counter[str] = Counter()
    for metric in children(holder, "metrics"):
        name, value = text_of(metric.get("name")), number_of(metric.get("value"))
        if name in _NAMED and value is not None:
            found[name] += value  # type: ignore[assignment]
    return dict(found)


def _survey(one: dict[str, Any], clock: Clock) -> dict[str, Any]:
    score, scale = next(
        ((number, scale) for name, scale in _SCORES if (number := number_of(one.get(name))) is not None), (None, None)
    )
    return {
        "at": clock.of(one, "surveyCompletedDate"),
        "score": score,
        "scale": scale,
        "form": text_of(one.get("surveyFormName")),
    }

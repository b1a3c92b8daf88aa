"""A Genesys Cloud conversation record reduced to what is used: participants, their sessions, and segments of these."""

from __future__ import annotations

from collections import Counter
from typing import TypedDict

from miner.events.values import id_of, number_of, text_of
from miner.readers.calls.fields import tickets_of
from miner.readers.shared.clock import Clock
from miner.readers.shared.fields import Json, Malformed, child, children

_METRICS = (
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
_WATCHED = ("monitoredParticipantId", "coachedParticipantId", "bargedParticipantId")


class Segment(TypedDict):
    """A stretch of a session; `queue` and `code` are ids."""

    type: str
    at: int
    end: int | None
    queue: str | None
    disconnect: str | None
    conference: bool
    code: str | None


class Session(TypedDict):
    """A participant's session of one medium; `lost` segments had no start."""

    media: str | None
    message: str | None
    direction: str | None
    flow: str | None
    addresses: dict[str, str | None]
    watching: bool
    metrics: dict[str, float]
    segments: list[Segment]
    lost: int


class Participant(TypedDict):
    """Who took part, in which role (`purpose`)."""

    purpose: str
    name: str | None
    user: str | None
    team: str | None
    contact: str | None
    sessions: list[Session]
    metrics: dict[str, float]
    tickets: list[str]
    mapped: dict[str, str | None]


class Survey(TypedDict):
    """An answer of the customer."""

    at: int | None
    score: float | None
    scale: str | None
    form: str | None


class ConversationRecord(TypedDict):
    """One conversation; `latest` is the last time that it names."""

    id: str
    start: int
    end: int | None
    latest: int
    direction: str | None
    tag: str | None
    participants: list[Participant]
    surveys: list[Survey]


def remember_name(names: dict[str, str], key: object, name: object) -> None:
    """Keep what an id of a user, a queue or a code is called; the first name counts."""
    id, text = id_of(key), text_of(name)
    if id and text:
        names.setdefault(id, text)


def conversation_record(
    record: Json, columns: dict[str, str], clock: Clock, names: dict[str, str]
) -> ConversationRecord:
    """The parts of a conversation that are used; what it calls users and queues goes to `names`."""
    key = id_of(record.get("conversationId"))
    if key is None:
        raise Malformed("conversationId", "conversationId is missing", record.get("conversationId"))
    participants = [_participant(one, columns, clock, names) for one in children(record, "participants")]
    times = [
        at
        for participant in participants
        for session in participant["sessions"]
        for segment in session["segments"]
        for at in (segment["at"], segment["end"])
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
        "participants": participants,
        "surveys": [_survey(one, clock) for one in children(record, "surveys")],
    }


def _participant(one: Json, columns: dict[str, str], clock: Clock, names: dict[str, str]) -> Participant:
    attributes = {key: text_of(value) for key, value in child(one, "attributes").items()}
    sessions = [_session(session, clock) for session in children(one, "sessions")]
    purpose, name = text_of(one.get("purpose")) or "", text_of(one.get("participantName"))
    user = id_of(one.get("userId"))
    remember_name(names, user, name)
    queues = {segment["queue"] for session in sessions for segment in session["segments"] if segment["queue"]}
    if purpose == "acd" and len(queues) == 1:
        remember_name(names, queues.pop(), name)  # a queue takes part under its own name
    return {
        "purpose": purpose,
        "name": name,
        "user": user,
        "team": id_of(one.get("teamId")),
        "contact": id_of(one.get("externalContactId")),
        "sessions": sessions,
        "metrics": _metrics(one),
        "tickets": sorted(set(tickets_of(attributes, columns.get("case")))),
        "mapped": {key: attributes.get(column) for key, column in columns.items() if attributes.get(column)},
    }


def _session(session: Json, clock: Clock) -> Session:
    segments, lost = [], 0
    for part in children(session, "segments"):
        segment = _segment(part, clock)
        if segment is None:
            lost += 1
        else:
            segments.append(segment)
    flow, callbacks = child(session, "flow"), session.get("callbackNumbers")
    addresses = {
        name: text_of(session.get(name)) for name in ("ani", "dnis", "addressFrom", "addressTo", "addressOther")
    }
    addresses["callback"] = text_of(callbacks[0]) if isinstance(callbacks, list) and callbacks else None
    return {
        "media": text_of(session.get("mediaType")),
        "message": text_of(session.get("messageType")),
        "direction": text_of(session.get("direction")),
        "flow": text_of(flow.get("flowName")) or id_of(flow.get("flowId")),
        "addresses": addresses,
        "watching": any(session.get(name) for name in _WATCHED),
        "metrics": _metrics(session),
        "segments": sorted(segments, key=lambda segment: segment["at"]),
        "lost": lost,
    }


def _segment(part: Json, clock: Clock) -> Segment | None:
    """A segment; None for one without a start, which can't be placed."""
    at, end = clock.of(part, "segmentStart"), clock.of(part, "segmentEnd")
    if at is None:
        return None
    return {
        "type": text_of(part.get("segmentType")) or "unknown",
        "at": at,
        "end": end,
        "queue": id_of(part.get("queueId")),
        "disconnect": text_of(part.get("disconnectType")),
        "conference": part.get("conference") is True,
        "code": text_of(part.get("wrapUpCode")),
    }


def _metrics(holder: Json) -> dict[str, float]:
    """The totals that the source itself gives: counts (n…) as they are, times (t…) in milliseconds."""
    totals: Counter[str] = Counter()
    for metric in children(holder, "metrics"):
        name, value = text_of(metric.get("name")), number_of(metric.get("value"))
        if name in _METRICS and value is not None:
            totals[name] += value  # type: ignore[assignment]
    return dict(totals)


def _survey(one: Json, clock: Clock) -> Survey:
    score, scale = next(
        ((number, scale) for name, scale in _SCORES if (number := number_of(one.get(name))) is not None), (None, None)
    )
    return {
        "at": clock.of(one, "surveyCompletedDate"),
        "score": score,
        "scale": scale,
        "form": text_of(one.get("surveyFormName")),
    }

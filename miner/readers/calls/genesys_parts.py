"""Words and legs of Genesys Cloud conversations: whose a session is, and from when on."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from miner.events.sink import Sink
from miner.events.times import SECOND
from miner.events.values import customer_key, email_key, phone_key
from miner.readers.calls.seats import Seat

CHANNELS = {
    "voice": "voice",
    "chat": "chat",
    "webchat": "chat",
    "email": "email",
    "callback": "callback",
    "message": "messaging",
    "video": "video",
    "smsmessage": "sms",
    "cobrowse": "chat",
    "screenshare": "video",
    "socialexpression": "social",
}
MESSAGES = {"sms": "sms", "webmessaging": "chat", "facebook": "social", "twitter": "social", "instagram": "social"}
PEOPLE = ("agent", "user")
PURPOSES = frozenset(
    (
        "acd",
        "agent",
        "api",
        "botflow",
        "campaign",
        "customer",
        "dialer",
        "external",
        "fax",
        "group",
        "inbound",
        "ivr",
        "manual",
        "outbound",
        "station",
        "user",
        "voicemail",
        "workflow",
    )
)
TALKS = ("interact", "hold", "parked")
TYPES = frozenset(
    (
        "alert",
        "barging",
        "callback",
        "coaching",
        "contacting",
        "converting",
        "delay",
        "dialing",
        "hold",
        "interact",
        "ivr",
        "monitoring",
        "parked",
        "scheduled",
        "sharing",
        "system",
        "transmitting",
        "unknown",
        "uploading",
        "voicemail",
        "wrapup",
    )
)
TRANSFERS = {
    "transfer": "blind",
    "consultTransfer": "consult",
    "conferenceTransfer": "conference",
    "forwardTransfer": "blind",
}
UNANSWERED = ("noAnswerTransfer", "notAvailableTransfer", "transfer", "forwardTransfer", "timeout", "client")
DISCONNECTS = frozenset(
    (
        *TRANSFERS,
        *UNANSWERED,
        "client",
        "endpoint",
        "error",
        "other",
        "peer",
        "spam",
        "system",
        "transportFailure",
        "uncallable",
        "unknown",
    )
)
GAVE_UP = ("peer", "client", "endpoint")
SLACK = SECOND  # the clocks of two legs differ by less than this


@dataclass(kw_only=True)
class Leg(Seat):
    """One session of an agent, from their first to their last talk."""

    who: str | None
    session: dict[str, Any]
    team: str | None
    conference: bool = False


def abandoned_at(people: list[dict[str, Any]], legs: list[Leg]) -> int | None:
    """When the customer gave up: the last queue had no agent after it, and ended from the customer's side."""
    queued = [
        part
        for one in people
        if one["purpose"] == "acd"
        for session in one["sessions"]
        for part in session["segments"]
        if part["type"] == "interact"
    ]
    last = max(queued, key=lambda part: part["at"], default=None)
    if last is None or last["end"] is None or any(leg.end is None or leg.end > last["at"] for leg in legs):
        return None
    said = any("tAbandon" in session["metrics"] for one in people for session in one["sessions"])
    return last["end"] if said or last["disconnect"] in GAVE_UP else None


def caller_of(people: list[dict[str, Any]]) -> dict[str, Any] | None:
    """The customer; outside of queues Genesys calls them external, and a colleague who calls a queue a user."""
    for purpose in ("customer", "external"):
        if found := next((one for one in people if one["purpose"] == purpose), None):
            return found
    return _colleague(people)


def _colleague(people: list[dict[str, Any]]) -> dict[str, Any] | None:
    """Who called a queue from inside: the first of the staff, who was there before the queue and was not rung."""
    queue = next((one for one in people if one["purpose"] == "acd"), None)
    staff = next((one for one in people if one["purpose"] in PEOPLE), None)
    if queue is None or staff is None or first(staff) > first(queue):
        return None
    rung = any(part["type"] == "alert" for session in staff["sessions"] for part in session["segments"])
    return None if rung or any(session["direction"] == "inbound" for session in staff["sessions"]) else staff


def first(one: dict[str, Any]) -> int:
    """When a participant came; those without any segment come last."""
    times: list[int] = [part["at"] for session in one["sessions"] for part in session["segments"]]
    return min(times, default=1 << 62)


def end_of(parts: list[dict[str, Any]]) -> int | None:
    """The end of segments; None while the last of them is open."""
    ends = [part["end"] for part in parts]
    return None if ends[-1] is None else max(end for end in ends if end is not None)


def key_of(address: str | None) -> str | None:
    """The customer key of an address: a number, an e-mail address, or a name of a platform."""
    plain = customer_key(address) if address and ":" not in address else None
    return phone_key(address) or email_key(address) or plain


def channel_of(medias: list[tuple[str, str | None]], sink: Sink) -> str:
    """The channel of the first (media type, message type) that is known; others are counted."""
    for media, message in medias:
        if media.lower() in CHANNELS:
            said = MESSAGES.get((message or "").lower()) if media == "message" else None
            return said or CHANNELS[media.lower()]
        sink.note("unknown values", "unrecognised media types were read as unknown", example=media)
    return "unknown"

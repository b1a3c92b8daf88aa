"""The words of Genesys Cloud conversations: media, purposes, types of segments, how they end; and who is who."""

from __future__ import annotations

from miner.events.sink import Sink
from miner.events.times import SECOND
from miner.events.values import customer_key, email_key, phone_key
from miner.readers.calls.genesys_record import Participant, Segment

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


def caller_of(people: list[Participant]) -> Participant | None:
    """The customer; outside of queues Genesys calls them external, and a colleague who calls a queue a user."""
    for purpose in ("customer", "external"):
        if caller := next((one for one in people if one["purpose"] == purpose), None):
            return caller
    return _colleague(people)


def _colleague(people: list[Participant]) -> Participant | None:
    """Who called a queue from inside: the first of the staff, who was there before the queue and was not rung."""
    queue = next((one for one in people if one["purpose"] == "acd"), None)
    staff = next((one for one in people if one["purpose"] in PEOPLE), None)
    if queue is None or staff is None or came_at(staff) > came_at(queue):
        return None
    rung = any(segment["type"] == "alert" for session in staff["sessions"] for segment in session["segments"])
    return None if rung or any(session["direction"] == "inbound" for session in staff["sessions"]) else staff


def came_at(participant: Participant) -> int:
    """When a participant came; those without any segment come last."""
    times = [segment["at"] for session in participant["sessions"] for segment in session["segments"]]
    return min(times, default=1 << 62)


def end_of(segments: list[Segment]) -> int | None:
    """The end of segments; None while the last of them is open."""
    ends = [segment["end"] for segment in segments]
    return None if ends[-1] is None else max(end for end in ends if end is not None)


def address_key(address: str | None) -> str | None:
    """The customer key of an address: a number, an e-mail address, or a name of a platform."""
    plain = customer_key(address) if address and ":" not in address else None
    return phone_key(address) or email_key(address) or plain


def channel_of(medias: list[tuple[str, str | None]], sink: Sink) -> str:
    """The channel of the first (media type, message type) that is known; others are counted."""
    for media, message in medias:
        if media.lower() in CHANNELS:
            platform = MESSAGES.get((message or "").lower()) if media == "message" else None
            return platform or CHANNELS[media.lower()]
        sink.note("unknown values", "unrecognised media types were read as unknown", example=media)
    return "unknown"

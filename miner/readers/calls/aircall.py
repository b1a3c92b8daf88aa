"""Aircall calls from the API: pages, one call, lines, or webhooks; times are seconds since 1970.

A call names at most the last transfer, and not when it was; what was before is not in the data.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TypedDict, cast

from miner.events import times
from miner.events.schema import Event
from miner.events.sink import Sink
from miner.events.values import email_key, id_of, phone_key, text_of
from miner.readers.base import Match, SourceFile
from miner.readers.calls.fields import note_unknown
from miner.readers.shared import call_steps as steps
from miner.readers.shared.call_files import CallFiles, ReadCall
from miner.readers.shared.call_steps import Actor, Call, attributes
from miner.readers.shared.clock import Clock
from miner.readers.shared.fields import Json, Malformed, child, children
from miner.readers.shared.records import Record, paged_records, sample, shows
from miner.readers.shared.staging import Staged

NAME = "aircall"
TITLE = "Aircall calls"
TOTALS = {"transferred": "transfers"}
LINKED = True
OUTCOMES = ("abandoned",)

_PAGES = ("calls",)
_STATUSES = ("initial", "answered", "done", "missed", "voicemail", "abandoned", "refused")
_MISSED = (
    "out_of_opening_hours",
    "short_abandoned",
    "abandoned_in_ivr",
    "abandoned_in_classic",
    "no_available_agent",
    "agents_did_not_answer",
)


class CallRecord(TypedDict):
    """One call; `by`, `to` and `outside` are of the last transfer."""

    id: str
    start: int
    answered: int | None
    ended: int | None
    direction: str | None
    status: str | None
    missed: str | None
    phone: str | None
    number: str | None
    user: str | None
    by: str | None
    to: str | None
    outside: str | None
    teams: list[str]
    tags: list[str]
    email: str | None
    contact: str | None
    person: str | None


def sniff(file: SourceFile) -> Match | None:
    """A call has started_at in seconds, a direction, and Aircall's link or digits."""
    if any(_is_call(_unwrapped(record.value)) for record in sample(file, _PAGES, 5)):
        return Match(90, "records with direction, started_at, raw_digits, as in Aircall calls")
    if shows(file, "direct_link", "raw_digits", "started_at"):
        return Match(75, "a long record with direct_link, raw_digits and started_at")
    return None


def _unwrapped(value: Json) -> Json:
    """The call itself, without the envelope of a webhook or of a single answer."""
    inner = value.get("data") if value.get("resource") == "call" else value.get("call")
    return inner if isinstance(inner, dict) else value


def _is_call(value: Json) -> bool:
    return {"id", "direction", "started_at"} <= value.keys() and bool(
        {"raw_digits", "missed_call_reason", "transferred_to"} & value.keys()
    )


class _Files(CallFiles):
    """The files of one account: webhooks give a call many times, its latest state stays."""

    name, pages, keys = NAME, _PAGES, ()
    time_words = times.unit_in_words("s")

    def stage(self, file: SourceFile) -> None:
        """Lay the calls of a file down."""
        self.take_each(((record.line, record.value) for record in self._of_calls(file)), self._call)

    def interaction(self, key: str, records: list[Staged]) -> ReadCall:
        """The call."""
        return ReadCall(self.sink, _steps(records[0], self.sink))

    def _of_calls(self, file: SourceFile) -> Iterator[Record]:
        for record in paged_records(file, self.sink, self.pages):
            if record.value.get("resource", "call") == "call":
                yield record
            else:
                message = "webhooks about users, numbers and contacts rather than calls were skipped"
                self.sink.note("left out", message)

    def _call(self, line: int, value: Json) -> None:
        body = _record(_unwrapped(value), self.clock)
        # A webhook says when it was sent; tags and comments come after the end of a call.
        sent = self.clock.of(value, "timestamp") if "event" in value else None
        latest = max(at for at in (body["start"], body["answered"], body["ended"], sent) if at is not None)
        self.staging.add(line, body["id"], body, at=body["start"], id=body["id"], version=latest)


read, read_all = _Files.read, _Files.read_all


def _record(call: Json, clock: Clock) -> CallRecord:
    """The parts of a call that are used."""
    key, start = id_of(call.get("id")), clock.of(call, "started_at")
    if key is None:
        raise Malformed("id", "id is missing", call.get("id"))
    if start is None:
        raise Malformed("started_at", "started_at is missing", key)
    contact = child(call, "contact")
    mails = children(contact, "emails")
    names = (text_of(contact.get("first_name")), text_of(contact.get("last_name")))
    return {
        "id": key,
        "start": start,
        "answered": clock.of(call, "answered_at"),
        "ended": clock.of(call, "ended_at"),
        "direction": text_of(call.get("direction")),
        "status": text_of(call.get("status")),
        "missed": text_of(call.get("missed_call_reason")),
        "phone": phone_key(call.get("raw_digits")),
        "number": text_of(child(call, "number").get("name")),
        "user": _name(child(call, "user")),
        "by": _name(_person(call, "transferred_by")),
        "to": _name(_person(call, "transferred_to")),
        "outside": phone_key(call.get("external_transferred_to")),
        "teams": [name for team in children(call, "teams") if (name := text_of(team.get("name")))],
        "tags": [name for tag in children(call, "tags") if (name := text_of(tag.get("name")))],
        "email": next((mail for one in mails if (mail := email_key(one.get("value")))), None),
        "contact": id_of(contact.get("id")),
        "person": " ".join(name for name in names if name) or None,
    }


def _person(call: Json, field: str) -> Json:
    """A user or a team; some answers have only its name or id."""
    value = call.get(field)
    return {"id": value} if isinstance(value, (str, int)) and not isinstance(value, bool) else child(call, field)


def _name(user: Json) -> str | None:
    return text_of(user.get("name")) or id_of(user.get("id"))


def _steps(staged: Staged, sink: Sink) -> Iterator[Event]:
    """The events of one call, and the call itself."""
    body = cast(CallRecord, staged.body)
    call = Call("aircall", f"aircall:{body['id']}", "voice", body["phone"])
    note_unknown(sink, body["status"], _STATUSES, "states of calls")
    note_unknown(sink, body["missed"], _MISSED, "reasons for missed calls")
    transfers = 1 if body["to"] or body["outside"] or body["by"] else None
    identity = attributes(id=body["contact"], phone=body["phone"], email=body["email"], name=body["person"])
    call.declare(sink, attributes(transferred=transfers), identity)
    caller: Actor = ("customer", call.customer, None)
    start, answered, end, line = body["start"], body["answered"], body["ended"], attributes(number=body["number"])
    outbound = body["direction"] == "outbound"
    if outbound:
        made = [steps.step("Outbound call", "started", start, ("system", body["user"], None), attributes=line)]
    else:
        made = [steps.step("Call started", "started", start, caller, attributes=line)]
    until = answered if answered is not None else end
    if not outbound and (answered or end or start) > start:
        made.append(steps.step("Waiting", "queue_enter", start, ("system", body["number"], None), until))
    if answered is not None:
        if end is None:
            sink.note("open", "open calls were read as points in time", example=body["id"])
        made += _talk(body, answered, sink)
    if end is not None:
        made.append(_end(body, end))
    yield from steps.numbered(call.of(staged, made))


def _talk(body: CallRecord, answered: int, sink: Sink) -> Iterator[Event]:
    """The conversation stands with its user; the last transfer is noted where it is known, not when it was."""
    key, end = body["id"], body["ended"]
    team = body["teams"][0] if len(body["teams"]) == 1 else None
    if len(body["teams"]) > 1:
        sink.note("unknown team", "calls name several teams; the export does not say which answered", example=key)
    agent: Actor = ("agent", body["by"] or body["user"], team)
    yield steps.conversation(answered, end, agent)
    if not (body["to"] or body["outside"] or body["by"]):
        return
    sink.note("unknown", "of transferred calls only the last transfer is known, without its time", 1, key)
    kind = "external" if body["outside"] and not body["to"] else None
    to = attributes(to=body["to"] or ("outside" if body["outside"] else None))
    yield steps.transferred(end if end is not None else answered, agent, kind, attributes=to)


def _end(body: CallRecord, at: int) -> Event:
    about = attributes(tags=", ".join(body["tags"]) or None, missed_call_reason=body["missed"])
    if body["answered"] is not None:
        return steps.ended(at, attributes=about)
    if body["direction"] != "outbound" and (body["status"] == "abandoned" or "abandoned" in (body["missed"] or "")):
        return steps.abandoned(at, body["phone"], attributes=about)
    activity = "Voicemail left" if body["status"] == "voicemail" else "Missed"
    return steps.step(activity, "ended", at, steps.ROUTING, attributes=about)

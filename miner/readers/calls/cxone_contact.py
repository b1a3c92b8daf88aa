"""What happened in one NICE CXone contact: its parts, laid out one after another from its start."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TypedDict, cast

from miner.events.schema import Event
from miner.events.sink import Sink
from miner.events.times import SECOND
from miner.events.values import email_key, phone_key
from miner.readers.calls.fields import seconds_of
from miner.readers.calls.tables import Row, moment, need, yes
from miner.readers.shared import call_steps as steps
from miner.readers.shared.call_steps import ROUTING, Actor, Call, attributes
from miner.readers.shared.fields import Malformed
from miner.readers.shared.recorded import with_recorded
from miner.readers.shared.staging import Staged

LENGTHS = ("prequeue", "inqueue", "agent_time", "postqueue", "hold_time", "acw_seconds", "abandon_time", "total_time")
_DECLARED = {
    "prequeue": "PreQueue",
    "inqueue": "InQueue",
    "agent_time": "Agent_Time",
    "postqueue": "PostQueue",
    "hold_time": "Hold_Time",
    "acw_seconds": "ACW_Seconds",
    "total_time": "Total_Time",
}
_CHANNELS = (
    ("call", "voice"),
    ("phone", "voice"),
    ("voice", "voice"),
    ("chat", "chat"),
    ("mail", "email"),
    ("sms", "sms"),
    ("text", "sms"),
    ("work", "task"),
    ("social", "social"),
    ("digital", "messaging"),
)
_LATER = 1 << 20  # numbers of the steps of a contact that grew out of another


class Contact(TypedDict):
    """One row, with when each part of the contact's time began; lengths are µs."""

    id: str
    master: str | None
    start: int
    agent: str | None
    team: str | None
    skill: str | None
    media: str | None
    address: str | None
    abandoned: bool
    disposition: str | None
    lengths: dict[str, int | None]
    queued: int
    met: int | None
    left: int | None
    mapped: dict[str, str | None]


@dataclass(frozen=True)
class AgentTime:
    """Who had a contact, and until when, for those that grow out of it."""

    agent: str | None
    team: str | None
    end: int | None


def contact(row: Row, columns: dict[str, str]) -> Contact:
    """The parts of a row that are used."""
    start = moment(row, "start")
    if start is None:
        raise Malformed("start", "the start date and time are missing")
    lengths = {name: seconds_of(row.get(name)) for name in LENGTHS}
    agent = row.get("agent_name") or row.get("agent_no")
    queued = start + (lengths["prequeue"] or 0)
    met = queued + (lengths["inqueue"] or 0)
    talked = lengths["agent_time"] or 0
    return {
        "id": need(row, "contact_id"),
        "master": row.get("master_contact_id"),
        "start": start,
        "agent": agent,
        "team": row.get(columns.get("team", "team_name")) or row.get("skill_name"),
        "skill": row.get("skill_name"),
        "media": row.get("media_name"),
        "address": row.get("ani_dialnum"),
        "abandoned": yes(row.get("abandon")),
        "disposition": row.get("disp_name"),
        "lengths": lengths,
        "queued": queued,
        "met": met if talked else None,
        "left": met + talked if talked else None,
        "mapped": {key: row.get(name) for key, name in columns.items() if key != "team"},
    }


def steps_of(staged: Staged, agents: dict[str, AgentTime], sink: Sink) -> Iterator[Event]:
    """The events of one contact; the step by which its master gave it away belongs to the master."""
    body = cast(Contact, staged.body)
    master = body["master"] if body["master"] != body["id"] else None
    before = agents.get(master) if master else None
    call = _call(body, sink)
    if master:
        sink.refer(call.key, f"cxone:{master}", "master contact", same=True)
        if before is None:
            sink.note("truncated", "the contact before a transferred one is not in the export", example=call.key)
    made = [*_waits(body, call, master, before), *_talk(body, before), _end(body, call)]
    made[-1]["attributes"] = with_recorded(made[-1].get("attributes"), body["mapped"].get)
    # In the moment one takes over from the other, the steps of the one before come first.
    later = _LATER if before else 0
    for number, event in enumerate(steps.numbered(call.of(staged, made)), 1):
        yield {**event, "sequence": number + later}
    if before and before.end is not None and not _only_helped(body, before):
        giver = Call(call.system, f"cxone:{master}", call.channel, call.customer, call.intent)
        for event in giver.of(staged, [_transfer(body, before, before.end)]):
            yield {**event, "sequence": _LATER - 1}


def _call(body: Contact, sink: Sink) -> Call:
    """The contact, declared."""
    phone, email = phone_key(body["address"]), email_key(body["address"])
    mapped, lengths = body["mapped"], body["lengths"]
    customer = mapped.get("customer") or phone or email
    call = Call("cxone", f"cxone:{body['id']}", _channel(body["media"], sink), customer, mapped.get("intent"))
    totals = {total: length // SECOND for name, total in _DECLARED.items() if (length := lengths[name]) is not None}
    call.declare(sink, attributes(**totals), attributes(phone=phone, email=email))
    return call


def _waits(body: Contact, call: Call, master: str | None, before: AgentTime | None) -> Iterator[Event]:
    """The start, the menu and the queue."""
    lengths, queued = body["lengths"], body["queued"]
    if before is None or before.end is None:
        actor: Actor = ("customer", call.customer, None) if master is None else ROUTING
        yield steps.step("Contact started", "started", body["start"], actor)
    if lengths["prequeue"]:
        yield steps.step("Before the queue", "ivr_enter", body["start"], ("ivr", "menu", None), queued)
    if lengths["inqueue"]:
        yield steps.queued(queued, queued + lengths["inqueue"], body["skill"], body["team"])


def _talk(body: Contact, before: AgentTime | None) -> Iterator[Event]:
    """The agent's time with its hold and the work after it; until the first agent leaves, who is asked only helps."""
    met, left, lengths = body["met"], body["left"], body["lengths"]
    if met is None or left is None:
        return
    agent: Actor = ("agent", body["agent"], body["team"])
    if before and _only_helped(body, before):
        team = attributes(helping_team=body["team"])
        yield steps.consulted(met, left, body["agent"], only=True, attributes=team)
        return
    if before and before.end is not None and met < before.end:
        if met < before.end - SECOND:
            yield steps.consulted(met, before.end, body["agent"])
        met = before.end
    hold = min(lengths["hold_time"] or 0, max(left - met, 0))
    yield steps.conversation(met, left, agent, hold_us=hold or None)
    if lengths["acw_seconds"]:
        yield steps.wrap_up("After-contact work", left, left + lengths["acw_seconds"], agent)


def _transfer(body: Contact, before: AgentTime, end: int) -> Event:
    """How the agent before gave the contact away."""
    warm = body["met"] is not None and body["met"] < end - SECOND
    at = end if warm or body["start"] > end else body["start"]
    return steps.transferred(
        min(at, end),
        ("agent", before.agent, before.team),
        "consult" if warm else "blind",
        attributes=attributes(to_team=body["team"]),
    )


def _only_helped(body: Contact, before: AgentTime) -> bool:
    """Whether a contact's agent left while the one before still talked."""
    met, left = body["met"], body["left"]
    if before.end is None or met is None or left is None:
        return False
    return met < before.end - SECOND and left <= before.end


def _end(body: Contact, call: Call) -> Event:
    lengths, mapped = body["lengths"], body["mapped"]
    waited = body["queued"] + (lengths["inqueue"] or 0)
    if body["abandoned"]:
        length = lengths["abandon_time"]
        at = body["start"] + length if length is not None else waited
        return steps.abandoned(at, call.customer, outcome=mapped.get("outcome") or "abandoned")
    at = body["left"] if body["left"] is not None else waited
    return steps.ended(at, outcome=mapped.get("outcome") or body["disposition"])


def _channel(media: str | None, sink: Sink) -> str:
    low = (media or "").lower()
    for part, channel in _CHANNELS:
        if part in low:
            return channel
    if media:
        sink.note("unknown values", "unrecognised media were read as unknown", example=media)
    return "unknown"

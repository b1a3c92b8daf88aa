"""What the rows of one Cisco Unified CCX session say, from their numeric codes.

A leg whose call says `transfer` began by one: the agent of the leg before handed over.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterator
from typing import Any, Literal

from miner.events.schema import Event
from miner.events.sink import Sink
from miner.events.times import SECOND
from miner.events.values import customer_key, phone_key
from miner.readers.calls.fields import note_unknown
from miner.readers.calls.uccx_rows import AgentRow, CallRow, Leg, Names, QueueRow
from miner.readers.shared import call_steps as steps
from miner.readers.shared.agent_legs import AgentLeg, settle_ownership
from miner.readers.shared.call_steps import Actor, Call, attributes
from miner.readers.shared.recorded import conclude
from miner.readers.shared.staging import Staged

_TYPES = {
    "1": "incoming",
    "2": "outgoing",
    "3": "internal",
    "4": "redirect in",
    "5": "transfer in",
    "6": "preview outbound",
    "7": "IVR outbound",
    "8": "agent outbound",
    "9": "agent transfer callback",
}
_DISPOSITIONS = {"1": "abandoned", "2": "handled", "3": "do not care", "4": "aborted", "5": "rejected", "99": "cleared"}
_QUEUE_DISPOSITIONS = {
    "1": "abandoned",
    "2": "handled by CSQ",
    "3": "dequeued",
    "4": "handled by script",
    "5": "handled by another CSQ",
}
_CSQ, _AGENT = "0", "1"
_OUT = ("2", "6", "7", "8")
_TOTALS = {
    "talkTime": "talk",
    "holdTime": "hold",
    "workTime": "work",
    "ringTime": "ring",
    "queueTime": "queued",
    "connectTime": "connected",
}
_PARTS: tuple[Literal["ring"], Literal["talk"], Literal["hold"], Literal["work"]] = ("ring", "talk", "hold", "work")


class Session:
    """One call with its legs in order."""

    def __init__(self, key: str, rows: list[Staged], names: Names, sink: Sink):
        self.rows, self.names, self.sink = rows, names, sink
        legs: dict[int, Leg] = defaultdict(Leg)
        for row in rows:
            leg, body = legs[row.body["seq"]], row.body
            places: dict[str, list[Any]] = {"call": leg.calls, "queue": leg.queues, "agent": leg.agents}
            places[body["kind"]].append((row, body))
        self.legs = [legs[number] for number in sorted(legs)]
        self.calls = [body for leg in self.legs for _, body in leg.calls]
        self.agent_legs = self._agent_legs()
        self.mapped = {key: value for body in self.calls for key, value in body["mapped"].items()}
        self.phone = self._phone()
        customer = customer_key(self.mapped.get("customer")) or self.phone
        self.call = Call("uccx", f"uccx:{key}", "voice", customer, self.mapped.get("intent"))

    def steps(self) -> Iterator[Event]:
        """The events of the call, as keywords of `Sink.event`; the call itself goes to the sink."""
        if not any(leg.calls or leg.agents for leg in self.legs):
            self.sink.note(
                "truncated",
                "sessions with queue rows only have no time and were left out; give "
                "ContactCallDetail and AgentConnectionDetail too",
                example=self.call.key,
            )
            return
        self._declare()
        made: list[Event] = []
        for i, leg in enumerate(self.legs):
            made += self._leg(i, leg)
        made += self._end()
        conclude(made, self.mapped)
        yield from steps.numbered(made)

    def _declare(self) -> None:
        totals: dict[str, int] = defaultdict(int)
        for row in self.rows:
            for total, name in _TOTALS.items():
                if row.body.get(name) is not None:
                    totals[total] += row.body[name] // SECOND
        if self.calls:
            totals["transfer"] = sum(body["transfer"] for body in self.calls)
            totals["conference"] = sum(body["conference"] for body in self.calls)
        case = self.mapped.get("case")
        self.call.declare(
            self.sink,
            json.dumps(dict(sorted(totals.items()))),
            attributes(phone=self.phone),
            [(case, "ticket id")] if case else (),
        )

    def _leg(self, i: int, leg: Leg) -> Iterator[Event]:
        for row, call in leg.calls:
            yield from self.call.of(row, self._call(i, call))
        start = min((row.at for row, _ in (*leg.calls, *leg.agents)), default=None)
        for row, queue in leg.queues:
            yield from self.call.of(row, self._queue(leg, queue, start))
        for row, agent in leg.agents:
            yield from self.call.of(row, self._agent(leg, row, agent))

    def _call(self, i: int, call: CallRow) -> Iterator[Event]:
        kind = call["type"]
        note_unknown(self.sink, kind, _TYPES, "contact types")
        note_unknown(self.sink, call["disposition"], _DISPOSITIONS, "contact dispositions")
        if i == 0:
            outbound = kind in _OUT
            agent = self.names.person(call["from_id"]) if call["from_type"] == _AGENT else None
            actor: Actor = ("system", agent, None) if outbound else ("customer", self.call.customer, None)
            about = attributes(application=call["application"], contactType=_TYPES.get(kind or "", kind))
            activity = "Outbound call" if outbound else "Call started"
            yield steps.step(activity, "started", call["start"], actor, attributes=about)
        before = self._agent_before(i)
        if before is not None and (call["transfer"] or kind == "5"):
            handoff = "conference" if call["conference"] else None
            to_team = attributes(to_team=self._first_queue(self.legs[i]))
            yield steps.transferred(call["start"], before, handoff, attributes=to_team)

    def _queue(self, leg: Leg, queue: QueueRow, start: int | None) -> Iterator[Event]:
        code = queue["disposition"]
        note_unknown(self.sink, code, _QUEUE_DISPOSITIONS, "queue dispositions")
        if start is None:
            message = "queue rows without their leg have no time and were skipped"
            self.sink.note("truncated", message, example=self.call.key)
            return
        # The wait ends when the agent who answered began; else it is laid at the start of the leg.
        talked = [row.at for row, agent in leg.agents if agent["qindex"] == queue["qindex"] and agent["talk"]]
        waited = queue["queued"] or 0
        begin = max(min(talked) - waited, start) if talked else start
        team = self._queue_name(queue)
        about = attributes(disposition=_QUEUE_DISPOSITIONS.get(code or "", code))
        yield steps.queued(begin, begin + waited, team, team, attributes=about)

    def _agent(self, leg: Leg, row: Staged, agent: AgentRow) -> Iterator[Event]:
        name, team = self.names.person(agent["resource"]), self._team(leg, agent)
        rung, talked, held, worked = (agent[part] or 0 for part in _PARTS)
        if not talked and not held:
            yield steps.not_answered(row.at, row.at + rung, name, team)
            return
        if rung:
            yield steps.offered(row.at, row.at + rung, name, team)
        on_call = self.agent_legs[id(row)]
        begin, end, owned_from = on_call.start, row.at + rung + talked + held, on_call.owned_from
        if on_call.helped_first:
            about = attributes(helping_team=team)
            yield steps.consulted(begin, owned_from or end, name, only=owned_from is None, attributes=about)
        actor: Actor = ("agent", name, team)
        if owned_from is not None:
            hold = min(held, max(end - owned_from, 0)) or None
            yield steps.conversation(owned_from, end, actor, hold_us=hold)
        if worked:
            made = steps.wrap_up("Work after the call", end, end + worked, actor, outcome=agent["wrapup"])
            yield steps.owned(made, owned_from, (other.owned_from for other in self.agent_legs.values()))

    def _agent_legs(self) -> dict[int, AgentLeg]:
        """When each agent who talked was on the call; who comes while another still talks only helps until then."""
        legs = {}
        for row, agent in sorted((one for leg in self.legs for one in leg.agents), key=lambda one: one[0].at):
            begin, talked = row.at + (agent["ring"] or 0), (agent["talk"] or 0) + (agent["hold"] or 0)
            if talked:
                legs[id(row)] = AgentLeg(person=agent["resource"], start=begin, end=begin + talked)
        settle_ownership(list(legs.values()), SECOND)
        return legs

    def _end(self) -> Iterator[Event]:
        ends: list[tuple[int, Staged]] = []
        for leg in self.legs:
            ends += [(call["end"], row) for row, call in leg.calls if call["end"] is not None]
            ends += [(agent["end"], row) for row, agent in leg.agents if agent["end"] is not None]
        if not ends:
            message = "calls without an end were read up to their last known time"
            self.sink.note("open", message, example=self.call.key)
            return
        at, row = max(ends, key=lambda one: one[0])
        code = self.calls[-1]["disposition"] if self.calls else None
        answered = any(agent["talk"] for leg in self.legs for _, agent in leg.agents)
        if code == "1" and not answered:
            end = steps.abandoned(at, self.call.customer)
        else:
            end = steps.ended(at, attributes=attributes(contactDisposition=_DISPOSITIONS.get(code or "", code)))
        yield from self.call.of(row, [end])

    def _agent_before(self, i: int) -> Actor | None:
        """The last agent who talked in a leg before, with the queue they answered for."""
        for leg in reversed(self.legs[:i]):
            talked = [(row.at, agent) for row, agent in leg.agents if agent["talk"]]
            if talked:
                _, last = max(talked, key=lambda one: one[0])
                return "agent", self.names.person(last["resource"]), self._team(leg, last)
        return None

    def _team(self, leg: Leg, agent: AgentRow) -> str | None:
        """The queue that an agent answered for: of the same index, else the one that the leg was handled by."""
        queues = [queue for _, queue in leg.queues if queue["target_type"] == _CSQ]
        same = [queue for queue in queues if queue["qindex"] == agent["qindex"]]
        handled = [queue for queue in same or queues if queue["disposition"] == "2"] or same or queues
        return self._queue_name(handled[0]) if len(handled) == 1 else None

    def _first_queue(self, leg: Leg) -> str | None:
        return next((self._queue_name(queue) for _, queue in leg.queues if queue["target_type"] == _CSQ), None)

    def _queue_name(self, queue: QueueRow) -> str | None:
        if queue["target_type"] == _AGENT:
            return self.names.person(queue["target"])
        return self.names.queues.get(queue["target"] or "", queue["target"])

    def _phone(self) -> str | None:
        """The number at the other end: of the first leg, and of whichever end is no agent."""
        call = next(iter(self.calls), None)
        if call is None:
            return None
        if call["type"] in _OUT:
            return phone_key(call["called"] or call["to_number"])
        return phone_key(call["from_number"]) if call["from_type"] != _AGENT else None

"""What the rows of one Cisco Unified CCX session say, from their numeric codes.

A leg (sessionSeqNum) has a row of the call, a row for each queue it waited in, and one for each agent it was presented
to. A leg whose call says `transfer` began by one: the agent of the leg before handed over.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from miner.events.sink import Sink
from miner.events.times import SECOND
from miner.events.values import customer_key, phone_key
from miner.readers.calls.seats import Seat, passed_on, take_over
from miner.readers.calls.steps import (
    ROUTING,
    Actor,
    Step,
    attributes,
    common_of,
    count,
    helper,
    no_owner,
    numbered,
    step,
)
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

Body = dict[str, Any]


@dataclass
class Names:
    """What resources and queues are called, by their ids."""

    people: dict[str, str | None] = field(default_factory=dict)
    queues: dict[str, str] = field(default_factory=dict)


@dataclass
class _Leg:
    calls: list[Staged] = field(default_factory=list)
    queues: list[Staged] = field(default_factory=list)
    agents: list[Staged] = field(default_factory=list)


class Session:
    """One call with its legs in order."""

    def __init__(self, key: str, rows: list[Staged], names: Names, sink: Sink):
        self.key, self.rows, self.names, self.sink = f"uccx:{key}", rows, names, sink
        legs: dict[int, _Leg] = defaultdict(_Leg)
        for row in rows:
            place = {"call": "calls", "queue": "queues", "agent": "agents"}[row.body["kind"]]
            getattr(legs[row.body["seq"]], place).append(row)
        self.legs = [legs[number] for number in sorted(legs)]
        calls = [row.body for leg in self.legs for row in leg.calls]
        self.seats = self._seats()
        self.mapped = {key: value for body in calls for key, value in body["mapped"].items()}
        self.phone = self._phone(calls)
        self.customer = customer_key(self.mapped.get("customer")) or self.phone

    def steps(self) -> Iterator[Step]:
        """The events of the call, as keywords of `Sink.event`; the call itself goes to the sink."""
        if not any(row.body["kind"] != "queue" for row in self.rows):
            self.sink.note(
                "truncated",
                "sessions with queue rows only have no time and were left out; give "
                "ContactCallDetail and AgentConnectionDetail too",
                example=self.key,
            )
            return
        self._declare()
        found: list[Step] = []
        for i, leg in enumerate(self.legs):
            found += self._leg(i, leg)
        found += self._end()
        conclude(found, self.mapped)
        yield from numbered(found, {})

    def _declare(self) -> None:
        totals: dict[str, int] = defaultdict(int)
        for row in self.rows:
            for said, name in (
                ("talkTime", "talk"),
                ("holdTime", "hold"),
                ("workTime", "work"),
                ("ringTime", "ring"),
                ("queueTime", "queued"),
                ("connectTime", "connected"),
            ):
                if row.body.get(name) is not None:
                    totals[said] += row.body[name] // SECOND
        if any(leg.calls for leg in self.legs):
            totals["transfer"] = sum(row.body["transfer"] for leg in self.legs for row in leg.calls)
            totals["conference"] = sum(row.body["conference"] for leg in self.legs for row in leg.calls)
        self.sink.interaction(
            interaction_id=self.key,
            source_system="uccx",
            channel="voice",
            customer=self.customer,
            intent=self.mapped.get("intent"),
            declared=json.dumps(dict(sorted(totals.items()))),
            identity=attributes(phone=self.phone),
        )
        if self.mapped.get("case"):
            self.sink.refer(self.key, self.mapped["case"], "ticket id")

    def _leg(self, i: int, leg: _Leg) -> Iterator[Step]:
        for row in leg.calls:
            yield from self._call(i, row)
        start = min((row.at for row in (*leg.calls, *leg.agents)), default=None)
        for row in leg.queues:
            yield from self._queue(leg, row, start)
        for row in leg.agents:
            yield from self._agent(leg, row)

    def _call(self, i: int, row: Staged) -> Iterator[Step]:
        body = row.body
        count(self.sink, body["type"], _TYPES, "contact types")
        count(self.sink, body["disposition"], _DISPOSITIONS, "contact dispositions")
        common = self._common(row)
        if i == 0:
            outbound = body["type"] in _OUT
            agent = self._person(body["from_id"]) if body["from_type"] == _AGENT else None
            actor: Actor = ("system", agent, None) if outbound else ("customer", self.customer, None)
            yield {
                **common,
                **step(
                    "Outbound call" if outbound else "Call started",
                    "started",
                    row.at,
                    actor,
                    attributes=attributes(
                        application=body["application"], contactType=_TYPES.get(body["type"], body["type"])
                    ),
                ),
            }
        before = self._before(i)
        if before is not None and (body["transfer"] or body["type"] == "5"):
            name, team = before
            to = self._teams(self.legs[i])
            yield {
                **common,
                **step(
                    "Transferred",
                    "handoff",
                    row.at,
                    ("agent", name, team),
                    handoff_kind="conference" if body["conference"] else None,
                    attributes=attributes(to_team=to),
                ),
            }

    def _queue(self, leg: _Leg, row: Staged, start: int | None) -> Iterator[Step]:
        body = row.body
        count(self.sink, body["disposition"], _QUEUE_DISPOSITIONS, "queue dispositions")
        if start is None:
            self.sink.note("truncated", "queue rows without their leg have no time and were skipped", example=self.key)
            return
        # The wait ends when the agent who answered began; else it is laid at the start of the leg.
        talked = [one.at for one in leg.agents if one.body["qindex"] == body["qindex"] and one.body["talk"]]
        queued = body["queued"] or 0
        begin = max(min(talked) - queued, start) if talked else start
        team = self._named(body)
        yield {
            **self._common(row),
            **step(
                "Queued",
                "queue_enter",
                begin,
                ("system", team, team),
                begin + queued,
                attributes=attributes(disposition=_QUEUE_DISPOSITIONS.get(body["disposition"], body["disposition"])),
            ),
        }

    def _agent(self, leg: _Leg, row: Staged) -> Iterator[Step]:
        body, common = row.body, self._common(row)
        name, team = self._person(body["resource"]), self._team(leg, body)
        rung, talked, held, worked = (body[part] or 0 for part in ("ring", "talk", "hold", "work"))
        if not talked and not held:
            yield {
                **common,
                **step(
                    "Not answered",
                    "agent_no_answer",
                    row.at,
                    ("system", name, team),
                    row.at + rung,
                    handoff_kind="requeue_no_answer",
                ),
            }
            return
        if rung:
            yield {**common, **step("Offered", "agent_offered", row.at, ("system", name, team), row.at + rung)}
        seat = self.seats[id(row)]
        begin, end, owns = seat.start, row.at + rung + talked + held, seat.owns
        if owns is None or owns > begin:
            yield {
                **common,
                **no_owner(
                    step(
                        "Consulted",
                        "consult_start",
                        begin,
                        helper(name),
                        owns or end,
                        handoff_kind="consult_only" if owns is None else None,
                        attributes=attributes(helping_team=team),
                    )
                ),
            }
        if owns is not None:
            yield {
                **common,
                **step(
                    "Conversation",
                    "agent_connected",
                    owns,
                    ("agent", name, team),
                    end,
                    hold_us=min(held, max(end - owns, 0)) or None,
                ),
            }
        if worked:
            made = step(
                "Work after the call", "wrapup_start", end, ("agent", name, team), end + worked, outcome=body["wrapup"]
            )
            over = passed_on(owns, end, (other.owns for other in self.seats.values()))
            yield {**common, **(no_owner(made) if over else made)}

    def _seats(self) -> dict[int, Seat]:
        """When each agent who talked was on the call; who comes while another still talks only helps until then."""
        found = {}
        for row in sorted((row for leg in self.legs for row in leg.agents), key=lambda row: row.at):
            rung, talked = row.body["ring"] or 0, (row.body["talk"] or 0) + (row.body["hold"] or 0)
            if talked:
                found[id(row)] = Seat(person=row.body["resource"], start=row.at + rung, end=row.at + rung + talked)
        take_over(list(found.values()), SECOND)
        return found

    def _end(self) -> Iterator[Step]:
        ended = [
            (row.body["end"], row)
            for leg in self.legs
            for row in (*leg.calls, *leg.agents)
            if row.body["end"] is not None
        ]
        if not ended:
            self.sink.note("open", "calls without an end were read up to their last known time", example=self.key)
            return
        at, row = max(ended, key=lambda one: one[0])
        calls = [one.body for leg in self.legs for one in leg.calls]
        said = calls[-1]["disposition"] if calls else None
        answered = any(one.body["talk"] for leg in self.legs for one in leg.agents)
        if said == "1" and not answered:
            yield {
                **self._common(row),
                **step("Abandoned", "abandoned", at, ("customer", self.customer, None), outcome="abandoned"),
            }
        else:
            more = attributes(contactDisposition=_DISPOSITIONS.get(said, said) if said else None)
            yield {**self._common(row), **step("Ended", "ended", at, ROUTING, attributes=more)}

    def _before(self, i: int) -> tuple[str | None, str | None] | None:
        """The last agent who talked in a leg before, with the queue they answered for."""
        for leg in reversed(self.legs[:i]):
            talked = [row for row in leg.agents if row.body["talk"]]
            if talked:
                last = max(talked, key=lambda row: row.at)
                return self._person(last.body["resource"]), self._team(leg, last.body)
        return None

    def _team(self, leg: _Leg, body: Body) -> str | None:
        """The queue that an agent answered for: of the same index, else the one that the leg was handled by."""
        queues = [row.body for row in leg.queues if row.body["target_type"] == _CSQ]
        same = [one for one in queues if one["qindex"] == body["qindex"]]
        handled = [one for one in same or queues if one["disposition"] == "2"] or same or queues
        return self._named(handled[0]) if len(handled) == 1 else None

    def _teams(self, leg: _Leg) -> str | None:
        return next((self._named(row.body) for row in leg.queues if row.body["target_type"] == _CSQ), None)

    def _named(self, body: Body) -> str | None:
        if body["target_type"] == _AGENT:
            return self._person(body["target"])
        return self.names.queues.get(body["target"] or "", body["target"])

    def _person(self, key: str | None) -> str | None:
        return self.names.people.get(key or "") or key

    def _phone(self, calls: list[Body]) -> str | None:
        """The number at the other end: of the first leg, and of whichever end is no agent."""
        for body in calls[:1]:
            outbound = body["type"] in _OUT
            number = (body["called"] or body["to_dn"]) if outbound else body["from"]
            return phone_key(number) if (outbound or body["from_type"] != _AGENT) else None
        return None

    def _common(self, row: Staged) -> dict[str, Any]:
        return common_of(
            row, "uccx", self.key, channel="voice", customer=self.customer, intent=self.mapped.get("intent")
        )

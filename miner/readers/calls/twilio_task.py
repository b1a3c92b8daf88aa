"""What the events of one TaskRouter task say: queues, reservations, transfers.

A worker has the task from the acceptance of the reservation to its wrap-up or completion. In a warm transfer two have
it at once: it is the second's only when the first has left.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import cast

from miner.events.schema import Event
from miner.events.sink import Sink
from miner.events.values import customer_key, email_key, phone_key
from miner.readers.calls.twilio_event import TaskEvent
from miner.readers.shared import call_steps as steps
from miner.readers.shared.agent_legs import AgentLeg, settle_ownership
from miner.readers.shared.call_steps import ROUTING, Actor, Call, attributes
from miner.readers.shared.recorded import conclude
from miner.readers.shared.staging import Staged

_CHANNELS = {
    "voice": "voice",
    "chat": "chat",
    "web": "chat",
    "webchat": "chat",
    "sms": "sms",
    "whatsapp": "messaging",
    "messenger": "social",
    "facebook": "social",
    "video": "video",
    "email": "email",
    "callback": "callback",
    "default": "task",
}
_UNANSWERED = ("reservation.rejected", "reservation.timeout")
_WITHDRAWN = ("reservation.canceled", "reservation.rescinded", "reservation.failed")
_LEAVES = ("reservation.wrapup", "reservation.completed", "reservation.canceled", "reservation.rescinded")
_ENDS = ("task.completed", "task.canceled", "task.deleted", "task.system-deleted")
_FAILED = ("task.transfer-failed", "task.transfer-canceled", "task.transfer-attempt-failed")
_QUEUES = ("task-queue.entered", "task-queue.moved")
_QUIET = frozenset(
    (
        "task.updated",
        "task.wrapup",
        "reservation.created",
        "reservation.completed",
        "workflow.entered",
        "workflow.target-matched",
        "workflow.skipped",
        "task.transfer-completed",
    )
)


@dataclass(kw_only=True)
class _Leg(AgentLeg):
    """A reservation that was accepted."""

    reservation: str | None
    team: str | None
    row: Staged
    done: int | None = None  # when the work after the conversation ended


class Task:
    """One task with its events in order."""

    def __init__(self, rows: list[Staged], sink: Sink):
        self.rows, self.sink = rows, sink
        self.events = [cast(TaskEvent, row.body) for row in rows]
        # The attributes of a task grow: what was said last counts.
        latest = list(reversed(self.events))
        self.mapped = {key: value for event in self.events for key, value in event["mapped"].items()}
        address = next((event["address"] for event in latest if event["address"]), None)
        email = next((event["email"] for event in latest if event["email"]), None)
        declared = next((event["customer"] for event in latest if event["customer"]), None)
        self.outbound = any(event["outbound"] for event in latest)
        self.phone, self.email = phone_key(address), email_key(address) or email_key(email)
        self.call = Call(
            "twilio",
            f"twilio:{self.events[0]['task']}",
            self._channel(latest),
            customer_key(declared) or self.phone or self.email,
            self.mapped.get("intent"),
        )
        self.over = next((event["at"] for event in self.events if event["kind"] in _ENDS), None)
        self.legs = self._legs()
        self.later: list[Event] = []  # what begins as another's part ends: after it, in the same moment

    def steps(self) -> Iterator[Event]:
        """The events of the task, as keywords of `Sink.event`."""
        made: list[Event] = []
        if self.events[0]["kind"] not in ("task.created", "workflow.entered", "task-queue.entered"):
            self.sink.note("truncated", "tasks whose creation is not in the export", example=self.call.key)
        for i, (row, event) in enumerate(zip(self.rows, self.events, strict=True)):
            made += self.call.of(row, self._event(i, event))
        made += self.later
        if not made:
            made = self.call.of(self.rows[0], [steps.step("Task updated", None, self.rows[0].at, ROUTING)])
        conclude(made, self.mapped)
        return steps.numbered(made)

    def declare(self) -> None:
        """The task itself, and what it names."""
        latest = list(reversed(self.events))
        age = next((event["age"] for event in latest if event["age"]), None)
        person = next((event["person"] for event in latest if event["person"]), None)
        conversation = next((event["conversation"] for event in latest if event["conversation"]), None)
        self.call.declare(
            self.sink,
            json.dumps({"task_age": age}) if age is not None else None,
            attributes(phone=self.phone, email=self.email, name=person),
        )
        if conversation and f"twilio:{conversation}" != self.call.key:
            self.sink.refer(self.call.key, f"twilio:{conversation}", "conversation", same=True)
        for ticket in sorted({ticket for event in self.events for ticket in event["tickets"]}):
            self.sink.refer(self.call.key, ticket, "ticket id")

    def _event(self, i: int, event: TaskEvent) -> Iterator[Event]:
        kind, at, team = event["kind"], event["at"], event["queue"]
        if kind == "task.created":
            starter: Actor = ROUTING if self.outbound else ("customer", self.call.customer, None)
            yield steps.step("Contact started", "started", at, starter)
        elif kind in _QUEUES:
            yield steps.queued(at, self._waited(i), team, team)
        elif kind == "reservation.accepted":
            yield from self._accepted(i, event)
        elif kind in (*_UNANSWERED, *_WITHDRAWN):
            if self._leg(event["reservation"]) is None:
                yield self._offered(i, event)
        elif kind == "reservation.wrapup":
            yield from self._wrapup(event)
        elif kind == "task.transfer-initiated":
            yield self._transfer(i, event)
        elif kind in _FAILED:
            why = attributes(reason=event["reason"], event=kind)
            yield steps.step("Transfer failed", None, at, ROUTING, attributes=why)
        elif kind in _ENDS:
            yield from self._end(event)
        elif kind not in _QUIET:
            self.sink.note("unknown values", "unknown events were kept unchanged", example=kind)
            yield steps.step(kind, None, at, ROUTING)

    def _accepted(self, i: int, event: TaskEvent) -> Iterator[Event]:
        row = self.rows[i]
        leg = next(leg for leg in self.legs if leg.row is row)
        if leg.end is None:
            self.sink.note("open", "open reservations were read as points in time", example=self.call.key)
        if leg.helped_first:
            until, team = leg.owned_from or leg.end, attributes(helping_team=leg.team)
            yield steps.consulted(leg.start, until, leg.person, only=leg.owned_from is None, attributes=team)
        if leg.owned_from is not None:
            more = attributes(worker_time_in_previous_activity_s=event["worker_time"])
            agent = ("agent", leg.person, leg.team)
            made = steps.conversation(leg.owned_from, leg.end, agent, attributes=more)
            if leg.helped_first:
                self.later += self.call.of(row, [made])
            else:
                yield made

    def _offered(self, i: int, event: TaskEvent) -> Event:
        """A reservation that nobody accepted, from its creation."""
        made = (
            other["at"]
            for other in reversed(self.events[:i])
            if other["kind"] == "reservation.created" and other["reservation"] == event["reservation"]
        )
        at, until = next(made, event["at"]), event["at"]
        if event["kind"] in _UNANSWERED:
            return steps.not_answered(at, until, event["worker"], event["queue"])
        actor = ("system", event["worker"], event["queue"])
        return steps.step("Offer withdrawn", "agent_offered", at, actor, until)

    def _wrapup(self, event: TaskEvent) -> Iterator[Event]:
        leg = next((leg for leg in self.legs if leg.reservation == event["reservation"]), None)
        if leg:
            made = steps.wrap_up("Wrap-up", event["at"], leg.done, ("agent", leg.person, leg.team))
            yield steps.owned(made, leg.owned_from, (other.owned_from for other in self.legs))

    def _transfer(self, i: int, event: TaskEvent) -> Event:
        at, mode = event["at"], event["mode"]
        giver = self._leg(event["by"]) or next((leg for leg in reversed(self.legs) if leg.start <= at), None)
        taker = next((leg for leg in self.legs if leg.start >= at and leg is not giver), None)
        agent: Actor = ("agent", giver.person if giver else None, giver.team if giver else None)
        about = attributes(mode=mode, to=event["transfer_to"], to_team=taker.team if taker else None)
        if self._outcome(i) in _FAILED or (taker is not None and taker.owned_from is None):
            activity = "Consult started" if taker else "Transfer attempted"
            return steps.step(activity, "consult_start", at, agent, attributes=about)
        warm = (mode or "").upper() == "WARM"
        taken = taker.owned_from if warm and taker and taker.owned_from is not None else at
        return steps.transferred(
            max(taken, at), agent, "consult" if warm else "blind" if mode else None, attributes=about
        )

    def _outcome(self, i: int) -> str | None:
        """How a transfer went: the next event of it."""
        for event in self.events[i + 1 :]:
            kind = event["kind"]
            if kind.startswith("task.transfer-") and kind != "task.transfer-attempt-failed":
                return None if kind == "task.transfer-initiated" else kind
        return None

    def _end(self, event: TaskEvent) -> Iterator[Event]:
        at, why = event["at"], attributes(reason=event["canceled"] or event["completed"] or event["reason"])
        if at != self.over:
            return
        if event["kind"] == "task.canceled" and not self.legs:
            yield steps.abandoned(at, self.call.customer, attributes=why)
        else:
            yield steps.ended(at, attributes=why)

    def _waited(self, i: int) -> int | None:
        """When a wait in a queue ends: at the next acceptance, the next queue, or the end of the task."""
        for event in self.events[i + 1 :]:
            if event["kind"] in ("reservation.accepted", *_QUEUES, *_ENDS):
                return event["at"]
        message = "waits that do not end in the export were read as points in time"
        self.sink.note("open", message, example=self.call.key)
        return None

    def _legs(self) -> list[_Leg]:
        legs: list[_Leg] = []
        for row, event in zip(self.rows, self.events, strict=True):
            kind, at, reservation = event["kind"], event["at"], event["reservation"]
            if kind == "reservation.accepted":
                person, team = event["worker"], event["queue"]
                legs.append(_Leg(person=person, start=at, reservation=reservation, team=team, row=row))
            elif kind in _LEAVES:
                for leg in legs:
                    if leg.reservation == reservation:
                        leg.end = leg.end if leg.end is not None else at
                        leg.done = at if kind != "reservation.wrapup" else leg.done
        for leg in legs:
            leg.end, leg.done = (at if at is not None else self.over for at in (leg.end, leg.done))
        settle_ownership(legs)
        return legs

    def _leg(self, reservation: str | None) -> _Leg | None:
        """The leg of a reservation that was accepted."""
        return next((leg for leg in self.legs if leg.reservation and leg.reservation == reservation), None)

    def _channel(self, latest: list[TaskEvent]) -> str:
        types = (event["channel_type"] for event in latest if event["channel_type"])
        media = (event["medium"] for event in latest if event["medium"])
        for word in (next(types, None), next(media, None)):
            if word and word.lower() in _CHANNELS:
                return _CHANNELS[word.lower()]
            if word:
                self.sink.note("unknown values", "unrecognised channels were read as unknown", example=word)
        return "unknown"

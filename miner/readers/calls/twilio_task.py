"""What the events of one TaskRouter task say: queues, reservations, transfers.

A worker has the task from the acceptance of the reservation to its wrap-up or completion. In a warm transfer two have
it at once: it is the second's only when the first has left.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from miner.events.sink import Sink
from miner.events.values import customer_key, email_key, phone_key
from miner.readers.calls.seats import Seat, passed_on, take_over
from miner.readers.calls.steps import (
    ROUTING,
    Actor,
    Step,
    attributes,
    common_of,
    helper,
    no_owner,
    numbered,
    step,
)
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

Body = dict[str, Any]


@dataclass(kw_only=True)
class _Leg(Seat):
    """A reservation that was accepted."""

    key: str | None
    team: str | None
    row: Staged
    done: int | None = None  # when the work after the conversation ended


class Task:
    """One task with its events in order."""

    def __init__(self, rows: list[Staged], sink: Sink):
        self.rows, self.sink = rows, sink
        self.key = f"twilio:{rows[0].body['task']}"
        # The attributes of a task grow: what was said last counts.
        self.said = {
            name: next((row.body[name] for row in reversed(rows) if row.body[name]), None)
            for name in (
                "customer",
                "address",
                "email",
                "person",
                "medium",
                "channel_type",
                "conversation",
                "age",
                "outbound",
            )
        }
        self.mapped = {key: value for row in rows for key, value in row.body["mapped"].items()}
        phone, mail = phone_key(self.said["address"]), email_key(self.said["address"]) or email_key(self.said["email"])
        self.phone, self.mail = phone, mail
        self.customer = customer_key(self.said["customer"]) or phone or mail
        self.channel = self._channel()
        self.over = next((row.at for row in rows if row.body["kind"] in _ENDS), None)
        self.legs = self._legs()
        self.later: list[Step] = []  # what begins as another's part ends: after it, in the same moment

    def steps(self) -> Iterator[Step]:
        """The events of the task, as keywords of `Sink.event`."""
        found: list[Step] = []
        if self.rows[0].body["kind"] not in ("task.created", "workflow.entered", "task-queue.entered"):
            self.sink.note("truncated", "tasks whose creation is not in the export", example=self.key)
        for i, row in enumerate(self.rows):
            found += [{**self._common(row), **made} for made in self._event(i, row)]
        found += self.later
        if not found:
            row = self.rows[0]
            found = [{**self._common(row), **step("Task updated", None, row.at, ROUTING)}]
        conclude(found, self.mapped)
        return numbered(found, {})

    def declare(self) -> None:
        """The task itself, and what it names."""
        age = self.said["age"]
        self.sink.interaction(
            interaction_id=self.key,
            source_system="twilio",
            channel=self.channel,
            customer=self.customer,
            intent=self.mapped.get("intent"),
            declared=json.dumps({"task_age": age}) if age is not None else None,
            identity=attributes(phone=self.phone, email=self.mail, name=self.said["person"]),
        )
        conversation = self.said["conversation"]
        if conversation and f"twilio:{conversation}" != self.key:
            self.sink.refer(self.key, f"twilio:{conversation}", "conversation", same=True)
        for ticket in sorted({ticket for row in self.rows for ticket in row.body["tickets"]}):
            self.sink.refer(self.key, ticket, "ticket id")

    def _event(self, i: int, row: Staged) -> Iterator[Step]:
        body, kind, at = row.body, row.body["kind"], row.at
        team = self._team(body)
        me: Actor = ("customer", self.customer, None)
        if kind == "task.created":
            yield step("Contact started", "started", at, ROUTING if self.said["outbound"] else me)
        elif kind in _QUEUES:
            yield step("Queued", "queue_enter", at, ("system", team, team), self._waited(i))
        elif kind == "reservation.accepted":
            yield from self._accepted(row)
        elif kind in (*_UNANSWERED, *_WITHDRAWN):
            if not any(leg.key and leg.key == body["reservation"] for leg in self.legs):
                yield self._offered(i, row, team)
        elif kind == "reservation.wrapup":
            yield from self._wrapup(row)
        elif kind == "task.transfer-initiated":
            yield self._transfer(i, row)
        elif kind in _FAILED:
            yield step("Transfer failed", None, at, ROUTING, attributes=attributes(reason=body["reason"], event=kind))
        elif kind in _ENDS:
            yield from self._end(body, at, me)
        elif kind not in _QUIET:
            self.sink.note("unknown values", "unknown events were kept unchanged", example=kind)
            yield step(kind, None, at, ROUTING)

    def _accepted(self, row: Staged) -> Iterator[Step]:
        leg = next(leg for leg in self.legs if leg.row is row)
        if leg.end is None:
            self.sink.note("open", "open reservations were read as points in time", example=self.key)
        if leg.owns is None or leg.owns > row.at:
            yield no_owner(
                step(
                    "Consulted",
                    "consult_start",
                    row.at,
                    helper(leg.person),
                    leg.owns or leg.end,
                    handoff_kind="consult_only" if leg.owns is None else None,
                    attributes=attributes(helping_team=leg.team),
                )
            )
        if leg.owns is not None:
            made = step(
                "Conversation",
                "agent_connected",
                leg.owns,
                ("agent", leg.person, leg.team),
                leg.end,
                attributes=attributes(worker_time_in_previous_activity_s=row.body["worker_time"]),
            )
            if leg.owns > row.at:
                self.later.append({**self._common(row), **made})
            else:
                yield made

    def _offered(self, i: int, row: Staged, team: str | None) -> Step:
        """A reservation that nobody accepted, from its creation."""
        body = row.body
        made = next(
            (
                other.at
                for other in reversed(self.rows[:i])
                if other.body["kind"] == "reservation.created" and other.body["reservation"] == body["reservation"]
            ),
            row.at,
        )
        said = body["kind"] in _UNANSWERED
        return step(
            "Not answered" if said else "Offer withdrawn",
            "agent_no_answer" if said else "agent_offered",
            made,
            ("system", _who(body), team),
            row.at,
            handoff_kind="requeue_no_answer" if said else None,
        )

    def _wrapup(self, row: Staged) -> Iterator[Step]:
        leg = next((leg for leg in self.legs if leg.key == row.body["reservation"]), None)
        if leg is None:
            return
        made = step("Wrap-up", "wrapup_start", row.at, ("agent", leg.person, leg.team), leg.done)
        over = passed_on(leg.owns, row.at, (other.owns for other in self.legs))
        yield no_owner(made) if over else made

    def _transfer(self, i: int, row: Staged) -> Step:
        body, at = row.body, row.at
        giver = next((leg for leg in self.legs if leg.key and leg.key == body["by"]), None) or next(
            (leg for leg in reversed(self.legs) if leg.row.at <= at), None
        )
        taker = next((leg for leg in self.legs if leg.row.at >= at and leg is not giver), None)
        actor: Actor = ("agent", giver.person if giver else None, giver.team if giver else None)
        more = attributes(mode=body["mode"], to=body["transfer_to"], to_team=taker.team if taker else None)
        after = self._outcome(i, body)
        if after in _FAILED or (taker is not None and taker.owns is None):
            name = "Consult started" if taker else "Transfer attempted"
            return step(name, "consult_start", at, actor, attributes=more)
        warm = (body["mode"] or "").upper() == "WARM"
        when = taker.owns if warm and taker and taker.owns is not None else at
        return step(
            "Transferred",
            "handoff",
            max(when, at),
            actor,
            attributes=more,
            handoff_kind="consult" if warm else "blind" if body["mode"] else None,
        )

    def _outcome(self, i: int, body: Body) -> str | None:
        """How a transfer went: the next event of it."""
        for row in self.rows[i + 1 :]:
            kind = row.body["kind"]
            if kind.startswith("task.transfer-") and kind != "task.transfer-attempt-failed":
                return None if kind == "task.transfer-initiated" else str(kind)
        return None

    def _end(self, body: Body, at: int, me: Actor) -> Iterator[Step]:
        why = attributes(reason=body["canceled"] or body["completed"] or body["reason"])
        if at != self.over:
            return
        if body["kind"] == "task.canceled" and not self.legs:
            yield step("Abandoned", "abandoned", at, me, outcome="abandoned", attributes=why)
        else:
            yield step("Ended", "ended", at, ROUTING, attributes=why)

    def _waited(self, i: int) -> int | None:
        """When a wait in a queue ends: at the next acceptance, the next queue, or the end of the task."""
        for row in self.rows[i + 1 :]:
            if row.body["kind"] in ("reservation.accepted", *_QUEUES, *_ENDS):
                return row.at
        self.sink.note("open", "waits that do not end in the export were read as points in time", example=self.key)
        return None

    def _legs(self) -> list[_Leg]:
        found: list[_Leg] = []
        for row in self.rows:
            body = row.body
            if body["kind"] == "reservation.accepted":
                found.append(
                    _Leg(person=_who(body), start=row.at, key=body["reservation"], team=self._team(body), row=row)
                )
            elif body["kind"] in _LEAVES:
                for leg in found:
                    if leg.key == body["reservation"]:
                        leg.end = leg.end if leg.end is not None else row.at
                        leg.done = row.at if body["kind"] != "reservation.wrapup" else leg.done
        for leg in found:
            leg.end, leg.done = (at if at is not None else self.over for at in (leg.end, leg.done))
        take_over(found)
        return found

    def _common(self, row: Staged) -> dict[str, Any]:
        return common_of(
            row, "twilio", self.key, channel=self.channel, customer=self.customer, intent=self.mapped.get("intent")
        )

    def _team(self, body: Body) -> str | None:
        return body["queue"] or body["queue_id"]

    def _channel(self) -> str:
        for word in (self.said["channel_type"], self.said["medium"]):
            if word and word.lower() in _CHANNELS:
                return _CHANNELS[word.lower()]
            if word:
                self.sink.note("unknown values", "unrecognised channels were read as unknown", example=word)
        return "unknown"


def _who(body: Body) -> str | None:
    name: str | None = body["worker_name"] or body["worker"]
    return name

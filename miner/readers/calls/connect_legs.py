"""What happened in one leg of an Amazon Connect call or chat."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from miner.events.schema import Event
from miner.events.sink import Sink
from miner.events.times import SECOND
from miner.readers.calls.connect_chain import HELPS, Chain
from miner.readers.calls.connect_record import Leg
from miner.readers.shared import call_steps as steps
from miner.readers.shared.call_steps import ROUTING, Actor, attributes
from miner.readers.shared.recorded import conclude

_METHODS = frozenset(
    (
        "INBOUND",
        "OUTBOUND",
        "TRANSFER",
        "QUEUE_TRANSFER",
        "CALLBACK",
        "API",
        "DISCONNECT",
        "MONITOR",
        "EXTERNAL_OUTBOUND",
        "WEBRTC_API",
        "AGENT_REPLY",
        "FLOW",
        "CAMPAIGN_PREVIEW",
    )
)
_FROM_CUSTOMER = frozenset(("INBOUND", "API", "WEBRTC_API"))
_ENDERS = {
    "CUSTOMER_DISCONNECT": "customer",
    "CUSTOMER_NEVER_ARRIVED": "customer",
    "AGENT_DISCONNECT": "agent",
    "AGENT_COMPLETED": "agent",
    "THIRD_PARTY_DISCONNECT": "third_party",
    "BARGED": "supervisor",
}
_STARTS = {"OUTBOUND": "Outbound contact started", "CALLBACK": "Callback started", "TRANSFER": "Transferred in"}
# By how a later leg grew out of one: the step in that one.
_GIVEN = {
    "blind": ("Transferred", "handoff"),
    "consult": ("Transferred after a consult", "handoff"),
    "external": ("Transferred outside", "handoff"),
    "conference": ("Conference started", "conference_join"),
    "consult_only": ("Consult started", "consult_start"),
    "queue": ("Moved to another queue", "queue_exit"),
    "callback": ("Callback requested", "callback_requested"),
}
_TALKS = {"consult_only": ("Consulted", "consult_start"), "conference": ("Joined the conversation", "conference_join")}
_PEOPLE = ("agent", "supervisor")
_MOVED = ("blind", "consult", "external", "queue", "callback")


class LegSteps:
    """The steps of one leg of a chain; ends are as the record has them, also before their starts."""

    def __init__(self, leg: Leg, customer: str | None, chain: Chain, sink: Sink):
        self.leg, self.chain, self.sink = leg, chain, sink
        self.kind = chain.kinds[leg["id"]]
        self.customer: Actor = ("customer", customer, None)
        # Who listens in is a supervisor.
        self.agent: Actor = ("supervisor" if leg["method"] == "MONITOR" else "agent", leg["agent"], leg["team"])
        self.after = chain.after(leg)
        self.moved = any(chain.kinds[other["id"]] in _MOVED for other in self.after)  # a later leg took it over

    def steps(self) -> list[Event]:
        """What happened in the leg."""
        made = [*self._start(), *self._queue(), *self._talk(), *self._moves(), *self._away(), *self._end()]
        made += self._wrap_up()
        if not made:
            made.append(steps.step("Contact started", "started", self.leg["at"], ROUTING))
        if self.kind in HELPS or self.leg["method"] == "MONITOR":  # who helps or listens in takes nothing over
            made = [steps.no_owner(one) if one["actor_type"] in _PEOPLE else one for one in made]
        conclude(made, self.leg["mapped"])
        return made

    def _start(self) -> Iterator[Event]:
        leg, method = self.leg, self.leg["method"]
        if method and method not in _METHODS:
            self.sink.note("unknown values", "unknown initiation methods", example=method)
        known = leg["previous"] in self.chain.by_id
        if self.kind and known:
            return  # the leg before has the step that opens this one
        if leg["previous"] and not known:
            self.sink.note("truncated", "the contact before a transferred one is not in the export", example=leg["id"])
        if method in _FROM_CUSTOMER or not method:
            actor = self.customer
        else:
            actor = self.agent if method in ("OUTBOUND", "AGENT_REPLY") else ROUTING
        yield steps.step(_STARTS.get(method, "Contact started"), "started", leg["at"], actor)
        until = next((at for at in (leg["enqueued"], leg["connected"], leg["ended"]) if at is not None), None)
        if leg["answered"] is not None and until is not None and until > leg["answered"]:
            yield steps.step("Contact flow", "ivr_enter", leg["answered"], ("ivr", "contact flow", None), until)

    def _queue(self) -> Iterator[Event]:
        leg = self.leg
        begin, end = leg["enqueued"], leg["dequeued"]
        if begin is None:
            return
        if end is None and leg["queue_s"] is not None:
            end = begin + leg["queue_s"] * SECOND
        elif end is None:
            end = leg["connected"] if leg["connected"] is not None else leg["ended"]
        if end is None:
            self._note_open()
        elif leg["queue_s"] is not None and abs(end - begin - leg["queue_s"] * SECOND) > SECOND:
            self.sink.note("reconcile", "the exported queue duration differs from the queue's times", example=leg["id"])
        yield steps.queued(begin, None, leg["team"], leg["team"], ended_us=end)

    def _talk(self) -> Iterator[Event]:
        leg, begin = self.leg, self.leg["connected"]
        if begin is None:
            if leg["method"] == "EXTERNAL_OUTBOUND":
                yield steps.external(leg["at"], None, ended_us=leg["ended"])
            return
        end = self._talk_end(begin)
        team = attributes(helping_team=leg["team"])
        before = self.chain.before(leg)
        if self.kind == "consult" and before:
            # Until the transfer is complete the call is still the other agent's.
            taken = before["transferred"]
            activity, event_type = _TALKS["consult_only"]
            yield steps.no_owner(steps.step(activity, event_type, begin, self.agent, ended_us=taken, attributes=team))
            begin = taken if taken is not None else begin
        activity, event_type = _TALKS.get(self.kind or "", ("Conversation", "agent_connected"))
        yield steps.step(
            activity,
            event_type,
            begin,
            self.agent,
            ended_us=end,
            hold_us=self._hold(begin, end),
            handoff_kind=self.kind if self.kind == "consult_only" else None,
            attributes=attributes(helping_team=leg["team"] if self.kind in _TALKS else None, attempts=leg["attempts"]),
        )

    def _talk_end(self, begin: int) -> int | None:
        leg = self.leg
        ends = [at for at in (leg["ended"], leg["wrap_start"]) if at is not None]
        if ends:
            return min(ends)
        if leg["talk_s"] is not None:
            return begin + (leg["talk_s"] + (leg["hold_s"] or 0)) * SECOND
        self._note_open()
        return None

    def _hold(self, begin: int, end: int | None) -> int | None:
        """The declared hold, at most as long as the conversation."""
        hold, lasted = (self.leg["hold_s"] or 0) * SECOND, max((end or begin) - begin, 0)
        if hold > lasted:
            message = "the exported hold time is longer than the conversation and was cut"
            self.sink.note("reconcile", message, example=self.leg["id"])
        return min(hold, lasted) or None

    def _moves(self) -> Iterator[Event]:
        """The steps by which later legs grew out of this one."""
        for later in self.after:
            kind = self.chain.kinds[later["id"]]
            if kind is None:
                continue
            (activity, event_type), at = _GIVEN[kind], later["at"]
            more: dict[str, Any] = {"attributes": attributes(to_team=later["team"])}
            if kind in ("queue", "callback"):
                yield steps.step(activity, event_type, at, ROUTING, **more)
                continue
            if kind in ("consult", "external") and self.leg["transferred"] is not None:
                at = max(self.leg["transferred"], at)  # a warm transfer is one when it is complete
            # In a conference the first agent stays to the end: it is no handoff.
            handoff = kind if kind != "conference" else None
            yield steps.step(activity, event_type, at, self.agent, handoff_kind=handoff, **more)

    def _away(self) -> Iterator[Event]:
        """A transfer of which no leg is here: to a number outside, which has none, or to a leg that is missing."""
        leg, at = self.leg, self.leg["transferred"]
        later = any(other["previous"] == leg["id"] for other in self.chain.legs)
        if at is None or self.moved or (later and not leg["outside"]):
            return
        if leg["connected"] is not None:
            activity, kind = ("Transferred outside", "external") if leg["outside"] else ("Transferred", None)
            yield steps.step(activity, "handoff", at, self.agent, handoff_kind=kind)
        if leg["outside"]:
            yield steps.external(at, None, ended_us=leg["ended"])
        else:
            self.sink.note("truncated", "the contact after a transfer is not in the export", example=leg["id"])

    def _end(self) -> Iterator[Event]:
        leg, at = self.leg, self.leg["ended"]
        if at is None or self.moved:
            return
        reason = attributes(reason=leg["reason"])
        if leg["enqueued"] is not None and leg["connected"] is None and leg["transferred"] is None:
            yield steps.abandoned(at, self.customer[1], attributes=reason)
            return
        ender = _ENDERS.get(leg["reason"] or "", "system")
        actor = {"agent": self.agent, "customer": self.customer}.get(ender, (ender, ender, None))
        yield steps.ended(at, actor, attributes=reason)

    def _wrap_up(self) -> Iterator[Event]:
        leg, begin, end = self.leg, self.leg["wrap_start"], self.leg["wrap_end"]
        if begin is not None:
            if end is None and leg["wrap_s"] is not None:
                end = begin + leg["wrap_s"] * SECOND
            made = steps.wrap_up("After-contact work", begin, None, self.agent, ended_us=end)
            yield steps.owned(made, self.chain.owned_from[leg["id"]], self.chain.owned_from.values())

    def _note_open(self) -> None:
        self.sink.note("open", "open contacts were read up to their last known time", example=self.leg["id"])

"""The legs of one Amazon Connect call or chat: what happened in each.

How they hang together, and whose each of them is, is in `connect_kinds`.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from miner.events.sink import Sink
from miner.events.times import SECOND
from miner.readers.calls.connect_kinds import HELPS, Leg, kind_of, owns_from, parents_first
from miner.readers.calls.seats import passed_on
from miner.readers.calls.steps import Actor, attributes, no_owner
from miner.readers.shared.recorded import conclude
from miner.readers.shared.staging import Staged

_CHANNELS = {"VOICE": "voice", "CHAT": "chat", "TASK": "task", "EMAIL": "email"}
_SUBTYPES = {
    "connect:SMS": "sms",
    "connect:Apple": "messaging",
    "connect:WhatsApp": "messaging",
    "connect:Guide": "chat",
    "connect:Telephony": "voice",
    "connect:WebRTC": "voice",
    "connect:Email": "email",
}
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
# Legs of one call: a callback, an outbound call and a reply begin a new one.
_SAME_CALL = frozenset(("TRANSFER", "QUEUE_TRANSFER", "EXTERNAL_OUTBOUND", "MONITOR", "DISCONNECT"))
_FROM_CUSTOMER = frozenset(("INBOUND", "API", "WEBRTC_API"))
_ENDERS = {
    "CUSTOMER_DISCONNECT": "customer",
    "CUSTOMER_NEVER_ARRIVED": "customer",
    "AGENT_DISCONNECT": "agent",
    "AGENT_COMPLETED": "agent",
    "THIRD_PARTY_DISCONNECT": "third_party",
    "BARGED": "supervisor",
}
# What a contact says of itself, by Amazon's names: lengths in seconds, and counts.
_DECLARED = {
    "queue_s": "Queue.Duration",
    "talk_s": "AgentInteractionDuration",
    "hold_s": "CustomerHoldDuration",
    "wrap_s": "AfterContactWorkDuration",
    "holds": "NumberOfHolds",
    "attempts": "AgentConnectionAttempts",
}
_TALKS = {"consult_only": ("Consulted", "consult_start"), "conference": ("Joined the conversation", "conference_join")}
_PEOPLE = ("agent", "supervisor")
_MOVED = ("blind", "consult", "external", "queue", "callback")


class Chain:
    """The legs that share their first contact, in order of their start."""

    def __init__(self, legs: list[Staged], sink: Sink):
        self.legs, self.sink = parents_first(legs), sink
        self.by_id: dict[str, Leg] = {leg.body["id"]: leg.body for leg in legs}
        self.kinds = {key: kind_of(self.by_id.get(leg["previous"]), leg) for key, leg in self.by_id.items()}
        self.owns = {key: owns_from(leg, self.kinds[key], self.by_id) for key, leg in self.by_id.items()}
        self.customer = next((leg.body["customer"] for leg in legs if leg.body["customer"]), None)
        self.intent = next((leg.body["intent"] for leg in legs if leg.body["intent"]), None)

    def steps(self) -> Iterator[dict[str, Any]]:
        """The events of all legs, as keywords of `Sink.event`; interactions and references go to the sink."""
        found: list[dict[str, Any]] = []
        for leg in self.legs:
            self._declare(leg.body)
            common = self._common(leg)
            found += [{**common, **event} for event in self._leg(leg.body)]
        # Numbered over all legs: where one takes over in the moment another ends, the earlier leg comes first.
        for number, event in enumerate(sorted(found, key=lambda event: event["started_us"]), 1):
            yield {**event, "sequence": number}

    def _declare(self, leg: Leg) -> None:
        key = f"connect:{leg['id']}"
        declared = {said: leg[name] for name, said in _DECLARED.items() if leg[name] is not None}
        self.sink.interaction(
            interaction_id=key,
            source_system="connect",
            channel=self._channel(leg),
            customer=self._customer(leg),
            intent=leg["intent"] or self.intent,
            declared=json.dumps(declared) if declared else None,
            identity=self._identity(leg),
        )
        for name in ("previous", "initial", "related"):
            if leg[name] and leg[name] != leg["id"]:
                same = name != "related" and leg["method"] in _SAME_CALL
                self.sink.refer(key, f"connect:{leg[name]}", f"{name} contact", same)
        for ticket in leg["tickets"]:
            self.sink.refer(key, ticket, "ticket id")

    def _common(self, leg: Staged) -> dict[str, Any]:
        body = leg.body
        return {
            "source": leg.source,
            "source_no": leg.source_no,
            "line": leg.line,
            "source_system": "connect",
            "interaction_id": f"connect:{body['id']}",
            "channel": self._channel(body),
            "customer": self._customer(body),
            "intent": body["intent"] or self.intent,
        }

    def _leg(self, leg: Leg) -> list[dict[str, Any]]:
        """What happened in one leg."""
        kind = self.kinds[leg["id"]]
        events = [*self._start(leg, kind), *self._queue(leg), *self._talk(leg, kind)]
        events += [*self._moves(leg), *self._away(leg), *self._end(leg)]
        if leg["wrap_start"] is not None:
            made = _step(
                "After-contact work",
                "wrapup_start",
                leg["wrap_start"],
                _agent(leg),
                ended_us=_later(leg["wrap_start"], leg["wrap_end"], leg["wrap_s"]),
            )
            over = passed_on(self.owns[leg["id"]], leg["wrap_start"], self.owns.values())
            events.append(no_owner(made) if over else made)
        if not events:
            events.append(_step("Contact started", "started", leg["at"], ("system", "system", None)))
        if kind in HELPS or leg["method"] == "MONITOR":  # who helps or listens in takes nothing over
            events = [no_owner(event) if event["actor_type"] in _PEOPLE else event for event in events]
        conclude(events, leg)
        return events

    def _start(self, leg: Leg, kind: str | None) -> Iterator[dict[str, Any]]:
        method = leg["method"]
        if method and method not in _METHODS:
            self.sink.note("unknown values", "unknown initiation methods", example=method)
        known = leg["previous"] in self.by_id
        if kind and known:
            return  # the leg before has the step that opens this one
        if leg["previous"] and not known:
            self.sink.note("truncated", "the contact before a transferred one is not in the export", example=leg["id"])
        if method in _FROM_CUSTOMER or not method:
            actor: Actor = ("customer", self._customer(leg), None)
        else:
            actor = _agent(leg) if method in ("OUTBOUND", "AGENT_REPLY") else ("system", "system", None)
        names = {"OUTBOUND": "Outbound contact started", "CALLBACK": "Callback started", "TRANSFER": "Transferred in"}
        yield _step(names.get(method, "Contact started"), "started", leg["at"], actor)
        until = next((leg[name] for name in ("enqueued", "connected", "ended") if leg[name] is not None), None)
        if leg["answered"] is not None and until is not None and until > leg["answered"]:
            flow: Actor = ("ivr", "contact flow", None)
            yield _step("Contact flow", "ivr_enter", leg["answered"], flow, ended_us=until)

    def _queue(self, leg: Leg) -> Iterator[dict[str, Any]]:
        begin = leg["enqueued"]
        if begin is None:
            return
        end = leg["dequeued"]
        if end is None and leg["queue_s"] is not None:
            end = begin + leg["queue_s"] * SECOND
        elif end is None:
            end = leg["connected"] if leg["connected"] is not None else leg["ended"]
        if end is None:
            self.sink.note("open", "open contacts were read up to their last known time", example=leg["id"])
        elif leg["queue_s"] is not None and abs(end - begin - leg["queue_s"] * SECOND) > SECOND:
            self.sink.note("reconcile", "the exported queue duration differs from the queue's times", example=leg["id"])
        yield _step("Queued", "queue_enter", begin, ("system", leg["team"], leg["team"]), ended_us=end)

    def _talk(self, leg: Leg, kind: str | None) -> Iterator[dict[str, Any]]:
        begin = leg["connected"]
        if begin is None:
            if leg["method"] == "EXTERNAL_OUTBOUND":
                external = ("third_party", "external party", None)
                yield _step("External party", "conference_join", leg["at"], external, ended_us=leg["ended"])
            return
        ends = [leg[name] for name in ("ended", "wrap_start") if leg[name] is not None]
        end = min(ends) if ends else None
        if end is None and leg["talk_s"] is not None:
            end = begin + (leg["talk_s"] + (leg["hold_s"] or 0)) * SECOND
        if end is None:
            self.sink.note("open", "open contacts were read up to their last known time", example=leg["id"])
        if kind == "consult":
            # Until the transfer is complete the call is still the other agent's.
            taken = self.by_id[leg["previous"]]["transferred"]
            asked = _step(*_TALKS["consult_only"], begin, _agent(leg), ended_us=taken)
            yield no_owner({**asked, "attributes": attributes(helping_team=leg["team"])})
            begin = taken
        activity, event_type = _TALKS.get(kind or "", ("Conversation", "agent_connected"))
        yield _step(
            activity,
            event_type,
            begin,
            _agent(leg),
            ended_us=end,
            hold_us=self._hold(leg, begin, end),
            handoff_kind=kind if kind == "consult_only" else None,
            attributes=attributes(helping_team=leg["team"] if kind in _TALKS else None, attempts=leg["attempts"]),
        )

    def _hold(self, leg: Leg, begin: int, end: int | None) -> int | None:
        """The declared hold, at most as long as the conversation."""
        hold, lasted = (leg["hold_s"] or 0) * SECOND, max((end or begin) - begin, 0)
        if hold > lasted:
            message = "the exported hold time is longer than the conversation and was cut"
            self.sink.note("reconcile", message, example=leg["id"])
        return min(hold, lasted) or None

    def _moves(self, leg: Leg) -> Iterator[dict[str, Any]]:
        """The steps by which later legs grew out of this one."""
        names = {
            "blind": "Transferred",
            "consult": "Transferred after a consult",
            "external": "Transferred outside",
            "conference": "Conference started",
            "consult_only": "Consult started",
        }
        for later in (other.body for other in self.legs):
            kind = self.kinds[later["id"]]
            if later["previous"] != leg["id"] or later is leg or kind is None:
                continue
            to = attributes(to_team=later["team"])
            # In a conference the first agent stays to the end: it is no handoff.
            said = kind if kind != "conference" else None
            if kind in ("queue", "callback"):
                activity, event_type = (
                    ("Moved to another queue", "queue_exit")
                    if kind == "queue"
                    else ("Callback requested", "callback_requested")
                )
                yield _step(activity, event_type, later["at"], ("system", "system", None), attributes=to)
            else:
                event_type = _TALKS.get(kind, ("", "handoff"))[1]
                # A warm transfer is one when it is complete; until then the other is only asked.
                done = leg["transferred"] if kind in ("consult", "external") else None
                yield _step(
                    names[kind],
                    event_type,
                    later["at"] if done is None else max(done, later["at"]),
                    _agent(leg),
                    handoff_kind=said,
                    attributes=to,
                )

    def _away(self, leg: Leg) -> Iterator[dict[str, Any]]:
        """A transfer of which no leg is here: to a number outside, which has none, or to a leg that is missing."""
        later = any(other.body["previous"] == leg["id"] for other in self.legs)
        if leg["transferred"] is None or self._moved(leg) or (later and not leg["outside"]):
            return
        if leg["connected"] is not None:
            name, said = ("Transferred outside", "external") if leg["outside"] else ("Transferred", None)
            yield _step(name, "handoff", leg["transferred"], _agent(leg), handoff_kind=said)
        if leg["outside"]:
            external = ("third_party", "external party", None)
            yield _step("External party", "conference_join", leg["transferred"], external, ended_us=leg["ended"])
        else:
            self.sink.note("truncated", "the contact after a transfer is not in the export", example=leg["id"])

    def _moved(self, leg: Leg) -> bool:
        """Whether a later leg took the contact over."""
        return any(
            other.body["previous"] == leg["id"] and self.kinds[other.body["id"]] in _MOVED for other in self.legs
        )

    def _end(self, leg: Leg) -> Iterator[dict[str, Any]]:
        if leg["ended"] is None or self._moved(leg):
            return
        ender = _ENDERS.get(leg["reason"] or "", "system")
        actor: Actor = (ender, ender, None)
        if ender == "agent":
            actor = _agent(leg)
        elif ender == "customer":
            actor = (ender, self._customer(leg), None)
        reason = attributes(reason=leg["reason"])
        if leg["enqueued"] is not None and leg["connected"] is None and leg["transferred"] is None:
            yield _step(
                "Abandoned",
                "abandoned",
                leg["ended"],
                ("customer", self._customer(leg), None),
                outcome="abandoned",
                attributes=reason,
            )
        else:
            yield _step("Ended", "ended", leg["ended"], actor, attributes=reason)

    def _customer(self, leg: Leg) -> str | None:
        """The declared customer of the leg or the call; else who is at the other end of its first leg.

        The far end of a transferred leg may be a colleague or a third party.
        """
        first = self.legs[0].body
        own = leg["endpoint"] if leg["method"] not in ("TRANSFER", "EXTERNAL_OUTBOUND") else None
        found: str | None = leg["customer"] or self.customer or own or first["endpoint"]
        return found

    def _identity(self, leg: Leg) -> str | None:
        """What the call's first leg says of who it is; a later one's far end may be somebody else."""
        first, own = self.legs[0].body["identity"], leg["identity"]
        theirs = own if leg["method"] not in ("TRANSFER", "EXTERNAL_OUTBOUND") else {}
        said = {**first, **theirs}
        return json.dumps(said) if said else None

    def _channel(self, leg: Leg) -> str:
        if leg["subtype"] in _SUBTYPES:
            return _SUBTYPES[leg["subtype"]]
        if leg["channel"] not in _CHANNELS:
            self.sink.note("unknown values", "unrecognised channels were read as unknown", example=leg["channel"])
        return _CHANNELS.get(leg["channel"], "unknown")


def _agent(leg: Leg) -> Actor:
    """Whose a leg is; who listens in is a supervisor."""
    return "supervisor" if leg["method"] == "MONITOR" else "agent", leg["agent"], leg["team"]


def _later(begin: int, end: int | None, seconds: int | None) -> int | None:
    return begin + seconds * SECOND if end is None and seconds is not None else end


def _step(activity: str, event_type: str, at: int, actor: Actor, **more: Any) -> dict[str, Any]:
    kind, name, team = actor
    return {
        "activity": activity,
        "event_type": event_type,
        "started_us": at,
        "actor_type": kind,
        "actor": name,
        "agent": name if kind == "agent" else None,
        "team": team,
        **more,
    }

"""What happened in one Genesys Cloud conversation, from the segments of its participants.

Queue and IVR legs end with `transfer` too, and pass nothing on; what agents did is in `genesys_agents`.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from typing import cast

from miner.events.schema import Event
from miner.events.sink import Sink
from miner.events.values import customer_key, email_key, phone_key
from miner.readers.calls.fields import note_unknown
from miner.readers.calls.genesys_agents import Agents
from miner.readers.calls.genesys_record import ConversationRecord, Participant, Session
from miner.readers.calls.genesys_words import (
    DISCONNECTS,
    GAVE_UP,
    PEOPLE,
    PURPOSES,
    TYPES,
    address_key,
    caller_of,
    came_at,
    channel_of,
    end_of,
)
from miner.readers.shared import call_steps as steps
from miner.readers.shared.call_steps import ROUTING, Actor, Call, attributes
from miner.readers.shared.recorded import conclude
from miner.readers.shared.staging import Staged


class Conversation:
    """One conversation with its participants in the order in which they came."""

    def __init__(self, staged: Staged, names: dict[str, str], sentiment: float | None, sink: Sink):
        self.staged, self.names, self.sentiment, self.sink = staged, names, sentiment, sink
        self.record = cast(ConversationRecord, staged.body)
        self.people = sorted(self.record["participants"], key=came_at)
        self.mapped = {key: value for one in self.people for key, value in one["mapped"].items()}
        self.caller = caller_of(self.people)
        self.inside = self.caller is not None and self.caller["purpose"] in PEOPLE
        self.address = self._address()
        self.contact = next((one["contact"] for one in self.people if one["contact"]), None)
        known = f"genesys:{self.contact}" if self.contact else address_key(self.address)
        self.call = Call(
            "genesys",
            f"genesys:{self.record['id']}",
            self._channel(),
            customer_key(self.mapped.get("customer")) or known,
            self.mapped.get("intent"),
        )
        self.agents = Agents(self.people, self.caller, self.record["id"], self._named, sink)

    def steps(self) -> Iterator[Event]:
        """The events of the conversation, as keywords of `Sink.event`."""
        made = [steps.step("Contact started", "started", self.record["start"], self._starter())]
        for participant in self.people:
            note_unknown(self.sink, participant["purpose"] or None, PURPOSES, "purposes of participants")
            for session in participant["sessions"]:
                self._check(session)
                made += self._session(participant, session)
        made += [*self._end(), *self._surveys()]
        conclude(made, self.mapped)
        return steps.numbered(self.call.of(self.staged, made))

    def declare(self) -> None:
        """The conversation itself, with its own totals over all sessions, and what it names."""
        totals: Counter[str] = Counter()
        for one in self.people:
            for metrics in (one["metrics"], *(session["metrics"] for session in one["sessions"])):
                totals.update(metrics)
        whole = {name: int(value) for name, value in sorted(totals.items())}
        tag = self.record["tag"]
        identity = attributes(
            id=self.contact,
            phone=phone_key(self.address),
            email=email_key(self.address),
            name=self.caller["name"] if self.caller else None,
        )
        tickets = sorted({ticket for one in self.people for ticket in one["tickets"]})
        references = [*([(tag, "external tag")] if tag else []), *((ticket, "ticket id") for ticket in tickets)]
        self.call.declare(self.sink, json.dumps(whole) if whole else None, identity, references)

    def _session(self, participant: Participant, session: Session) -> Iterator[Event]:
        purpose, name = participant["purpose"], participant["name"]
        if purpose == "customer" or participant is self.caller:
            return
        if purpose in PEOPLE:
            yield from self.agents.steps(participant, session)
        elif purpose == "acd":
            yield from self._queue(participant, session)
        elif session["segments"]:
            begin, end = session["segments"][0]["at"], end_of(session["segments"])
            if purpose == "ivr":
                yield steps.step("IVR", "ivr_enter", begin, ("ivr", session["flow"] or name or "IVR", None), end)
            elif purpose == "botflow":
                bot: Actor = ("bot", session["flow"] or name or "bot flow", None)
                yield steps.step("Bot", "bot_engaged", begin, bot, end)
            elif purpose == "external":
                yield steps.external(begin, end)
            else:
                yield steps.step(purpose.capitalize() or "Unknown participant", None, begin, ROUTING, end)

    def _queue(self, queue: Participant, session: Session) -> Iterator[Event]:
        for segment in session["segments"]:
            team, until = self._named(segment["queue"]) or queue["name"], self.agents.until(segment)
            if segment["type"] == "interact":
                yield steps.queued(segment["at"], until, team, team)
            else:
                yield steps.step(f"Queue: {segment['type']}", None, segment["at"], ("system", team, None), until)

    def _end(self) -> Iterator[Event]:
        sessions = self.caller["sessions"] if self.caller else []
        last = max(
            (session["segments"][-1] for session in sessions if session["segments"]),
            default=None,
            key=lambda segment: segment["end"] or segment["at"],
        )
        at = last["end"] if last and last["end"] is not None else self.record["end"]
        gave_up = self._gave_up()
        if gave_up is not None:
            yield steps.abandoned(gave_up, self.call.customer)
        elif at is not None:
            reason = last["disconnect"] if last else None
            yield steps.ended(
                at,
                self._customer() if reason in ("client", "endpoint") else ROUTING,
                attributes=attributes(disconnectType=reason, sentiment=self.sentiment),
            )

    def _surveys(self) -> Iterator[Event]:
        for survey in self.record["surveys"]:
            if survey["at"] is not None:
                answer = attributes(score=survey["score"], scale=survey["scale"], form=survey["form"])
                yield steps.step(
                    "Survey answered", "survey_answered", survey["at"], self._customer(), attributes=answer
                )

    def _gave_up(self) -> int | None:
        """When the customer gave up: the last queue had no agent after it, and ended from the customer's side."""
        sessions = [(one, session) for one in self.people for session in one["sessions"]]
        waits = [
            segment
            for one, session in sessions
            for segment in session["segments"]
            if one["purpose"] == "acd" and segment["type"] == "interact"
        ]
        last = max(waits, key=lambda segment: segment["at"], default=None)
        if last is None or last["end"] is None:
            return None
        if any(leg.end is None or leg.end > last["at"] for leg in self.agents.legs):
            return None
        counted = any("tAbandon" in session["metrics"] for _, session in sessions)
        return last["end"] if counted or last["disconnect"] in GAVE_UP else None

    def _address(self) -> str | None:
        sessions = self.caller["sessions"] if self.caller and not self.inside else []  # a colleague's is the company's
        if self.record["direction"] == "outbound":
            names: tuple[str, ...] = ("dnis", "addressTo", "addressOther", "callback")
        else:
            names = ("ani", "addressFrom", "addressOther", "callback")
        addresses = (session["addresses"][name] for session in sessions for name in names)
        return next((address for address in addresses if address_key(address)), None)

    def _channel(self) -> str:
        medias = [
            (session["media"], session["message"])
            for one in [*([self.caller] if self.caller else []), *self.people]
            for session in one["sessions"]
            if session["media"]
        ]
        return channel_of(medias, self.sink)

    def _starter(self) -> Actor:
        if self.record["direction"] == "outbound" and self.agents.legs and not self.inside:
            return "system", self.agents.legs[0].name, None
        return self._customer()

    def _customer(self) -> Actor:
        return "customer", self.call.customer, None

    def _check(self, session: Session) -> None:
        key = self.record["id"]
        if session["lost"]:
            self.sink.note("truncated", "segments without a start were skipped", session["lost"], key)
        for segment in session["segments"]:
            note_unknown(self.sink, segment["type"], TYPES, "types of segments")
            note_unknown(self.sink, segment["disconnect"], DISCONNECTS, "ways of disconnecting")
            if segment["end"] is not None and segment["end"] < segment["at"]:
                self.sink.note(
                    "negative", "segments that end before they start were read as points in time", example=key
                )

    def _named(self, key: str | None) -> str | None:
        return self.names.get(key, key) if key else None

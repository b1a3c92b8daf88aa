"""What happened in one Genesys Cloud conversation, from the segments of its participants.

Queue and IVR legs end with `transfer` too: only an agent's session that was talked in and ends so is a handoff.
Whom an agent asks while holding the call is a helper; what is theirs begins when the first agent leaves.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from typing import Any

from miner.events.sink import Sink
from miner.events.values import customer_key, email_key, phone_key
from miner.readers.calls.genesys_parts import (
    DISCONNECTS,
    PEOPLE,
    PURPOSES,
    SLACK,
    TALKS,
    TRANSFERS,
    TYPES,
    UNANSWERED,
    Leg,
    abandoned_at,
    caller_of,
    channel_of,
    end_of,
    first,
    key_of,
)
from miner.readers.calls.seats import passed_on, take_over
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


class Conversation:
    """One conversation with its participants in the order in which they came."""

    def __init__(self, staged: Staged, names: dict[str, str], sink: Sink):
        self.staged, self.body, self.names, self.sink = staged, staged.body, names, sink
        self.key = f"genesys:{self.body['id']}"
        self.people: list[dict[str, Any]] = sorted(self.body["participants"], key=first)
        self.mapped = {key: value for one in self.people for key, value in one["mapped"].items()}
        self.caller = caller_of(self.people)
        self.inside = self.caller is not None and self.caller["purpose"] in PEOPLE
        self.address = self._address()
        self.contact = next((one["contact"] for one in self.people if one["contact"]), None)
        known = f"genesys:{self.contact}" if self.contact else key_of(self.address)
        self.customer = customer_key(self.mapped.get("customer")) or known
        self.channel = self._channel()
        self.legs = self._legs()
        self.by_session = {id(leg.session): leg for leg in self.legs}
        self.passed: list[tuple[str | None, int]] = []

    def steps(self) -> Iterator[Step]:
        """The events of the conversation, as keywords of `Sink.event`."""
        found = [step("Contact started", "started", self.body["start"], self._starter())]
        for one in self.people:
            count(self.sink, one["purpose"] or None, PURPOSES, "purposes of participants")
            for session in one["sessions"]:
                self._check(session)
                found += self._session(one, session)
        found += self._end()
        conclude(found, self.mapped)
        return numbered(
            found,
            common_of(
                self.staged,
                "genesys",
                self.key,
                channel=self.channel,
                customer=self.customer,
                intent=self.mapped.get("intent"),
            ),
        )

    def declare(self) -> None:
        """The conversation itself, with its own totals over all sessions, and what it names."""
        totals: Counter[str] = Counter()
        for one in self.people:
            for metrics in (one["metrics"], *(session["metrics"] for session in one["sessions"])):
                totals.update(metrics)
        whole = {name: int(value) for name, value in sorted(totals.items())}
        self.sink.interaction(
            interaction_id=self.key,
            source_system="genesys",
            channel=self.channel,
            customer=self.customer,
            intent=self.mapped.get("intent"),
            declared=json.dumps(whole) if whole else None,
            identity=attributes(
                id=self.contact,
                phone=phone_key(self.address),
                email=email_key(self.address),
                name=self.caller["name"] if self.caller else None,
            ),
        )
        if self.body["tag"]:
            self.sink.refer(self.key, self.body["tag"], "external tag")
        for ticket in sorted({ticket for one in self.people for ticket in one["tickets"]}):
            self.sink.refer(self.key, ticket, "ticket id")

    def _session(self, one: dict[str, Any], session: dict[str, Any]) -> list[Step]:
        purpose = one["purpose"]
        if purpose == "customer" or one is self.caller:
            return []
        if purpose in PEOPLE:
            return self._agent(one, session)
        if purpose == "acd":
            return list(self._queue(one, session))
        if not session["segments"]:
            return []
        begin, end = session["segments"][0]["at"], end_of(session["segments"])
        if purpose == "ivr":
            return [step("IVR", "ivr_enter", begin, ("ivr", session["flow"] or one["name"] or "IVR", None), end)]
        if purpose == "botflow":
            return [step("Bot", "bot_engaged", begin, ("bot", session["flow"] or one["name"] or "bot flow", None), end)]
        if purpose == "external":
            return [step("External party", "conference_join", begin, ("third_party", "external party", None), end)]
        return [step(purpose.capitalize() or "Unknown participant", None, begin, ROUTING, end)]

    def _queue(self, one: dict[str, Any], session: dict[str, Any]) -> Iterator[Step]:
        for part in session["segments"]:
            team = self._named(part["queue"]) or one["name"]
            if part["type"] == "interact":
                yield step("Queued", "queue_enter", part["at"], ("system", team, team), self._until(part))
            else:
                yield step(f"Queue: {part['type']}", None, part["at"], ("system", team, None), self._until(part))

    def _agent(self, one: dict[str, Any], session: dict[str, Any]) -> list[Step]:
        leg = self.by_session.get(id(session))
        if leg is None:
            return list(self._unanswered(one, session))
        found: list[Step] = []
        if leg.owns is None or leg.owns > leg.start:
            found += self._help(leg)
        for part in session["segments"]:
            found += self._part(leg, part)
        return [*found, *self._transfer(leg)]

    def _part(self, leg: Leg, part: dict[str, Any]) -> Iterator[Step]:
        team, until = self._named(part["queue"]) or leg.team, self._until(part)
        actor: Actor = ("agent", leg.who, team)
        begin = max(part["at"], leg.owns) if leg.owns is not None else part["at"]
        kind = part["type"]
        if kind == "alert":
            yield step("Offered", "agent_offered", part["at"], ("system", leg.who, team), until)
        elif kind == "wrapup":
            made = step(
                "Wrap-up",
                "wrapup_start",
                part["at"],
                actor,
                until,
                attributes=attributes(wrapUpCode=self._named(part["code"])),
            )
            over = passed_on(leg.owns, part["at"], (other.owns for other in self.legs))
            yield no_owner(made) if over else {**made, "outcome": self._named(part["code"])}
        elif leg.owns is None or (until is not None and until <= leg.owns and leg.owns > leg.start):
            return
        elif kind in TALKS:
            name, event_type = ("Conversation", "agent_connected") if kind == "interact" else ("Hold", "hold")
            yield step(name, event_type, begin, actor, until)
        else:
            name = "Dialling" if kind in ("dialing", "contacting") else kind.capitalize()
            yield step(name, None, begin, actor, until)

    def _help(self, leg: Leg) -> Iterator[Step]:
        """Until the first agent leaves, who is asked or joins takes nothing over."""
        until = leg.end if leg.owns is None else leg.owns
        more = attributes(helping_team=leg.team)
        if leg.session["watching"]:
            yield no_owner(step("Listened in", None, leg.start, helper(leg.who, "supervisor"), until))
        elif leg.conference:
            yield no_owner(
                step("Joined the conversation", "conference_join", leg.start, helper(leg.who), until, attributes=more)
            )
        else:
            kind = "consult_only" if leg.owns is None else None
            yield no_owner(
                step(
                    "Consulted", "consult_start", leg.start, helper(leg.who), until, attributes=more, handoff_kind=kind
                )
            )

    def _unanswered(self, one: dict[str, Any], session: dict[str, Any]) -> Iterator[Step]:
        """An agent who was rung and did not talk: recorded, and nobody's visit."""
        who = self._who(one)
        for part in session["segments"]:
            team, until = self._named(part["queue"]), self._until(part)
            if part["type"] == "alert" and (part["disconnect"] in UNANSWERED or "tNotResponding" in session["metrics"]):
                yield step(
                    "Not answered",
                    "agent_no_answer",
                    part["at"],
                    ("system", who, team),
                    until,
                    handoff_kind="requeue_no_answer",
                    attributes=attributes(agent=who),
                )
            elif part["type"] == "wrapup":
                yield no_owner(step("Wrap-up", "wrapup_start", part["at"], helper(who), until))
            else:
                name, event_type = ("Offered", "agent_offered") if part["type"] == "alert" else ("Dialling", None)
                yield step(name, event_type, part["at"], ("system", who, team), until)

    def _transfer(self, leg: Leg) -> Iterator[Step]:
        ended = [
            part
            for part in leg.session["segments"]
            if part["disconnect"] in TRANSFERS and part["type"] in TALKS and part["end"] is not None
        ]
        if not ended or leg.owns is None:
            return
        part = ended[-1]
        # A consult is a session of its own, and ends in the transfer as well.
        if any(who == leg.who and abs(at - part["end"]) <= 2 * SLACK for who, at in self.passed):
            return
        self.passed.append((leg.who, part["end"]))
        kind, metrics = TRANSFERS[part["disconnect"]], leg.session["metrics"]
        if kind == "blind" and metrics.get("nConsultTransferred") and not metrics.get("nBlindTransferred"):
            kind = "consult"
        target = self._next(leg, part["end"])
        if target and target["purpose"] == "external":
            kind = "external"
        yield step(
            "Transferred",
            "handoff",
            part["end"],
            ("agent", leg.who, self._named(part["queue"]) or leg.team),
            handoff_kind=kind,
            attributes=attributes(disconnectType=part["disconnect"], to_team=self._team_of(target) if target else None),
        )

    def _next(self, leg: Leg, at: int) -> dict[str, Any] | None:
        """Who comes next: the participant that starts in the moment of a transfer or after it."""
        later = [
            one
            for one in self.people
            if one["sessions"]
            and one is not self.caller
            and one["purpose"] != "customer"
            and first(one) > leg.start
            and first(one) >= at - SLACK
        ]
        return later[0] if later else None

    def _team_of(self, one: dict[str, Any]) -> str | None:
        queues = [part["queue"] for session in one["sessions"] for part in session["segments"] if part["queue"]]
        return self._named(queues[0]) if queues else None

    def _end(self) -> Iterator[Step]:
        own = self.caller["sessions"] if self.caller else []
        last = max(
            (session["segments"][-1] for session in own if session["segments"]),
            default=None,
            key=lambda part: part["end"] or part["at"],
        )
        at = last["end"] if last and last["end"] is not None else self.body["end"]
        lost = abandoned_at(self.people, self.legs)
        me: Actor = ("customer", self.customer, None)
        if lost is not None:
            yield step("Abandoned", "abandoned", lost, me, outcome="abandoned")
        elif at is not None:
            how = last["disconnect"] if last else None
            yield step(
                "Ended",
                "ended",
                at,
                me if how in ("client", "endpoint") else ROUTING,
                attributes=attributes(disconnectType=how, sentiment=self.body["sentiment"]),
            )
        for survey in self.body["surveys"]:
            if survey["at"] is not None:
                yield step(
                    "Survey answered",
                    "survey_answered",
                    survey["at"],
                    me,
                    attributes=attributes(score=survey["score"], scale=survey["scale"], form=survey["form"]),
                )

    def _legs(self) -> list[Leg]:
        found: list[Leg] = []
        for one in self.people:
            for session in one["sessions"] if one["purpose"] in PEOPLE and one is not self.caller else ():
                talked = [part for part in session["segments"] if part["type"] in TALKS]
                if talked:
                    queue = next((part["queue"] for part in session["segments"] if part["queue"]), None)
                    team = self._named(queue) or self._named(one["team"])
                    found.append(
                        Leg(
                            person=one["user"],
                            start=talked[0]["at"],
                            end=end_of(talked),
                            who=self._who(one),
                            session=session,
                            team=team,
                            conference=any(part["conference"] for part in talked),
                        )
                    )
        found.sort(key=lambda leg: leg.start)
        take_over([leg for leg in found if not leg.session["watching"]], SLACK)
        with_team = {leg.person for leg in found if leg.team}  # who has one may ask somebody without a queue
        for leg in found:
            if leg.owns is not None and leg.team is None and leg.person not in with_team:
                self.sink.note(
                    "unknown team",
                    "agents reached without a queue have no known team, and own under that name",
                    example=self.body["id"],
                )
        return found

    def _address(self) -> str | None:
        sessions = self.caller["sessions"] if self.caller and not self.inside else []  # a colleague's is the company's
        if self.body["direction"] == "outbound":
            names: tuple[str, ...] = ("dnis", "addressTo", "addressOther", "callback")
        else:
            names = ("ani", "addressFrom", "addressOther", "callback")
        return next((session[name] for session in sessions for name in names if key_of(session[name])), None)

    def _channel(self) -> str:
        medias = [
            (s["media"], s["message"])
            for one in [*([self.caller] if self.caller else []), *self.people]
            for s in one["sessions"]
            if s["media"]
        ]
        return channel_of(medias, self.sink)

    def _starter(self) -> Actor:
        if self.body["direction"] == "outbound" and self.legs and not self.inside:
            return "system", self.legs[0].who, None
        return "customer", self.customer, None

    def _check(self, session: dict[str, Any]) -> None:
        if session["lost"]:
            self.sink.note("truncated", "segments without a start were skipped", session["lost"], self.body["id"])
        for part in session["segments"]:
            count(self.sink, part["type"], TYPES, "types of segments")
            count(self.sink, part["disconnect"], DISCONNECTS, "ways of disconnecting")
            if part["end"] is not None and part["end"] < part["at"]:
                self.sink.note(
                    "negative",
                    "segments that end before they start were read as points in time",
                    example=self.body["id"],
                )

    def _until(self, part: dict[str, Any]) -> int | None:
        if part["end"] is None:
            self.sink.note("open", "open segments were read as points in time", example=self.body["id"])
        return part["end"]

    def _named(self, key: str | None) -> str | None:
        return self.names.get(key, key) if key else None

    def _who(self, one: dict[str, Any]) -> str | None:
        return self._named(one["user"]) or one["name"]

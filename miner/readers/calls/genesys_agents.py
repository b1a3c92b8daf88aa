"""What the sessions of agents in a Genesys Cloud conversation show: talks, consults, offers, wrap-up, transfers.

Only a session that was talked in and ends with `transfer` is a handoff. Whom an agent asks while holding the call is a
helper; what is theirs begins when the first agent leaves.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from miner.events.schema import Event
from miner.events.sink import Sink
from miner.readers.calls.genesys_record import Participant, Segment, Session
from miner.readers.calls.genesys_words import PEOPLE, SLACK, TALKS, TRANSFERS, UNANSWERED, came_at, end_of
from miner.readers.shared import call_steps as steps
from miner.readers.shared.agent_legs import AgentLeg, settle_ownership
from miner.readers.shared.call_steps import Actor, attributes

Named = Callable[[str | None], str | None]  # what an id is called, the id where it has no name


@dataclass(kw_only=True)
class Leg(AgentLeg):
    """One session of an agent, from their first to their last talk."""

    name: str | None
    session: Session
    team: str | None
    conference: bool = False


class Agents:
    """The agents of one conversation; `people` are its participants as they came, `caller` is one of them."""

    def __init__(self, people: list[Participant], caller: Participant | None, key: str, named: Named, sink: Sink):
        self.people, self.caller, self.key, self.named, self.sink = people, caller, key, named, sink
        self.legs = self._legs()
        self._by_session = {id(leg.session): leg for leg in self.legs}
        self._transfers: list[tuple[str | None, int]] = []  # who transferred, and when

    def steps(self, agent: Participant, session: Session) -> Iterator[Event]:
        """What happened in one session of an agent."""
        leg = self._by_session.get(id(session))
        if leg is None:
            yield from self._unanswered(agent, session)
            return
        if leg.helped_first:
            yield self._help(leg)
        for segment in session["segments"]:
            yield from self._segment(leg, segment)
        yield from self._transfer(leg)

    def until(self, segment: Segment) -> int | None:
        """The end of a segment, with a note where it is open."""
        if segment["end"] is None:
            self.sink.note("open", "open segments were read as points in time", example=self.key)
        return segment["end"]

    def _legs(self) -> list[Leg]:
        legs = [
            self._leg(agent, session, talks)
            for agent in self.people
            if agent["purpose"] in PEOPLE and agent is not self.caller
            for session in agent["sessions"]
            if (talks := [segment for segment in session["segments"] if segment["type"] in TALKS])
        ]
        legs.sort(key=lambda leg: leg.start)
        settle_ownership([leg for leg in legs if not leg.session["watching"]], SLACK)
        with_team = {leg.person for leg in legs if leg.team}  # who has one may ask somebody without a queue
        for leg in legs:
            if leg.owned_from is not None and leg.team is None and leg.person not in with_team:
                self.sink.note(
                    "unknown team",
                    "agents reached without a queue have no known team, and own under that name",
                    example=self.key,
                )
        return legs

    def _leg(self, agent: Participant, session: Session, talks: list[Segment]) -> Leg:
        queue = next((segment["queue"] for segment in session["segments"] if segment["queue"]), None)
        return Leg(
            person=agent["user"],
            start=talks[0]["at"],
            end=end_of(talks),
            name=self._name(agent),
            session=session,
            team=self.named(queue) or self.named(agent["team"]),
            conference=any(segment["conference"] for segment in talks),
        )

    def _segment(self, leg: Leg, segment: Segment) -> Iterator[Event]:
        team, until = self.named(segment["queue"]) or leg.team, self.until(segment)
        agent: Actor = ("agent", leg.name, team)
        kind, at, owned_from = segment["type"], segment["at"], leg.owned_from
        if kind == "alert":
            yield steps.offered(at, until, leg.name, team)
        elif kind == "wrapup":
            code = self.named(segment["code"])
            made = steps.wrap_up("Wrap-up", at, until, agent, attributes=attributes(wrapUpCode=code))
            yield steps.owned(made, owned_from, (other.owned_from for other in self.legs), outcome=code)
        elif owned_from is None or (until is not None and until <= owned_from and owned_from > leg.start):
            return
        elif kind == "interact":
            yield steps.conversation(max(at, owned_from), until, agent)
        elif kind in TALKS:
            yield steps.step("Hold", "hold", max(at, owned_from), agent, until)
        else:
            activity = "Dialling" if kind in ("dialing", "contacting") else kind.capitalize()
            yield steps.step(activity, None, max(at, owned_from), agent, until)

    def _help(self, leg: Leg) -> Event:
        """Until the first agent leaves, who is asked or joins takes nothing over."""
        until = leg.end if leg.owned_from is None else leg.owned_from
        team = attributes(helping_team=leg.team)
        if leg.session["watching"]:
            return steps.no_owner(steps.step("Listened in", None, leg.start, ("supervisor", leg.name, None), until))
        if leg.conference:
            return steps.joined(leg.start, until, leg.name, attributes=team)
        return steps.consulted(leg.start, until, leg.name, only=leg.owned_from is None, attributes=team)

    def _unanswered(self, agent: Participant, session: Session) -> Iterator[Event]:
        """An agent who was rung and did not talk: recorded, and nobody's visit."""
        name = self._name(agent)
        for segment in session["segments"]:
            at, team, until = segment["at"], self.named(segment["queue"]), self.until(segment)
            if segment["type"] == "wrapup":
                yield steps.no_owner(steps.wrap_up("Wrap-up", at, until, ("agent", name, None)))
            elif segment["type"] != "alert":
                yield steps.step("Dialling", None, at, ("system", name, team), until)
            elif segment["disconnect"] in UNANSWERED or "tNotResponding" in session["metrics"]:
                yield steps.not_answered(at, until, name, team, attributes=attributes(agent=name))
            else:
                yield steps.offered(at, until, name, team)

    def _transfer(self, leg: Leg) -> Iterator[Event]:
        ends = [
            (segment, segment["end"], TRANSFERS[segment["disconnect"]])
            for segment in leg.session["segments"]
            if segment["disconnect"] in TRANSFERS and segment["type"] in TALKS and segment["end"] is not None
        ]
        if not ends or leg.owned_from is None:
            return
        segment, at, kind = ends[-1]
        # A consult is a session of its own, and ends in the transfer as well.
        if any(name == leg.name and abs(other - at) <= 2 * SLACK for name, other in self._transfers):
            return
        self._transfers.append((leg.name, at))
        metrics = leg.session["metrics"]
        if kind == "blind" and metrics.get("nConsultTransferred") and not metrics.get("nBlindTransferred"):
            kind = "consult"
        target = self._next(leg, at)
        if target and target["purpose"] == "external":
            kind = "external"
        to_team = self._team_of(target) if target else None
        yield steps.transferred(
            at,
            ("agent", leg.name, self.named(segment["queue"]) or leg.team),
            kind,
            attributes=attributes(disconnectType=segment["disconnect"], to_team=to_team),
        )

    def _next(self, leg: Leg, at: int) -> Participant | None:
        """Who comes next: the participant that starts in the moment of a transfer or after it."""
        later = (
            one
            for one in self.people
            if one["sessions"] and one is not self.caller and one["purpose"] != "customer" and came_at(one) > leg.start
        )
        return next((one for one in later if came_at(one) >= at - SLACK), None)

    def _team_of(self, participant: Participant) -> str | None:
        sessions = participant["sessions"]
        queues = (segment["queue"] for session in sessions for segment in session["segments"] if segment["queue"])
        return self.named(next(queues, None))

    def _name(self, agent: Participant) -> str | None:
        return self.named(agent["user"]) or agent["name"]

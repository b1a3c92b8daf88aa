"""The life of a ticket: who holds it, in which state it is, and the events that come of what is done to it.

What every help desk has in common. A reader says what a save of a record changed; the rules of ownership
(docs/definitions.md) are kept here: a step belongs to the team the ticket is in when its author acts, and
whatever one author does within a second is one save, an act of the sender.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from miner.events.schema import Event
from miner.events.sink import Sink
from miner.readers.shared.fields import Json
from miner.readers.shared.saves import Acting
from miner.readers.shared.staging import Staged
from miner.readers.tickets.states import State, ending, state_kind, turn

HOLDERS = ("team", "agent")
_WORDS = {"reopened": "Reopened", "resolved": "Resolved", "closed": "Closed"}


@dataclass(frozen=True, slots=True)
class By:
    """Who acts: an actor type and the id; `name` where it is known otherwise than by the id."""

    type: str
    id: str | None = None
    name: str | None = None


SYSTEM = By("system", None, "system")


@dataclass
class Desk:
    """An account of a help desk: the names of its teams and people, and what its states mean."""

    sink: Sink
    system: str
    teams: dict[str, str] = field(default_factory=dict)
    people: dict[str, str] = field(default_factory=dict)
    states: dict[str, str] = field(default_factory=dict)
    kinds: dict[str, str | None] = field(default_factory=dict)  # state → resolved, closed, None
    _names: Counter[str] = field(default_factory=Counter)

    def team(self, team: str | None) -> str | None:
        """The name of a team, or its id."""
        return self.teams.get(team, team) if team is not None else None

    def person(self, person: str | None) -> str | None:
        """The name of a person where it is known and only theirs, else the id."""
        if person is None:
            return None
        if not self._names:
            self._names.update(self.people.values())
        name = self.people.get(person, person)
        return name if self._names[name] <= 1 else person

    def state(self, state: str | None) -> State:
        """A state by its name, or its id, and what it means."""
        name = self.states.get(state, state) if state is not None else None
        return State(name, self.kinds[state] if state in self.kinds else state_kind(name))


class Lifecycle:
    """One ticket on its way through its saves, which must come in order."""

    def __init__(
        self,
        desk: Desk,
        key: str,
        *,
        channel: str | None = None,
        customer: str | None = None,
        intent: str | None = None,
    ):
        self.desk, self.key = desk, key
        self.channel, self.customer, self.intent = channel, customer, intent
        self.team: str | None = None
        self.agent: str | None = None
        self.state: str | None = None
        self.sequence = 0
        self.reopens = self.team_moves = self.agent_moves = 0
        self._told = State(None, None)  # the last state that an event told of
        self._outcome: str | None = None  # the last outcome
        self._acting = Acting()

    def starts(self, first: dict[str, str | None]) -> None:
        """What the ticket held before its first save: `team`, `agent`, `state`, as far as known."""
        self.team, self.agent = first.get("team", self.team), first.get("agent", self.agent)
        self.state = first.get("state", self.state)

    def save(
        self,
        place: Staged,
        by: By,
        change: dict[str, str | None],
        *,
        created: bool = False,
        before: dict[str, str | None] | None = None,
        early: Iterable[Event] = (),
        steps: Iterable[Event] = (),
        reason: str | None = None,
    ) -> Iterator[Event]:
        """The events of one save: creation, `early` steps, the assignment, the other steps, at last the state.

        `change` has the new `team`, `agent`, `state` where they changed; `before` what they were by the source;
        `reason` the resolution or code that comes with the state. A ticket that is answered and resolved at once
        is answered first.
        """
        self._mind_gap(before or {})
        team = self._acting_team(place, by, change, created)
        if created:
            yield self._created(place, by, team, change, reason)
        for step in early:
            yield self._event(place, by, team, step)
        if not created and any(change[k] != getattr(self, k) for k in HOLDERS if k in change):
            yield self._assignment(place, by, team, change)
        for step in steps:
            yield self._event(place, by, team, step)
        if not created and "state" in change and change["state"] != self.state:
            yield self._event(place, by, team, self._turned(change["state"], reason))
        self.team, self.agent = change.get("team", self.team), change.get("agent", self.agent)

    def turns(self, place: Staged, by: By, event_type: str, reason: str | None = None) -> Iterator[Event]:
        """The event of a moment that a record tells of itself: resolved, closed or reopened, without a state."""
        again = event_type == "reopened"
        yield from self.save(
            place,
            by,
            {"state": "open" if again else event_type},
            reason=reason,
            before={"state": "resolved"} if again else None,
        )

    def last_known(self, state: str | None, reason: str | None = None) -> str | None:
        """The outcome of the state that a record declares last, where its history does not end in it; noted."""
        now = self.desk.state(state if state is not None else self.state)
        if now.name is None or now.kind == self._told.kind or (now.kind is None and now.name.isdigit()):
            return None  # told already, or an id of which nothing is known
        outcome = turn(self._told, now, reason).outcome
        if outcome == self._outcome:
            return None
        if outcome:
            self.desk.sink.note(
                "history",
                "tickets whose last state is known, but not its time: the state counts as the outcome, without a step",
                example=self.key,
            )
        return outcome

    def _created(
        self, place: Staged, by: By, team: str | None, change: dict[str, str | None], reason: str | None
    ) -> Event:
        state = self._told = self.desk.state(change.get("state"))
        self.state = change.get("state", self.state)
        return self._event(
            place,
            by,
            team,
            {
                "activity": "Ticket created",
                "event_type": "started",
                "outcome": ending(state, reason),
                "attributes": as_json(
                    {
                        "team": self.desk.team(change.get("team")),
                        "agent": self.desk.person(change.get("agent")),
                        "state": state.name,
                    }
                ),
            },
        )

    def _assignment(self, place: Staged, by: By, team: str | None, change: dict[str, str | None]) -> Event:
        """The one step of a save that moves the ticket to a team, an agent, or both."""
        to_team, agent = change.get("team", self.team), change.get("agent", self.agent)
        moved, kind = to_team != self.team, None
        if moved and to_team and self.team:
            kind = "group_reassign"
        elif agent and self.agent and agent != self.agent:
            kind = "agent_reassign"
        self.team_moves += moved and to_team is not None
        self.agent_moves += agent != self.agent and agent is not None
        gone = (moved and not to_team and not agent) or (not moved and not agent)
        activity = "Unassigned" if gone else "Assigned to team" if moved and to_team else "Assigned to agent"
        return self._event(
            place,
            by,
            team,
            {
                "activity": activity,
                "event_type": "unassigned" if gone else "assigned",
                "handoff_kind": kind,
                "attributes": as_json(
                    {
                        "from_team": self.desk.team(self.team),
                        "to_team": self.desk.team(to_team),
                        "from_agent": self.desk.person(self.agent),
                        "to_agent": self.desk.person(agent),
                    }
                ),
            },
        )

    def _turned(self, state: str | None, reason: str | None) -> Event:
        before, now = self.desk.state(self.state), self.desk.state(state)
        event_type, outcome = turn(before, now, reason)
        self.state, self._told = state, now
        self.reopens += event_type == "reopened"
        return {
            "activity": _WORDS.get(event_type, f"Status {now.name or 'unknown'}"),
            "event_type": event_type,
            "outcome": outcome,
        }

    def _event(self, place: Staged, by: By, team: str | None, step: Event) -> Event:
        self.sequence += 1
        self._outcome = step.get("outcome") or self._outcome
        actor = by.name or self.desk.person(by.id)
        owns = by.type in ("agent", "supervisor", "unknown")
        common: Event = {
            "source": place.source,
            "source_no": place.source_no,
            "line": place.line,
            "sequence": self.sequence,
            "interaction_id": self.key,
            "started_us": place.at,
            "channel": self.channel,
            "source_system": self.desk.system,
            "actor_type": by.type,
            "actor": actor or (None if by.type == "unknown" else by.type),
            "agent": actor if by.type in ("agent", "supervisor") else None,
            "team": self.desk.team(team) if owns else None,
            "customer": self.customer,
            "intent": self.intent,
        }
        return common | step

    def _acting_team(self, place: Staged, by: By, change: dict[str, str | None], created: bool) -> str | None:
        """The team the ticket was in when the author's save began; without one, that of who takes or creates it."""
        takes = change.get("agent") is not None and change.get("agent") == by.id
        return self._acting.team(by, place.at, self.team or (change.get("team") if created or takes else None))

    def _mind_gap(self, before: dict[str, str | None]) -> None:
        """Where a change starts from another holder than the one known, saves are missing: the source is right."""
        for name in HOLDERS:
            if name in before and before[name] != getattr(self, name):
                self.desk.sink.note(
                    "truncated",
                    "a change does not start from the previous value: part of the history is missing",
                    example=self.key,
                )
                setattr(self, name, before[name])
        if before.get("state"):
            self.state = before["state"]


def as_json(values: Json) -> str | None:
    """The values that are known, as JSON, or None."""
    kept = {k: v for k, v in values.items() if v is not None}
    return json.dumps(kept, ensure_ascii=False, default=str) if kept else None

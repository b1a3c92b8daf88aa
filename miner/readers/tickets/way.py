"""A ticket on its way: who holds it, in which state it is, and the events that come of what is done to it.

What every help desk has in common. A reader says what a save of a record changed; the rules of ownership
(docs/definitions.md) are kept here: an agent's step belongs to the team the ticket is in when the agent acts,
and one save that moves team and agent together is one assignment.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any, Protocol

from miner.events.sink import Sink
from miner.events.values import number_of
from miner.readers.base import Report
from miner.readers.staging import Staged, hand_over

Event = dict[str, Any]
HOLDERS = ("team", "agent")

_SOLVED = frozenset(("resolved", "solved", "done", "fixed", "completed", "complete", "closed successful"))
_SHUT = frozenset((
    "closed", "cancelled", "canceled", "rejected", "declined", "closed unsuccessful", "closed complete",
    "closed incomplete", "closed skipped", "merged", "withdrawn", "closed without response", "removed",
))


def state_kind(name: str | None) -> str | None:
    """What a state means by its usual name: resolved, closed, or None for one in which work goes on."""
    plain = (name or "").strip().lower().replace("_", " ")
    return "resolved" if plain in _SOLVED else "closed" if plain in _SHUT else None


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

    def state(self, state: str | None) -> str | None:
        """The name of a state, or its id."""
        return self.states.get(state, state) if state is not None else None

    def kind(self, state: str | None) -> str | None:
        """resolved, closed, or None for a state in which work goes on."""
        if state in self.kinds:
            return self.kinds[state]
        return state_kind(self.state(state))


class Way:
    """One ticket on its way through its saves, which must come in order."""

    def __init__(self, desk: Desk, key: str, *, channel: str | None = None, customer: str | None = None,
                 intent: str | None = None):
        self.desk, self.key = desk, key
        self.same = {"interaction_id": key, "channel": channel, "customer": customer, "intent": intent,
                     "source_system": desk.system}
        self.team: str | None = None
        self.agent: str | None = None
        self.state: str | None = None
        self.sequence = 0
        self.reopens = self.team_moves = self.agent_moves = 0

    def starts(self, first: dict[str, str | None]) -> None:
        """What the ticket held before its first save: `team`, `agent`, `state`, as far as known."""
        self.team, self.agent = first.get("team", self.team), first.get("agent", self.agent)
        self.state = first.get("state", self.state)

    def save(self, place: Staged, by: By, change: dict[str, str | None], *, created: bool = False,
             before: dict[str, str | None] | None = None, steps: Iterable[Event] = ()) -> Iterator[Event]:
        """The events of one save: creation, then the assignment, the state, and other steps.

        `change` has the new `team`, `agent`, `state` where they changed; `before` what they were by the source.
        """
        self._mind_gap(before or {})
        team = self._acting_team(by, change, created)
        if created:
            kind = self.desk.kind(change.get("state"))
            yield self._event(place, by, team, "Ticket created", "started", outcome=kind,
                              attributes=_json({"team": self.desk.team(change.get("team")),
                                                "agent": self.desk.person(change.get("agent")),
                                                "state": self.desk.state(change.get("state"))}))
            self.state = change.get("state", self.state)
        elif any(change[k] != getattr(self, k) for k in HOLDERS if k in change):
            yield self._assignment(place, by, team, change)
        if not created and "state" in change and change["state"] != self.state:
            yield self._event(place, by, team, **self._state(change["state"]))
        for step in steps:
            yield self._event(place, by, team, **step)
        self.team, self.agent = change.get("team", self.team), change.get("agent", self.agent)

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
            place, by, team, activity, "unassigned" if gone else "assigned", handoff_kind=kind, attributes=_json({
                "from_team": self.desk.team(self.team), "to_team": self.desk.team(to_team),
                "from_agent": self.desk.person(self.agent), "to_agent": self.desk.person(agent)}))

    def _state(self, state: str | None) -> Event:
        before, now = self.desk.kind(self.state), self.desk.kind(state)
        name = self.desk.state(state) or "unknown"
        self.state = state
        if before and not now:
            self.reopens += 1
            # What was resolved is open again: the outcome known last is no longer the good one.
            return {"activity": "Reopened", "event_type": "reopened", "outcome": "open"}
        if now == "resolved":
            return {"activity": "Resolved", "event_type": "resolved", "outcome": "resolved"}
        if now == "closed":
            ending = name.lower() if state_kind(name) else "closed"
            # Closing what is resolved says nothing new; closing anything else is how it ended.
            return {"activity": "Closed", "event_type": "closed", "outcome": None if before else ending}
        return {"activity": f"Status {name}", "event_type": "status_changed"}

    def _event(self, place: Staged, by: By, team: str | None, activity: str, event_type: str | None,
               **more: Any) -> Event:
        self.sequence += 1
        actor = by.name or self.desk.person(by.id)
        owns = by.type in ("agent", "supervisor", "unknown")
        return {
            "source": place.source, "source_no": place.source_no, "line": place.line, "sequence": self.sequence,
            "started_us": place.at, "activity": activity, "event_type": event_type, "actor_type": by.type,
            "actor": actor or (None if by.type == "unknown" else by.type),
            "agent": actor if by.type in ("agent", "supervisor") else None,
            "team": self.desk.team(team) if owns else None, **self.same, **more,
        }

    def _acting_team(self, by: By, change: dict[str, str | None], created: bool) -> str | None:
        """The team the ticket is in; without one, the team where the actor takes it or creates it."""
        takes = change.get("agent") is not None and change.get("agent") == by.id
        return self.team or (change.get("team") if created or takes else None)

    def _mind_gap(self, before: dict[str, str | None]) -> None:
        """Where a change starts from another holder than the one known, saves are missing: the source is right."""
        for name in HOLDERS:
            if name in before and before[name] != getattr(self, name):
                self.desk.sink.note("truncated", "a change starts from another value than the one before: "
                                    "a part of the history is missing", example=self.key)
                setattr(self, name, before[name])
        if before.get("state"):
            self.state = before["state"]


def last_with(events: Iterable[Event], outcome: str | None, value: object) -> Iterator[Event]:
    """The events, the last of them with a mapped outcome and value."""
    last: Event | None = None
    for event in events:
        if last:
            yield last
        last = event
    if last:
        yield last | {"outcome": outcome or last.get("outcome"), "value": number_of(value)}


class Told(Protocol):
    """A ticket of a reader, whose saves have been understood."""

    def steps(self) -> Iterator[Event]:
        """Its events in order, as keywords of `Sink.event`."""

    def outcome_and_value(self) -> tuple[str | None, object]:
        """How it ended and what it is worth, as the user's mapping says."""

    def finish(self, sink: Sink) -> None:
        """Tell the interaction, and what it refers to."""


def tell(sink: Sink, reports: dict[int, Report], ticket: Told) -> int:
    """Give the events of a ticket to the sink, then what is known of it as a whole; returns how many events."""
    count = hand_over(sink, reports, last_with(ticket.steps(), *ticket.outcome_and_value()))
    if count:
        ticket.finish(sink)
    return count


def said(values: dict[str, Any]) -> str | None:
    """The values that are known, as JSON, or None: for `declared` and `identity`."""
    return _json(values)


def _json(values: dict[str, Any]) -> str | None:
    kept = {k: v for k, v in values.items() if v is not None}
    return json.dumps(kept, ensure_ascii=False, default=str) if kept else None

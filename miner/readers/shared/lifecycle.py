"""The life of a ticket: who holds it, in which state it is, and the events that come of what is done to it.

What every help desk has in common. A reader says what a save of a record changed; the rules of ownership
(docs/definitions.md) are kept here: a step belongs to the team the ticket is in when its author acts, and
whatever one author does within a second is one save, an act of the sender.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from miner.events.schema import Event
from miner.readers.shared.fields import as_json
from miner.readers.shared.helpdesk import Author, HelpDesk
from miner.readers.shared.save_grouping import ActingTeam
from miner.readers.shared.staging import Staged
from miner.readers.shared.states import State, change_of_state, outcome_of

HOLDERS = ("team", "agent")
_WORDS = {"reopened": "Reopened", "resolved": "Resolved", "closed": "Closed"}


class Lifecycle:
    """One ticket on its way through its saves, which must come in order."""

    def __init__(
        self,
        desk: HelpDesk,
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
        self._last_state = State(None, None)  # the last state that an event told of
        self._outcome: str | None = None  # the last outcome
        self._acting = ActingTeam()

    def starts(self, first: dict[str, str | None]) -> None:
        """What the ticket held before its first save: `team`, `agent`, `state`, as far as known."""
        self.team, self.agent = first.get("team", self.team), first.get("agent", self.agent)
        self.state = first.get("state", self.state)

    def save(
        self,
        place: Staged,
        author: Author,
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
        self._note_gap(before or {})
        team = self._team_of_author(place, author, change, created)
        if created:
            yield self._created(place, author, team, change, reason)
        for step in early:
            yield self._event(place, author, team, step)
        if not created and any(change[k] != getattr(self, k) for k in HOLDERS if k in change):
            yield self._assignment(place, author, team, change)
        for step in steps:
            yield self._event(place, author, team, step)
        if not created and "state" in change and change["state"] != self.state:
            yield self._event(place, author, team, self._state_step(change["state"], reason))
        self.team, self.agent = change.get("team", self.team), change.get("agent", self.agent)

    def moment(self, place: Staged, author: Author, event_type: str, reason: str | None = None) -> Iterator[Event]:
        """The event of a moment that a record tells of itself: resolved, closed or reopened, without a state."""
        again = event_type == "reopened"
        yield from self.save(
            place,
            author,
            {"state": "open" if again else event_type},
            reason=reason,
            before={"state": "resolved"} if again else None,
        )

    def last_known(self, state: str | None, reason: str | None = None) -> str | None:
        """The outcome of the state that a record declares last, where its history does not end in it; noted."""
        now = self.desk.state(state if state is not None else self.state)
        if now.name is None or now.kind == self._last_state.kind or (now.kind is None and now.name.isdigit()):
            return None  # told already, or an id of which nothing is known
        outcome = change_of_state(self._last_state, now, reason).outcome
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
        self, place: Staged, author: Author, team: str | None, change: dict[str, str | None], reason: str | None
    ) -> Event:
        state = self._last_state = self.desk.state(change.get("state"))
        self.state = change.get("state", self.state)
        return self._event(
            place,
            author,
            team,
            {
                "activity": "Ticket created",
                "event_type": "started",
                "outcome": outcome_of(state, reason),
                "attributes": as_json(
                    {
                        "team": self.desk.team(change.get("team")),
                        "agent": self.desk.person(change.get("agent")),
                        "state": state.name,
                    }
                ),
            },
        )

    def _assignment(self, place: Staged, author: Author, team: str | None, change: dict[str, str | None]) -> Event:
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
            author,
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

    def _state_step(self, state: str | None, reason: str | None) -> Event:
        before, now = self.desk.state(self.state), self.desk.state(state)
        event_type, outcome = change_of_state(before, now, reason)
        self.state, self._last_state = state, now
        self.reopens += event_type == "reopened"
        return {
            "activity": _WORDS.get(event_type, f"Status {now.name or 'unknown'}"),
            "event_type": event_type,
            "outcome": outcome,
        }

    def _event(self, place: Staged, author: Author, team: str | None, step: Event) -> Event:
        self.sequence += 1
        self._outcome = step.get("outcome") or self._outcome
        actor = author.name or self.desk.person(author.id)
        owns = author.type in ("agent", "supervisor", "unknown")
        common: Event = {
            "source": place.source,
            "source_no": place.source_no,
            "line": place.line,
            "sequence": self.sequence,
            "interaction_id": self.key,
            "started_us": place.at,
            "channel": self.channel,
            "source_system": self.desk.system,
            "actor_type": author.type,
            "actor": actor or (None if author.type == "unknown" else author.type),
            "agent": actor if author.type in ("agent", "supervisor") else None,
            "team": self.desk.team(team) if owns else None,
            "customer": self.customer,
            "intent": self.intent,
        }
        return common | step

    def _team_of_author(
        self, place: Staged, author: Author, change: dict[str, str | None], created: bool
    ) -> str | None:
        """The team the ticket was in when the author's save began; without one, that of who takes or creates it."""
        takes = change.get("agent") is not None and change.get("agent") == author.id
        return self._acting.team(author, place.at, self.team or (change.get("team") if created or takes else None))

    def _note_gap(self, before: dict[str, str | None]) -> None:
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

"""A help desk: the names of its teams and people, what its states mean, and who acts in it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field

from miner.events.sink import Sink
from miner.readers.shared.states import State, state_kind


@dataclass(frozen=True, slots=True)
class Author:
    """Who acts: an actor type and the id; `name` where it is known otherwise than by the id."""

    type: str
    id: str | None = None
    name: str | None = None


SYSTEM = Author("system", None, "system")


@dataclass
class HelpDesk:
    """An account of a help desk: the names of its teams and people, and what its states mean."""

    sink: Sink
    system: str
    mapping: dict[str, str] = field(default_factory=dict)  # key → field, as the user mapped them
    teams: dict[str, str] = field(default_factory=dict)
    people: dict[str, str] = field(default_factory=dict)
    states: dict[str, str] = field(default_factory=dict)
    kinds: dict[str, str | None] = field(default_factory=dict)  # state → resolved, closed, None
    _names: Counter[str] = field(default_factory=Counter)

    def complete(self) -> None:
        """What follows from all that was remembered; called once, after the last file."""

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

    def channel(self, name: str | None, channels: Mapping[str, str], what: str) -> str | None:
        """The channel that a system's own word means, `unknown` and noted where it is none of `channels`."""
        if name is None:
            return None
        channel = channels.get(name.lower())
        if channel is None:
            self.sink.note("unknown values", f"{what} that are not a channel were read as unknown", example=name)
        return channel or "unknown"

"""Which rows of a history are one save.

Systems write the parts of a save apart: a row for each field, the comment in a table of its own, some milliseconds or,
where the clock counts seconds, a second later.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Hashable, Iterable

from miner.events.times import SECOND
from miner.readers.shared.staging import Staged

ONE_SAVE = SECOND  # µs from the first row of a save to its last


def group_saves(
    rows: Iterable[Staged], author: Callable[[Staged], Hashable], fields: Callable[[Staged], Collection[str]]
) -> list[list[Staged]]:
    """The rows of a ticket, in order, as saves: rows of one author within a second of the first of them.

    `fields` are what a row sets. A row that sets later what has been set in the meantime, by whomever, begins a save
    of its own, so that nothing that happened is passed over.
    """
    found: list[list[Staged]] = []
    latest: dict[Hashable, int] = {}  # author → their latest save
    set_in: dict[str, tuple[int, int]] = {}  # field → the save that set it last, and when
    for row in rows:
        who, sets = author(row), fields(row)
        number = latest.get(who)
        if (
            number is None
            or row.at - found[number][0].at > ONE_SAVE
            or any(set_in[name][0] >= number and set_in[name] != (number, row.at) for name in sets if name in set_in)
        ):
            number = latest[who] = len(found)
            found.append([])
        found[number].append(row)
        set_in.update(dict.fromkeys(sets, (number, row.at)))
    return found


class ActingTeam:
    """For which team authors act: the one that has the ticket when their save begins, to the end of the save."""

    def __init__(self) -> None:
        self._began: dict[Hashable, tuple[int, str | None]] = {}

    def team(self, author: Hashable, at: int, team: str | None) -> str | None:
        """The team of what an author does at a time (µs), at which `team` has the ticket."""
        began, first = self._began.get(author, (at, None))
        if first is not None and at - began <= ONE_SAVE:
            return first
        self._began[author] = (at, team)
        return team

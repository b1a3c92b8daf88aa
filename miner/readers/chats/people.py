"""Who is an agent, where a chat itself does not say: declared by the user, by name.

`--map "agent=Ana; Bo"` names agents, `--map "team=Billing: Ana, Bo; Technical: Cem"` agents with their teams.
"""

from __future__ import annotations

import re

from miner.errors import UsageError
from miner.events.sink import Sink
from miner.readers.base import Options

# Marks of direction and the like that programs put around names.
_UNSEEN = re.compile("[\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff~]")


class People:
    """The declared agents; names are compared without capitals and unseen marks."""

    def __init__(self, options: Options):
        self.teams: dict[str, str | None] = {}  # name → team
        self.spelling: dict[str, str] = {}  # name → as the user wrote it
        self._seen: set[str] = set()
        for name in _split(options.columns.get("agent", ""), ";"):
            self._add(name, None)
        for group in _split(options.columns.get("team", ""), ";"):
            team, colon, names = group.partition(":")
            if not colon or not team.strip():
                raise UsageError(
                    f"--map team={group!r} has no team", fix='write "team=Billing: Ana, Bo; Technical: Cem"'
                )
            for name in _split(names, ","):
                self._add(name, team.strip())

    def __bool__(self) -> bool:
        return bool(self.teams)

    def find(self, *names: str | None) -> str | None:
        """The declared agent with one of these names, as the user wrote it; None where none is one."""
        for name in names:
            key = plain(name or "")
            if key in self.teams:
                self._seen.add(key)
                return self.spelling[key]
        return None

    def team(self, name: str | None) -> str | None:
        """The declared team of an agent."""
        return self.teams.get(plain(name or ""))

    def note_unused(self, sink: Sink) -> None:
        """Note the declared agents who never came up: their names may be written otherwise."""
        for key in self.teams.keys() - self._seen:
            sink.note("unused", "declared agents wrote nothing here; check their names", example=self.spelling[key])

    def _add(self, name: str, team: str | None) -> None:
        self.spelling.setdefault(plain(name), name)
        self.teams[plain(name)] = team


def plain(name: str) -> str:
    """A name without capitals, unseen marks and repeated spaces."""
    return " ".join(_UNSEEN.sub("", name).replace("\u202f", " ").replace("\u00a0", " ").split()).casefold()


def _split(text: str, mark: str) -> list[str]:
    return [part.strip() for part in text.split(mark) if part.strip()]

"""What a map shows, before any drawing: steps, the paths between them, and levels of detail.

A step is an activity (process map) or a team (team map). All counts come from SQL over the
tables of the workspace; nothing here is per event.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Kind = Literal["process", "teams"]


@dataclass(frozen=True, slots=True)
class Step:
    """An activity or team: `count` events or visits, in `journeys` journeys; `median_s` is the time inside it.

    `place` is its average position in a journey (0 the first, 1 the last), `silo` the silo in which at least
    half of it happens.
    """

    name: str
    silo: str | None
    count: int
    journeys: int
    place: float
    median_s: float | None


@dataclass(frozen=True, slots=True)
class Path:
    """From one step directly to another (indices): how often, in how many journeys, the waits between, the cost.

    `cost_s` and `money` are what fragmentation costs on the way and after it until the next arrow (None where the
    workspace was not priced, money also without rates).
    """

    tail: int
    head: int
    count: int
    journeys: int
    median_s: float
    p95_s: float
    total_s: float
    typical: str  # the journey that has the median wait here
    slowest: str
    cost_s: float | None = None
    money: float | None = None

    def spent(self) -> float | None:
        """Money where there is any, else seconds."""
        return self.cost_s if self.money is None else self.money


@dataclass(frozen=True, slots=True)
class Level:
    """The paths between the first `steps` steps: `paths` ranked so that the first `backbone` reach every step.

    `starts`/`ends` say how many journeys begin and end at a step; `visible[k]` is the number of journeys
    that are wholly on the map when its first k paths are shown.
    """

    steps: int
    paths: tuple[Path, ...]
    backbone: int
    starts: dict[int, int]
    ends: dict[int, int]
    visible: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Flow:
    """A map at all its levels of detail; `steps` are ranked, so that a level shows a prefix of them.

    `silos` are those of the whole log, in the order of their colours, the same on every map of it.
    """

    kind: Kind
    steps: tuple[Step, ...]
    journeys: int
    levels: tuple[Level, ...] = ()
    silos: tuple[str, ...] = ()

    def silos_shown(self) -> list[tuple[int, str]]:
        """The silos that a step of this map has, with their places among all silos."""
        here = {step.silo for step in self.steps}
        return [(i, silo) for i, silo in enumerate(self.silos) if silo in here]

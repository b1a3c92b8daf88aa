"""What the stages of a run make: the log and its journeys in the engine (see `log`), the rest in the workspace."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from miner.workspace import Workspace

if TYPE_CHECKING:
    from miner.pipeline.job import Job


@dataclass(frozen=True)
class Made:
    """The result of a stage."""

    def keep(self, job: Job) -> None:
        """Write down what the workspace keeps of it where a run ends before it is used."""

    def close(self) -> None:
        """Let go of it: no later stage needs it."""


@dataclass(frozen=True)
class Journeys(Made):
    """Interactions joined to journeys, in the engine of the log; `owner_level` is team, agent or None."""

    owner_level: str | None


@dataclass(frozen=True)
class Saved(Made):
    """The result of a stage in a workspace: it can be opened again by a later run."""

    workspace: Workspace


class Tables(Saved):
    """The tables of the measures, quality.json and the counts of summary.json."""


class Costs(Saved):
    """The tables with the Fragmentation Cost, the value lost and the contact-centre KPIs."""


class Models(Saved):
    """The process models."""


class LoadedGraph(Saved):
    """The graph in the engine that was asked for, or none."""


class Findings(Saved):
    """The findings in summary.json, and the answers of the queries that prove them."""


class Page(Saved):
    """The page a person opens."""

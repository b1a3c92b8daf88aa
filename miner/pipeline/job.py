"""What a run was asked to do, as one value."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from miner.pipeline.progress import Progress, Silent
from miner.pipeline.settings import Settings
from miner.pipeline.sources import Sources
from miner.privacy import Keys
from miner.workspace import Workspace

if TYPE_CHECKING:
    from miner.graph.neo4j import Login


@dataclass(frozen=True)
class Job:
    """What to read, where to write, who listens, the keys of the pseudonyms, the login of a server."""

    workspace: Workspace
    sources: Sources
    progress: Progress = field(default_factory=Silent)
    keys: Keys | None = None  # None: people keep their names
    server: Login | None = None  # None: from the environment, where the graph is on a server

    @property
    def settings(self) -> Settings:
        """The settings, with those of a folder's own mapping."""
        return self.sources.settings

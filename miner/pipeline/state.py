"""What the stages of a run share."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from miner.pipeline.progress import Progress
from miner.pipeline.settings import Settings
from miner.pipeline.sources import Sources
from miner.privacy import Keys
from miner.readers import Report
from miner.workspace import Workspace


@dataclass
class Run:
    """A run on its way: what it reads, what it writes, and what is known so far."""

    workspace: Workspace
    sources: Sources
    progress: Progress
    engine: Any = None
    sink: Any = None
    reports: list[Report] = field(default_factory=list)
    passed_over: list[str] = field(default_factory=list)
    owner_level: str | None = None
    linked: bool = False
    keys: Keys | None = None  # None: people keep their names
    hidden: bool = False  # whether what is said of the sources is free of identifiers

    @property
    def settings(self) -> Settings:
        """The settings, with those of a folder's own mapping."""
        return self.sources.settings

    def close(self) -> None:
        """Let go of the engine."""
        if self.engine is not None:
            self.engine.close()
            self.engine = None

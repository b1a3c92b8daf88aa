"""Which outcomes count in shares: those of systems whose export shows both good and other ends."""

from __future__ import annotations

from collections.abc import Collection

from miner.events.engine import Engine
from miner.sql import fill, load_saved, run, save
from miner.workspace import Workspace

TABLES = ("outcomes_shown", "journey_outcomes")


def save_outcomes(workspace: Workspace, good: Collection[str]) -> None:
    """Write `outcomes_shown` and `journey_outcomes` into a measured workspace; `good` outcomes count as good."""
    with Engine() as engine:
        load_saved(engine, workspace, "events", "interactions")
        fill_good(engine, good)
        fill_declared(engine, workspace)
        run(engine, TABLES, given=("events", "interactions"))
        for table in TABLES:
            save(engine, workspace, table)


def fill_good(engine: Engine, good: Collection[str]) -> None:
    """Fill `good_outcomes`, in lower case."""
    fill(engine, "good_outcomes", [(word,) for word in sorted({word.lower() for word in good})])


def fill_declared(engine: Engine, workspace: Workspace) -> None:
    """Fill `declared_outcomes` with what the reader of each source declares, as quality.json has it."""
    sources = workspace.quality.get("sources", [])
    words = [(source["file"], word.lower()) for source in sources for word in source.get("outcomes", [])]
    fill(engine, "declared_outcomes", words)

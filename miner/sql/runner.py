"""Runs models over an engine: each makes the table of its name."""

from __future__ import annotations

from collections.abc import Collection
from typing import Protocol

from miner.events.engine import Engine
from miner.sql.macros import DUCKDB, Dialect
from miner.sql.plan import plan


class Runs(Protocol):
    """An engine as the runner sees it."""

    def make(self, table: str, select: str) -> None:
        """Make a table of the rows of a statement."""

    def drop(self, table: str) -> None:
        """Remove a table."""


def run(
    engine: Runs,
    wanted: Collection[str],
    given: Collection[str] = (),
    keep_steps: bool = False,
    dialect: Dialect = DUCKDB,
) -> None:
    """Make the wanted tables and all that they need; `given` tables are there and stay.

    A step that is neither wanted nor saved is dropped after its last reader, as are inputs, unless `keep_steps`.
    """
    for step in plan(wanted, given):
        engine.make(step.model.table, dialect.render(step.model))
        if not keep_steps:
            for table in step.drops:
                engine.drop(table)


def add(engine: Engine, *wanted: str) -> None:
    """Make tables anew from those that are there, and what they need besides; nothing is dropped."""
    run(engine, wanted, given=engine.tables() - set(wanted), keep_steps=True)

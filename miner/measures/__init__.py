"""The measures of journeys: one SQL model each, from the events of all sources to the tables of the workspace.

The files keep to a subset of SQL that DuckDB and Spark read alike (docs/add-a-measure.md).
"""

from __future__ import annotations

from collections.abc import Collection
from typing import TYPE_CHECKING

from miner.events.engine import Engine
from miner.events.schema import GOOD
from miner.sql import fill, run
from miner.sql.catalog import model, results

if TYPE_CHECKING:
    from miner.calendars import Calendars


def saved_tables() -> list[str]:
    """The tables that the measures save."""
    return [table for table in results("measures") if model(table).is_saved]


def measure(
    engine: Engine,
    keep_steps: bool = False,
    calendars: Calendars | None = None,
    tz: str | None = None,
    good: Collection[str] = GOOD,
    ends: Collection[str] = (),
    also: Collection[str] = (),
) -> None:
    """Make the tables of all measures, and those in `also`.

    `calendars` say which waits are outside working hours, `tz` the zone of weekdays and hours where they do not; `good`
    outcomes and the activities in `ends` settle an interaction.
    A step on the way is dropped after the last measure that reads it, unless `keep_steps`.
    """
    from miner.calendars.engine_tables import fill_calendars

    fill_calendars(engine, calendars, tz)
    fill_settling_words(engine, good, ends)
    run(engine, [*results("measures"), *also], keep_steps=keep_steps)


def fill_settling_words(engine: Engine, good: Collection[str], ends: Collection[str]) -> None:
    """Fill `settling_words`: good outcomes and the activities in `ends` settle an interaction."""
    words = [(kind, word.lower()) for kind, words in (("outcome", good), ("activity", ends)) for word in words]
    fill(engine, "settling_words", sorted(set(words)))

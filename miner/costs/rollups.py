"""What the components add up to: by path, team pair, channel, customer and other groups, and in all."""

from __future__ import annotations

from typing import Any

from miner.errors import UsageError
from miner.events.engine import Engine
from miner.sql import add, fill
from miner.summary import COMPONENTS, TIMED

# What a roll-up groups by, and what its columns of names are called.
BY = {
    "journey": ("journey",),
    "path": ("path",),
    "team": ("from_team", "to_team"),
    "silo": ("from_silo", "to_silo"),
    "channel": ("channel",),
    "intent": ("intent",),
    "customer_type": ("customer_type",),
    "region": ("region",),
    "week": ("week",),
    "total": (),
}
SAVED = ("path", "team", "silo", "channel", "intent", "customer_type", "region", "week")  # in `cost_rollups`


def roll_up(engine: Engine, *dimensions: str) -> None:
    """Make `cost_rollups` from the priced components, along some of BY; UsageError for another word."""
    for by in dimensions:
        if by not in BY:
            raise UsageError(f"no roll-up by {by!r}", fix=f"by is one of: {' '.join(BY)}")
    fill_dimensions(engine, *dimensions)
    add(engine, "cost_rollups")


def fill_dimensions(engine: Engine, *dimensions: str) -> None:
    """Fill `rollup_dimensions` with some of BY."""
    fill(engine, "rollup_dimensions", [(by, place) for place, by in enumerate(dimensions)])


def rows(engine: Engine, by: str) -> list[dict[str, Any]]:
    """The rows of one roll-up, most hours first: its names, transitions, journeys, then integers that add up exactly.

    `{component}_us`, cost_us, `{component}_um`, cost_um, unpriced_us: a null component is not computed; cost_us and
    cost_um are the sums of what is; unpriced_us is the part of cost_us that cost_um leaves out.
    """
    roll_up(engine, by)
    own = ("from_name", "name")[2 - len(BY[by]) :]
    names = [f"{column} AS {name}" for column, name in zip(own, BY[by], strict=True)]
    hours = [*(f"{name}_cost_us AS {name}_us" for name in TIMED), "cost_us"]
    money = [*(f"{name}_um" for name in COMPONENTS), "cost_um", "unpriced_us"]
    columns = ", ".join([*names, "transitions", "journeys", *hours, *money])
    order = "cost_us DESC, from_name NULLS FIRST, name NULLS FIRST"
    cursor = engine.run(f"SELECT {columns} FROM cost_rollups ORDER BY {order}")
    found = [column[0] for column in cursor.description]
    return [dict(zip(found, row, strict=True)) for row in cursor.fetchall()]

"""Price a workspace: from its tables to the components, and what is saved of them."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from miner.costs.compute import assume, components, take
from miner.costs.not_computed import Inputs
from miner.costs.rates import Rates, from_json
from miner.costs.rollups import SAVED, roll_up, rows
from miner.costs.sensitivity import sensitivity, span
from miner.costs.summary import summary
from miner.errors import UsageError
from miner.events.engine import Engine
from miner.sql import add, add_columns, save
from miner.summary import FragmentationCost
from miner.workspace import Workspace

SAVED_AS = "assumptions.json"


class Priced:
    """A priced workspace, for as long as its engine is open."""

    def __init__(self, engine: Engine, workspace: Workspace, rates: Rates, known: Inputs, case: str):
        self._engine, self._workspace, self._rates, self._known, self._case = engine, workspace, rates, known, case

    def summary(self) -> FragmentationCost:
        """`fragmentation_cost` as summary.json has it."""
        return summary(self._engine, self._rates, self._known, self._case)

    def rollup(self, by: str) -> list[dict[str, Any]]:
        """What the components add up to by journey, path, team, silo, channel, intent, week or total: integers."""
        return rows(self._engine, by)

    def sensitivity(self) -> list[dict[str, Any]]:
        """What each assumption does to the total; nothing else can be asked afterwards."""
        return sensitivity(self._engine, self._rates)

    def save(self) -> FragmentationCost:
        """Write the columns of `transitions`, `cost_rollups`, assumptions.json, summary.json; gives the summary.

        With rates the summary also has `hours_low`, `hours_high`, `money_low` and `money_high`: the total with all
        assumptions at their low and at their high.
        """
        engine, workspace = self._engine, self._workspace
        found = self.summary()
        engine.run("SET preserve_insertion_order = true")
        add(engine, "transition_costs")
        add_columns(engine, workspace, "transition_costs")
        roll_up(engine, *SAVED)
        save(engine, workspace, "cost_rollups")
        used = {**self._rates.as_json(), "case": self._case, "measured": self._known.measured}
        workspace.write_json(SAVED_AS, {**used, "sensitivity": self.sensitivity()})
        if self._rates.values:
            found.update(span(self._engine, self._rates))
        workspace.change_summary({"fragmentation_cost": found})
        return found


@contextmanager
def pricing(workspace: Workspace, rates: Rates | None = None, case: str = "base") -> Iterator[Priced]:
    """Compute the Fragmentation Cost from the tables of a workspace; without `rates` hours only.

    UsageError where the rates make numbers that do not fit.
    """
    import duckdb

    used = rates or Rates()
    with Engine() as engine:
        take(engine, workspace)
        known = components(engine, used, losses_known=workspace.table_path("value_lost_journeys").is_file())
        try:
            assume(engine, used, case)
            yield Priced(engine, workspace, used, known, case)
        except (duckdb.ConversionException, duckdb.OutOfRangeException):
            raise UsageError(
                f"the rates of “{used.name}” add up to more than can be represented",
                fix="check for a wrong number; otherwise give amounts in thousands",
            ) from None


def price(workspace: Workspace, rates: Rates | None = None, case: str = "base") -> FragmentationCost:
    """Compute the Fragmentation Cost and save it in the workspace; gives `fragmentation_cost` of the summary."""
    with pricing(workspace, rates, case) as priced:
        return priced.save()


def saved_rates(workspace: Workspace) -> Rates:
    """The assumption set that a workspace was priced with."""
    content = workspace.read_json(SAVED_AS)
    return from_json(content) if content else Rates()

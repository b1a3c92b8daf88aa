"""Price a workspace: from its tables to the components, and what is saved of them."""

from __future__ import annotations

from typing import Any

from miner.costs.compute import assume, components, take
from miner.costs.rates import Rates, from_json
from miner.costs.save import save_transitions, summary
from miner.events.engine import Engine
from miner.workspace import Workspace

SAVED_AS = "assumptions.json"


def price(workspace: Workspace, rates: Rates | None = None, case: str = "base") -> dict[str, Any]:
    """Compute the Fragmentation Cost and save it: columns of `transitions`, summary.json, assumptions.json.

    Without `rates` hours only. Returns `fragmentation_cost` as summary.json has it.
    """
    used = rates or Rates()
    with Engine() as engine:
        take(engine, workspace)
        known = components(engine, used)
        assume(engine, used, case)
        found = summary(engine, used, known, case)
        engine.run("SET preserve_insertion_order = true")
        save_transitions(engine, workspace)
    workspace.write_json(SAVED_AS, {**used.as_json(), "case": case, "measured": known.measured})
    workspace.write_json("summary.json", {**workspace.summary, "fragmentation_cost": found})
    return found


def saved_rates(workspace: Workspace) -> Rates:
    """The assumption set that a workspace was priced with."""
    content = workspace.read_json(SAVED_AS)
    return from_json(content) if content else Rates()

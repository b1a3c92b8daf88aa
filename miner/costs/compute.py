"""The Fragmentation Cost of a workspace: its tables into an engine, the models of this folder over them."""

from __future__ import annotations

from miner.costs.asking import declared
from miner.costs.not_computed import Inputs, inputs
from miner.costs.rates import SECONDS, Rates
from miner.events.engine import Engine
from miner.events.schema import PEOPLE
from miner.sql import add, fill, load_saved
from miner.summary import TIMED
from miner.workspace import Workspace

_MICRO = 1_000_000
_READ = ("journeys", "interactions", "events", "transitions", "handoffs", "visits", "value_lost_journeys")


def take(engine: Engine, workspace: Workspace) -> None:
    """The tables of a workspace as the models read them: journeys by number, times in microseconds."""
    engine.run("SET preserve_insertion_order = false")
    load_saved(engine, workspace, *_READ)
    add(engine, "cost_journeys", "cost_interactions", "cost_events", "cost_transitions", "cost_losses")


def components(engine: Engine, rates: Rates, losses_known: bool) -> Inputs:
    """Make `cost_components` from what `take` took, and say what is not computed."""
    activities = [row[0] for row in engine.rows("SELECT DISTINCT activity FROM cost_events ORDER BY 1")]
    asking = declared(activities, rates.ask_again)
    fill(engine, "asking", asking)
    add(engine, "handling_split", "cost_medians")
    found = inputs(engine, rates, asks=bool(asking), losses_known=losses_known)
    medians = dict(engine.rows("SELECT component, median_us FROM cost_medians WHERE intent IS NULL"))
    there = [name not in found.not_computed for name in TIMED]
    consequence = bool(rates.values) and "consequence" not in found.not_computed
    row = (*there, found.repeats_known, consequence, medians.get("delay"), medians.get("handoff"))
    fill(engine, "computable", [row])
    add(engine, "cost_components")
    return found


def assume(engine: Engine, rates: Rates, case: str = "base") -> None:
    """Make `priced_components`: the components with an assumption set in one of its cases."""
    seconds = [rates.at(name, case) for name in SECONDS]
    changes = [None if s is None else round(s * _MICRO) for s in seconds]
    fill(engine, "assumptions", [(*changes, rates.at("delay_rate", case), rates.repeat_contact == "contact")])
    person = rates.at("loaded_rate", case)
    actors = {**({} if person is None else dict.fromkeys(PEOPLE, person)), **rates.of("actor_rates", case)}
    fill(engine, "actor_rates", actors.items())
    fill(engine, "team_rates", rates.of("team_rates", case).items())
    prices = {channel: round(cost * _MICRO) for channel, cost in rates.of("contact_costs", case).items()}
    fill(engine, "contact_costs", prices.items())
    add(engine, "priced_components")

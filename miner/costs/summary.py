"""What the costs add up to in all: `fragmentation_cost` of summary.json."""

from __future__ import annotations

from miner.costs.not_computed import Inputs
from miner.costs.rates import Rates
from miner.events.engine import Engine
from miner.summary import COMPONENTS, TIMED, FragmentationCost, ValueLost


def totals(engine: Engine) -> dict[str, tuple[int | None, int | None]]:
    """Microseconds and millionths of money of each component, None where not computed."""
    sums = ", ".join([f"sum({name}_us)" for name in TIMED] + [f"sum({name}_um)" for name in COMPONENTS])
    row = [None if value is None else int(value) for value in engine.one(f"SELECT {sums} FROM priced_components")]
    hours = dict(zip(TIMED, row, strict=False))
    money = dict(zip(COMPONENTS, row[len(TIMED) :], strict=True))
    return {name: (hours.get(name), money[name]) for name in COMPONENTS}


def unpriced(engine: Engine) -> dict[str, int]:
    """Microseconds of each component whose money is unknown though its hours are known."""
    sums = ", ".join(f"coalesce(sum({name}_us) FILTER (WHERE {name}_um IS NULL), 0)" for name in TIMED)
    return {
        name: int(us) for name, us in zip(TIMED, engine.one(f"SELECT {sums} FROM priced_components"), strict=True) if us
    }


def summary(engine: Engine, rates: Rates, known: Inputs, case: str) -> FragmentationCost:
    """`fragmentation_cost` of summary.json: hours by component, money apart, and what is not computed."""
    found = totals(engine)
    hours = {name: us / 3.6e9 for name, (us, _) in found.items() if name not in known.not_computed and us is not None}
    without = unpriced(engine)
    money = {
        name: um / 1e6
        for name, (us, um) in found.items()
        if um is not None and rates.values and (us is None or not us or without.get(name, 0) < us)
    }
    whole = sum(us for name, (us, _) in found.items() if name in hours and us is not None)
    paid = sum(um for name, (_, um) in found.items() if name in money and um is not None)
    return {
        "hours": whole / 3.6e9 if hours else None,
        "money": paid / 1e6 if money else None,
        "components": hours,
        "hours_without_money": sum(us for name, us in without.items() if name in hours) / 3.6e9 if money else None,
        "not_computed": known.not_computed,
        "components_money": money,
        "money_not_computed": _without_money(without, rates, known, money) if rates.values else {},
        "currency": rates.currency,
        "assumptions": rates.name,
        "case": case,
        "value_lost": _value_lost(engine, known),
    }


def _value_lost(engine: Engine, known: Inputs) -> ValueLost | None:
    """What the journeys of lossy paths lost, in the log's own unit; it needs no rates. None where not computed."""
    if "consequence" in known.not_computed:
        return None
    value, journeys = engine.one("SELECT coalesce(sum(lost_um), 0) / 1e6, count(*) FROM cost_losses")
    return {"value": float(value), "journeys": journeys}


def _without_money(without: dict[str, int], rates: Rates, known: Inputs, money: dict[str, float]) -> dict[str, str]:
    """Why a component has no money, or not for all of its hours."""
    made = {}
    for name, us in without.items():
        if name == "delay":
            made[name] = "delay_rate is not set in the rates"
        elif name == "repeat_contact" and rates.repeat_contact == "contact":
            made[name] = f"{us / 3.6e9:.2f} h in channels without a contact cost"
        else:
            made[name] = f"{us / 3.6e9:.2f} h of actors without a rate"
    for name in COMPONENTS:
        if name not in money and name not in made:
            made[name] = known.not_computed.get(name, "nothing to price")
    return made

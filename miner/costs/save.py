"""What is kept of the costs: the columns of `transitions`, roll-ups, the summary and the assumptions."""

from __future__ import annotations

from functools import partial

from miner.costs.compute import Known, make
from miner.costs.rates import Rates
from miner.events.engine import Engine
from miner.summary import COMPONENTS, TIMED, FragmentationCost, ValueLost
from miner.workspace import Workspace

# The columns that the costs add to `transitions`, in order.
COLUMNS = (
    "handled_s",
    "system_changes",
    "context_shifts",
    *(f"{name}_cost_s" for name in TIMED),
    *(f"{name}_money" for name in COMPONENTS),
    "handled_price",
)


def save_transitions(engine: Engine, workspace: Workspace) -> None:
    """Write `transitions` again, with the components of the table `priced` behind its own columns."""
    make(engine, "handling_price")
    path = "'" + str(workspace.table_path("transitions")).replace("'", "''") + "'"
    there = [row[0] for row in engine.rows(f"DESCRIBE SELECT * FROM read_parquet({path})")]
    own = ", ".join(f't."{name}"' for name in there if name not in COLUMNS)
    unknown = _unknown(engine)
    added = ", ".join(f"{'CAST(NULL AS INTEGER)' if name in unknown else _column(name)} AS {name}" for name in COLUMNS)
    select = (
        f"SELECT {own}, {added} FROM read_parquet({path}) t JOIN cost_journeys j ON j.name = t.journey_id "
        "JOIN priced p ON p.journey_id = j.journey_id AND p.seq = t.seq "
        "JOIN handling_price h ON h.journey_id = j.journey_id AND h.seq = t.seq ORDER BY p.journey_id, p.seq"
    )
    workspace.write("tables/transitions.parquet", partial(engine.copy_parquet, select))


def _unknown(engine: Engine) -> set[str]:
    """The changes that nobody could see, as the log does not say what would change."""
    systems, contexts = engine.one(
        "SELECT count(source_system), count(channel) + count(intent) + count(agent) FROM cost_events"
    )
    return {name for name, known in (("system_changes", systems), ("context_shifts", contexts)) if not known}


def _column(name: str) -> str:
    if name.endswith("_cost_s"):
        return f"p.{name.removesuffix('_cost_s')}_us / 1e6"
    if name.endswith("_money"):
        return f"p.{name.removesuffix('_money')}_um / 1e6"
    return {"handled_s": "p.handled_us / 1e6", "handled_price": "h.handled_um / 1e6"}.get(name, f"p.{name}")


def totals(engine: Engine) -> dict[str, tuple[int | None, int | None]]:
    """Microseconds and millionths of money of each component, None where not computed."""
    sums = ", ".join([f"sum({name}_us)" for name in TIMED] + [f"sum({name}_um)" for name in COMPONENTS])
    row = [None if value is None else int(value) for value in engine.one(f"SELECT {sums} FROM priced")]
    hours = dict(zip(TIMED, row, strict=False))
    money = dict(zip(COMPONENTS, row[len(TIMED) :], strict=True))
    return {name: (hours.get(name), money[name]) for name in COMPONENTS}


def unpriced(engine: Engine) -> dict[str, int]:
    """Microseconds of each component whose money is unknown though its hours are known."""
    sums = ", ".join(f"coalesce(sum({name}_us) FILTER (WHERE {name}_um IS NULL), 0)" for name in TIMED)
    return {name: int(us) for name, us in zip(TIMED, engine.one(f"SELECT {sums} FROM priced"), strict=True) if us}


def summary(engine: Engine, rates: Rates, known: Known, case: str) -> FragmentationCost:
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


def _value_lost(engine: Engine, known: Known) -> ValueLost | None:
    """What the journeys of lossy paths lost, in the log's own unit; it needs no rates. None where not computed."""
    if "consequence" in known.not_computed:
        return None
    value, journeys = engine.one("SELECT coalesce(sum(lost_um), 0) / 1e6, count(*) FROM cost_losses")
    return {"value": float(value), "journeys": journeys}


def _without_money(without: dict[str, int], rates: Rates, known: Known, money: dict[str, float]) -> dict[str, str]:
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

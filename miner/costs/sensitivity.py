"""What each assumption does to the total: it alone at its low and at its high, all others at base (a tornado)."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from miner.costs.compute import assume, make
from miner.costs.rates import Rates, Value
from miner.costs.save import totals
from miner.events.engine import Engine


def sensitivity(engine: Engine, rates: Rates) -> list[dict[str, Any]]:
    """One row an assumption that has a range, the one that moves the total most first.

    Keys: name, unit, low, base, high (of the assumption), hours_low, hours_high, money_low, money_high (of the total).
    Computed from sums, so that money is exact to about a millionth a pair of team and actor type. Uses up `priced`.
    """
    make(engine, "pooled")
    engine.run("ALTER TABLE components RENAME TO components_of_transitions")
    engine.run("ALTER TABLE pooled RENAME TO components")
    try:
        rows = [_row(engine, rates, name, value) for name, value in rates.values.items() if _moves(rates, name, value)]
    finally:
        engine.run("DROP TABLE components")
        engine.run("ALTER TABLE components_of_transitions RENAME TO components")
    return sorted(rows, key=lambda row: (-_swing(row, "money"), -_swing(row, "hours"), row["name"]))


def _moves(rates: Rates, name: str, value: Value) -> bool:
    priced_by_time = name.startswith("contact_costs.") and rates.repeat_contact == "time"
    return value.low < value.high and not priced_by_time


def _row(engine: Engine, rates: Rates, name: str, value: Value) -> dict[str, Any]:
    row: dict[str, Any] = {"name": name, "unit": value.unit, "low": value.low, "base": value.base, "high": value.high}
    for case in ("low", "high"):
        alone = replace(value, base=getattr(value, case))
        assume(engine, replace(rates, values={**rates.values, name: alone}))
        found = totals(engine)
        hours = [us for us, _ in found.values() if us is not None]
        money = [um for _, um in found.values() if um is not None]
        row[f"hours_{case}"] = sum(hours) / 3.6e9 if hours else None
        row[f"money_{case}"] = sum(money) / 1e6 if money else None
    return row


def _swing(row: dict[str, Any], what: str) -> float:
    return (row[f"{what}_high"] or 0.0) - (row[f"{what}_low"] or 0.0)

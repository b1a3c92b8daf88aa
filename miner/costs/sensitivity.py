"""What each assumption does to the total: it alone at its low and at its high, all others at base (a tornado)."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Any, cast

from miner.costs.compute import assume
from miner.costs.rates import Rates, Value
from miner.costs.summary import totals
from miner.events.engine import Engine
from miner.sql import add
from miner.summary import FragmentationCost

_ENDS = ("low", "high")


def sensitivity(engine: Engine, rates: Rates) -> list[dict[str, Any]]:
    """One row an assumption that has a range, the one that moves the total most first.

    Keys: name, unit, low, base, high (of the assumption), hours_low, hours_high, money_low, money_high (of the total).
    Computed from sums, so that money is exact to about a millionth a pair of team and actor type. Uses up
    `priced_components`.
    """
    with _pooled(engine):
        rows = [_row(engine, rates, name, value) for name, value in rates.values.items() if _moves(rates, name, value)]
    return sorted(rows, key=lambda row: (-_swing(row, "money"), -_swing(row, "hours"), row["name"]))


def span(engine: Engine, rates: Rates) -> FragmentationCost:
    """The total with all assumptions at their low and high: hours_low, … money_high. Uses up `priced_components`."""
    with _pooled(engine):
        ends = {key: value for case in _ENDS for key, value in _total(engine, rates, case, case).items()}
    return cast(FragmentationCost, ends)


@contextmanager
def _pooled(engine: Engine) -> Iterator[None]:
    """The components added up where the assumptions are the same."""
    add(engine, "pooled_components")
    engine.run("ALTER TABLE cost_components RENAME TO components_of_transitions")
    engine.run("ALTER TABLE pooled_components RENAME TO cost_components")
    try:
        yield
    finally:
        engine.run("DROP TABLE cost_components")
        engine.run("ALTER TABLE components_of_transitions RENAME TO cost_components")


def _moves(rates: Rates, name: str, value: Value) -> bool:
    priced_by_time = name.startswith("contact_costs.") and rates.repeat_contact == "time"
    return value.low < value.high and not priced_by_time


def _row(engine: Engine, rates: Rates, name: str, value: Value) -> dict[str, Any]:
    row: dict[str, Any] = {"name": name, "unit": value.unit, "low": value.low, "base": value.base, "high": value.high}
    for case in _ENDS:
        alone = replace(value, base=getattr(value, case))
        row |= _total(engine, replace(rates, values={**rates.values, name: alone}), "base", case)
    return row


def _total(engine: Engine, rates: Rates, case: str, name: str) -> dict[str, float | None]:
    """Hours and money of the total in a case, under keys that end with a name; losses have no place among sums."""
    assume(engine, rates, case)
    found = totals(engine)
    (lost,) = engine.one("SELECT coalesce(sum(lost_um), 0) FROM cost_losses, computable WHERE consequence")
    hours = [us for us, _ in found.values() if us is not None]
    money = [um for _, um in found.values() if um is not None]
    return {
        f"hours_{name}": sum(hours) / 3.6e9 if hours else None,
        f"money_{name}": (sum(money) + int(lost)) / 1e6 if money else None,
    }


def _swing(row: dict[str, Any], what: str) -> float:
    return (row[f"{what}_high"] or 0.0) - (row[f"{what}_low"] or 0.0)

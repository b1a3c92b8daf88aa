"""`miner cost`: price a workspace, with any assumptions, without mining it again."""

from __future__ import annotations

import sys
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from miner.cli.query import Form

if TYPE_CHECKING:
    from miner.costs import Priced, Rates
    from miner.graph import Rows
    from miner.summary import FragmentationCost


class By(StrEnum):
    """What a roll-up groups by."""

    journey = "journey"
    path = "path"
    team = "team"
    silo = "silo"
    channel = "channel"
    intent = "intent"
    customer_type = "customer_type"
    region = "region"
    week = "week"
    total = "total"


class Case(StrEnum):
    """Which of the three values of every assumption counts."""

    low = "low"
    base = "base"
    high = "high"


def cost(
    workspace: Annotated[
        Path, typer.Option("-w", "--workspace", metavar="WORKSPACE", help="Workspace to price.")
    ] = Path("workspace"),
    rates: Annotated[
        str | None,
        typer.Option(
            "--rates", metavar="FILE.yaml|default", help="Rates; default: those the workspace was last priced with."
        ),
    ] = None,
    assumptions: Annotated[
        Case, typer.Option("--assumptions", help="Use the low, base or high value of every assumption.")
    ] = Case.base,
    by: Annotated[By | None, typer.Option("--by", help="Group totals by this. Default: by component.")] = None,
    sensitivity: Annotated[bool, typer.Option("--sensitivity", help="Effect of each assumption on the total.")] = False,
    save: Annotated[bool, typer.Option("--save", help="Keep the prices in the workspace.")] = False,
    form: Annotated[Form, typer.Option("--format", help="Output format.")] = Form.table,
    output: Annotated[Path | None, typer.Option("-o", "--output", metavar="FILE", help="Write to a file.")] = None,
    limit: Annotated[int | None, typer.Option("--limit", metavar="N", help="Maximum number of rows.")] = None,
) -> None:
    """Say what fragmentation costs, in hours and in money, with low, base or high assumptions.

    Examples:

        miner cost

        miner cost --rates rates.yaml --assumptions high --by team

        miner cost --rates default --sensitivity
    """
    from miner.cli.rows import shown
    from miner.costs import pricing, read_rates, saved_rates
    from miner.costs.information import save_information
    from miner.kpis import save_kpis
    from miner.pipeline.manifest import saved_settings
    from miner.workspace import Workspace

    opened = Workspace.open(workspace)
    used = read_rates(rates) if rates else saved_rates(opened)
    with pricing(opened, used, assumptions.value) as priced:
        rows = _rows(priced, by, sensitivity)
        print(_assumptions(used, assumptions.value), file=sys.stderr)
        if save:
            priced.save()
            save_information(opened, used)  # what asks again is one of the assumptions
            if opened.table_path("contacts").is_file():
                made = saved_settings(opened)
                save_kpis(opened, made.good, made.targets, made.tiers)
    if by is not None and form is Form.table and output is None:
        rows = _narrow(rows)
    if limit is not None:
        rows.rows[limit:] = []
    shown(rows, form.value, output)


def _rows(priced: Priced, by: By | None, sensitivity: bool) -> Rows:
    from miner.graph import Rows

    if sensitivity:
        parts = priced.sensitivity()
        columns = ["name", "unit", "low", "base", "high", "hours_low", "hours_high", "money_low", "money_high"]
        return Rows(columns, [tuple(row[name] for name in columns) for row in parts])
    if by is not None:
        rolled = [_readable(row) for row in priced.rollup(by.value)]
        return Rows(list(rolled[0]) if rolled else [], [tuple(row.values()) for row in rolled])
    total = priced.summary()
    names = sorted({*total["components"], *total["components_money"], *total["not_computed"]}, key=_order)
    rows = [
        (name, total["components"].get(name), total["components_money"].get(name), _why(total, name)) for name in names
    ]
    rows.append(("total", total["hours"], total["money"], _left_out(total)))
    return Rows(["component", "hours", "money", "not_computed"], rows)


def _left_out(total: FragmentationCost) -> str | None:
    """How much of the hours the money of the total leaves out."""
    hours, left_out = total["hours"], total["hours_without_money"]
    if not left_out or not hours:
        return None
    share = min(100 * left_out / hours, 99.99 if left_out < hours else 100.0)
    return f"money: leaves out {left_out:,.2f} h that have no rate, {share:.2f} % of the hours"


def _narrow(rows: Rows) -> Rows:
    """For a terminal: the sums first, then the hours of the components, and no columns in which nothing stands."""
    from miner.graph import Rows

    first = [name for name in rows.columns if not name.endswith(("_h", "_money"))]
    rest = [name for name in rows.columns if name.endswith("_h") and name not in ("cost_h", "unpriced_h")]
    filled = {name for at, name in enumerate(rows.columns) if any(row[at] for row in rows.rows)}
    paid = [name for name in ("cost_money", "unpriced_h") if "cost_money" in filled]
    names = [*first, *(name for name in ("cost_h", *paid, *rest) if name in filled)]
    places = [rows.columns.index(name) for name in names]
    return Rows(names, [tuple(row[at] for at in places) for row in rows.rows])


def _order(name: str) -> int:
    from miner.summary import COMPONENTS

    return COMPONENTS.index(name)


def _why(total: FragmentationCost, name: str) -> str | None:
    why = total["not_computed"].get(name)
    money = total["money_not_computed"].get(name)
    return why or (f"money: {money}" if money else None)


def _readable(row: dict[str, Any]) -> dict[str, Any]:
    """Integers of the roll-up as hours and money."""
    made: dict[str, Any] = {}
    for name, value in row.items():
        if name.endswith("_us"):
            made[f"{name.removesuffix('_us')}_h"] = None if value is None else value / 3.6e9
        elif name.endswith("_um"):
            made[f"{name.removesuffix('_um')}_money"] = None if value is None else value / 1e6
        else:
            made[name] = value
    return made


def _assumptions(rates: Rates, case: str) -> str:
    """The assumption set in one line, so that no figure stands without it."""
    if not rates.values:
        return "Assumptions: none, hours only (--rates FILE.yaml or --rates default adds money)."
    parts = []
    for name, value in rates.values.items():
        if not (name.startswith("contact_costs.") and rates.repeat_contact == "time"):
            parts.append(f"{name} {rates.at(name, case):g} {value.unit} ({value.source}, {value.year})")
    return f"Assumptions “{rates.name}”, {case}: {'; '.join(parts)}."

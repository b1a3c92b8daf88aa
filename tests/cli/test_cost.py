"""`miner cost`: prices a workspace again, in any form, without mining."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

import miner
from miner.kpis import save_kpis
from miner.outcomes import save_outcomes
from miner.workspace import TABLES
from tests.costs.adapter import workspace
from tests.docs.sandbox import miner as command
from tests.drawings import draw

RATES = """
name: Our desk
currency: EUR
values:
  loaded_rate: {low: 30, base: 60, high: 90, unit: EUR/h, source: payroll, year: 2026}
"""


@pytest.fixture
def priced(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A workspace with ten minutes of rework, and a rates file beside it."""
    monkeypatch.setenv("COLUMNS", "200")
    monkeypatch.chdir(tmp_path)
    made = workspace(draw("L1/1", "L1/5 L2/5 L1/10"), tmp_path / "workspace")
    made.write_json("manifest.json", {"key": "x", "stages": {}, "tables": TABLES})
    (tmp_path / "rates.yaml").write_text(RATES, encoding="utf-8")
    return tmp_path


def test_money_follows_the_assumptions(priced: Path) -> None:
    """Low, base and high of a rate give low, base and high money; the assumptions are said."""
    for case, money in (("low", 5.0), ("base", 10.0), ("high", 15.0)):
        form = ["-o", "rows.json", "--format", "json"]
        code, said = command(["cost", "--rates", "rates.yaml", "--assumptions", case, *form])
        rows = {row["component"]: row for row in json.loads((priced / "rows.json").read_text())}
        assert (code, rows["rework"]["money"]) == (0, money)
        assert f"Assumptions “Our desk”, {case}" in said and "payroll" in said


def test_the_total_says_what_its_money_leaves_out(priced: Path) -> None:
    """Where a component has no rate, the line of the total says how many of the hours its money leaves out."""
    waiting = draw("L1/1", "L1/5 L2/5 L1/10", "L1@0 L1@0 L1@4 L1@10 L2@20")
    workspace(waiting, priced / "workspace").write_json("manifest.json", {"key": "x", "stages": {}, "tables": TABLES})
    command(["cost", "--rates", "rates.yaml", "-o", "rows.json", "--format", "json"])
    rows = {row["component"]: row for row in json.loads((priced / "rows.json").read_text())}
    left_out = sum(row["hours"] for row in rows.values() if row["money"] is None and row["hours"])
    assert left_out > 0
    share = 100 * left_out / rows["total"]["hours"]
    assert rows["total"]["not_computed"] == (
        f"money: leaves out {left_out:,.2f} h that have no rate, {share:.2f} % of the hours"
    )
    _, said = command(["cost", "--rates", "rates.yaml", "--by", "total"])
    assert "unpriced_h" in said and "unpriced_h" not in command(["cost", "--by", "total"])[1]


def test_nothing_is_kept_unless_asked_for(priced: Path) -> None:
    """Pricing prints; with --save the workspace has the prices, and the next call knows the assumptions."""
    command(["cost", "--rates", "rates.yaml"])
    assert not (priced / "workspace" / "assumptions.json").exists()
    command(["cost", "--rates", "rates.yaml", "--save"])
    assert miner.open("workspace").table("transitions")["rework_money"].sum() == 10.0
    assert "10.00" in command(["cost"])[1]


def test_what_asks_again_is_saved_with_the_prices(priced: Path) -> None:
    """Activities that are declared as asking in other rates count at the handoffs of the workspace too."""
    asking = RATES + "ask_again:\n  identity: [step 2, step 3]\n"
    (priced / "rates.yaml").write_text(asking, encoding="utf-8")
    assert command(["cost", "--rates", "rates.yaml", "--save"])[0] == 0
    assert list(miner.open("workspace").table("information")["asked_again"]) == [1, 0]


def test_costs_by_intent_and_team_follow_the_prices(priced: Path) -> None:
    """What `economy` says of cost and money is of the rates that were saved last, and adds up to them."""
    save_outcomes(miner.open("workspace"), ("solved",))
    save_kpis(miner.open("workspace"), ("solved",))
    assert miner.open("workspace").table("economy")["money"].isna().all()
    command(["cost", "--rates", "rates.yaml", "--save"])
    cells, steps = miner.open("workspace").table("economy"), miner.open("workspace").table("transitions")
    parts = [name for name in steps.columns if name.endswith("_cost_s")]
    assert cells["cost_s"].sum() == steps[parts].sum().sum() > 0
    assert cells["money"].sum() == steps["rework_money"].sum() + steps["handoff_money"].sum() > 0


@pytest.mark.parametrize("by", ["journey", "path", "team", "silo", "channel", "intent", "week", "total"])
def test_every_rollup_is_printed(by: str, priced: Path) -> None:
    """Each roll-up is a table with hours."""
    code, said = command(["cost", "--by", by])
    assert code == 0 and "cost_h" in said


def test_the_tornado_is_printed(priced: Path) -> None:
    """What an assumption alone does to the total, at its low and high."""
    code, said = command(["cost", "--rates", "rates.yaml", "--sensitivity"])
    assert code == 0 and "loaded_rate" in said and "money_high" in said


def test_what_is_wrong_is_said(priced: Path) -> None:
    """A rates file that is none is an input error, a folder that is none a wrong use."""
    assert command(["cost", "--rates", "nowhere.yaml"])[0] == 3
    assert command(["cost", "-w", "nowhere"])[0] == 2

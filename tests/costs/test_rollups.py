"""Every second and every unit of money once: the components add up along every roll-up."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

import miner
from miner.costs import Rates, pricing
from miner.costs.rates import Value
from miner.costs.rollups import BY
from miner.summary import COMPONENTS, TIMED
from miner.workspace import Workspace
from tests.costs.adapter import ASKING, workspace
from tests.drawings import draw
from tests.measures import servicenow
from tests.report.made import workspace_of
from tests.strategies import random_log

SUMS = (*(f"{name}_us" for name in TIMED), *(f"{name}_um" for name in COMPONENTS), "cost_us", "cost_um", "unpriced_us")


def made_up(**more: float) -> Rates:
    """An assumption set in which everything is set."""
    numbers = {
        "loaded_rate": 31.7,
        "delay_rate": 0.37,
        "system_boundary": 45,
        "context_shift": 23,
        "actor_rates.bot": 0.9,
        "team_rates.L2": 55.5,
        "contact_costs.voice": 5.25,
        "contact_costs.chat": 0.01,
        **more,
    }
    values = {name: Value(number / 2, number, number * 1.5, "", "test", 2026) for name, number in numbers.items()}
    return Rates("test", "EUR", "contact", values, ASKING)


@pytest.fixture(scope="module")
def generated(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    """A measured workspace of a generated log in which every component occurs."""
    return workspace(random_log(31, 300, customer="c1"), tmp_path_factory.mktemp("generated") / "ws")


@pytest.fixture(scope="module")
def service_desk(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    """The ServiceNow log, measured."""
    target = tmp_path_factory.mktemp("servicenow") / "ws"
    return miner.run(str(servicenow.LOG), workspace=str(target), journeys="case", until="measure", graph="none")


@pytest.fixture(scope="module", params=["generated", "service_desk"])
def rolled(request: pytest.FixtureRequest) -> dict[str, list[dict[str, Any]]]:
    """Every roll-up of a log."""
    opened: Workspace = request.getfixturevalue(request.param)
    with pricing(opened, made_up()) as priced:
        return {by: priced.rollup(by) for by in BY}


@pytest.mark.parametrize("by", [by for by in BY if by != "total"])
def test_every_rollup_adds_up_to_the_total(by: str, rolled: dict[str, list[dict[str, Any]]]) -> None:
    """Microseconds and millionths of money of a roll-up's rows are those of the total, and so is the number of rows."""
    (total,) = rolled["total"]
    for name in ("transitions", *SUMS):
        known = [row[name] for row in rolled[by] if row[name] is not None]
        assert sum(known) == (total[name] or 0), (by, name)
    assert total["cost_us"] == sum(total[name] or 0 for name in SUMS[: len(TIMED)])
    assert total["cost_um"] == sum(total[name] or 0 for name in SUMS[len(TIMED) : -3])
    assert total["cost_us"] > 0 and total["cost_um"] > 0


def test_hours_without_a_price_stand_beside_the_money(generated: Workspace) -> None:
    """With a rate of one team alone, the hours of the others are what the money leaves out, in every row."""
    rates = Rates("one team", "EUR", "time", {"team_rates.L2": Value(1, 2, 3, "", "test", 2026)}, ASKING)
    with pricing(generated, rates) as priced:
        (total,) = priced.rollup("total")
        for row in (total, *priced.rollup("team"), *priced.rollup("intent"), *priced.rollup("journey")):
            assert 0 <= row["unpriced_us"] <= (row["cost_us"] or 0)
            if row["cost_us"] and row["unpriced_us"] == row["cost_us"]:
                assert row["cost_um"] is None
            elif row["cost_um"] is not None:
                assert row["cost_um"] == pytest.approx((row["cost_us"] - row["unpriced_us"]) * 2 / 3600, abs=1_000)
        assert 0 < total["unpriced_us"] < total["cost_us"] and total["cost_um"] > 0
        assert priced.summary()["hours_without_money"] == pytest.approx(total["unpriced_us"] / 3.6e9)


def test_nothing_is_left_out_where_everything_has_a_price(generated: Workspace) -> None:
    """With every rate set no hours are unpriced."""
    rates = made_up(**{f"actor_rates.{who}": 1 for who in ("third_party", "ivr", "system", "unknown")})
    with pricing(generated, replace(rates, repeat_contact="time")) as priced:
        (total,) = priced.rollup("total")
        assert total["unpriced_us"] == priced.summary()["hours_without_money"] == 0


def test_journeys_add_up_to_paths(generated: Workspace) -> None:
    """A journey has one path: the journeys of a path add up to it."""
    with pricing(generated, made_up()) as priced:
        journeys, paths = priced.rollup("journey"), priced.rollup("path")
    ways = defaultdict(list)
    for row in generated.table("visits").sort_values(["journey_id", "position"]).itertuples():
        ways[row.journey_id].append(row.owner)
    summed: dict[str | None, int] = defaultdict(int)
    for journey in journeys:
        summed[" → ".join(ways[journey["journey"]]) or None] += journey["cost_us"]
    assert summed == {row["path"]: row["cost_us"] for row in paths}


def test_transitions_and_rollups_as_saved_add_up(generated: Workspace) -> None:
    """What is written is what was summed: transitions, cost_rollups and the summary say the same."""
    with pricing(generated, made_up()) as priced:
        (total,) = priced.rollup("total")
        summary = priced.save()
    transitions, rollups = generated.table("transitions"), generated.table("cost_rollups")
    for name in TIMED:
        each = [round(s * 1e6) for s in transitions[f"{name}_cost_s"].dropna()]
        assert sum(each) == total[f"{name}_us"] == round(summary["components"][name] * 3.6e9)
        for _, rows in rollups.groupby("by"):
            assert sum(round(s * 1e6) for s in rows[f"{name}_cost_s"].dropna()) == total[f"{name}_us"]
    money = [round(m * 1e6) for name in COMPONENTS for m in transitions[f"{name}_money"].dropna()]
    assert sum(money) == total["cost_um"] == round(summary["money"] * 1e6)


def test_no_second_of_handling_is_in_two_components(generated: Workspace) -> None:
    """The components of handling time never exceed the handling time of their own event."""
    with pricing(generated, made_up()) as priced:
        priced.save()
    table = generated.table("transitions")
    shares = [table[f"{name}_cost_s"].fillna(0) for name in ("handoff", "rework", "information_gap", "repeat_contact")]
    assert (sum(shares) <= table["handled_s"].fillna(0) + 1e-9).all()
    assert (sum((share > 0).astype(int) for share in shares) <= 1).all()
    delays = table.groupby(["journey_id", "handoff_position"])["delay_cost_s"].sum()
    waits = generated.table("handoffs").set_index(["journey_id", "position"])["own_wait_s"]
    assert (delays[delays > 0] <= waits.reindex(delays[delays > 0].index) + 1e-9).all()


def test_pricing_again_changes_nothing_but_the_prices(generated: Workspace, tmp_path: Path) -> None:
    """Other rates give other money; the mined columns and the hours of handling stay as they are."""
    with pricing(generated, made_up()) as priced:
        priced.save()
    before = generated.table("transitions")
    with pricing(generated, made_up(loaded_rate=63.4)) as priced:
        priced.save()
    after = generated.table("transitions")
    same = [name for name in before.columns if not name.endswith("_money")]
    assert list(before.columns) == list(after.columns)
    assert before[same].equals(after[same])
    assert after["rework_money"].sum() > before["rework_money"].sum()


def test_costs_are_told_by_customer_type_and_region(tmp_path: Path) -> None:
    """What software's interactions cost stands beside that of people, and each region's beside the others'."""
    log = draw("L1/5 L2/9", "L1/3 L2/4 L1/7")
    for event in log:
        event["attributes"] = '{"region": "DE"}' if event["journey_id"] == "j2" else None
    made = workspace_of(
        tmp_path / "w",
        log,
        keep=("region",),
        say=lambda sink: sink.interaction(interaction_id="j1", customer_type="machine"),
    )
    with pricing(made, made_up()) as priced:
        types = {row["customer_type"]: row["transitions"] for row in priced.rollup("customer_type")}
        assert types == {"machine": 2, "unknown": 3}
        assert {row["region"]: row["transitions"] for row in priced.rollup("region")} == {None: 2, "DE": 3}


@pytest.mark.parametrize("by", ["channel", "intent"])
def test_handling_is_unknown_in_a_group_in_which_nobody_has_any(by: str, tmp_path: Path) -> None:
    """A group without handling time has no hours and no money of handling, the others have the sums of theirs."""
    log = random_log(37, 300, customer="c1")
    for event in log:
        if event["channel"] == "chat":  # a system that records moments
            event["ended_us"] = event["started_us"]
        event["intent"] = event["channel"]
    made = workspace(log, tmp_path / "ws")
    with pricing(made, replace(made_up(), repeat_contact="time")) as priced:
        rolled = {row[by]: row for row in priced.rollup(by)}
        priced.save()
    of = made.table("events").merge(made.table("journeys"), on="journey_id", suffixes=("", "_of_journey"))
    groups = made.table("transitions").merge(of, on=["journey_id", "seq"])
    groups = groups.groupby("channel" if by == "channel" else "intent_of_journey", dropna=False)
    assert {name for name, rows in groups if rows["handled_s"].isna().all()} == {"chat"} or by == "intent"
    for name, rows in groups:
        row = rolled[None if name != name else name]
        for part in ("handoff", "rework", "information_gap", "repeat_contact"):
            seconds, money = rows[f"{part}_cost_s"].sum(), rows[f"{part}_money"].sum()
            if rows["handled_s"].isna().all():
                assert row[f"{part}_us"] is None and row[f"{part}_um"] is None
            else:
                assert row[f"{part}_us"] == round(seconds * 1e6) and (row[f"{part}_um"] or 0) == round(money * 1e6)


def test_a_price_of_a_repeat_contact_is_known_without_handling_time(tmp_path: Path) -> None:
    """Contacts with a price cost it in a channel whose system records moments; hours of them are unknown."""
    log = random_log(41, 300, customer="c1")
    for event in log:
        if event["channel"] == "chat":
            event["ended_us"] = event["started_us"]
    with pricing(workspace(log, tmp_path / "ws"), made_up()) as priced:
        (chat,) = [row for row in priced.rollup("channel") if row["channel"] == "chat"]
    assert chat["repeat_contact_us"] is None and chat["repeat_contact_um"] is not None
    assert chat["rework_um"] is None and chat["cost_us"] is not None

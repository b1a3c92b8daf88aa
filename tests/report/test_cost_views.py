"""Cost, silos and people in the report: every number against the tables it is from."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path

import pytest

from miner.costs import price
from miner.costs.losses import find_losses, save_losses
from miner.events.sink import Sink
from miner.kpis import save_kpis
from miner.outcomes import save_outcomes
from miner.report import write
from miner.report.tables import tables
from miner.report.view import View, view
from miner.report.view.cost import cost
from miner.workspace import Workspace
from tests.drawings import draw
from tests.report.made import drawn, shop, workspace_of


@pytest.fixture(scope="module")
def priced(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    """The small shop, priced and measured."""
    workspace = workspace_of(tmp_path_factory.mktemp("priced") / "w", shop())
    save_outcomes(workspace, ("solved",))
    losses = find_losses(workspace)
    price(workspace)
    save_losses(workspace, losses)
    save_kpis(workspace, ("solved",))
    return workspace


@pytest.fixture(scope="module")
def shown(priced: Workspace) -> View:
    """Its view."""
    return view(priced)


def test_the_waterfall_adds_up_to_the_hours_of_the_summary(priced: Workspace, shown: View) -> None:
    """Each bar begins where the one before ends, and together they are the hours of the summary."""
    cost = priced.summary["fragmentation_cost"]
    computed = [step for step in shown.cost.steps if step.hours is not None]
    assert {step.key: step.hours for step in computed} == cost["components"]
    assert sum(step.hours or 0 for step in computed) == pytest.approx(cost["hours"])
    assert all(b.start == pytest.approx(a.start + a.share) for a, b in pairwise(shown.cost.steps))


def test_what_is_not_computed_says_why(priced: Workspace, shown: View) -> None:
    """Every component stands in the table, with hours or with a reason."""
    reasons = priced.summary["fragmentation_cost"]["not_computed"]
    assert {step.key: step.reason for step in shown.cost.steps if step.reason} == reasons
    assert all((step.hours is None) == (step.reason is not None) for step in shown.cost.steps)


def test_without_rates_there_is_no_column_of_money(shown: View) -> None:
    """Hours without rates show no money, not 0."""
    assert shown.cost.money is None and shown.cost.by
    assert not any(column.name == "Money" for part in shown.cost.by for column in part.table.columns)


def test_the_flow_holds_every_journey(priced: Workspace, shown: View) -> None:
    """The first column has every journey with a silo; what enters a stop leaves it or ends there."""
    flow = shown.silos.flow
    assert flow is not None
    runs = priced.table("silo_visits")
    assert sum(s.journeys for s in flow.stops if s.step == 0) == runs.journey_id.nunique()
    for stop in flow.stops:
        leaving = sum(r.journeys for r in flow.ribbons if (r.step, r.from_silo) == (stop.step, stop.silo))
        coming = sum(r.journeys for r in flow.ribbons if (r.step, r.to_silo) == (stop.step - 1, stop.silo))
        assert stop.journeys == leaving + stop.ending
        assert stop.step == 0 or stop.journeys == coming
        assert stop.y >= 0 and stop.y + stop.height <= flow.height + 0.2


def test_silo_pairs_are_those_of_the_handoffs(priced: Workspace, shown: View) -> None:
    """Handoffs and waits between silos are those of the table."""
    handoffs = priced.table("handoffs")
    crossing = handoffs[handoffs.crosses_silo.fillna(False).astype(bool)]
    assert sum(row[2] for row in shown.silos.pairs.rows) == len(crossing)
    assert sum(row[4] for row in shown.silos.pairs.rows) == pytest.approx(crossing.own_wait_s.sum())


def test_measures_say_what_they_count(priced: Workspace, shown: View) -> None:
    """Each measure stands with its definition and its number of contacts."""
    rows = priced.table("contact_measures").query("by == 'all'")
    assert shown.people is not None
    assert [m.n for m in shown.people.measures] == list(rows.n)
    assert all(m.definition for m in shown.people.measures)
    volume = round(rows[rows.measure == "volume"].value.iloc[0])
    contacts = priced.table("interactions").query("kind == 'contact'").conversation_id.nunique()
    of_all = "" if volume == contacts else f" of {contacts:,}"
    assert shown.people.sentence.startswith(f"{volume:,}{of_all} contacts were handled")


def test_an_older_workspace_still_has_a_report(tmp_path: Path) -> None:
    """Without the tables of costs, silos and people the parts say what is missing, and the page is written."""
    workspace = drawn(tmp_path / "w", "L1 L2 L1")
    told = view(workspace)
    assert told.people is None and told.silos.flow is None and "--map outcome=COLUMN" in told.silos.lost_sentence
    assert all(step.hours is None for step in told.cost.steps)
    write(workspace)
    assert "No component of the cost could be computed" in (workspace.path / "report.html").read_text(encoding="utf-8")


def test_the_money_of_the_waterfall_adds_up_too(priced: Workspace) -> None:
    """With rates the bars of money follow each other and are the money of the summary, value lost included."""
    with tables(priced) as engine:
        found = {
            "hours": 3.0,
            "money": 40.0,
            "currency": "EUR",
            "money_low": 30.0,
            "money_high": 52.0,
            "components": {"delay": 2.0, "rework": 1.0},
            "components_money": {"delay": 20.0, "rework": 12.0, "consequence": 8.0},
        }
        told = cost(engine, {**priced.summary, "fragmentation_cost": found}, {}, {})
    bars = [step for step in told.steps if step.money is not None]
    assert sum(step.money or 0 for step in bars) == 40.0
    assert sum(step.money_share for step in bars) == pytest.approx(1)
    assert all(b.money_start == pytest.approx(a.money_start + a.money_share) for a, b in pairwise(told.steps))
    assert told.money == "40\u00a0EUR" and "30\u00a0EUR with the low" in told.assumed


def test_what_the_log_does_not_name_is_no_list(priced: Workspace, tmp_path: Path) -> None:
    """Costs by silo are left out where no silo is known, and a list that is cut says of how many."""
    workspace = drawn(tmp_path / "w", "L1@0 L2@60 L1@90", "L1@0 L1@10")
    price(workspace)
    assert [part.title for part in view(workspace).cost.by] == ["Between teams"]
    rolled = priced.table("cost_rollups").query("by == 'team' and cost_s > 0")
    (teams,) = (part for part in view(priced).cost.by if part.title == "Between teams")
    assert len(teams.table.rows) == min(10, len(rolled)) and str(len(rolled)) in teams.sentence


def test_a_measure_by_channel_has_its_interval_and_its_contacts(priced: Workspace, shown: View) -> None:
    """Each cell of the table by channel says its value, its interval and of how many contacts."""
    assert shown.people is not None
    (table,) = (table for table in shown.people.by if table.id == "measures-by-channel")
    rates = priced.table("contact_measures").query("by == 'channel' and unit == 'share'")
    cells = [cell for row in table.rows for cell in row[1:] if "%" in cell]
    assert len(cells) == len(rates) > 0 and all(" to " in cell and " of " in cell for cell in cells)


def test_contacts_are_compared_with_contacts(tmp_path: Path) -> None:
    """Orders are no contacts, and software's are left out: two of three contacts were handled."""

    def say(sink: Sink) -> None:
        sink.interaction(interaction_id="j4", kind="record")
        sink.interaction(interaction_id="j5", customer_type="machine")

    workspace = workspace_of(tmp_path / "w", draw("L1?solved", "L1?lost", "customer", "L2", "L1"), say=say)
    save_outcomes(workspace, ("solved",))
    save_kpis(workspace, ("solved",))
    told = view(workspace).people
    assert told is not None
    assert told.sentence.startswith("2 of 3 contacts were handled or waited in a queue. 1 contact by software")
    assert "resolution" not in told.sentence  # the log shows both ends


def test_a_log_that_shows_one_end_only_is_named(tmp_path: Path) -> None:
    """Where only failures are recorded there is no rate, and the page says why."""
    workspace = drawn(tmp_path / "w", "L1", "customer!abandoned?abandoned")
    save_outcomes(workspace, ("solved",))
    save_kpis(workspace, ("solved",))
    told = view(workspace).people
    assert told is not None and not any(measure.name == "Resolution" for measure in told.measures)
    assert "records no good outcome: contacts there have a resolution only where" in told.sentence

"""What is hidden in the sample logs comes out as findings (sample_logs/README.md)."""

from __future__ import annotations

import itertools
import json
from pathlib import Path
from typing import Any

import pytest

from miner.costs.value_lost import holds
from miner.graph import EmbeddedGraph, ask_library
from miner.pipeline import Settings, run
from miner.workspace import Workspace

SAMPLES = Path(__file__).parents[2] / "sample_logs"
TRUTH = json.loads((SAMPLES / "retailer" / "truth.json").read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def workspace(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    """The sample logs, mined up to the findings."""
    return run([str(SAMPLES)], tmp_path_factory.mktemp("samples") / "workspace", Settings(until="query"))


@pytest.fixture(scope="module")
def findings(workspace: Workspace) -> list[dict[str, Any]]:
    """The findings of the sample logs."""
    return workspace.summary["findings"]


def test_refund_loop_is_found_with_its_size(findings: list[dict[str, Any]]) -> None:
    """The loop with most hours is the planted one, with its tickets and bounces."""
    loop = next(f for f in findings if f["kind"] == "handoff_loop")
    truth = TRUTH["refund_loop"]
    assert sorted(loop["where"]["teams"]) == sorted(truth["teams"])
    assert (loop["journeys"], loop["n"]) == (truth["tickets"], truth["bounces"])
    assert loop["hours"] == pytest.approx(truth["wait_h"], rel=0.02)


def test_monday_queue_is_the_worst_of_all_teams(workspace: Workspace, findings: list[dict[str, Any]]) -> None:
    """The planted queue is the first of all, slow, on its weekday; what was handed over to it is as planted."""
    queue = next(f for f in findings if f["kind"] == "bottleneck" and "teams" in f["where"])
    assert queue["where"]["teams"] == [TRUTH["monday_queue"]["team"]]
    assert queue["where"]["hours"]["weekday"] == TRUTH["monday_queue"]["weekday"]
    waits = TRUTH["monday_queue"]["ticket_waits"].values()
    with EmbeddedGraph.open(workspace) as graph:
        (row,) = ask_library(graph, queue["query"], queue["params"]).records()
    assert row["handed_s_total"] / 3600 == pytest.approx(sum(day["total_h"] for day in waits), rel=0.05)
    assert " is slow: " in queue["title"] and queue["hours"] == round(row["wait_s_total"] / 3600, 2)


def test_a_path_is_told_once(findings: list[dict[str, Any]]) -> None:
    """The planted way across three silos is told with its loss and not again as slow; the decoy is not above it."""
    (loss,) = (f for f in findings if f["kind"] == "value_loss")
    paths = {tuple(f["where"]["path"]): f for f in findings if f["kind"] == "cross_silo_path"}
    decoy = paths.get(tuple(TRUTH["decoy_path"]["silos"]))
    assert tuple(TRUTH["lossy_path"]["silos"]) == tuple(loss["where"]["path"]) and loss["hours"] > 0
    assert tuple(loss["where"]["path"]) not in paths
    assert decoy is None or decoy["hours"] < loss["hours"]


def test_hours_of_a_path_are_waits_between_its_silos(workspace: Workspace, findings: list[dict[str, Any]]) -> None:
    """No path has more hours than were waited for handoffs across silos; the customer's time is no part of them."""
    handoffs = workspace.table("handoffs").query("crosses_silo")
    waited = handoffs["own_wait_s"].sum() / 3600
    hours = [f["hours"] for f in findings if f["kind"] == "cross_silo_path"]
    assert hours and all(0 <= one < waited / 2 for one in hours)


def test_a_loss_of_time_is_told_once(workspace: Workspace, findings: list[dict[str, Any]]) -> None:
    """Of a path and a part of it both are told only where most of what the part takes longer is elsewhere."""
    told = {tuple(f["where"]["path"]): f for f in findings if f["kind"] == "cross_silo_path"}
    with EmbeddedGraph.open(workspace) as graph:
        extra = {
            path: ask_library(graph, f["query"], f["params"]).records()[0]["extra_s_total"] for path, f in told.items()
        }
    for path, part in itertools.permutations(extra, 2):
        if holds(list(path), list(part)):
            assert extra[path] < extra[part] / 2, (path, part)


def test_what_is_planted_comes_first(findings: list[dict[str, Any]]) -> None:
    """An improvement team reads the lossy path, the Monday queue and the refund loop on the first five cards."""
    shown = [f for f in findings if f["group"] <= 5]
    first = [(f["kind"], set(f["where"].get("teams", f["where"].get("path", ())))) for f in shown]
    assert ("value_loss", set(TRUTH["lossy_path"]["silos"])) in first
    assert ("bottleneck", {TRUTH["monday_queue"]["team"]}) in first
    assert ("handoff_loop", set(TRUTH["refund_loop"]["teams"])) in first


def test_the_lossy_path_is_found_in_its_size_and_the_decoy_is_not(findings: list[dict[str, Any]]) -> None:
    """Exactly the planted path loses value beyond chance, and what was planted is within the interval."""
    (loss,) = (f for f in findings if f["kind"] == "value_loss")
    truth = TRUTH["lossy_path"]
    assert loss["where"]["path"] == truth["silos"]
    assert loss["low"] < truth["value_lost_eur"] < loss["high"]
    assert 0 < loss["low"] < loss["value"] < loss["high"]


def test_false_containment_is_found_in_its_size(findings: list[dict[str, Any]]) -> None:
    """Exactly the planted matter is solved by name only; the planted share is within the interval."""
    (found,) = (f for f in findings if f["kind"] == "false_containment")
    truth = TRUTH["false_containment"]
    assert found["where"]["intent"] == truth["intent"]
    planted = truth["intents"][truth["intent"]]
    assert found["low"] < planted["back_by_phone"] / planted["claimed"] < found["high"]


def test_machine_customers_are_found_with_all_their_contacts(
    workspace: Workspace, findings: list[dict[str, Any]]
) -> None:
    """As many customers are software as were planted, with nearly all of their contacts; no busy person is."""
    (found,) = (f for f in findings if f["kind"] == "machine_customers")
    planted = TRUTH["software_agents"]["customers"]
    machines = workspace.table("interactions").query("customer_type == 'machine'")
    assert machines["customer"].nunique() == len(planted)
    assert found["n"] == len(machines) == pytest.approx(sum(planted.values()), rel=0.05)
    people = machines.merge(workspace.table("contacts"), on="interaction_id")["has_human"].sum()
    assert people > 0 and f"people handled {people} of them." in found["title"]


def test_every_finding_names_the_query_that_gives_it_back(workspace: Workspace, findings: list[dict[str, Any]]) -> None:
    """Running the query with the parameters gives a row with the finding's value, hours or number."""
    with EmbeddedGraph.open(workspace) as graph:
        for finding in findings:
            rows = ask_library(graph, finding["query"], finding["params"]).records()
            numbers = [value for row in rows for value in row.values() if isinstance(value, int | float)]
            size = finding["value"] or (3600 * finding["hours"] if finding["hours"] is not None else finding["n"])
            if finding["kind"] == "machine_customers":
                numbers.append(sum(row["contacts"] for row in rows))
            assert any(number == pytest.approx(size, abs=36) for number in numbers), finding["title"]


def test_a_run_without_a_graph_has_the_same_findings(tmp_path: Path, findings: list[dict[str, Any]]) -> None:
    """Findings come from the tables: nothing of them needs the graph, which proves them."""
    assert run([str(SAMPLES)], tmp_path / "w", Settings(until="query", graph="none")).summary["findings"] == findings


def test_examples_are_journeys_of_the_workspace(workspace: Workspace, findings: list[dict[str, Any]]) -> None:
    """Every finding shows one to ten journeys that are there."""
    known = set(workspace.table("journeys")["journey_id"])
    for finding in findings:
        assert 1 <= len(finding["examples"]) <= 10
        assert set(finding["examples"]) <= known


def test_findings_are_ranked_by_hours(findings: list[dict[str, Any]]) -> None:
    """The largest comes first, then queues that are only busy; those whose hours are unknown come last."""
    known = [f for f in findings if f["hours"] is not None]
    busy = [" is busy: " in f["title"] for f in known]
    assert busy == sorted(busy)
    for alike in (known[: busy.count(False)], known[busy.count(False) :]):
        assert [f["hours"] for f in alike] == sorted((f["hours"] for f in alike), reverse=True)
    assert all(f["hours"] is None for f in findings[len(known) :])


def test_no_team_is_said_to_be_better(workspace: Workspace) -> None:
    """No first team is planted as better, and none is named, although a path loses orders of other teams."""
    rows = workspace.arrow("routing_gaps").to_pylist()
    assert len(rows) >= 5 and not any(row["best_team"] or row["gap"] for row in rows)

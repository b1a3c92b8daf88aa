"""One quantity has one number, wherever on the page it stands."""

from __future__ import annotations

from pathlib import Path

import pytest

from miner.pipeline import Settings, run
from miner.report.view import View, view
from miner.workspace import Workspace

SAMPLES = Path(__file__).parents[2] / "sample_logs"


@pytest.fixture(scope="module")
def workspace(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    """The sample logs, in which customers take their time between contacts and inside them."""
    made = run([str(SAMPLES)], tmp_path_factory.mktemp("samples") / "w", Settings(until="query"))
    handoffs = made.table("handoffs")
    assert (handoffs.own_wait_s < handoffs.wait_s - 60).sum() > 50  # so that a wrong one would show
    return made


@pytest.fixture(scope="module")
def page(workspace: Workspace) -> View:
    """What the page shows of them."""
    return view(workspace)


def _names(finding: dict, name: str) -> list[str]:
    return list(finding["where"].get(name) or [])


def test_the_wait_in_a_loop_is_the_same_in_its_finding_and_in_the_table_of_loops(
    workspace: Workspace, page: View
) -> None:
    """Pairs of teams, in hours of own waits."""
    shown = {frozenset((loop.a, loop.b)): loop for loop in page.loops.loops}
    compared = 0
    for finding in workspace.summary["findings"]:
        pair = frozenset(_names(finding, "teams"))
        if finding["kind"] == "handoff_loop" and finding["where"]["order"] == 2 and pair in shown:
            loop, compared = shown[pair], compared + 1
            assert (finding["hours"], finding["journeys"], finding["n"]) == (
                pytest.approx(loop.total_s / 3600, abs=0.01),
                loop.journeys,
                loop.bounces,
            )
    assert compared >= 3


def test_the_wait_for_a_team_is_the_same_in_its_finding_and_in_the_table_of_queues(
    workspace: Workspace, page: View
) -> None:
    """Total, number of waits, journeys."""
    shown = {row[0]: row for row in page.time.queues.table.rows}
    found = [f for f in workspace.summary["findings"] if f["kind"] == "bottleneck"]
    for finding in found:
        row = shown[_names(finding, "teams")[0]]
        assert (finding["n"], finding["journeys"]) == (row[1], row[2])
        assert finding["hours"] == pytest.approx(row[3] / 3600, abs=0.01)
    assert len(found) >= 3


def test_the_wait_between_two_silos_is_the_same_in_its_finding_and_in_the_table_of_silos(
    workspace: Workspace, page: View
) -> None:
    """A path of two silos waits as long as all handoffs from the one to the other."""
    shown = {(row[0], row[1]): row for row in page.silos.pairs.rows}
    paths = [f for f in workspace.summary["findings"] if f["kind"] == "cross_silo_path"]
    found = [f for f in paths if len(f["where"]["path"]) == 2]
    for finding in found:
        assert finding["hours"] == pytest.approx(shown[tuple(finding["where"]["path"])][4] / 3600, abs=0.01)
    assert found


def test_the_arrows_of_the_team_map_wait_as_long_as_the_handoffs_in_the_tables(
    workspace: Workspace, page: View
) -> None:
    """Each arrow is the own waits of the handoffs of its pair, and all together are those of the time split."""
    assert page.teams is not None
    steps, level = page.teams.flow.steps, page.teams.flow.levels[-1]
    handoffs = workspace.table("handoffs")
    sums = handoffs.groupby(["from_owner", "to_owner"])["own_wait_s"].sum()
    for way in level.paths:
        assert way.total_s == pytest.approx(sums[steps[way.tail].name, steps[way.head].name], abs=0.001)
    assert sum(way.total_s for way in level.paths) == pytest.approx(handoffs["own_wait_s"].sum(), rel=1e-9)


def test_all_waits_of_ours_are_those_of_the_time_split(workspace: Workspace, page: View) -> None:
    """What the tables of waits add up to is the split's queue and handoff wait, less what nobody has ended yet."""
    waits, split = workspace.table("waits")["wait_s"].sum(), workspace.summary["time_s"]
    ours = split["queue_wait"] + split["handoff_wait"] + split["off_hours"]
    inside = workspace.table("transitions").query("gap_for == 'visit'")[["queue_wait_s", "off_hours_s"]].sum().sum()
    assert waits <= ours + 0.001
    assert waits + inside == pytest.approx(ours, rel=0.02)

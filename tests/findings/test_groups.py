"""One problem is one card: findings that share most of their hours are facets of the largest of them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from miner.findings.groups import group, groups, shared
from miner.report.view.fixes import fixes
from tests.drawings import draw
from tests.report.made import workspace_of


def told(kind: str, hours: float | None, **where: Any) -> dict[str, Any]:
    """A finding, as far as its group asks."""
    return {
        "kind": kind,
        "title": f"{kind} {where}",
        "where": where,
        "hours": hours,
        "journeys": 3,
        "n": 40,
        "examples": [],
    }


LOOP = told("handoff_loop", 1.0, teams=["A", "B"], path=["A", "B", "A"])
BOTH = [LOOP, told("bottleneck", 0.5, teams=["B"]), told("bottleneck", 0.4, teams=["C"])]


def test_a_loop_and_the_queue_inside_it_are_one_problem(tmp_path: Path) -> None:
    """The waits for B lie in the loop of A and B, those for C do not: two problems, three findings."""
    minutes = ("A@0 B@10 A@20", "A@0 B@10 A@20", "D@0 C@12", "D@0 C@12")
    workspace = workspace_of(tmp_path / "w", draw(*minutes))
    both = shared(BOTH, workspace)
    assert both[0, 1] == both[1, 1] and (0, 2) not in both
    assert both[0, 0] == pytest.approx(2 * both[1, 1])
    made = group(BOTH, workspace)
    assert [one["group"] for one in made] == [1, 1, 2]
    cards = fixes({"journeys": 4, "findings": made}, {})
    assert [len(card.facets) for card in cards] == [1, 0]
    assert cards[0].facets[0].kind == "Bottleneck"


def test_findings_that_share_little_stay_apart() -> None:
    """Half of the hours and less is no identity; a finding without hours is a problem of its own."""
    three = [told("bottleneck", 2.0), told("bottleneck", 1.0), told("machine_customers", None)]
    assert groups(three, {(0, 0): 7200, (0, 1): 1800, (1, 1): 3600}) == [1, 2, 3]
    assert groups(three, {(0, 0): 7200, (0, 1): 1801, (1, 1): 3600}) == [1, 1, 2]


def test_waits_outside_handoffs_count_as_a_teams_own() -> None:
    """A team most of whose waiting is a queue of its own is no facet of a path that holds its few handoffs."""
    two = [told("cross_silo_path", 2.0), told("bottleneck", 1.5)]
    assert groups(two, {(0, 0): 7200, (0, 1): 1000, (1, 1): 1000}) == [1, 2]


def test_a_path_across_silos_holds_the_queue_at_its_end(tmp_path: Path) -> None:
    """The waits between the silos of a path are those for the team that journeys reach on it."""
    events = draw("A@0 B@30", "A@0 B@30", "C@0 B@5")
    silos = {"A": "Front", "B": "Back", "C": "Back"}
    for event in events:
        event["silo"] = silos.get(event["team"], event["silo"])
    path = told("cross_silo_path", 1.0, path=["Front", "Back"], silos=["Back", "Front"])
    both = shared([path, told("bottleneck", 0.9, teams=["B"])], workspace_of(tmp_path / "w", events))
    assert both[0, 1] == both[0, 0] > 0.8 * both[1, 1]

"""Queries about the team graph and about closings, on logs small enough to see the answer."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from miner.graph import EmbeddedGraph, ask_library, build
from tests.drawings import draw
from tests.graph.made import drawn, workspace_of


def _ask(folder: Path, name: str, *drawings: str, **params: Any) -> list[dict[str, Any]]:
    with EmbeddedGraph.open(drawn(folder / "w", *drawings)) as graph:
        return ask_library(graph, name, params).records()


def test_a_gate_cuts_off_what_lies_behind_it(tmp_path: Path) -> None:
    """Desk is the only way to Store and Shop; Store is no gate, because Shop is reached without it."""
    rows = _ask(tmp_path, "handoffs/only_through", "Front Desk Store Shop", "Front Desk Shop", "Phone Desk")
    assert [(r["team"], r["cut_off"], r["cut_off_teams"]) for r in rows] == [("Desk", 2, ["Shop", "Store"])]


def test_the_only_front_door_cuts_off_everything(tmp_path: Path) -> None:
    """Where all work begins with one team, all others hang on it."""
    rows = _ask(tmp_path, "handoffs/only_through", "Front Desk", "Front Shop Desk", "Front Desk Shop")
    assert [(r["team"], r["cut_off_teams"]) for r in rows] == [("Front", ["Desk", "Shop"])]


def test_a_way_is_as_long_as_its_hops(tmp_path: Path) -> None:
    """Behind the eighth handoff nothing is reached, so nothing can be cut off there."""
    chain = "A B C D E F G H I J"
    rows = _ask(tmp_path, "handoffs/only_through", chain)
    assert rows[0]["cut_off_teams"] == list("BCDEFGHI")
    rows = _ask(tmp_path / "far", "handoffs/only_through", chain, hops=9)
    assert rows[0]["cut_off_teams"] == list("BCDEFGHIJ")


def test_a_rare_way_is_no_way(tmp_path: Path) -> None:
    """One handoff in twenty-one past the gate is below the smallest share."""
    usual = ["Front Desk Store"] * 20
    rows = _ask(tmp_path, "handoffs/only_through", *usual, "Front Store")
    assert [(r["team"], r["cut_off_teams"]) for r in rows] == [("Front", ["Desk", "Store"]), ("Desk", ["Store"])]


def test_a_circle_is_named_once(tmp_path: Path) -> None:
    """Three teams in a circle are one row, whoever began, and no row visits a team twice."""
    drawings = ("B C A B", "C A B", "A B C")
    rows = _ask(tmp_path, "loops/team_cycles", *drawings, min_handoffs=1, min_share=0)
    assert [(r["cycle"], r["least"], r["handoffs"]) for r in rows] == [(["A", "B", "C"], 2, 7)]


def test_two_circles_through_one_team_are_two(tmp_path: Path) -> None:
    """A figure of eight has two circles of two, and none of four: its middle would be there twice."""
    rows = _ask(tmp_path, "loops/team_cycles", "M A M B M", min_handoffs=1, min_share=0)
    assert [r["cycle"] for r in rows] == [["A", "M"], ["B", "M"]]


def test_both_ways_round_are_two_circles(tmp_path: Path) -> None:
    """A B C and A C B are different habits."""
    rows = _ask(tmp_path, "loops/team_cycles", "A B C A", "A C B A", min_handoffs=1, min_share=0)
    assert sorted(r["cycle"] for r in rows if r["loop_order"] == 3) == [["A", "B", "C"], ["A", "C", "B"]]


def test_work_after_a_closing_reopens_it(tmp_path: Path) -> None:
    """Rules and surveys after a closing are none; the first work after them is, from the closing on."""
    rows = _ask(
        tmp_path,
        "outcomes/reopened",
        "L1 L1!resolved rule L1!survey_offered customer@60",
        "L1 L1!resolved customer!survey_answered",
        "L1 L1!resolved rule!closed",
        "L1 L1!resolved L1!closed L2@10",
    )
    assert [(r["team"], r["reopener"], r["times"], r["until_s_total"]) for r in rows] == [
        ("L1", "customer", 1, 59 * 60.0),
        ("L1", "agent", 1, 8 * 60.0),
    ]


def test_what_closes_is_said_by_type_outcome_or_name(tmp_path: Path) -> None:
    """A good outcome closes as a type does, and what settles in the run; a list of activities replaces all of it."""
    log = ("L1 L1!resolved L1", "L2 L2?Solved L2", "L3 L3=Done_it L3", "L4 L4=Filed L4")
    assert _teams(_ask(tmp_path, "outcomes/reopened", *log)) == ["L1", "L2"]
    assert _teams(_ask(tmp_path / "named", "outcomes/reopened", *log, closing=["done it", "filed"])) == ["L3", "L4"]
    workspace = workspace_of(tmp_path / "settling", draw(*log))
    options = {**workspace.manifest["options"], "ends": ["Done it"]}
    workspace.write_json("manifest.json", {**workspace.manifest, "options": options})
    build(workspace)
    with EmbeddedGraph.open(workspace) as graph:
        assert _teams(ask_library(graph, "outcomes/reopened").records()) == ["L1", "L2", "L3"]


def _teams(rows: list[dict[str, Any]]) -> list[str]:
    return sorted(row["team"] for row in rows)

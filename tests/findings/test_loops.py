"""Loops as findings: one yardstick for pairs and longer ways round."""

from __future__ import annotations

from pathlib import Path

from miner.findings import find
from tests.drawings import draw
from tests.graph.made import workspace_of


def test_pairs_and_longer_loops_are_ranked_by_what_was_waited(tmp_path: Path) -> None:
    """A long way round full of others' work stands behind a pair with more waiting; the customer's time is no part."""
    way = "A@0/5 B@6/894 C@901/1099 A@2001/9"
    back = "D@0/5 E@60/10 customer@300/10 D@360/10"
    workspace = workspace_of(tmp_path / "w", draw(*[way] * 3, *[back] * 3))
    loops = [one for one in find(workspace, ()) if one["kind"] == "handoff_loop"]
    assert [one["where"]["path"][0] for one in loops] == ["D", "A"]
    waited = {one["where"]["path"][0]: one["hours"] for one in loops}
    assert waited == {"D": 3 * (55 + 50) / 60, "A": 3 * 3 / 60}
    assert "away" not in loops[1]["title"]

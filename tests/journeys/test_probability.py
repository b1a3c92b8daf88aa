"""Links that are less than certain: their probability, and the headline figures with and without them."""

from __future__ import annotations

from pathlib import Path

import pytest

from miner.journeys import similar
from miner.pipeline import Settings, run
from miner.workspace import Workspace

LOG = """case,activity,time,team,phone,name,intent
a,Call,2026-01-01 10:00:01,A,+49 30 1234567,Eva Linde,refund
b,Call,2026-01-02 10:00:01,B,+49 30 7654321,Eva Linde,refund
c,Call,2026-01-03 10:00:01,A,+49 30 7654321,Eva Linde,refund
"""


def mined(folder: Path, least: float = 0.5, way: str = "probabilistic") -> Workspace:
    """Two numbers of somebody who has the same name, and three contacts."""
    (folder / "log.csv").write_text(LOG, encoding="utf-8")
    columns = {
        "case": "case",
        "activity": "activity",
        "time": "time",
        "team": "team",
        "phone": "phone",
        "name": "name",
        "intent": "intent",
    }
    settings = Settings(
        columns=columns, tz="UTC", journeys="linked", until="measure", identity=way, min_probability=least
    )
    return run([str(folder / "log.csv")], folder / "w", settings)


@pytest.fixture
def seventy(monkeypatch: pytest.MonkeyPatch) -> None:
    """The two numbers are one person's with 0.7."""
    monkeypatch.setattr(similar, "likely", lambda profiles, group, least: [(0, 1, 0.7)])


def test_a_likely_link_joins_and_says_how_sure_it_is(tmp_path: Path, seventy: None) -> None:
    """One journey at 0.5 with the minimum of its links, two at 0.9; both are in the summary."""
    workspace = mined(tmp_path)
    (journey,) = workspace.table("journeys").to_dict("records")
    assert journey["probability"] == 0.7 and journey["interactions"] == 3
    links = workspace.table("links").set_index("from_interaction")
    assert dict(links["basis"]) == {"b": "likeness and intent", "c": "phone number and intent"}
    assert dict(links["probability"]) == {"b": 0.7, "c": 1.0}
    levels = workspace.summary["by_probability"]
    assert {p: (n["journeys"], n["customers"], n["handoffs"]) for p, n in levels.items()} == {
        "0.5": (1, 1, 2),
        "0.9": (2, 2, 1),
    }
    assert levels["0.5"]["elapsed_s"] == workspace.summary["elapsed_s"]


@pytest.mark.parametrize(("least", "way"), [(0.8, "probabilistic"), (0.5, "keys")])
def test_certain_links_need_no_second_figures(tmp_path: Path, seventy: None, least: float, way: str) -> None:
    """Below the least probability, and by keys alone, nothing is uncertain."""
    workspace = mined(tmp_path, least, way)
    assert sorted(workspace.table("journeys")["interactions"]) == [1, 2]
    assert set(workspace.table("journeys")["probability"]) == {1.0}
    assert "by_probability" not in workspace.summary

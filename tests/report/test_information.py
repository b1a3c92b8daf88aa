"""Information lost at handoffs, in the report: every number from the table, and what it is said to be."""

from __future__ import annotations

from pathlib import Path

import pytest

from miner.costs.information import save_information
from miner.report import write
from miner.report.view import view
from miner.report.view.information import Information
from miner.workspace import Workspace
from tests.report.made import drawn, shop, workspace_of


def shown(workspace: Workspace) -> Information:
    """The part of the view, of a workspace whose information is computed."""
    save_information(workspace)
    found = view(workspace).information
    assert found is not None
    return found


def with_facts(path: Path, *counts: int | None) -> Workspace:
    """Two teams with a note, and these facts at the one handoff."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    workspace = drawn(path, "L1 L1!note L2")
    names = ("facts_before", "facts_missing", "facts_asked_again")
    facts = {name: pa.array([n], pa.int64()) for name, n in zip(names, counts, strict=True)}
    pq.write_table(pa.table({"journey_id": ["j1"], "position": [1], **facts}), workspace.table_path("information"))
    return workspace


def test_every_handoff_is_in_the_table_of_pairs(tmp_path: Path) -> None:
    """The pairs of teams hold all handoffs, and no column of which nothing is known."""
    workspace = workspace_of(tmp_path / "w", shop(60))
    told = shown(workspace)
    assert sum(row[2] for row in told.pairs.rows) == workspace.summary["handoffs"]
    names = [column.name for column in told.pairs.columns]
    assert "First step, compared with no handoff" in names and "Blind" not in names


def test_proxies_are_called_proxies(tmp_path: Path) -> None:
    """The sentence says how many, of how many that are known, and that it is no measurement."""
    told = shown(drawn(tmp_path / "w", "L1 L1!note L2 L3"))
    assert told.sentence.startswith("1 of 2 handoffs (50\u00a0%) in systems that record notes came without one.")
    assert "This is a proxy" in told.sentence
    assert told.analogy is None and told.measured == ()


def test_an_analogy_is_called_one(tmp_path: Path) -> None:
    """Where nothing is known the page says so, and gives the analogy with its source."""
    workspace = drawn(tmp_path / "w", "L1 L2", "L1 L2 L1")
    told = shown(workspace)
    assert told.sentence.startswith("The log does not show") and told.pairs.rows == ()
    assert told.analogy is not None and told.analogy.startswith("An analogy, not a measurement")
    assert "10.1308/003588407X168352" in told.analogy
    page = write(workspace).read_text(encoding="utf-8")
    assert "An analogy, not a measurement" in page


def test_facts_go_before_proxies(tmp_path: Path) -> None:
    """What was counted in texts comes first, the proxies after it."""
    workspace = with_facts(tmp_path / "w", 8, 2, 1)
    told = shown(workspace)
    assert told.sentence.startswith("2 of 8 facts (25\u00a0%) mentioned before a handoff appear in no note")
    assert told.measured[1].startswith("When asked by the next team, customers repeated 1 fact that")
    page = write(workspace).read_text(encoding="utf-8")
    assert page.index("2 of 8 facts") < page.index("By proxies:")


def test_unknown_facts_are_not_counted(tmp_path: Path) -> None:
    """Where no note can hold them nothing is said of missing facts."""
    told = shown(with_facts(tmp_path / "w", 8, None, None))
    assert told.sentence.startswith("In total, 8 facts were counted")
    assert "In no note" not in [column.name for column in told.pairs.columns]


def test_without_handoffs_nothing_is_lost(tmp_path: Path) -> None:
    """One sentence, and no table."""
    told = shown(drawn(tmp_path / "w", "L1 L1"))
    assert told.sentence.startswith("No journey was handed over") and told.pairs.rows == () and told.analogy is None


@pytest.mark.parametrize("drawing", ["L1 L2", "L1"])
def test_an_older_workspace_has_no_such_part(drawing: str, tmp_path: Path) -> None:
    """Without the table the part is left out."""
    assert view(drawn(tmp_path / "w", drawing)).information is None

"""The whole ServiceNow log: 119,998 updates of 20,769 incidents, by brute force and by `run`."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

import miner
from tests.measures import servicenow
from tests.measures.adapter import COLUMNS, Tables, expected, same, saved
from tests.oracles import loops_by_order

ORDERS = {2: 3110, 3: 845, 4: 239, 5: 51, 6: 12, 7: 2, 8: 1}
SAVED = [name for name in COLUMNS if name != "spans"]
# Which channel a contact type stands for is the reader's knowledge; its own tests hold it.
LEFT_OUT = {"visits": "channel", "handoffs": "changes_channel"}


@pytest.fixture(scope="module")
def brute_force() -> Tables:
    """Every table of the log by brute force."""
    return expected(list(servicenow.events()))


@pytest.fixture(scope="module")
def workspace(tmp_path_factory: pytest.TempPathFactory) -> Iterator[miner.Workspace]:
    """The log as `run` mines it."""
    target = tmp_path_factory.mktemp("servicenow") / "workspace"
    yield miner.run(str(servicenow.LOG), workspace=str(target), journeys="case", until="measure", graph="none")


def test_brute_force_gives_the_known_numbers(brute_force: Tables) -> None:
    """An independent program counted these in the same log."""
    handoffs, runs = brute_force["handoffs"], brute_force["pingpongs"]
    assert (len(brute_force["events"]), len(brute_force["journeys"])) == (119_998, 20_769)
    assert (len(handoffs), len({row["journey_id"] for row in handoffs})) == (16_203, 8_049)
    assert (len(brute_force["returns"]), loops_by_order(brute_force["returns"])) == (4_260, ORDERS)
    assert (len(runs), sum(row["bounces"] for row in runs)) == (2_102, 3_110)
    assert len({row["journey_id"] for row in runs}) == 1_868


def test_the_summary_gives_the_known_numbers(workspace: miner.Workspace) -> None:
    """The headline counts of a run are the same."""
    summary = workspace.summary
    assert (summary["events"], summary["journeys"], summary["owner_level"]) == (119_998, 20_769, "team")
    assert (summary["handoffs"], summary["journeys_with_handoff"], summary["returns"]) == (16_203, 8_049, 4_260)
    assert summary["loops_by_order"] == {str(order): count for order, count in ORDERS.items()}
    assert (summary["pingpongs"], summary["bounces"], summary["journeys_with_pingpong"]) == (2_102, 3_110, 1_868)
    assert summary["elapsed_s"] == sum(summary["time_s"].values())


@pytest.fixture(scope="module")
def mined(workspace: miner.Workspace) -> Tables:
    """The saved tables of the run."""
    return saved(Path(workspace.path))


@pytest.mark.parametrize("table", SAVED)
def test_tables_equal_brute_force_row_for_row(table: str, mined: Tables, brute_force: Tables) -> None:
    """Every saved table is the one that brute force gives."""
    without = LEFT_OUT.get(table)
    cut = [[{k: v for k, v in row.items() if k != without} for row in tables[table]] for tables in (mined, brute_force)]
    same(cut[0], cut[1], table)

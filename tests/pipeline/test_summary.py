"""summary.json has one shape and one writer."""

from __future__ import annotations

import re
from pathlib import Path

from miner.pipeline import Settings, run
from miner.summary import Counts, FragmentationCost, SavedFinding, Summary
from miner.workspace import Workspace
from tests.pipeline.made import SILOS, csv_log

PACKAGE = Path(__file__).parents[2] / "miner"


def test_a_run_writes_the_declared_keys_and_no_others(tmp_path: Path) -> None:
    """The summary, its cost and each finding have keys of their declared shapes; the counts are complete."""
    log = str(csv_log(tmp_path / "log.csv", cases=120))
    summary = run([log], tmp_path / "w", Settings(silos=SILOS, graph="none", until="query")).summary
    assert Counts.__annotations__.keys() <= summary.keys() <= Summary.__annotations__.keys()
    assert summary["fragmentation_cost"].keys() <= FragmentationCost.__annotations__.keys()
    assert summary["findings"]
    for finding in summary["findings"]:
        assert finding.keys() == SavedFinding.__annotations__.keys()


def test_a_change_keeps_the_rest(tmp_path: Path) -> None:
    """Keys are changed or taken away; where nothing changes nothing is written."""
    workspace = Workspace(tmp_path)
    workspace.change_summary({"events": 3, "by_probability": {}})
    workspace.change_summary({"journeys": 2}, without=("by_probability",))
    assert workspace.summary == {"events": 3, "journeys": 2}
    before = (tmp_path / "summary.json").stat().st_mtime_ns
    workspace.change_summary({"events": 3})
    assert (tmp_path / "summary.json").stat().st_mtime_ns == before


def test_nothing_else_writes_the_summary() -> None:
    """No other module names the file in a call that writes."""
    writers = [
        str(path.relative_to(PACKAGE))
        for path in PACKAGE.rglob("*.py")
        if re.search(r"write(_json)?\(\s*\"summary\.json\"", path.read_text(encoding="utf-8"))
    ]
    assert writers == ["workspace.py"]

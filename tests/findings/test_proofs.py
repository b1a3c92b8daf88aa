"""Findings come from the tables: they are the same with and without a graph, whose queries give their numbers."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from miner.findings import find
from miner.graph import EmbeddedGraph, ask_library, build
from miner.pipeline import Settings, run
from miner.summary import SavedFinding
from miner.workspace import Workspace
from tests.graph.made import costed
from tests.pipeline.made import SILOS, csv_log

GOOD = ("solved", "resolved")
# Of each query: its columns that are a finding's journeys, number and hours; None where the finding has another.
NUMBERS: dict[str, tuple[str | None, str | None, str | None]] = {
    "loops/loop_waits": ("journeys", "bounces", "own_wait_s_total"),
    "loops/longer_loops": ("journeys", "returns", "own_wait_s_total"),
    "bottlenecks/team_queues": ("journeys", "waits", "wait_s_total"),
    "bottlenecks/transitions": (None, "count", "own_wait_s_total"),
    "silos/silo_paths": ("journeys", "compared", "own_wait_s_total"),
    "silos/value_lost": ("journeys", "journeys", None),
    "outcomes/false_containment": (None, "known", None),
    "costs/information_gaps": ("journeys", "handoffs", "asked_s"),
    "costs/information_gaps_of_silos": ("journeys", "handoffs", "asked_s"),
}


def proved(workspace: Workspace, findings: list[SavedFinding]) -> set[str]:
    """The queries whose rows give the numbers of the findings; an assertion fails where they do not."""
    with EmbeddedGraph.open(workspace) as graph:
        for finding in findings:
            rows = ask_library(graph, finding["query"], finding["params"], limit=None).records()
            assert any(numbers == of(finding) for numbers in map(given(finding), rows)) or summed(finding, rows), (
                finding
            )
    return {finding["query"] for finding in findings}


def of(finding: SavedFinding) -> list[float | None]:
    """The numbers of a finding that its query gives back."""
    columns = NUMBERS.get(finding["query"], (None, None, None))
    numbers = (finding["journeys"], finding["n"], finding["hours"])
    return [number for column, number in zip(columns, numbers, strict=True) if column]


def given(finding: SavedFinding) -> Any:
    """Reads the same numbers from a row of the query."""
    columns = [column for column in NUMBERS.get(finding["query"], ()) if column]
    if finding["kind"] == "abandonment":
        return lambda row: [row["gave_up"], row["queued"], round(row["gave_up_s_total"] / 3600, 2)]
    return lambda row: [
        pytest.approx(row[column] / 3600, abs=0.006) if "_s" in column else row[column] for column in columns
    ]


def summed(finding: SavedFinding, rows: list[dict[str, Any]]) -> bool:
    """Whether a finding about all rows of its query has their sums."""
    sums = [sum(row[column] for row in rows) for column in ("journeys", "contacts")] if rows else []
    return finding["query"] == "overview/machine_customers" and sums == [finding["journeys"], finding["n"]]


@pytest.mark.parametrize("seed", range(3))
def test_the_graph_gives_the_numbers_of_the_findings_of_generated_logs(tmp_path: Path, seed: int) -> None:
    """Each finding's query gives back its journeys, its number and its hours."""
    workspace = costed(tmp_path / "w", seed)
    findings = find(workspace, GOOD)
    build(workspace)
    assert {"bottlenecks/team_queues", "loops/loop_waits", "overview/machine_customers"} <= proved(workspace, findings)


@pytest.mark.parametrize("seed", (1, 2))
def test_a_run_without_a_graph_has_the_same_findings(tmp_path: Path, seed: int) -> None:
    """The findings of a generated log are equal, with their groups and examples; only results/ needs the graph."""
    log = str(csv_log(tmp_path / "log.csv", cases=200, seed=seed))
    made = {
        graph: run([log], tmp_path / graph, Settings(silos=SILOS, until="query", graph=graph))
        for graph in ("embedded", "none")
    }
    findings = made["none"].summary["findings"]
    assert findings and findings == made["embedded"].summary["findings"]
    assert proved(made["embedded"], findings) == {
        str(path.relative_to(made["embedded"].path / "results").with_suffix(""))
        for path in (made["embedded"].path / "results").rglob("*.json")
    }
    assert not (made["none"].path / "results").exists()

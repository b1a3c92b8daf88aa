"""Every number in a sentence of the page is given by a query, which is run again here."""

from __future__ import annotations

from pathlib import Path

import pytest

from miner.graph import EmbeddedGraph
from miner.pipeline import Settings, run
from miner.report.view import view
from miner.workspace import Workspace
from tests.report.proofs import Proofs, numbers, sentences

SAMPLES = Path(__file__).parents[2] / "sample_logs"
LOGS = {
    "all samples": ["."],
    "calls": ["connect_contacts.jsonl"],
    "a plain log": ["orders.csv"],
    "ServiceNow": ["servicenow/incident_event_log.csv.gz"],
}
PROVED = ("headline", "time", "silos", "loops", "reading", "fixes", "cost", "people", "information")


@pytest.fixture(scope="module", params=list(LOGS))
def workspace(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    """A log, mined up to the findings."""
    paths = [str(SAMPLES / name) for name in LOGS[request.param]]
    return run(paths, tmp_path_factory.mktemp("log") / "w", Settings(until="query"))


def names(workspace: Workspace) -> set[str]:
    """What teams, silos and activities are called: a number in a name is none."""
    columns = workspace.arrow("events", ["owner", "team", "silo", "activity"])
    return {name for column in columns.columns for name in column.unique().to_pylist() if name}


def test_every_number_of_a_finding_is_in_the_rows_of_its_query(workspace: Workspace) -> None:
    """Of each finding, whatever it says: its query, its weekdays and its test give each number again."""
    findings, unproved = workspace.summary["findings"], []
    with EmbeddedGraph.open(workspace) as graph:
        proofs = Proofs(workspace, graph)
        for finding in findings:
            known = proofs.finding(finding)
            told = numbers(finding["title"], names(workspace))
            unproved += [(number, finding["title"]) for number in told if number not in known]
    assert findings and not unproved


def test_every_number_of_a_sentence_on_the_page_is_in_the_rows_of_a_query(workspace: Workspace) -> None:
    """The headline, time, silos, loops, cost and reading: each sentence beside the queries of its part."""
    unproved, seen = [], set()
    with EmbeddedGraph.open(workspace) as graph:
        proofs = Proofs(workspace, graph)
        known = {part: proofs.page(part) for part in PROVED}
        for finding in workspace.summary["findings"]:
            known["fixes"] |= proofs.finding(finding)
    for place, text in sentences(view(workspace)):
        part = place.split(".")[1].split("[")[0]
        if part in known:
            seen.add(part)
            unproved += [
                (number, place, text) for number in numbers(text, names(workspace)) if number not in known[part]
            ]
    assert not unproved
    assert {"headline", "time", "loops", "reading"} <= seen


def test_a_false_number_is_noticed(workspace: Workspace) -> None:
    """The program that proves numbers does not take any number for proved."""
    with EmbeddedGraph.open(workspace) as graph:
        known = Proofs(workspace, graph).page("headline")
    assert numbers("1,503 customers called 3.2 times, 56 %; 1 d 4 h") == ["1,503", "3.2", "56 %", "1 d 4 h"]
    assert len([number for number in range(100, 1000) if f"{number:,}" in known]) < 100

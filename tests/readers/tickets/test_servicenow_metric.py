"""ServiceNow metric instances."""

from __future__ import annotations

from pathlib import Path

import pytest

from miner.errors import InputError
from miner.readers.base import SourceFile
from miner.readers.tickets import servicenow_metric
from tests.readers.reading import FIXTURES, read, write

EXAMPLE = FIXTURES / "servicenow_metric" / "metric.csv"
HOUR = 3_600_000_000


def test_the_example() -> None:
    """Every value is a span; teams hold the record, people stand in the team that holds it, states are the system's."""
    found = read(servicenow_metric, EXAMPLE)
    assert [(e["activity"], e["team"], e["agent"], (e["ended_us"] - e["started_us"]) / HOUR) for e in found.events] == [
        ("Held by team", "Service Desk", None, 1.5),
        ("Held by agent", "Service Desk", "anna", 1.5),
        ("Incident State: In Progress", None, None, 7),
        ("Held by team", "Network", None, 5.5),
        ("Incident State: Resolved", None, None, 0),
    ]
    assert found.visits() == ["Service Desk", "Network"]
    note = found.note("open")
    assert note is not None and note.count == 1


def test_durations_that_disagree_are_counted(tmp_path: Path) -> None:
    """Start and end win over a duration that says something else; the difference is counted."""
    text = EXAMPLE.read_text().replace("0 01:30:00", "3 Days 12 Hours")
    found = read(servicenow_metric, write(tmp_path, text, "x.csv"))
    assert found.note("reconcile") and (found.events[0]["ended_us"] - found.events[0]["started_us"]) / HOUR == 1.5


def test_bad_rows_are_rejected(tmp_path: Path) -> None:
    """Rows without start, without record, or with a duration that is none are rejected."""
    extra = "State,INC2,x,,,\nState,,x,2026-03-02 09:00:00,,\nState,INC2,x,2026-03-02 09:00:00,,a while\n"
    found = read(servicenow_metric, write(tmp_path, EXAMPLE.read_text() + extra, "x.csv"))
    assert [(r["line"], r["column"]) for r in found.rejects] == [(7, "start"), (8, "id"), (9, "duration")]


def test_missing_columns(tmp_path: Path) -> None:
    """Without the columns that matter the file is an error that names them."""
    with pytest.raises(InputError, match="definition"):
        read(servicenow_metric, write(tmp_path, EXAMPLE.read_text().replace("Definition", "What"), "x.csv"))


def test_sniff() -> None:
    """Metric rows are recognised by their columns, audit rows are not."""
    assert servicenow_metric.sniff(SourceFile("x.csv", EXAMPLE))
    assert not servicenow_metric.sniff(SourceFile("x.csv", FIXTURES / "servicenow_audit" / "audit.csv"))

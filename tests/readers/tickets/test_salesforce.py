"""Salesforce cases with CaseHistory and CaseHistory2."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import pytest

from miner.errors import InputError
from miner.readers.base import SourceFile
from miner.readers.tickets import salesforce
from tests.readers.reading import FIXTURES, read, write

FOLDER = FIXTURES / "salesforce"
TABLES = sorted(FOLDER.glob("*.csv"))
FIRST, SECOND = "salesforce:5003000000D8cuI", "salesforce:5003000000D8cuJ"


def test_an_organisation() -> None:
    """Owners are users, a queue owns nothing, name and id of one change are one change."""
    found = read(salesforce, *TABLES)
    mine = [event for event in found.events if event["interaction_id"] == FIRST]
    assert [(e["activity"], e["agent"], e["team"], e["handoff_kind"]) for e in mine] == [
        ("Ticket created", None, None, None),
        ("Accepted from queue", "Ana", "Service", None),
        ("Status Working", "Ana", "Service", None),
        ("Assigned to agent", "Ana", "Service", "agent_reassign"),
        ("Changed Contact", "Bo", "Engineering", None),
        ("Closed", "Bo", "Engineering", None),
        ("Reopened", "Bo", "Engineering", None),
        ("Sent to queue", "Bo", "Engineering", None),
        ("Accepted from queue", "Ana", "Service", None),
        ("Escalated", "Ana", "Service", "escalation"),
        ("Closed", "Bo", "Engineering", None),
    ]
    assert not any(event["team"] == "Tier 1 Queue" for event in found.events)
    note = found.note("paired rows")
    assert note is not None and note.count == 3
    assert mine[0]["actor_type"] == "rule" and mine[-1]["outcome"] == "closed"
    assert json.loads(found.interactions[FIRST]["identity"])["email"] == "ann@example.com"
    assert found.references == {(SECOND, FIRST, "parent")}
    assert [reject["reason"] for reject in found.rejects] == ["lies in the recycle bin"]


def test_case_history_2() -> None:
    """Owner and status as they were after each change: what differs from the row before is a step."""
    found = read(salesforce, FOLDER / "CaseHistory2.csv", FOLDER / "User.csv")
    assert [(e["activity"], e["agent"], e["handoff_kind"]) for e in found.events] == [
        ("Assigned to agent", "Ana", None),
        ("Status Working", "Ana", None),
        ("Assigned to agent", "Ana", "agent_reassign"),
        ("Closed", "Bo", None),
    ]


def test_rest_records(tmp_path: Path) -> None:
    """Records of a query with nested names read like the CSV, without roles people own."""
    rows = [{k: v or None for k, v in row.items()} for row in csv.DictReader((FOLDER / "CaseHistory.csv").open())]
    for row in rows:
        row["attributes"] = {"type": "CaseHistory"}
        row["CreatedBy"] = {"Name": "Ana" if "ana" in row["CreatedById"] else "Bo"}
    found = read(salesforce, write(tmp_path, {"totalSize": len(rows), "done": True, "records": rows}))
    agents = [agent for agent in found.column("agent") if agent]
    assert [a for a, b in zip(agents, [None, *agents], strict=False) if a != b] == ["Ana", "Bo", "Ana", "Bo"]
    assert set(found.column("team")) == {None}


def test_a_case_that_only_says_it_is_closed(tmp_path: Path) -> None:
    """Without a history, creation and closing are known, and nothing is made up between them."""
    found = read(salesforce, FOLDER / "Case.csv")
    assert [(e["activity"], e["outcome"]) for e in found.events if e["interaction_id"] == FIRST] == [
        ("Ticket created", None),
        ("Closed", "closed"),
    ]


def test_bad_rows(tmp_path: Path) -> None:
    """Rows without a case or with a time that is none are rejected; names alone are an error."""
    text = (FOLDER / "CaseHistory.csv").read_text()
    broken = text.replace("0173000004,5003000000D8cuIAAR", "0173000004,").replace("2026-03-02T09:30:00.000Z", "later")
    found = read(salesforce, write(tmp_path, broken, "x.csv"))
    assert [(r["line"], r["column"]) for r in found.rejects] == [(5, "caseid"), (8, "createddate"), (9, "createddate")]
    with pytest.raises(InputError, match="no cases"):
        read(salesforce, FOLDER / "Group.csv", FOLDER / "User.csv")


def test_sniff() -> None:
    """Its own tables, and no others."""
    assert all(salesforce.sniff(SourceFile(p.name, p)) for p in TABLES)
    others = (
        "servicenow_task/incident.csv",
        "servicenow_audit/audit.csv",
        "jira/fivetran/issue.csv",
        "jira/issues.json",
    )
    assert not any(salesforce.sniff(SourceFile(name, FIXTURES / name)) for name in others)

"""ServiceNow task tables."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from miner.errors import InputError
from miner.readers.base import SourceFile
from miner.readers.tickets import servicenow_task
from tests.readers.reading import FIXTURES, read, write

FOLDER = FIXTURES / "servicenow_task"
TABLES = sorted(FOLDER.glob("*.csv"))


def test_an_instance() -> None:
    """Incidents, names and service levels together: what is known of the record's life, and its totals."""
    found = read(servicenow_task, *TABLES)
    mine = [event for event in found.events if event["interaction_id"] == "aa1"]
    assert [(e["activity"], e["actor_type"], e["agent"], e["team"], e["outcome"]) for e in mine] == [
        ("Ticket created", "agent", "Di", None, None),
        ("SLA started", "system", None, None, None),
        ("Reopened", "customer", None, None, "open"),
        ("SLA breached", "system", None, None, None),
        ("Resolved", "agent", "Cy", "Network", "resolved"),
        ("Closed", "system", None, None, None),
    ]
    assert json.loads(found.interactions["aa1"]["declared"]) == {"reassignment_count": 2, "reopen_count": 1}
    assert json.loads(found.interactions["aa1"]["identity"])["email"] == "ann@example.com"
    assert found.interactions["aa1"]["channel"] == "voice"
    assert found.references == {("aa1", "aa0", "parent_incident")}
    note = found.note("truncated")
    assert note is not None and note.examples == ["INC0010001: 2"]
    assert found.visits() == ["Network"] and not [e for e in found.events if e["handoff_kind"]]


def test_a_list_of_chosen_columns(tmp_path: Path) -> None:
    """Incidents exported with `incident_state` and without `state` or a caller are incidents."""
    rows = (
        "number,opened_at,resolved_at,sys_updated_on,incident_state,assignment_group,resolved_by\n"
        "INC1,2026-01-05 10:00:00,2026-01-06 10:00:00,2026-01-06 10:00:00,6,Network,Cy\n"
    )
    found = read(servicenow_task, write(tmp_path, rows, "list.csv"))
    assert [(e["interaction_id"], e["activity"], e["team"]) for e in found.events] == [
        ("INC1", "Ticket created", None),
        ("INC1", "Resolved", "Network"),
    ]


def test_bad_rows_are_rejected() -> None:
    """A time that is none rejects its record alone."""
    found = read(servicenow_task, FOLDER / "incident.csv")
    assert [(r["line"], r["column"]) for r in found.rejects] == [(4, "opened_at")]


def test_rest_pairs(tmp_path: Path) -> None:
    """REST with display values: ids are the keys, names are shown."""
    pair = {"display_value": "Network", "value": "g-net"}
    row = {
        "sys_id": "x1",
        "number": "INC9",
        "state": "6",
        "opened_at": "2026-03-02 08:00:00",
        "assignment_group": pair,
        "sys_updated_on": "2026-03-02 09:00:00",
        "resolved_at": "2026-03-02 09:00:00",
        "resolved_by": {"display_value": "Cy", "value": "u-cy"},
        "opened_by": {"value": "u-1"},
    }
    found = read(servicenow_task, write(tmp_path, {"result": [row]}))
    assert [e["team"] for e in found.events] == [None, "Network"]


def test_copied_apart(tmp_path: Path) -> None:
    """Tables of a record that are copied apart make one record."""
    both = {
        "task": "sys_id,number,state,opened_at,sys_updated_on,assignment_group_value\n"
        "r1,INC1,6,2026-03-02 08:00:00,2026-03-02 09:00:00,g1\n",
        "incident": "sys_id,incident_state,reopen_count,caller_id_value,resolved_at,resolved_by_value\n"
        "r1,6,0,u1,2026-03-02 09:00:00,u2\n",
    }
    found = read(servicenow_task, *[write(tmp_path, text, f"{name}.csv") for name, text in both.items()])
    assert [(e["activity"], e["team"], e["customer"]) for e in found.events] == [
        ("Ticket created", None, "u1"),
        ("Resolved", "g1", "u1"),
    ]


def test_names_alone_are_an_error() -> None:
    """Tables that only give names hold no task."""
    with pytest.raises(InputError, match="no tasks"):
        read(servicenow_task, FOLDER / "sys_user.csv", FOLDER / "sys_user_group.csv")


def test_sniff() -> None:
    """Task tables are its own; audits, metrics and incident logs are not."""
    assert all(servicenow_task.sniff(SourceFile(p.name, p)) for p in TABLES)
    others = (
        "servicenow_audit/audit.csv",
        "servicenow_metric/metric.csv",
        "jira/navigator.csv",
        "jira/fivetran/issue.csv",
    )
    assert not any(servicenow_task.sniff(SourceFile(name, FIXTURES / name)) for name in others)

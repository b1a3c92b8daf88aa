"""Zammad ticket histories, from the interface and from the database."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from miner.errors import InputError
from miner.readers.base import SourceFile
from miner.readers.tickets import zammad
from tests.readers.reading import FIXTURES, read, write

FOLDER = FIXTURES / "zammad"
HISTORY = FOLDER / "history_42.json"
TABLES = sorted(FOLDER.glob("*.csv"))
VALUE: dict[str, Any] = json.loads(HISTORY.read_text())


def test_the_interface() -> None:
    """Routed by a trigger, taken, moved with its owner in one save, closed, reopened by the customer, closed."""
    found = read(zammad, HISTORY)
    assert [(e["activity"], e["actor_type"], e["agent"], e["team"]) for e in found.events] == [
        ("Ticket created", "customer", None, None),
        ("Assigned to team", "rule", None, None),
        ("Assigned to agent", "agent", "Bo B", "Service Desk"),
        ("Status open", "agent", "Bo B", "Service Desk"),
        ("Assigned to team", "agent", "Bo B", "Service Desk"),
        ("Internal note", "agent", "Cy C", "Network"),
        ("Closed", "agent", "Cy C", "Network"),
        ("Customer message", "customer", None, None),
        ("Reopened", "customer", None, None),
        ("Merged", "agent", "Cy C", "Network"),
        ("Escalation", "system", None, None),
        ("Closed", "agent", "Cy C", "Network"),
    ]
    assert found.visits() == ["Service Desk", "Network"] and not found.note("truncated")
    assert set(found.column("customer")) == {"ann@example.com"} and set(found.column("channel")) == {"email"}
    assert json.loads(found.interactions["zammad:42"]["declared"]) == {"article_count": 3}
    assert json.loads(found.interactions["zammad:42"]["identity"])["phone"] == "+49 30 1234567"
    assert found.references == {("zammad:42", "zammad:41", "merge")}


def test_the_database() -> None:
    """Plain rows with their words in tables of their own; rows of users are passed over, owners are agents."""
    found = read(zammad, *TABLES)
    assert [(e["activity"], e["agent"], e["team"], e["handoff_kind"]) for e in found.events] == [
        ("Ticket created", "Bo B", "Service Desk", None),
        ("Assigned to team", "Bo B", "Service Desk", "group_reassign"),
        ("Closed", "Cy C", "Network", None),
    ]
    with pytest.raises(InputError, match="history_types"):
        read(zammad, FOLDER / "histories.csv")


def test_several_tickets_and_repeats(tmp_path: Path) -> None:
    """A document a line; rows that come twice are read once."""
    found = read(zammad, write(tmp_path, [VALUE, VALUE]))
    note = found.note("duplicates")
    assert note is not None and note.count == len(VALUE["history"]) and len(found.events) == 12


def test_a_gap_is_noticed(tmp_path: Path) -> None:
    """A change that begins at another group than the one before shows that rows are missing."""
    rows = [row for row in VALUE["history"] if row["id"] != 4]
    rows[3] = rows[3] | {
        "id_from": 9,
        "value_from": "Other",
        "attribute": "group",
        "id_to": 2,
        "value_to": "Service Desk",
    }
    rows.insert(4, rows[3] | {"id": 99, "id_from": 8, "value_from": "Else", "created_at": "2026-03-02T08:40:00Z"})
    assert read(zammad, write(tmp_path, VALUE | {"history": rows})).note("truncated")


def test_bad_rows(tmp_path: Path) -> None:
    """Rows without a ticket, a time or a type reject their document; unknown types are kept by their name."""
    base = {"id": 7, "o_id": 1, "object": "Ticket", "type": "created", "created_by_id": 1}
    bad = [
        base,
        base | {"created_at": "soon"},
        {"o_id": 1, "created_at": "2026-03-02T08:00:00Z"},
        {"history": [{"o_id": 1}]},
    ]
    odd = base | {"type": "beamed_up", "created_at": "2026-03-02T08:00:00Z"}
    found = read(zammad, write(tmp_path, [*bad, odd], "x.jsonl"))
    assert [reject["line"] for reject in found.rejects] == [1, 2, 3, 4]
    assert found.column("activity") == ["beamed_up"] and found.note("unknown values")


def test_sniff() -> None:
    """Its own histories and tables; words of histories by the file's name."""
    assert all(zammad.sniff(SourceFile(p.name, p)) for p in (HISTORY, *TABLES))
    assert not zammad.sniff(SourceFile("ids.csv", FOLDER / "history_types.csv"))
    others = ("jira/issues.json", "zendesk/audits.json", "servicenow_audit/audit.csv", "salesforce/User.csv")
    assert not any(zammad.sniff(SourceFile(name, FIXTURES / name)) for name in others)

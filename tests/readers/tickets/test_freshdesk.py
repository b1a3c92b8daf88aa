"""Freshdesk activities and tickets."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from miner.errors import InputError
from miner.readers.base import SourceFile
from miner.readers.tickets import freshdesk
from tests.readers.reading import FIXTURES, read, write

FOLDER = FIXTURES / "freshdesk"
FILES = sorted(FOLDER.glob("*.json"))
DAY = FOLDER / "activities_02.json"
ROWS: list[dict[str, Any]] = json.loads(DAY.read_text())["activities_data"]


def test_an_account() -> None:
    """The days, tickets, agents and groups together: routed, taken, moved, resolved, reopened, closed."""
    found = read(freshdesk, *FILES)
    mine = [event for event in found.events if event["interaction_id"] == "freshdesk:642"]
    assert [(e["activity"], e["actor_type"], e["agent"], e["team"]) for e in mine] == [
        ("Ticket created", "customer", None, None),
        ("SLA applied", "system", None, None),
        ("Assigned to team", "rule", None, None),
        ("Changed tags", "rule", None, None),
        ("Assigned to agent", "agent", "Bo", "Service Desk"),
        ("Reply", "agent", "Bo", "Service Desk"),
        ("Changed tags", "agent", "Bo", "Service Desk"),
        ("Customer message", "customer", None, None),
        ("Assigned to team", "agent", "Bo", "Service Desk"),
        ("Internal note", "agent", "Cy", "Network"),
        ("Resolved", "agent", "Cy", "Network"),
        ("Customer message", "customer", None, None),
        ("Reopened", "rule", None, None),
        ("Closed", "agent", "Cy", "Network"),
    ]
    assert [e["handoff_kind"] for e in mine if e["handoff_kind"]] == ["group_reassign"]
    assert {e["customer"] for e in mine} == {"ann@example.com"} and {e["channel"] for e in mine} == {"email"}
    said = [note.message for note in found.notes if note.kind == "truncated"]
    assert any("announces 5 activities and has 4" in one for one in said) and any("30 days" in one for one in said)


def test_equal_rows_are_genuine_and_files_overlap(tmp_path: Path) -> None:
    """Two equal rows of one file are two; the same file again adds nothing."""
    reply = ROWS[4]
    once = write(tmp_path, {"activities_data": [ROWS[1], reply, reply]}, "a.json")
    again = write(tmp_path, {"activities_data": [ROWS[1], reply, reply], "metadata": {}}, "b.json")
    assert [e["activity"] for e in read(freshdesk, once).events].count("Message") == 2
    both = read(freshdesk, once, again)
    note = both.note("duplicates")
    assert note is not None and note.count == 3
    assert [e["activity"] for e in both.events].count("Message") == 2


def test_the_list_of_tickets() -> None:
    """The CSV of the list: names, what it declares, and times in the zone that was given."""
    found = read(freshdesk, FOLDER / "list.csv", tz="Europe/Berlin")
    assert [(e["activity"], e["team"], e["agent"]) for e in found.events] == [
        ("Ticket created", None, None),
        ("Resolved", "Service Desk", "Bo"),
        ("Closed", None, None),
    ]
    declared = json.loads(found.interactions["freshdesk:700"]["declared"])
    assert declared == {"Agent interactions": 3, "Customer interactions": 2}
    with pytest.raises(InputError, match="--tz"):
        read(freshdesk, FOLDER / "list.csv")


def test_an_account_s_export(tmp_path: Path) -> None:
    """Tickets under `helpdesk_ticket` are known by their display number, and declare their totals."""
    ticket = {
        "id": 203,
        "display_id": 767,
        "requester_id": 5,
        "responder_id": 6,
        "group_id": 7,
        "status": 5,
        "source": 1,
        "created_at": "2026-03-02T06:57:27-06:00",
        "parent_ticket_id": 700,
        "ticket_states": {"resolved_at": "2026-03-02T09:57:27-06:00", "inbound_count": 2, "outbound_count": 1},
    }
    found = read(freshdesk, write(tmp_path, json.dumps([{"helpdesk_ticket": ticket}])))
    assert [e["interaction_id"] for e in found.events] == ["freshdesk:767"] * 2
    declared = json.loads(found.interactions["freshdesk:767"]["declared"])
    assert declared == {"inbound_count": 2, "outbound_count": 1}
    assert found.references == {("freshdesk:767", "freshdesk:700", "parent_ticket_id")}


def test_bad_rows(tmp_path: Path) -> None:
    """Rows without a ticket, with a time that is none or an activity of a wrong kind are rejected one by one."""
    bad = [
        ROWS[1] | {"ticket_id": None},
        ROWS[1] | {"performed_at": "31-31-2026 08:00:00 +0000"},
        ROWS[1] | {"activity": "x"},
        {"a": 1},
        ROWS[1] | {"activity": {"note": 7, "status": [1]}},
    ]
    found = read(freshdesk, write(tmp_path, [*bad, *ROWS]))
    assert [reject["line"] for reject in found.rejects] == [1, 2, 3, 4]
    with pytest.raises(InputError, match="no activities"):
        read(freshdesk, FOLDER / "agents.json", FOLDER / "groups.json")


def test_sniff() -> None:
    """Its own files, and no others."""
    assert all(freshdesk.sniff(SourceFile(p.name, p)) for p in (*FILES, FOLDER / "list.csv"))
    others = (
        "zendesk/audits.json",
        "jira/issues.json",
        "hubspot/owners.json",
        "intercom/conversation.json",
        "zammad/history_42.json",
        "servicenow_task/incident.csv",
        "jira/navigator.csv",
    )
    assert not any(freshdesk.sniff(SourceFile(name, FIXTURES / name)) for name in others)

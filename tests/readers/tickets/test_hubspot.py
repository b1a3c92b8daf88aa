"""HubSpot tickets, v3 and v1."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from miner.errors import InputError
from miner.readers.base import SourceFile
from miner.readers.tickets import hubspot
from tests.readers.reading import FIXTURES, read, write

FOLDER = FIXTURES / "hubspot"
V3, V1 = FOLDER / "tickets_v3.json", FOLDER / "tickets_v1.json"
NAMES = (FOLDER / "pipelines.json", FOLDER / "owners.json")
TICKET: dict[str, Any] = json.loads(V3.read_text())["results"][0]


def test_v3() -> None:
    """An owner brings the team along a moment later: one assignment; stages go by the pipeline's names."""
    found = read(hubspot, V3, *NAMES)
    assert [(e["activity"], e["actor_type"], e["agent"], e["team"]) for e in found.events] == [
        ("Ticket created", "customer", None, None),
        ("Assigned to team", "rule", None, None),
        ("Changed hs_ticket_priority", "agent", "Ana A", "Service"),
        ("Assigned to team", "agent", "Ana A", "Service"),
        ("Closed", "agent", "Bo B", "Engineering"),
        ("Reopened", "rule", None, None),
        ("Closed", "agent", "Bo B", "Engineering"),
    ]
    assert [e["handoff_kind"] for e in found.events if e["handoff_kind"]] == ["group_reassign"]
    assert found.visits() == ["Service", "Engineering"]
    assert set(found.column("customer")) == {"hubspot:301"} and set(found.column("channel")) == {"email"}
    assert json.loads(found.interactions["hubspot:9001"]["identity"]) == {"id": "301", "email": "ann@example.com"}


def test_v1() -> None:
    """Versions in milliseconds; the four stages of the first pipeline are assumed, and that is said."""
    found = read(hubspot, V1)
    assert [(e["activity"], e["agent"], e["started_us"] // 1_000_000) for e in found.events] == [
        ("Ticket created", None, 1772438400),
        ("Assigned to agent", "bo@example.com", 1772442000),
        ("Closed", "bo@example.com", 1772449200),
    ]
    assert found.note("assumed") and set(found.column("customer")) == {"hubspot:496346"}
    named = read(hubspot, V1, FOLDER / "owners.json")
    assert named.column("team") == [None, "Engineering", "Engineering"]


def test_a_history_that_lacks_stages(tmp_path: Path) -> None:
    """Stages that were entered but are in no version show that versions are missing; so do twenty of them."""
    properties = TICKET["properties"] | {"hs_v2_date_entered_29": "2026-03-02T08:30:00Z"}
    note = read(hubspot, write(tmp_path, {"results": [TICKET | {"properties": properties}]})).note("truncated")
    assert note is not None and note.count == 1
    many = [{"value": str(n % 2), "timestamp": f"2026-03-02T09:{n:02}:00Z", "sourceType": "API"} for n in range(20)]
    ticket = TICKET | {"propertiesWithHistory": {"hs_pipeline_stage": many}, "properties": {}}
    assert read(hubspot, write(tmp_path, {"results": [ticket]})).note("truncated")


def test_bad_tickets(tmp_path: Path) -> None:
    """What is no ticket, has no id or versions of a wrong type is rejected; names alone are an error."""
    stages = {"soon": [{"value": "1", "timestamp": "soon"}], "none": "x"}
    bad = [{"a": 1}, TICKET | {"id": None}]
    bad += [TICKET | {"propertiesWithHistory": {"hs_pipeline_stage": value}} for value in stages.values()]
    found = read(hubspot, write(tmp_path, [*bad, TICKET]))
    assert [reject["line"] for reject in found.rejects] == [1, 2, 3, 4]
    with pytest.raises(InputError, match="no tickets"):
        read(hubspot, *NAMES)


def test_sniff() -> None:
    """Its own tickets, pipelines and owners, and no other JSON."""
    assert all(hubspot.sniff(SourceFile(p.name, p)) for p in (V3, V1, *NAMES))
    others = ("jira/issues.json", "zendesk/audits.json", "intercom/conversation.json", "connect/contacts.jsonl")
    assert not any(hubspot.sniff(SourceFile(name, FIXTURES / name)) for name in others)


def test_copied_tables_of_owners_and_contacts(tmp_path: Path) -> None:
    """Owners name people and their first team; the first contact is the customer; what tells no work is counted."""
    tables = {
        "ticket.csv": "id,property_hs_pipeline_stage,property_createdate,is_deleted\n"
        "1,4,2026-03-02 08:00:00,FALSE\n2,4,2026-03-02 08:00:00,TRUE\n",
        "ticket_property_history.csv": "ticket_id,name,source,source_id,timestamp_instant,value\n"
        "1,hubspot_owner_id,CRM_UI,userId:701,2026-03-02 09:00:00,51\n"
        "1,hs_pipeline_stage,CRM_UI,userId:701,2026-03-02 10:00:00,4\n"
        "1,subject,CRM_UI,userId:701,2026-03-02 10:00:00,secret\n",
        "owner.csv": "owner_id,first_name,last_name,email,portal_id,user_id\n51,Ana,A,ana@example.com,1,701\n",
        "owner_team.csv": "owner_id,team_id,is_team_primary\n51,11,TRUE\n",
        "ticket_contact.csv": "contact_id,ticket_id\n301,1\n",
    }
    paths = [write(tmp_path, text, name) for name, text in tables.items()]
    assert all(hubspot.sniff(SourceFile(path.name, path)) for path in paths)
    found = read(hubspot, *paths)
    assert [(e["activity"], e["agent"], e["team"], e["outcome"]) for e in found.events] == [
        ("Ticket created", None, None, None),
        ("Assigned to team", "Ana A", "11", None),
        ("Closed", "Ana A", "11", "closed"),
    ]
    assert set(found.column("customer")) == {"hubspot:301"}
    assert [reject["reason"] for reject in found.rejects] == ["the ticket is deleted"] and found.note("left out")

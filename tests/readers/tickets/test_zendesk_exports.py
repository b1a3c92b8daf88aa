"""Zendesk beside audits: incremental ticket events, metric events, the export of an account, copied tables."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from miner.errors import InputError
from miner.readers.base import SourceFile
from miner.readers.tickets import zendesk
from tests.readers.reading import FIXTURES, read, write

FOLDER = FIXTURES / "zendesk"
EVENTS, METRICS, TICKETS = FOLDER / "ticket_events.json", FOLDER / "metric_events.json", FOLDER / "tickets.ndjson"
TABLES = sorted((FOLDER / "fivetran").glob("*.csv"))


def test_an_account() -> None:
    """Ticket events, metric events and tickets together: the history, service levels, and what tickets declare."""
    found = read(zendesk, EVENTS, METRICS, TICKETS)
    mine = [event for event in found.events if event["interaction_id"] == "zendesk:4712"]
    assert [(e["activity"], e["actor_type"], e["agent"], e["team"]) for e in mine if e["event_type"] != "sla"] == [
        ("Ticket created", "customer", None, None),
        ("Assigned to team", "rule", None, None),
        ("Assigned to agent", "agent", "21", "10"),
        ("Status open", "agent", "21", "10"),
        ("Assigned to team", "agent", "21", "10"),
        ("Internal note", "agent", "21", "10"),
        ("Changed field 360021", "agent", "22", "11"),
        ("Reply", "agent", "22", "11"),
        ("Resolved", "agent", "22", "11"),
        ("FlyToTheMoon", "customer", None, None),
        ("Reopened", "customer", None, None),
        ("Resolved", "agent", "22", "11"),
    ]
    assert [e["activity"] for e in found.of_type("sla")] == ["reply_time: apply_sla", "reply_time: breach"]
    assert [e["handoff_kind"] for e in mine if e["handoff_kind"]] == ["group_reassign"]
    assert [e["actor"] for e in mine if e["actor_type"] == "rule"] == ["rule 44"]
    declared = json.loads(found.interactions["zendesk:4712"]["declared"])
    assert {k: declared[k] for k in ("reopens", "replies", "group_stations", "assignee_stations")} == {
        "reopens": 1,
        "replies": 2,
        "group_stations": 2,
        "assignee_stations": 2,
    }
    left = found.note("left out")
    assert left is not None and left.count == 4
    assert {e["channel"] for e in mine} == {"email"}


def test_a_ticket_without_a_history() -> None:
    """A ticket of the export alone: created, the last assignment, comments, the solution, and that is assumed."""
    found = read(zendesk, TICKETS)
    mine = [event for event in found.events if event["interaction_id"] == "zendesk:4713"]
    assert [(e["activity"], e["actor_type"], e["team"]) for e in mine] == [
        ("Ticket created", "customer", None),
        ("Assigned to team", "system", None),
        ("Reply", "agent", "10"),
        ("Resolved", "agent", "10"),
    ]
    assumed = found.note("assumed")
    assert assumed is not None and assumed.examples == ["4712", "4713"]
    assert not [e for e in found.events if e["handoff_kind"]]


def test_an_event_and_its_audit_are_one(tmp_path: Path) -> None:
    """The audit of the same id tells more and stays; the repeat is counted."""
    event = json.loads(EVENTS.read_text())["ticket_events"][0]
    audit = {
        "id": 801,
        "ticket_id": 4712,
        "created_at": "2026-03-02T08:00:00Z",
        "author_id": 501,
        "via": {"channel": "chat"},
        "events": [{"type": "Create", "field_name": "status", "value": "new"}],
    }
    found = read(
        zendesk, write(tmp_path, {"ticket_events": [event]}, "e.json"), write(tmp_path, {"audits": [audit]}, "a.json")
    )
    assert found.column("channel") == ["chat"] and found.note("duplicates")


def test_the_csv_of_an_account() -> None:
    """Names stand for what the list has no ids of; dashes are nothing; times need a zone."""
    found = read(zendesk, FOLDER / "tickets.csv", tz="Europe/Berlin")
    assert [(e["interaction_id"], e["activity"], e["team"], e["customer"]) for e in found.events] == [
        ("zendesk:5001", "Ticket created", None, "K-1"),
        ("zendesk:5001", "Assigned to team", None, "K-1"),
        ("zendesk:5002", "Ticket created", None, "ben@example.com"),
        ("zendesk:5001", "Resolved", "Service Desk", "K-1"),
    ]
    assert json.loads(found.interactions["zendesk:5001"]["declared"])["group_stations"] == 1
    with pytest.raises(InputError, match="--tz"):
        read(zendesk, FOLDER / "tickets.csv")


@pytest.mark.parametrize("encoding", ["UUTF-8", "shift_jis", "no-such"])
def test_an_encoding_that_xml_cannot_be_read_in_is_said(tmp_path: Path, encoding: str) -> None:
    """A declared encoding that nobody knows, or of several bytes a character, is an error that names the way out."""
    text = (FOLDER / "tickets.xml").read_text().replace('encoding="UTF-8"', f'encoding="{encoding}"', 1)
    with pytest.raises(InputError) as error:
        read(zendesk, write(tmp_path, text, "x.xml"))
    assert error.value.problems[0].fix


def test_the_xml_of_an_account(tmp_path: Path) -> None:
    """Tickets with their comments; declarations, damage and depth are errors."""
    text = (FOLDER / "tickets.xml").read_text()
    found = read(zendesk, FOLDER / "tickets.xml")
    assert found.column("activity") == ["Ticket created", "Assigned to team", "Internal note", "Resolved"]
    assert found.column("channel") == ["email"] * 4
    bomb = text.replace("<tickets", '<!DOCTYPE t [<!ENTITY a "b">]>\n<tickets', 1)
    for broken in (bomb, text[:-30], text.replace("<subject>", "<subject>" + "<a>" * 50)):
        with pytest.raises(InputError):
            read(zendesk, write(tmp_path, broken, "x.xml"))


def test_copied_tables() -> None:
    """A field history has no values before: they are those of the row before; names come from their tables."""
    found = read(zendesk, *TABLES)
    assert [(e["activity"], e["actor"], e["team"]) for e in found.events] == [
        ("Ticket created", "Ann", None),
        ("Assigned to agent", "Bo", "Service Desk"),
        ("Status open", "Bo", "Service Desk"),
        ("Assigned to team", "Bo", "Service Desk"),
        ("Reply", "Cy", "Network"),
        ("Resolved", "Cy", "Network"),
    ]
    assert set(found.column("channel")) == {"email"} and not found.note("truncated")
    assert json.loads(found.interactions["zendesk:6001"]["identity"])["phone"] == "+49 30 1234567"


def test_bad_events(tmp_path: Path) -> None:
    """Events without a ticket, a time or children of the right kind are rejected one by one."""
    event: dict[str, Any] = json.loads(EVENTS.read_text())["ticket_events"][0]
    metric = json.loads(METRICS.read_text())["ticket_metric_events"][1]
    bad = [
        event | {"ticket_id": None},
        event | {"timestamp": "soon"},
        event | {"child_events": "x"},
        event | {"child_events": [1]},
        event | {"via": 7},
        metric | {"time": None},
        metric | {"metric": None},
    ]
    found = read(zendesk, write(tmp_path, [*bad, event]))
    assert [reject["line"] for reject in found.rejects] == [1, 2, 3, 4, 5, 6, 7] and len(found.events) == 1


def test_sniff() -> None:
    """Its own files in every form, and no others."""
    own = (EVENTS, METRICS, TICKETS, FOLDER / "tickets.csv", FOLDER / "tickets.xml", *TABLES)
    assert all(zendesk.sniff(SourceFile(p.name, p)) for p in own)
    others = (
        "jira/fivetran/user.csv",
        "jira/fivetran/comment.csv",
        "freshdesk/tickets.json",
        "freshdesk/list.csv",
        "hubspot/owners.json",
        "zammad/history_42.json",
        "salesforce/Case.csv",
        "intercom/conversation.json",
    )
    assert not any(zendesk.sniff(SourceFile(name, FIXTURES / name)) for name in others)

"""Salesforce chat transcripts and messaging sessions."""

from __future__ import annotations

import json
from pathlib import Path

from miner.readers.base import SourceFile
from miner.readers.chats import salesforce_chat
from tests.readers.reading import FIXTURES, Reading, read, write

TABLES = FIXTURES / "salesforce_chat"
EVENTS, CHATS = TABLES / "LiveChatTranscriptEvent.csv", TABLES / "LiveChatTranscript.csv"
SESSIONS = TABLES / "MessagingSession.json"


def owners(found: Reading, key: str) -> list[str]:
    """The agents and bots of an interaction, equal neighbours as one."""
    seen: list[str] = []
    for event in found.events:
        name = event["agent"] or (event["actor"] if event["actor_type"] == "bot" else None)
        if event["interaction_id"] == key and name and seen[-1:] != [name]:
            seen.append(name)
    return seen


def test_the_tables_together() -> None:
    """One handoff when the transfer is accepted, a bot to human, abandoned chats, two rejects, totals by table."""
    found = read(salesforce_chat, EVENTS, CHATS, SESSIONS)
    assert owners(found, "salesforce:570A1") == ["0052", "0053"]
    assert owners(found, "salesforce:0Mw1") == ["bot", "0052"]
    kinds = [(e["interaction_id"], e["handoff_kind"]) for e in found.events if e["handoff_kind"]]
    assert kinds == [
        ("salesforce:570A1", "requeue_no_answer"),
        ("salesforce:570A1", "agent_reassign"),
        ("salesforce:0Mw1", "bot_to_human"),
    ]
    assert [e["interaction_id"] for e in found.of_type("abandoned")] == ["salesforce:570A2", "salesforce:0Mw3"]
    assert json.loads(found.interactions["salesforce:570A1"]["declared"]) == {
        "WaitTime": 60,
        "ChatDuration": 1140,
        "OperatorMessageCount": 7,
        "VisitorMessageCount": 5,
    }
    assert json.loads(found.interactions["salesforce:0Mw1"]["declared"]) == {
        "AgentMessageCount": 3,
        "EndUserMessageCount": 4,
    }
    assert found.references == {
        ("salesforce:570A1", "salesforce:5001", "case id"),
        ("salesforce:0Mw1", "salesforce:5001", "case id"),
    }
    assert [row["column"] for row in found.rejects] == ["livechattranscriptid", "time"]
    notes = {note.kind: note.examples for note in found.notes}
    assert notes == {"unknown values": ["FileTransferRequested"], "truncated": ["570A3"]}


def test_customers_and_channels() -> None:
    """The contact is the customer, else the visitor or end user; the channel of a session is said."""
    found = read(salesforce_chat, EVENTS, CHATS, SESSIONS)
    assert {
        key.removeprefix("salesforce:"): (row["customer"], row["channel"]) for key, row in found.interactions.items()
    } == {
        "570A1": ("0031", "chat"),
        "570A2": ("salesforce:57V2", "chat"),
        "570A3": ("0031", "chat"),
        "0Mw1": ("0031", "messaging"),
        "0Mw2": ("salesforce:0PA2", "messaging"),
        "0Mw3": ("salesforce:0PA3", "sms"),
        "0Mw4": ("salesforce:0PA3", "sms"),
    }


def test_queues_and_triggers_own_nothing() -> None:
    """A session that lies in a queue, and a triggered message, have no owner."""
    found = read(salesforce_chat, SESSIONS)
    assert owners(found, "salesforce:0Mw3") == owners(found, "salesforce:0Mw4") == []


def test_events_alone(tmp_path: Path) -> None:
    """Events without transcripts are read; the order of equal times is that of their numbers."""
    found = read(salesforce_chat, EVENTS)
    first = [e["activity"] for e in found.events if e["interaction_id"] == "salesforce:570A1"]
    assert first[:2] == ["Chat requested", "Queued"]
    lines = EVENTS.read_text().splitlines()
    path = write(tmp_path, "\n".join([lines[0], *reversed(lines[1:])]), "turned.csv")
    again = [e["activity"] for e in read(salesforce_chat, path).events if e["interaction_id"] == "salesforce:570A1"]
    assert again == first


def test_columns_are_mapped() -> None:
    """A column of the transcript gives the team or the intent; its name may be written as in SOQL."""
    found = read(salesforce_chat, EVENTS, CHATS, columns={"intent": "Topic__c", "team": "AccountId"})
    events = [e for e in found.events if e["interaction_id"] == "salesforce:570A1"]
    assert {e["intent"] for e in events} == {"refund"}
    assert {e["team"] for e in events if e["agent"]} == {"0011"}


def test_naive_times_are_noted(tmp_path: Path) -> None:
    """Times without a zone are UTC and that is an assumption, unless a zone is named."""
    path = write(tmp_path, EVENTS.read_text().replace("000Z", "000"), "report.csv")
    assert read(salesforce_chat, path).note("assumed")
    berlin = read(salesforce_chat, path, tz="Europe/Berlin")
    assert not berlin.note("assumed")
    assert berlin.events[0]["started_us"] == read(salesforce_chat, EVENTS).events[0]["started_us"] - 3_600_000_000


def test_sniff() -> None:
    """Each of the three tables is recognised."""
    assert all(salesforce_chat.sniff(SourceFile(path.name, path)) for path in (EVENTS, CHATS, SESSIONS))

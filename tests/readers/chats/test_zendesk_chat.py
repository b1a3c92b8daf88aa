"""Zendesk Chat."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from miner.readers.chats import zendesk_chat
from tests.readers.reading import FIXTURES, read, write

EXAMPLE = FIXTURES / "zendesk_chat" / "chats.json"
CHAT = "zendesk_chat:2603.1122.RabcdeF"


def chat(*history: dict[str, Any], **more: Any) -> dict[str, Any]:
    """A chat whose entries are a minute apart."""
    entries = [{"timestamp": f"2026-03-02T09:{n:02}:00Z", **entry} for n, entry in enumerate(history, 1)]
    return {
        "id": "1",
        "type": "chat",
        "timestamp": "2026-03-02T09:00:00Z",
        "visitor": {"id": "v"},
        "department_id": 2,
        "department_name": "Two",
        "history": entries,
        **more,
    }


def join(agent: str) -> dict[str, Any]:
    """An agent joins."""
    return {"type": "chat.memberjoin", "nick": f"agent:{agent}", "name": agent}


def move(before: int | None, now: int) -> dict[str, Any]:
    """The chat goes to another department."""
    return {"type": "chat.transfer", "nick": "agent:system", "prev_department_id": before, "department_id": now}


def test_the_example() -> None:
    """One handoff Billing to Technical, no return; a missed chat is abandoned; a form is a message; one reject."""
    found = read(zendesk_chat, EXAMPLE)
    events = [e for e in found.events if e["interaction_id"] == CHAT]
    assert [(e["agent"], e["team"]) for e in events if e["actor_type"] == "agent"] == [
        ("Ana", "11"),
        ("Ana", "11"),
        ("Ana", "11"),
        ("Bo", "Technical"),
        ("Bo", "Technical"),
        ("Bo", "Technical"),
    ]
    assert [e["handoff_kind"] for e in events if e["handoff_kind"]] == ["group_reassign"]
    assert [json.loads(e["attributes"]) for e in events if e["event_type"] == "survey_answered"] == [{"score": "good"}]
    assert json.loads(found.interactions[CHAT]["declared"]) == {
        "duration": 1200,
        "count.visitor": 2,
        "count.agent": 3,
        "count.total": 5,
        "response_time.first": 45,
        "response_time.avg": 40.5,
        "response_time.max": 60,
        "agent_ids": 2,
    }
    assert found.references == {
        (CHAT, "zendesk:4711", "ticket id"),
        ("zendesk_chat:2603.1122.Roffline", "zendesk:83", "ticket id"),
    }
    abandoned = found.of_type("abandoned")
    assert [(e["interaction_id"], e["outcome"]) for e in abandoned] == [("zendesk_chat:2603.1122.Rmissed", "abandoned")]
    assert abandoned[0]["started_us"] - 1_772_445_600_000_000 == 95_000_000
    assert {i: v["channel"] for i, v in found.interactions.items()} == {
        CHAT: "chat",
        "zendesk_chat:2603.1122.Rmissed": "chat",
        "zendesk_chat:2603.1122.Roffline": "web_form",
    }
    assert [row["column"] for row in found.rejects] == ["id"]
    note = found.note("unknown values")
    assert note is not None and note.examples == ["chat.levitation"]


def test_customers() -> None:
    """The visitor's e-mail, else the phone number, else the id; all of it is identity."""
    found = read(zendesk_chat, EXAMPLE)
    assert {i.rpartition(".")[2]: v["customer"] for i, v in found.interactions.items()} == {
        "RabcdeF": "eva@example.org",
        "Rmissed": "+4930123456",
        "Roffline": "max@example.org",
    }
    assert json.loads(found.interactions[CHAT]["identity"])["user_agent"] == "Mozilla/5.0"


def test_first_routing_is_no_handoff(tmp_path: Path) -> None:
    """A chat that moves before any agent joined is routed, not handed over."""
    found = read(zendesk_chat, write(tmp_path, chat(move(1, 2), join("Bo"))))
    assert [(e["activity"], e["handoff_kind"]) for e in found.of_type("assigned")] == [("Routed to department", None)]
    assert found.visits() == ["Two"]


def test_two_agents_at_once(tmp_path: Path) -> None:
    """Who joins a colleague of the same department joins a conference; who joins after a transfer takes over."""
    found = read(zendesk_chat, write(tmp_path, chat(join("Ana"), join("Bo"), move(2, 3), join("Cem"))))
    joined = [e["event_type"] for e in found.events if e["activity"] == "Agent joined"]
    assert joined == ["agent_connected", "conference_join", "agent_connected"]
    assert found.visits() == ["Two", "3"]


def test_copies_and_gaps(tmp_path: Path) -> None:
    """Of two copies the longer one stays; a missing history and a gap in it are noted as truncated."""
    twice = {"chats": [chat(join("Ana"), join("Bo")), chat(join("Ana"))]}
    assert len(read(zendesk_chat, write(tmp_path, twice)).events) == 3
    short = chat()
    del short["history"]
    assert read(zendesk_chat, write(tmp_path, short)).note("truncated")
    assert read(zendesk_chat, write(tmp_path, chat(move(1, 2), move(3, 4)))).note("truncated")


def test_departments_beside(tmp_path: Path) -> None:
    """A page of departments gives the names."""
    one = chat(move(1, 2), join("Bo"), move(2, 3), join("Cem"))
    page = {"chats": [one], "departments": [{"id": 3, "name": "Three"}]}
    assert read(zendesk_chat, write(tmp_path, page)).visits() == ["Two", "Three"]
    bare = write(tmp_path, json.dumps([{"id": 3, "name": "Drei", "members": [1], "enabled": True}]), "departments.json")
    assert read(zendesk_chat, write(tmp_path, one), bare).visits() == ["Two", "Drei"]

"""LiveChat archives."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from miner.readers.base import SourceFile
from miner.readers.chats import livechat, zendesk_chat
from tests.readers.reading import FIXTURES, read, write

ARCHIVES = FIXTURES / "livechat" / "archives.json"
BESIDE = (FIXTURES / "livechat" / "bots.json", FIXTURES / "livechat" / "groups.json")


def chat() -> dict[str, Any]:
    """The first chat of the fixture, to be changed."""
    found: dict[str, Any] = json.loads(ARCHIVES.read_text())["chats"][0]
    return found


def test_the_archives() -> None:
    """Bot to Billing to Technical, nothing taken back by who leaves; the rest is said."""
    found = read(livechat, ARCHIVES, *BESIDE)
    assert found.visits() == ["Concierge", "Billing", "Technical"]
    assert [e["handoff_kind"] for e in found.events if e["handoff_kind"]] == ["bot_to_human", "group_reassign"]
    assert [e["event_type"] for e in found.events if e["activity"] == "Internal note"] == ["note"]
    assert [(e["agent"], e["outcome"]) for e in found.of_type("closed")] == [("Bo", "closed")]
    assert [json.loads(e["attributes"]) for e in found.of_type("survey_answered")] == [{"score": "good"}]
    assert json.loads(found.interactions["livechat:K600PKZON8"]["declared"]) == {"rating.score": 1}
    assert {row["customer"] for row in found.interactions.values()} == {"eva@example.org", "livechat:c2"}
    assert [row["column"] for row in found.rejects] == ["thread"]
    notes = {(note.kind, tuple(note.examples)) for note in found.notes}
    assert notes == {
        ("unknown values", ("survey_shown_by_app",)),
        ("truncated", ("K600PKZON8",)),
        ("truncated", ("K2",)),
    }


def test_without_the_lists_beside() -> None:
    """Without the bots' list a bot looks like an agent; the group before the first transfer stays unknown."""
    found = read(livechat, ARCHIVES)
    first = [e for e in found.events if e["actor"] == "Concierge"]
    assert {(e["actor_type"], e["team"]) for e in first} == {("agent", None)}
    assert found.visits() == ["Billing", "Technical"]


def test_a_chat_that_was_not_transferred(tmp_path: Path) -> None:
    """It belongs to its group; who joins a colleague joins a conference; a transfer to a person stays inside."""
    one = chat()
    events = one["thread"]["events"]
    events[2] = {**events[2], "system_message_type": "agent_joined", "text_vars": {"agent": "Ana"}}
    events[5] = {**events[5], "text_vars": {"initiator": "Ana", "targets": "Bo"}}
    found = read(livechat, write(tmp_path, one), *BESIDE)
    assert set(found.visits()) == {"Concierge", "Technical"}
    assert [e["handoff_kind"] for e in found.events if e["handoff_kind"]] == ["agent_reassign"]
    assert [e["agent"] for e in found.of_type("agent_connected")] == ["Ana"]


def test_threads_of_one_chat(tmp_path: Path) -> None:
    """Each thread is an interaction of its own, and a thread that is delivered again is read once."""
    one = chat()
    early = {**one["thread"], "id": "K1", "created_at": "2026-02-02T09:00:00Z", "events": []}
    found = read(livechat, write(tmp_path, {**one, "threads": [early, one.pop("thread")]}), *BESIDE)
    assert set(found.interactions) == {"livechat:K1", "livechat:K600PKZON8"}
    twice = write(tmp_path, {"chats": [chat(), chat()]}, "twice.json")
    assert len(read(livechat, twice).of_type("closed")) == 1


def test_lists_as_the_interface_gives_them(tmp_path: Path) -> None:
    """Groups, agents and bots are bare lists; an agent of one group only belongs to it before a transfer."""
    groups = [{"id": 1, "name": "Billing", "agent_priorities": {"ana@example.org": "normal"}}]
    agents = [{"id": "ana@example.org", "name": "Ana", "groups": [{"id": 1, "priority": "normal"}]}]
    bots = [{"id": "concierge@bot", "name": "Concierge", "owner_client_id": "x", "groups": []}]
    one = chat()
    del one["thread"]["events"][:3]
    paths = [write(tmp_path, json.dumps(page), f"{n}.json") for n, page in enumerate((groups, agents, bots))]
    found = read(livechat, write(tmp_path, one), *paths)
    assert found.visits() == ["Billing", "Technical"]
    assert livechat.sniff(SourceFile("groups.json", paths[0])) and not livechat.sniff(SourceFile("x", paths[1]))


def test_sniff() -> None:
    """Archives are LiveChat's; Zendesk's page of chats is not, nor the other way round."""
    zendesk = FIXTURES / "zendesk_chat" / "chats.json"
    assert livechat.sniff(SourceFile("x", ARCHIVES)) and not livechat.sniff(SourceFile("x", zendesk))
    assert zendesk_chat.sniff(SourceFile("x", zendesk)) and not zendesk_chat.sniff(SourceFile("x", ARCHIVES))

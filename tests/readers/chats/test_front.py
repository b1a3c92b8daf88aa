"""Front conversation events."""

from __future__ import annotations

import json
from pathlib import Path

from miner.readers.chats import front
from tests.readers.reading import FIXTURES, read, write

PAGES = sorted((FIXTURES / "front").glob("*.json"))
FIRST = "front:cnv_1"


def test_the_pages() -> None:
    """Routing by a rule is no handoff, the move by a teammate is one; the pages overlap and are read once."""
    found = read(front, *PAGES)
    assert found.visits() == ["Billing", "Technical"]
    kinds = [e["handoff_kind"] for e in found.events if e["handoff_kind"]]
    assert kinds == ["group_reassign", "agent_reassign"]
    passed_on = [(e["agent"], e["team"]) for e in found.events if e["handoff_kind"]]
    assert passed_on == [("Ana Arp", "Billing")] * 2
    assert [e["outcome"] for e in found.events if e["interaction_id"] == FIRST and e["outcome"]] == [
        "closed",
        "open",
        "closed",
    ]
    assert found.references == {(FIRST, "front:cnv_9", "merged")}
    assert [row["column"] for row in found.rejects] == ["emitted_at"]
    assert {note.kind: note.count for note in found.notes} == {"duplicates": 2, "truncated": 1, "unknown values": 1}


def test_customers_and_channel() -> None:
    """The handle of the recipient is the customer: an address or a number; the message says the channel."""
    found = read(front, *PAGES, columns={"intent": "Topic"})
    assert {key: (row["customer"], row["channel"], row["intent"]) for key, row in found.interactions.items()} == {
        FIRST: ("eva@example.org", "email", "refund"),
        "front:cnv_2": ("+49301234567", "unknown", "refund"),
    }


def test_rules_own_nothing(tmp_path: Path) -> None:
    """A conversation that only rules moved has no owner."""
    events = [e for path in PAGES for e in json.loads(path.read_text())["_results"]]
    events = [e for e in events if e["source"]["_meta"]["type"] == "rule"]
    found = read(front, write(tmp_path, {"_results": events}))
    assert found.visits() == [] and {e["actor_type"] for e in found.events} == {"rule"}


def test_a_comment_with_a_move_is_the_sender_s(tmp_path: Path) -> None:
    """What a teammate writes within a second of moving the conversation is theirs, in the inbox it was in."""
    events = [e for path in PAGES for e in json.loads(path.read_text())["_results"] if e.get("id")]
    move = next(e for e in events if e["id"] == "evt_6")
    for seconds, team in ((0.04, "Billing"), (60, "Technical")):
        comment = {**move, "id": "evt_note", "type": "comment", "emitted_at": move["emitted_at"] + seconds}
        found = read(front, write(tmp_path, {"_results": [*events, comment]}))
        at = comment["emitted_at"] * 1_000_000
        note = next(e for e in found.of_type("note") if abs(e["started_us"] - at) < 1000)
        assert note["team"] == team

"""Dialogflow CX conversations."""

from __future__ import annotations

import json
from pathlib import Path

from miner.readers.base import SourceFile
from miner.readers.chats import dialogflow, intercom
from tests.readers.reading import FIXTURES, read, write

EXAMPLE = FIXTURES / "dialogflow" / "conversations.json"


def test_the_example() -> None:
    """The bot owns; the live agent handoff is a marker of it; what is missing and reused is said."""
    found = read(dialogflow, EXAMPLE)
    first = [e for e in found.events if e["interaction_id"] == "dialogflow:s1"]
    assert [(e["actor_type"], e["event_type"]) for e in first] == [
        ("customer", "started"),
        ("bot", "message"),
        ("customer", "message"),
        ("bot", "message"),
        ("customer", "message"),
        ("bot", "message"),
        ("bot", "escalated"),
    ]
    assert {e["actor"] for e in first if e["actor_type"] == "bot"} == {"a1b2"}
    assert first[-1]["handoff_kind"] == "bot_to_human"
    assert {(row["channel"], row["intent"]) for row in found.interactions.values()} == {
        ("voice", "billing.charged_twice"),
        ("chat", None),
    }
    assert json.loads(found.interactions["dialogflow:s1"]["declared"]) == {
        "interactionCount": 3,
        "averageMatchConfidence": 0.7,
        "queryInputCount.audioCount": 3,
        "matchTypeCount.intentCount": 2,
        "matchTypeCount.noMatchCount": 1,
        "hasLiveAgentHandoff": True,
        "hasEndInteraction": False,
        "duration": 95.5,
    }
    assert {note.kind: note.examples for note in found.notes} == {"truncated": ["s2"], "reused": ["s1"]}
    assert [row["column"] for row in found.rejects] == ["startTime"]


def test_an_id_that_was_used_again() -> None:
    """Two conversations of one id are two interactions; the earlier keeps the id."""
    ids = set(read(dialogflow, EXAMPLE).interactions)
    assert ids == {"dialogflow:s1", "dialogflow:s2", "dialogflow:s1/1773136800"}


def test_customers_and_mapping() -> None:
    """The caller's number, or a parameter that the user names; else the conversation."""
    found = read(dialogflow, EXAMPLE)
    assert {key.removeprefix("dialogflow:"): row["customer"] for key, row in found.interactions.items()} == {
        "s1": "+4930123456",
        "s2": "dialogflow:s2",
        "s1/1773136800": "dialogflow:s1",
    }
    mapped = read(dialogflow, EXAMPLE, columns={"customer": "customer_no", "intent": "customer_no"})
    assert (mapped.interactions["dialogflow:s1"]["customer"], mapped.events[0]["intent"]) == ("K-100", "K-100")


def test_copies(tmp_path: Path) -> None:
    """The same conversation from a list and by itself is read once, with its interactions."""
    one = json.loads(EXAMPLE.read_text())["conversations"][0]
    bare = {key: value for key, value in one.items() if key != "interactions"}
    found = read(dialogflow, write(tmp_path, [bare, one, bare]))
    assert len(found.events) == 7 and not found.note("truncated")
    assert [e["event_type"] for e in read(dialogflow, write(tmp_path, bare)).events] == ["started", "escalated"]


def test_sniff() -> None:
    """A list of conversations is told from Intercom's."""
    other = FIXTURES / "intercom" / "conversation.json"
    assert dialogflow.sniff(SourceFile("x", EXAMPLE)) and not intercom.sniff(SourceFile("x", EXAMPLE))
    assert intercom.sniff(SourceFile("x", other)) and not dialogflow.sniff(SourceFile("x", other))

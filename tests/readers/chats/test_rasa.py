"""Rasa tracker events."""

from __future__ import annotations

import json
from pathlib import Path

from miner.readers.chats import rasa
from tests.readers.reading import FIXTURES, read, write

TRACKER, EVENTS = FIXTURES / "rasa" / "tracker.json", FIXTURES / "rasa" / "events.jsonl"
SAID = {"team": "Support: action_human_handoff", "customer": "customer_no"}
FIRST, SECOND = "rasa:u-77/1772442000", "rasa:u-77/1772532000"


def test_the_files_together() -> None:
    """The declared action hands over from the bot; sessions are interactions; copies are read once."""
    found = read(rasa, TRACKER, EVENTS, columns=SAID)
    first = [e for e in found.events if e["interaction_id"] == FIRST]
    assert [(e["activity"], e["actor_type"], e["team"]) for e in first] == [
        ("Conversation started", "customer", None),
        ("Bot message", "bot", None),
        ("Customer message", "customer", None),
        ("Action check invoice", "bot", None),
        ("Bot message", "bot", None),
        ("Customer message", "customer", None),
        ("Handed over to human", "bot", None),
        ("Paused", "system", None),
        ("Reply", "agent", "Support"),
        ("Reply", "agent", "Support"),
        ("Resumed", "system", None),
    ]
    assert [e["handoff_kind"] for e in first if e["handoff_kind"]] == ["bot_to_human", "human_to_bot"]
    assert set(found.interactions) == {FIRST, SECOND, "rasa:u-78/1772442005"}
    assert (found.interactions[FIRST]["customer"], found.interactions[FIRST]["intent"]) == ("K-100", "charged_twice")
    assert found.interactions[SECOND]["intent"] is None
    assert [row["column"] for row in found.rejects] == ["timestamp"]
    assert {note.kind for note in found.notes} == {"left out", "unknown values", "duplicates"}
    assert sum(note.count for note in found.notes if note.kind == "duplicates") == 6


def test_times_are_exact() -> None:
    """Seconds with a fraction are microseconds exactly."""
    assert read(rasa, TRACKER).events[0]["started_us"] == 1_772_442_001_250_000


def test_nothing_is_a_handoff_unless_declared() -> None:
    """Without a mapping the action is a step of the bot, and the human has no name."""
    found = read(rasa, TRACKER)
    first = [e for e in found.events if e["interaction_id"] == FIRST]
    assert [e["activity"] for e in first if e["handoff_kind"] == "bot_to_human"] == []
    assert "Action human handoff" in [e["activity"] for e in first]
    assert {e["agent"] for e in first if e["actor_type"] == "agent"} == {"human agent"}


def test_a_pause_may_be_declared(tmp_path: Path) -> None:
    """A pause is a handoff where the user says so; a declared action that never came up is noted."""
    found = read(rasa, TRACKER, columns={"agent": "pause; action_levitate"})
    assert [e["activity"] for e in found.events if e["handoff_kind"] == "bot_to_human"] == ["Handed over to human"]
    note = found.note("unused")
    assert note is not None and note.examples == ["action_levitate"]


def test_a_list_of_trackers(tmp_path: Path) -> None:
    """An array of trackers, and one whose events are empty, are read."""
    one = json.loads(TRACKER.read_text())
    found = read(rasa, write(tmp_path, json.dumps([one, {"sender_id": "empty", "events": []}])))
    assert set(found.interactions) == {FIRST, SECOND}

"""Aircall calls."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from miner.errors import InputError
from miner.readers.base import SourceFile
from miner.readers.calls import aircall
from tests.readers.reading import FIXTURES, read, write

EXAMPLE = FIXTURES / "aircall" / "calls.json"
CALLS: list[dict[str, Any]] = json.loads(EXAMPLE.read_text())["calls"]
SECOND = 1_000_000


def test_the_example() -> None:
    """A call with a transfer of unknown time, an abandoned one, an outbound one to the same customer."""
    found = read(aircall, EXAMPLE)
    assert [(e["agent"], e["handoff_kind"], json.loads(e["attributes"])) for e in found.of_type("handoff")] == [
        ("Ana", None, {"to": "Bo"})
    ]
    assert found.note("unknown") and found.visits() == ["Billing"]
    assert [(e["ended_us"] - e["started_us"]) // SECOND for e in found.of_type("queue_enter")] == [40, 75]
    assert [e["interaction_id"] for e in found.of_type("abandoned")] == ["aircall:813"]
    assert [row["customer"] for row in found.interactions.values()] == ["+33170361316", None, "+33170361316"]
    said = found.interactions["aircall:812"]
    assert json.loads(said["declared"]) == {"transferred": 1}
    assert json.loads(said["identity"]) == {
        "id": "5",
        "phone": "+33170361316",
        "email": "kim@example.org",
        "name": "Kim Example",
    }
    assert [e["agent"] for e in found.of_type("agent_connected")] == ["Ana", "Bo"]


def test_shapes(tmp_path: Path) -> None:
    """Pages, lines, single answers and webhooks; of a call told many times the latest state stays."""
    early = CALLS[0] | {"ended_at": None, "transferred_to": None, "transferred_by": None}
    hooks = [
        {"resource": "call", "event": "call.answered", "timestamp": 1, "data": early},
        {"resource": "call", "event": "call.ended", "timestamp": 2, "data": CALLS[0]},
        *CALLS[1:],
    ]
    whole = len(read(aircall, EXAMPLE).events)
    assert len(read(aircall, write(tmp_path, hooks)).events) == whole
    assert set(read(aircall, write(tmp_path, {"call": CALLS[1]})).interactions) == {"aircall:813"}


def test_webhooks(tmp_path: Path) -> None:
    """What was sent last of a call stays, also after its end; webhooks of something else are left out and counted."""
    ended = {**CALLS[0], "transferred_to": None, "transferred_by": None, "tags": []}
    sent = [
        {"resource": "call", "event": event, "timestamp": ended["ended_at"] + i, "data": {**ended, "tags": tags}}
        for i, (event, tags) in enumerate((("call.ended", []), ("call.tagged", [{"name": "refund"}])))
    ]
    sent.append({"resource": "user", "event": "user.disconnected", "timestamp": 1, "data": {"id": 5}})
    found = read(aircall, write(tmp_path, [json.dumps(one) for one in sent]))
    left = found.note("left out")
    assert "refund" in json.dumps(found.events) and not found.rejects and left and left.count == 1


def test_missing_parts(tmp_path: Path) -> None:
    """An open call is a point, several teams are none, a number outside is an external transfer; bad calls go."""
    odd = CALLS[0] | {
        "ended_at": None,
        "transferred_to": None,
        "external_transferred_to": "+33170000000",
        "teams": [{"name": "A"}, {"name": "B"}],
        "status": "dreaming",
    }
    bad = [CALLS[1] | {"id": None}, CALLS[1] | {"started_at": None}, CALLS[1] | {"user": 7}]
    found = read(aircall, write(tmp_path, [odd, *bad]))
    assert {note.kind for note in found.notes} == {"open", "unknown", "unknown team", "unknown values"}
    assert [e["handoff_kind"] for e in found.of_type("handoff")] == ["external"] and len(found.rejects) == 3
    with pytest.raises(InputError, match="could be used"):
        read(aircall, write(tmp_path, bad))


def test_sniff() -> None:
    """Calls are recognised, other JSON is not."""
    assert aircall.sniff(SourceFile("x", EXAMPLE))
    assert not aircall.sniff(SourceFile("x", FIXTURES / "talkdesk" / "calls.json"))
    assert not aircall.sniff(SourceFile("x", FIXTURES / "intercom" / "conversation.json"))

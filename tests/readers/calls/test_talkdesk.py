"""Talkdesk's calls report."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from miner.errors import InputError
from miner.readers.base import SourceFile
from miner.readers.calls import talkdesk
from tests.readers.reading import FIXTURES, read, write

EXAMPLE = FIXTURES / "talkdesk" / "calls.json"
EXPLORE = FIXTURES / "talkdesk" / "explore.csv"
SECOND = 1_000_000


def test_the_example() -> None:
    """Waits and talks are read; of the transferred call no handoff is made up, and that is said."""
    found = read(talkdesk, EXAMPLE)
    assert [(e["ended_us"] - e["started_us"]) // SECOND for e in found.of_type("queue_enter")] == [40, 60, 75]
    assert [
        (e["agent"], e["team"], (e["ended_us"] - e["started_us"]) // SECOND, e["hold_us"])
        for e in found.of_type("agent_connected")
    ] == [("Ana", "Billing Desk", 290, 10 * SECOND), ("Bo", None, 540, None)]
    assert not found.of_type("handoff") and found.note("unknown") and found.note("unknown team")
    assert [e["interaction_id"] for e in found.of_type("abandoned")] == ["talkdesk:t3"]
    assert [row["customer"] for row in found.interactions.values()] == ["+12025550103", "+12025550104", None]
    assert json.loads(found.interactions["talkdesk:t2"]["declared"])["is_transfer"] == 1
    assert len(found.of_type("survey_answered")) == 1 and not found.rejects


def test_the_explore_report() -> None:
    """Other names of the same columns, lengths as parts of a day, UTC without saying so."""
    found = read(talkdesk, EXPLORE)
    assert [(e["ended_us"] - e["started_us"]) // SECOND for e in found.events][1:3] == [8, 6]
    assert found.visits() == ["Team 2"] and found.interactions["talkdesk:x1"]["customer"] == "+17753827775"


def test_shapes(tmp_path: Path) -> None:
    """Lines and overlapping reports give the same calls once."""
    entries = json.loads(EXAMPLE.read_text())["entries"]
    parts = [write(tmp_path, entries[:2], "a.json"), write(tmp_path, entries[1:], "b.json")]
    assert len(read(talkdesk, *parts).events) == len(read(talkdesk, EXAMPLE).events)


def test_bad_rows(tmp_path: Path) -> None:
    """Calls without id or start are rejected, unknown types are counted."""
    head, row = EXPLORE.read_text().splitlines()
    rows = [row.replace("x1", ""), row.replace("2026-03-02 16:42:24", "now"), row.replace("inbound", "levitated")]
    found = read(talkdesk, write(tmp_path, "\n".join([head, *rows]), "x.csv"))
    assert [reject["column"] for reject in found.rejects] == ["call_id", "start_at"] and found.note("unknown values")
    with pytest.raises(InputError, match="no column"):
        read(talkdesk, write(tmp_path, "a,b\n1,2\n", "y.csv"))


def test_sniff(tmp_path: Path) -> None:
    """Both reports are recognised, other tables of calls are not."""
    assert talkdesk.sniff(SourceFile("x", EXAMPLE)) and talkdesk.sniff(SourceFile("x.csv", EXPLORE))
    assert not talkdesk.sniff(SourceFile("x.csv", FIXTURES / "cxone" / "completed_contacts.csv"))
    assert not talkdesk.sniff(SourceFile("x.csv", write(tmp_path, "call_id,talk_time\n1,2\n", "x.csv")))

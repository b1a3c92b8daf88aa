"""Cisco Unified CCX call detail tables."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import pytest

from miner.errors import InputError
from miner.readers.base import SourceFile
from miner.readers.calls import uccx
from tests.readers.reading import FIXTURES, read, write

FOLDER = FIXTURES / "uccx"
TABLES = [
    FOLDER / f"{name}.csv"
    for name in ("ContactCallDetail", "ContactQueueDetail", "AgentConnectionDetail", "Resource", "ContactServiceQueue")
]
SECOND = 1_000_000


def test_the_example() -> None:
    """A transfer, an agent who did not answer, an abandoned call; codes in words, names from their tables."""
    found = read(uccx, *TABLES)
    assert found.visits() == ["Billing", "Tech"]
    assert [(e["agent"], e["team"], json.loads(e["attributes"])) for e in found.of_type("handoff")] == [
        ("Ben", "Billing", {"to_team": "Tech"})
    ]
    assert [(e["actor"], e["handoff_kind"]) for e in found.of_type("agent_no_answer")] == [("Ana", "requeue_no_answer")]
    assert [(e["ended_us"] - e["started_us"]) // SECOND for e in found.of_type("queue_enter")] == [60, 100, 75]
    assert [e["hold_us"] for e in found.of_type("agent_connected")] == [35 * SECOND, None]
    assert [e["outcome"] for e in found.of_type("wrapup_start")] == ["misrouted", "solved"]
    assert [e["interaction_id"] for e in found.of_type("abandoned")] == ["uccx:16000002"]
    assert [row["customer"] for row in found.interactions.values()] == ["4930123456", None] and not found.rejects
    assert found.events[0]["started_us"] == 1772442000 * SECOND  # the database keeps UTC
    said = json.loads(found.interactions["uccx:16000001"]["declared"])
    assert (said["transfer"], said["talkTime"], said["queueTime"], said["holdTime"]) == (1, 546, 160, 35)


def test_json_and_mapped_columns(tmp_path: Path) -> None:
    """The same tables as JSON; a custom variable gives the intent, when it is named."""
    paths = [write(tmp_path, json.dumps(list(csv.DictReader(path.open()))), f"{path.stem}.json") for path in TABLES]
    found = read(uccx, *paths, columns={"intent": "customVariable1"})
    assert found.visits() == ["Billing", "Tech"] and {e["intent"] for e in found.events} == {"refund", None}


def test_tables_that_are_not_there() -> None:
    """Queue rows alone have no time, and that is said; agents alone are read with what they say."""
    alone = read(uccx, TABLES[2])
    assert [e["agent"] for e in alone.of_type("agent_connected")] == ["21", "31"] and alone.visits() == []
    queues = read(uccx, TABLES[1], TABLES[3])
    assert not queues.events and queues.note("truncated")


def test_bad_rows(tmp_path: Path) -> None:
    """Rows without a time, a session or a number of the leg are rejected; unknown codes are counted."""
    head, first, *_ = TABLES[0].read_text().splitlines()
    rows = [
        first.replace("2026-03-02 09:00:00.0", ""),
        first.replace("16000001", ""),
        first.replace(",0,1,1,", ",x,1,1,", 1),
        first.replace(",1,2,3,,", ",77,66,3,,"),
    ]
    found = read(uccx, write(tmp_path, "\n".join([head, *rows]), "x.csv"))
    assert [reject["line"] for reject in found.rejects] == [2, 3, 4]
    assert len([note for note in found.notes if note.kind == "unknown values"]) == 2
    with pytest.raises(InputError, match="no column"):
        read(uccx, write(tmp_path, "a,b\n1,2\n", "y.csv"))


def test_sniff(tmp_path: Path) -> None:
    """Each table is recognised by its columns, other tables are not."""
    assert all(uccx.sniff(SourceFile(path.name, path)) for path in TABLES)
    assert not uccx.sniff(SourceFile("x.csv", FIXTURES / "cxone" / "completed_contacts.csv"))
    assert not uccx.sniff(SourceFile("x.csv", write(tmp_path, "sessionID,talkTime\n1,2\n", "x.csv")))

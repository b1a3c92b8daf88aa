"""Twilio TaskRouter events."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from miner.errors import InputError
from miner.readers.base import SourceFile
from miner.readers.calls import twilio
from tests.readers.reading import FIXTURES, read, write

FOLDER = FIXTURES / "twilio"
STREAM, LIST, CALLBACKS = FOLDER / "event_streams.jsonl", FOLDER / "events.json", FOLDER / "callbacks.jsonl"
LINES: list[dict[str, Any]] = [json.loads(line) for line in STREAM.read_text().splitlines()]
SECOND = 1_000_000


def test_a_cold_transfer() -> None:
    """Events in envelopes: a transfer from queue to queue, somebody who did not answer, waits of both queues."""
    found = read(twilio, STREAM)
    assert found.visits() == ["Billing", "Tech"]
    (handoff,) = found.of_type("handoff")
    assert (handoff["agent"], handoff["team"], handoff["handoff_kind"]) == ("ben", "Billing", "blind")
    assert [(e["actor"], (e["ended_us"] - e["started_us"]) // SECOND) for e in found.of_type("agent_no_answer")] == [
        ("ana", 15)
    ]
    assert [(e["ended_us"] - e["started_us"]) // SECOND for e in found.of_type("queue_enter")] == [45, 129]
    left, twice = found.note("left out"), found.note("duplicates")
    assert left and left.count == 1 and twice and twice.count == 1
    named = {(other, basis) for _, other, basis in found.references}
    assert named == {("4711", "ticket id"), ("twilio:WT0", "conversation")}
    said = found.interactions["twilio:WT1"]
    assert said["customer"] == "+14045550142" and json.loads(said["declared"]) == {"task_age": 760.0}
    more = json.loads(found.of_type("agent_connected")[0]["attributes"])
    assert more == {"worker_time_in_previous_activity_s": 61.25}
    assert found.reports[0].events == len(found.events)


def test_a_consult_and_a_warm_transfer() -> None:
    """Who is only asked takes nothing over; a warm transfer is one when the first has left."""
    found = read(twilio, LIST)
    assert found.visits() == ["Billing", "Tech"]
    assert [(e["agent"], e["handoff_kind"], e["started_us"] // SECOND % 3600) for e in found.of_type("handoff")] == [
        ("ben", "consult", 28 * 60)
    ]
    asked = [(e["actor"], e["handoff_kind"]) for e in found.of_type("consult_start") if e["activity"] == "Consulted"]
    assert asked == [("ana", "consult_only"), ("cem", None)]
    assert set(found.column("channel")) == {"chat"} and set(found.column("customer")) == {"kim@example.org"}


def test_callbacks() -> None:
    """Callbacks with epoch times; a task that is canceled before anybody had it is abandoned."""
    found = read(twilio, CALLBACKS)
    assert [e["outcome"] for e in found.of_type("abandoned")] == ["abandoned"]
    assert [(e["ended_us"] - e["started_us"]) // SECOND for e in found.of_type("queue_enter")] == [75]
    assert found.events[0]["started_us"] == 1772449200_100_000
    assert found.interactions["twilio:WT3"]["customer"] is None


def test_all_together() -> None:
    """The three shapes are of one workspace."""
    assert len(read(twilio, STREAM, LIST, CALLBACKS).interactions) == 3


def test_worker_time(tmp_path: Path) -> None:
    """Streams said milliseconds until May 2021, and seconds since."""
    found = []
    for year in ("2020", "2026"):
        lines = [json.loads(json.dumps(line).replace("2026-", f"{year}-")) for line in LINES]
        for line in lines:
            line["data"]["payload"].pop("worker_time_in_previous_activity_ms", None)
        talk = read(twilio, write(tmp_path, lines)).of_type("agent_connected")[0]
        found.append(json.loads(talk["attributes"])["worker_time_in_previous_activity_s"])
    assert found == [0.061, 61]


def test_missing_parts(tmp_path: Path) -> None:
    """Beginnings and ends that are not there, unknown words, failed transfers: read, and said."""
    out = ("created", "entered", "completed", "wrapup")
    kept = [line for line in LINES if line["type"].rsplit(".", 1)[1] not in out]
    transfer = json.dumps(LINES[7])
    kept.append(json.loads(transfer.replace("transfer-initiated", "transfer-failed")))
    kept.append(json.loads(transfer.replace("task.transfer-initiated", "task.transmuted").replace("voice", "ooo")))
    for n, line in enumerate(kept):
        line["data"]["payload"]["sid"] = f"EV{n}"
    found = read(twilio, write(tmp_path, kept))
    assert {"truncated", "open", "unknown values"} <= {note.kind for note in found.notes}
    assert not found.of_type("handoff")


def test_bad_events_are_rejected(tmp_path: Path) -> None:
    """Events without type or time, or with data of another type, are rejected with a reason."""
    bad = [
        {"EventType": None, "WorkspaceSid": "W"},
        {"EventType": "task.created", "TaskSid": "T", "WorkspaceSid": "W"},
        {"event_type": "task.created", "event_data": [1], "resource_sid": "T"},
    ]
    callbacks = [json.loads(line) for line in CALLBACKS.read_text().splitlines()]
    found = read(twilio, write(tmp_path, [*bad, *callbacks]))
    assert [reject["line"] for reject in found.rejects] == [1, 2, 3]
    with pytest.raises(InputError, match="could be used"):
        read(twilio, write(tmp_path, bad))


def test_sniff(tmp_path: Path) -> None:
    """All three shapes are recognised; other envelopes and events are not."""
    assert all(twilio.sniff(SourceFile("x", path)) for path in (STREAM, LIST, CALLBACKS))
    other = [{"specversion": "1.0", "type": "com.example.order", "source": "x", "id": "1", "data": {}}] * 2
    assert not twilio.sniff(SourceFile("x", write(tmp_path, other)))
    assert not twilio.sniff(SourceFile("x", FIXTURES / "zendesk" / "audits.json"))

"""CloudEvents: envelopes are taken off, and what was in them is read by its own reader."""

from __future__ import annotations

import base64
import json
from pathlib import Path
from typing import Any

import pytest

from miner.errors import InputError
from miner.pipeline import look
from miner.pipeline.settings import Settings
from miner.readers.base import SourceFile
from miner.readers.chats import intercom
from miner.readers.standards import cloudevents
from miner.readers.tickets import zendesk
from tests.readers.reading import FIXTURES, read, write

FOLDER = FIXTURES / "cloudevents"
COLUMNS = {"case": "ticket", "activity": "ce_type", "time": "ce_time", "team": "team"}
AUDITS: list[dict[str, Any]] = json.loads((FIXTURES / "zendesk" / "audits.json").read_text())["audits"]


def envelope(data: Any, **more: Any) -> dict[str, Any]:
    """An envelope around some data."""
    return {"specversion": "1.0", "id": "1", "source": "/x", "type": "t", **({"data": data} if data else {}), **more}


def test_an_event_log_in_envelopes() -> None:
    """Where any event log is in them, what the envelope says is there too."""
    found = read(cloudevents, FOLDER / "steps.jsonl", columns=COLUMNS)
    assert [(e["activity"], e["team"], e["line"]) for e in found.events] == [
        ("opened", "Front Desk", 1),
        ("passed on", "Front Desk", 2),
        ("repaired", "Workshop", 3),
    ]
    assert found.reports[0].reader == "eventlog"


def test_a_system_in_envelopes() -> None:
    """What a system wrote is read as that system's, as if there were no envelopes."""
    found = read(cloudevents, FOLDER / "intercom.json")
    plain = read(intercom, FIXTURES / "intercom" / "conversation.json")
    same = ("started_us", "activity", "team", "actor", "handoff_kind", "interaction_id")
    assert [[e[c] for c in same] for e in found.events] == [[e[c] for c in same] for e in plain.events]
    assert (found.reports[0].reader, found.reports[0].file) == ("intercom", "intercom.json")


@pytest.mark.parametrize("kind", ["", "cloudevents:", "intercom:"])
def test_a_kind_is_that_of_the_contents(kind: str) -> None:
    """What was named, or kept in a mapping, is read from the envelopes too."""
    _, (report,) = look([f"{kind}{FOLDER / 'intercom.json'}"], Settings())
    assert (report.reader, report.rows) == ("intercom", 1) and report.events > 5
    _, (report,) = look([f"eventlog:{FOLDER / 'steps.jsonl'}"], Settings(columns=COLUMNS))
    assert report.events == 3


def test_several_files_of_one_account(tmp_path: Path) -> None:
    """Records that are split over files of envelopes are read together."""
    half = len(AUDITS) // 2
    parts = [
        write(tmp_path, [envelope(audit) for audit in part], f"{n}.jsonl")
        for n, part in enumerate((AUDITS[:half], AUDITS[half:]))
    ]
    plain = read(zendesk, write(tmp_path, AUDITS, "plain.jsonl"))
    quality, reports = look([str(part) for part in parts], Settings())
    assert [report.reader for report in reports] == ["zendesk", "zendesk"]
    assert sum(report.events for report in reports) == len(plain.events)
    assert quality["journeys"] == "linked"


@pytest.mark.parametrize("form", ["data", "text", "base64", "list"])
def test_ways_to_hold_data(tmp_path: Path, form: str) -> None:
    """Data is an object, JSON as text, text in base64, or a list of objects."""
    text = json.dumps({"ticket": "1", "team": "A"})
    data = {"data": json.loads(text), "text": text, "base64": None, "list": [json.loads(text)]}[form]
    more = {"data_base64": base64.b64encode(text.encode()).decode()} if form == "base64" else {}
    found = read(cloudevents, write(tmp_path, [envelope(data, time="2026-03-02T10:00:00Z", **more)]), columns=COLUMNS)
    assert found.column("team") == ["A"]


def test_bad_envelopes(tmp_path: Path) -> None:
    """Envelopes that hold nothing are rejected one by one; the others are read on the lines they stand on."""
    good = envelope({"ticket": "1", "team": "A"}, time="2026-03-02T10:00:00Z")
    bad = [envelope(None), envelope("no JSON"), envelope([1]), envelope(None, data_base64="%"), {"id": "x"}]
    found = read(cloudevents, write(tmp_path, [good, *bad, good]), columns=COLUMNS)
    assert [event["line"] for event in found.events] == [1, 7]
    assert [(r["line"], r["reason"]) for r in found.rejects] == [
        (2, "the envelope contains no object"),
        (3, "the data is not JSON"),
        (4, "the envelope contains no object"),
        (5, "the data is not base64"),
        (6, "not a CloudEvents envelope: specversion is missing"),
    ]
    with pytest.raises(InputError, match="no envelope contains readable data"):
        read(cloudevents, write(tmp_path, bad[:2]))


def test_who_claims_it(tmp_path: Path) -> None:
    """Envelopes are claimed, other records are not."""
    for path, claimed in (
        (FOLDER / "steps.jsonl", True),
        (FOLDER / "intercom.json", True),
        (write(tmp_path, [{"type": "x", "source": "y"}]), False),
    ):
        assert bool(cloudevents.sniff(SourceFile(path.name, path))) == claimed

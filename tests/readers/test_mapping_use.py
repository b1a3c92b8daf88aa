"""A key of --map that no reader takes is noted; one that any of them takes is not."""

from __future__ import annotations

import json
from pathlib import Path

from miner.pipeline import Settings, run

LOG = "case,activity,time,team,land\n1,a,2024-01-01T00:00:00Z,L1,DE\n1,b,2024-01-01T01:00:00Z,L2,DE\n"
RASA = {"sender_id": "1", "event": "user", "text": "hello", "timestamp": 1_700_000_000.0}


def unused(paths: list[Path], folder: Path, **columns: str) -> list[str]:
    """The notes on keys without an effect."""
    made = run([str(path) for path in paths], folder, Settings(columns=columns, until="read", tz="UTC"))
    return [note["message"] for note in made.quality["notes"] if note["kind"] == "no_effect"]


def test_a_key_that_a_system_has_no_place_for_is_noted(tmp_path: Path) -> None:
    """Rasa's events have no region: the user is told, and not left to think that it was read."""
    events = tmp_path / "rasa.jsonl"
    bot = {**RASA, "event": "bot", "timestamp": 1_700_000_005.0}
    events.write_text("\n".join(map(json.dumps, (RASA, bot))))
    (note,) = unused([events], tmp_path / "w", region="land")
    assert "--map region=land changed nothing" in note


def test_a_key_that_one_of_the_sources_takes_is_not_noted(tmp_path: Path) -> None:
    """Columns of a plain log beside an export say nothing about the export."""
    log, events = tmp_path / "log.csv", tmp_path / "rasa.jsonl"
    log.write_text(LOG)
    events.write_text("\n".join(map(json.dumps, (RASA, {**RASA, "event": "bot", "timestamp": 1_700_000_005.0}))))
    columns = {"case": "case", "activity": "activity", "time": "time", "region": "land"}
    assert unused([log], tmp_path / "one", **columns) == []
    assert unused([log, events], tmp_path / "both", **columns) == []

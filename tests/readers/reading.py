"""Reads files with one reader into plain lists, for the readers' tests."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from pathlib import Path
from types import ModuleType
from typing import Any

from miner.events.engine import Engine
from miner.events.sink import Note, Sink
from miner.readers.base import Options, Report, SourceFile

FIXTURES = Path(__file__).parent / "fixtures"


@dataclass
class Reading:
    """Everything a reader handed over."""

    reports: list[Report]
    events: list[dict[str, Any]]
    interactions: dict[str, dict[str, Any]]
    references: set[tuple[str, str, str]]
    rejects: list[dict[str, Any]]
    notes: list[Note] = field(default_factory=list)

    def column(self, name: str) -> list[Any]:
        return [event[name] for event in self.events]

    def of_type(self, event_type: str) -> list[dict[str, Any]]:
        return [event for event in self.events if event["event_type"] == event_type]

    def note(self, kind: str) -> Note | None:
        return next((note for note in self.notes if note.kind == kind), None)

    def visits(self) -> list[str]:
        """The owners by team or bot, consecutive equal ones collapsed."""
        found: list[str] = []
        for event in self.events:
            if event["actor_type"] in ("customer", "system", "rule", "ivr"):
                continue
            owner = event["team"] or (event["actor"] if event["actor_type"] == "bot" else None)
            if owner and found[-1:] != [owner]:
                found.append(owner)
        return found


def read(reader: ModuleType, *paths: Path, **options: Any) -> Reading:
    """The reading of one file by `read`, of several by `read_all`; events in their order of time."""
    files = [SourceFile(path.name, path) for path in paths]
    with Engine() as engine:
        sink = Sink(engine)
        if len(files) == 1:
            sink.begin(files[0].name)
            reports = [reader.read(files[0], Options(**options), sink)]
        else:
            reports = reader.read_all(files, Options(**options), sink)
        sink.flush()
        return Reading(
            reports,
            _rows(engine, "SELECT * FROM raw_events ORDER BY started_us, interaction_id, sequence"),
            {row["interaction_id"]: row for row in _rows(engine, "SELECT * FROM raw_interactions")},
            set(engine.rows("SELECT interaction_id, refers_to, basis FROM raw_references")),
            _rows(engine, "SELECT * FROM rejects ORDER BY line"),
            sink.notes,
        )


def write(folder: Path, value: Any, name: str = "export.json", encoding: str = "utf-8") -> Path:
    """A file with text as it is, a list of lines as JSON lines, or any other value as JSON."""
    if isinstance(value, list):
        value = "\n".join(line if isinstance(line, str) else json.dumps(line) for line in value) + "\n"
    path = folder / name
    path.write_bytes((value if isinstance(value, str) else json.dumps(value)).encode(encoding))
    return path


def _rows(engine: Engine, sql: str) -> list[dict[str, Any]]:
    cursor = engine.run(sql)
    names = [column[0] for column in cursor.description]
    return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]

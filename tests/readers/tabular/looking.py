"""Reads files the way a run does, into plain lists, for the tests of tables."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from miner.events.engine import Engine
from miner.events.sink import Sink
from miner.readers.base import Options
from miner.readers.files import find
from miner.readers.reading import read_all
from tests.readers.reading import Reading

HEAD = "case,activity,time,team\n"


def text_of(*rows: str, head: str = HEAD) -> str:
    """A small CSV with the usual columns."""
    return head + "".join(row + "\n" for row in rows)


def look(folder: Path, content: str | bytes, name: str = "log.csv", **options: Any) -> Reading:
    """The reading of one file with this content."""
    path = folder / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return look_at(path, **options)


def look_at(*paths: Path | str, **options: Any) -> Reading:
    """The reading of files and folders."""
    with Engine() as engine:
        sink = Sink(engine)
        files, passed = find([str(path) for path in paths])
        found = read_all(files, lambda _: Options(**options), sink)
        reading = Reading(
            found.reports,
            _rows(engine, "SELECT * FROM raw_events ORDER BY source_no, line, started_us"),
            {row["interaction_id"]: row for row in _rows(engine, "SELECT * FROM raw_interactions")},
            set(engine.rows("SELECT interaction_id, refers_to, basis FROM raw_references")),
            _rows(engine, "SELECT * FROM rejects ORDER BY source, line"),
            sink.notes,
        )
    reading.passed_over = [*passed, *found.passed_over]  # type: ignore[attr-defined]
    return reading


def starts(reading: Reading) -> list[str]:
    """The starts as ISO texts in UTC, in order of the file."""
    return [iso(event["started_us"]) for event in reading.events]


def ends(reading: Reading) -> list[str]:
    """The ends as ISO texts in UTC, in order of the file."""
    return [iso(event["ended_us"]) for event in reading.events]


def iso(us: int) -> str:
    """Microseconds as `2026-01-31T10:00:00`, with a fraction where there is one."""
    seconds, rest = divmod(us, 1_000_000)
    return datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%dT%H:%M:%S") + (f".{rest:06}" if rest else "")


def _rows(engine: Engine, sql: str) -> list[dict[str, Any]]:
    cursor = engine.run(sql)
    names = [column[0] for column in cursor.description]
    return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]

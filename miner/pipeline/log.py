"""The log in the engine, and what the workspace says of it: quality.json and rejects.csv."""

from __future__ import annotations

import csv
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from miner.events.engine import Engine
from miner.events.export import harmless
from miner.events.sink import EXAMPLES, Sink
from miner.pipeline.job import Job
from miner.pipeline.made import Made
from miner.pipeline.people import privacy
from miner.pipeline.reconcile import reconciled
from miner.readers import Report

_COLUMNS = ("source", "line", "column", "value", "reason")


@dataclass(frozen=True)
class Log(Made):
    """All sources in the tables of the engine, with what was rejected and noted."""

    engine: Engine
    sink: Sink
    reports: list[Report]
    passed_over: list[str]
    linked: bool

    def keep(self, job: Job) -> None:
        """quality.json and rejects.csv."""
        write_quality(job, self)

    def close(self) -> None:
        """Close the engine."""
        self.engine.close()


def quality(job: Job, log: Log) -> dict[str, Any]:
    """What quality.json says of a log."""
    rows = log.engine.rows(f"SELECT * FROM rejects ORDER BY source, line NULLS LAST LIMIT {EXAMPLES}")
    notes = [asdict(note) for note in log.sink.notes]
    return {
        "sources": [asdict(report) for report in log.reports],
        "passed_over": log.passed_over,
        "rejects": {
            "count": rejected(log),
            "examples": [dict(zip(_COLUMNS, row, strict=True)) for row in rows],
        },
        "notes": notes,
        "assumptions": [note["message"] for note in notes if note["kind"].startswith("assumed")],
        "journeys": "linked" if log.linked else "case",
        "privacy": privacy(job),
        "reconciled": reconciled(log.engine),
    }


def rejected(log: Log) -> int:
    """How many rows were rejected."""
    return int(sum(log.sink.rejected.values()))


def write_quality(job: Job, log: Log) -> None:
    """Write quality.json and rejects.csv."""
    content = quality(job, log)
    job.workspace.write("rejects.csv", lambda path: _write_rejects(log.engine, path))
    job.workspace.write_json("quality.json", content)


def _write_rejects(engine: Engine, path: Path) -> None:
    cursor = engine.run('SELECT source, line, "column", "value", reason FROM rejects ORDER BY source, line NULLS LAST')
    with path.open("w", encoding="utf-8", newline="") as f:
        writer = csv.writer(f)
        writer.writerow(_COLUMNS)
        while rows := cursor.fetchmany(10_000):
            writer.writerows([harmless(cell) for cell in row] for row in rows)

"""Identifiers out of rejects, notes and names of files, while the sources' own columns are there."""

from __future__ import annotations

from dataclasses import replace

from miner.pipeline.log import Log
from miner.privacy import file_name, hide_identifiers


def hide(log: Log) -> Log:
    """The same log, with no identifiers in rejects, notes and names of files."""
    log.sink.flush()
    hide_identifiers(log.engine, log.sink.notes)
    renamed = {report.file: name for report in log.reports if (name := file_name(report.file)) != report.file}
    for old, new in renamed.items():
        for table in ("raw_events", "rejects"):
            log.engine.run(f"UPDATE {table} SET source = ? WHERE source = ?", [new, old])
        for note in log.sink.notes:
            note.message = note.message.replace(old, new)
    reports = [replace(report, file=renamed.get(report.file, report.file)) for report in log.reports]
    return replace(log, reports=reports, passed_over=[file_name(name) for name in log.passed_over])

"""Where a reader lays the records of all its files before it reads them record by record in order.

Pages of one export overlap and split a ticket over several files, and what a record means depends on
those before it. The records wait in an engine table, which spills to disk, and come back without
repeats, grouped by ticket or call and sorted.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from itertools import groupby
from typing import Any, TypedDict

from miner.errors import InputError, Problem
from miner.events.schema import Event, Int32, columns_of
from miner.events.sink import Columns, Sink
from miner.readers.base import Options, Report, SourceFile
from miner.readers.shared.fields import Body, Malformed
from miner.wording import plural

_TABLE, _MOVED = "staged_records", "moved_topics"
_FETCH = 2_000


class _Row(TypedDict):
    """A record while it waits in the engine."""

    no: int
    topic: str
    id: str
    at_us: int
    rank: int | None
    version: int
    source: str
    source_no: Int32
    line: int
    body: str  # JSON


_COLUMNS = columns_of(_Row)


@dataclass(frozen=True, slots=True)
class Staged:
    """A record that came back: when it was, where it was read, and its own fields."""

    at: int
    source: str
    source_no: int
    line: int
    body: Body


class Staging:
    """The waiting records of one reader; `duplicates` counts the repeats left out, by source number."""

    def __init__(self, sink: Sink):
        self._sink, self._no = sink, 0
        self.duplicates: Counter[int] = Counter()
        sink.engine.create(_TABLE, _COLUMNS)
        self._rows = Columns(sink.engine, _TABLE, _COLUMNS)

    def add(
        self,
        line: int,
        topic: str,
        body: Mapping[str, object],
        *,
        at: int,
        id: str | None = None,
        rank: int | None = None,
        version: int | None = None,
    ) -> None:
        """Lay a record down. `topic`: the ticket or call it belongs to; `id`: repeats of it are left out, the
        highest `version` stays (None: never a repeat); `at` (µs), then `rank`, order the records of a topic."""
        self._no += 1
        row: _Row = {
            "no": self._no,
            "topic": topic,
            "id": id if id is not None else f"\0{self._no}",
            "at_us": at,
            "rank": rank if rank is not None and abs(rank) < 1 << 62 else None,
            "version": version or 0,
            "source": self._sink.source,
            "source_no": self._sink.source_no,
            "line": line,
            "body": json.dumps(body, default=str),
        }
        self._rows.add(row)

    def move(self, topics: Mapping[str, str]) -> None:
        """What was laid down under the keys belongs to the topics that are their values; call before `topics`."""
        if not topics:
            return
        self._rows.flush()
        engine, columns = self._sink.engine, {"part": "VARCHAR", "whole": "VARCHAR"}
        engine.create(_MOVED, columns)
        moved = Columns(engine, _MOVED, columns)
        for part, whole in topics.items():
            moved.add({"part": part, "whole": whole})
        moved.flush()
        engine.run(f"UPDATE {_TABLE} SET topic = whole FROM {_MOVED} WHERE topic = part")
        engine.run(f"DROP TABLE {_MOVED}")

    def topics(self) -> Iterator[tuple[str, list[Staged]]]:
        """Each topic with its records in order, the source of the first being the sink's; call once, after the last
        `add`."""
        self._rows.flush()
        engine = self._sink.engine
        ranked = f"SELECT *, row_number() OVER (PARTITION BY id ORDER BY version DESC, no) AS copy FROM {_TABLE}"
        repeats = f"SELECT source_no, count(*) FROM ({ranked}) WHERE copy > 1 GROUP BY source_no"
        self.duplicates.update(dict(engine.rows(repeats)))
        cursor = engine.sql.cursor()
        try:
            rows = cursor.execute(
                f"SELECT topic, at_us, source, source_no, line, body FROM ({ranked}) WHERE copy = 1 "
                "ORDER BY topic, at_us, rank NULLS FIRST, id, no"
            )
            for topic, group in groupby(_fetched(rows), key=lambda row: row[0]):
                records = [
                    Staged(at, source, number, line, json.loads(body)) for _, at, source, number, line, body in group
                ]
                self._sink.source = records[0].source
                yield topic, records
        finally:
            cursor.close()
            engine.run(f"DROP TABLE IF EXISTS {_TABLE}")


def read_files(
    files: list[SourceFile],
    options: Options,
    sink: Sink,
    name: str,
    stage: Callable[[SourceFile, Staging, Report], None],
    emit: Callable[[Staging, dict[int, Report]], None],
) -> list[Report]:
    """Stage every file, then let `emit` turn the records into events; one Report per file.

    `stage` counts the records it could use in `Report.rows`; `emit` gets the reports by source number.
    A file without any usable record is an InputError; all such files are named at once.
    """
    staging = Staging(sink)
    reports: dict[int, Report] = {}
    problems: list[Problem] = []
    for file in files:
        if sink.source != file.name or len(files) > 1:
            sink.begin(file.name)
        before = sink.rejected[file.name]
        report = reports[sink.source_no] = Report(file.name, name, "")
        try:
            stage(file, staging, report)
        except InputError as error:
            problems += error.problems
            continue
        report.rejected = sink.rejected[file.name] - before
        if not report.rows:
            problems.append(Problem("no record of it could be used", file.name, fix=_reasons(sink, file.name)))
    if problems:
        raise InputError(problems)
    emit(staging, reports)
    for number, report in reports.items():
        if staging.duplicates[number]:
            sink.source = report.file
            sink.note("duplicates", "duplicate records were skipped", staging.duplicates[number])
    return list(reports.values())


@contextmanager
def usable(sink: Sink, report: Report | None, line: int) -> Iterator[None]:
    """Around what is done with a record: it counts as read, or is rejected where it is Malformed.

    Without a report it is a part of a record, which is rejected alone. An InputError is told with the line.
    """
    try:
        yield
    except Malformed as bad:
        sink.reject(line, bad.field, bad.value, bad.reason)
    except InputError as error:
        raise InputError(
            [replace(p, file=p.file or sink.source, line=p.line or line) for p in error.problems]
        ) from None
    else:
        if report:
            report.rows += 1


def hand_over(sink: Sink, reports: dict[int, Report], events: Iterable[Event] | Iterable[dict[str, Any]]) -> int:
    """Give events, as keywords of `Sink.event`, to the sink and count them for their files; returns how many."""
    count = 0
    for event in events:
        reports[event["source_no"]].events += 1
        sink.event(**event)
        count += 1
    return count


def no_interactions(reports: dict[int, Report], what: str, fix: str | None = None) -> InputError:
    """The error of files that have records, but nothing that events could be made of."""
    return InputError(Problem(what, ", ".join(report.file for report in reports.values()), fix=fix))


def _fetched(rows: Any) -> Iterator[tuple[Any, ...]]:
    while batch := rows.fetchmany(_FETCH):
        yield from batch


def _reasons(sink: Sink, source: str) -> str:
    sink.flush()
    rows = sink.engine.rows(
        "SELECT reason, count(*) FROM rejects WHERE source = ? GROUP BY reason ORDER BY 2 DESC, 1 LIMIT 3", [source]
    )
    if not rows:
        return "it contains none; leave it out or export it again"
    reasons = "; ".join(f"{reason} ({plural(count, 'time')})" for reason, count in rows)
    is_time = any("is not a time" in reason for reason, _ in rows)
    return f"the reasons were: {reasons}{'; for another format of times: --time-format' if is_time else ''}"

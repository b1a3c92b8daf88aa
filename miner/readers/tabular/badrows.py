"""What is wrong with the rows of a table: rejected with file, line and reason, or read and counted."""

from __future__ import annotations

from miner.errors import InputError, Problem
from miner.events.engine import quote
from miner.events.sink import Sink
from miner.readers.base import Report
from miner.readers.tabular.cells import LINE, Cells
from miner.readers.tabular.celltext import TextOf, raw

DAY_US = 86_400_000_000
YEAR_US = 365 * DAY_US
NO_ACTIVITY = "(no activity)"


def check(cells: Cells, columns: dict[str, str], started: str, text: TextOf, sink: Sink, report: Report) -> None:
    """Take the rows without a case or a time out of raw_events, and count what is odd about the others.

    `started` is the SQL that read the time. Completes the report; InputError where no row is left.
    """
    earliest = _placeholders(sink)
    _reject(cells, columns, f"CASE WHEN {started} >= {earliest} THEN {started} END", text, sink, report)
    _flag(cells, columns, text, sink)
    sink.count(report.events)


def nothing_read(sink: Sink, file: str) -> InputError:
    """The error for a table of which no row is left: the reasons, each with its first line."""
    sink.flush()
    bad = sink.engine.rows(
        "SELECT min(line), reason, count(*) FROM rejects WHERE source = ? GROUP BY 2 ORDER BY 3 DESC, 2", [sink.source]
    )
    fix = "look at the columns with: miner inspect"
    return InputError([Problem(f"no row can be used: {n} × {reason}", file, line, fix=fix) for line, reason, n in bad]
                      or Problem("the table has a header but no rows", file))  # fmt: skip


def _placeholders(sink: Sink) -> int:
    """1970-01-01 among later dates stands for "no time"; a log that lies wholly there is anonymised and stays.

    Returns the earliest time that is one.
    """
    engine, own = sink.engine, f"source_no = {sink.source_no}"
    first, middle = engine.one(f"SELECT min(started_us), quantile_disc(started_us, 0.5) FROM raw_events WHERE {own}")
    engine.run(
        f"UPDATE raw_events SET ended_us = started_us WHERE {own} AND ended_us < {DAY_US} AND started_us > {YEAR_US}"
    )
    if first is None or first >= DAY_US or middle <= YEAR_US:
        return -YEAR_US * 1000
    (count,) = engine.one(f"SELECT count(*) FROM raw_events WHERE {own} AND started_us < {DAY_US}")
    sink.note("placeholder_time", "1970-01-01 stands for a missing time here", count)
    engine.run(f"UPDATE raw_events SET started_us = NULL WHERE {own} AND started_us < {DAY_US}")
    return DAY_US


def _reject(cells: Cells, columns: dict[str, str], started: str, text: TextOf, sink: Sink, report: Report) -> None:
    engine, own = sink.engine, f"source_no = {sink.source_no}"
    bad = f"{own} AND (started_us IS NULL OR interaction_id IS NULL)"
    (count,) = engine.one(f"SELECT count(*) FROM raw_events WHERE {bad}")
    sink.flush()
    if count:
        case, time = columns["case"], columns["time"]
        engine.run(
            "INSERT INTO rejects SELECT ?, line, CASE WHEN c IS NULL THEN ? ELSE ? END, "
            "left(CASE WHEN c IS NULL THEN rc ELSE rt END, 200), "
            "CASE WHEN c IS NULL THEN 'no case id' WHEN missing THEN 'no time' ELSE 'not a time' END FROM ("
            f"SELECT {quote(LINE)} AS line, {text(case, ids=True)} AS c, "
            f"{started} AS t, {raw(cells, case)} AS rc, {raw(cells, time)} AS rt, "
            f"{text.is_missing(time)} OR starts_with({raw(cells, time)}, '1970-01-01') AS missing "
            f"FROM {quote(cells.view)}) "
            "WHERE c IS NULL OR t IS NULL",
            [sink.source, case, time],
        )
        engine.run(f"DELETE FROM raw_events WHERE {bad}")
        sink.rejected[sink.source] += count
    report.rejected = sink.rejected[sink.source]
    report.events = report.rows - count
    report.rows += report.rejected - count
    if report.events == 0:
        raise nothing_read(sink, report.file)


def _flag(cells: Cells, columns: dict[str, str], text: TextOf, sink: Sink) -> None:
    """Ends before starts are read as points; events without an activity and values that are no number are counted."""
    engine, own = sink.engine, f"source_no = {sink.source_no}"
    negative, line = engine.one(f"SELECT count(*), min(line) FROM raw_events WHERE {own} AND ended_us < started_us")
    if negative:
        sink.note("negative_duration", "ends before its start; read as a point in time", negative, f"line {line}")
        engine.run(f"UPDATE raw_events SET ended_us = started_us WHERE {own} AND ended_us < started_us")
    unnamed, line = engine.one(
        f"SELECT count(*), min(line) FROM raw_events WHERE {own} AND activity = ?", [NO_ACTIVITY]
    )
    if unnamed:
        sink.note("no_activity", f"rows without an activity, kept as {NO_ACTIVITY!r}", unnamed, f"line {line}")
    if "value" in columns:
        (valued,) = engine.one(
            f"SELECT count(*) FROM {quote(cells.view)} WHERE NOT {text.is_missing(columns['value'])}"
        )
        (read,) = engine.one(f"SELECT count(value) FROM raw_events WHERE {own}")
        if valued > read + sink.rejected[sink.source]:
            sink.note(
                "no_number", f"cells of {columns['value']!r} that are no number; their value is unknown", valued - read
            )

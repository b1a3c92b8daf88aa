"""What is wrong with the rows of a table: rejected with file, line and reason, or read and counted."""

from __future__ import annotations

from miner.errors import InputError, Problem
from miner.events.engine import quote
from miner.events.sink import Sink
from miner.readers.base import Report
from miner.readers.tabular.cells import LINE, Cells
from miner.readers.tabular.celltext import TextOf, number, raw

DAY_US = 86_400_000_000
YEAR_US = 365 * DAY_US
NO_ACTIVITY = "(no activity)"
EARLIEST_US, LATEST_US = -2_208_988_800_000_000, 7_258_118_400_000_000  # 1900 to 2200: nobody served a customer beyond
NO_CASE, NO_TIME, NOT_A_TIME, FAR_OFF = "no case id", "no time", "not a time", "a time before 1900 or after 2200"
_FIXES = {
    NO_CASE: "map the column of the case: --map case=COLUMN",
    NO_TIME: "map the column of the time: --map time=COLUMN",
    NOT_A_TIME: "give the format, with a year: --time-format '%d.%m.%Y %H:%M', or map another column: --map "
    "time=COLUMN",
    FAR_OFF: "seconds or milliseconds, days or years mixed up? Map another column: --map time=COLUMN",
}


def plausible(time: str) -> str:
    """A time in µs as SQL; null where it lies in no year in which anybody served a customer."""
    return f"CASE WHEN {time} BETWEEN {EARLIEST_US} AND {LATEST_US} THEN {time} END"


def check(cells: Cells, columns: dict[str, str], started: str, text: TextOf, sink: Sink, report: Report) -> None:
    """Take the rows without a case or a time out of raw_events, and count what is odd about the others.

    `started` is the SQL that read the time. Completes the report; InputError where no row is left.
    """
    _reject(cells, columns, started, _placeholders(sink), text, sink, report)
    _flag(cells, columns, text, sink)
    sink.count(report.events)


def nothing_read(sink: Sink, file: str) -> InputError:
    """The error for a table of which no row is left: the reasons, each with its first line and an example."""
    sink.flush()
    bad = sink.engine.rows(
        'SELECT min(line), reason, count(*), min_by("column", line), min_by("value", line) FROM rejects '
        "WHERE source = ? GROUP BY 2 ORDER BY 3 DESC, 2",
        [sink.source],
    )
    problems = [
        Problem(
            f"no usable row: {n} × {reason}" + (f" (such as {value[:60]!r})" if value else ""),
            file,
            line,
            column,
            _FIXES.get(reason, "compare the header with the rows"),
        )
        for line, reason, n, column, value in bad
    ]
    return InputError(
        problems or Problem("the table has a header but no rows", file, fix="export it again; check the filter")
    )


def _placeholders(sink: Sink) -> bool:
    """Whether 1970-01-01 stands for "no time": it does among later dates, not where a log lies wholly there."""
    engine, own = sink.engine, f"source_no = {sink.source_no}"
    count, middle = engine.one(
        f"SELECT count(*) FILTER (WHERE {_at_the_epoch('started_us')}), quantile_disc(started_us, 0.5) "
        f"FROM raw_events WHERE {own}"
    )
    engine.run(
        f"UPDATE raw_events SET ended_us = started_us WHERE {own} AND {_at_the_epoch('ended_us')} "
        f"AND started_us > {YEAR_US}"
    )
    if not count or middle <= YEAR_US:
        return False
    sink.note("placeholder_time", "1970-01-01 stands for a missing time here", count)
    engine.run(f"UPDATE raw_events SET started_us = NULL WHERE {own} AND {_at_the_epoch('started_us')}")
    return True


def _at_the_epoch(time: str) -> str:
    """Whether a time in µs is 1970-01-01 in any zone, as SQL."""
    return f"({time}) BETWEEN {-DAY_US} AND {DAY_US - 1}"


def _reject(
    cells: Cells, columns: dict[str, str], started: str, placeholders: bool, text: TextOf, sink: Sink, report: Report
) -> None:
    engine, own = sink.engine, f"source_no = {sink.source_no}"
    bad = f"{own} AND (started_us IS NULL OR interaction_id IS NULL)"
    (count,) = engine.one(f"SELECT count(*) FROM raw_events WHERE {bad}")
    sink.flush()
    if count:
        case, time = columns["case"], columns["time"]
        nothing = f"coalesce({_at_the_epoch(started)}, false)" if placeholders else "false"
        engine.run(
            "INSERT INTO rejects SELECT ?, line, CASE WHEN c IS NULL THEN ? ELSE ? END, "
            "left(CASE WHEN c IS NULL THEN rc ELSE rt END, 200), "
            f"CASE WHEN c IS NULL THEN '{NO_CASE}' WHEN missing THEN '{NO_TIME}' WHEN far_off THEN '{FAR_OFF}' "
            f"ELSE '{NOT_A_TIME}' END FROM ("
            f"SELECT {quote(LINE)} AS line, {text(case, ids=True)} AS c, "
            f"CASE WHEN {started} BETWEEN {EARLIEST_US} AND {LATEST_US} AND NOT {nothing} THEN 1 END AS t, "
            f"{started} NOT BETWEEN {EARLIEST_US} AND {LATEST_US} AS far_off, "
            f"{raw(cells, case)} AS rc, {raw(cells, time)} AS rt, "
            f"{text.is_missing(time)} OR {nothing} AS missing "
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
    """Ends before starts, or that are no time, are read as points; nameless events and odd values are counted."""
    engine, own = sink.engine, f"source_no = {sink.source_no}"
    open_ended = f"{own} AND ended_us IS NULL"
    endless, line = engine.one(f"SELECT count(*), min(line) FROM raw_events WHERE {open_ended}")
    if endless:
        message = f"cells of {columns['end']!r} that are not a time: read as points in time"
        sink.note("no_end", message, endless, f"line {line}")
        engine.run(f"UPDATE raw_events SET ended_us = started_us WHERE {open_ended}")
    negative, line = engine.one(f"SELECT count(*), min(line) FROM raw_events WHERE {own} AND ended_us < started_us")
    if negative:
        sink.note("negative_duration", "ends before its start; read as a point in time", negative, f"line {line}")
        engine.run(f"UPDATE raw_events SET ended_us = started_us WHERE {own} AND ended_us < started_us")
    unnamed, line = engine.one(
        f"SELECT count(*), min(line) FROM raw_events WHERE {own} AND activity = ?", [NO_ACTIVITY]
    )
    if unnamed:
        sink.note("no_activity", f"rows without an activity were kept as {NO_ACTIVITY!r}", unnamed, f"line {line}")
    rounded, example = engine.one(
        f"SELECT count(*), min(interaction_id) FROM raw_events WHERE {own} AND contains(interaction_id, 'E+') "
        "AND regexp_full_match(interaction_id, '\\d([.,]\\d+)?E\\+\\d+')"
    )
    if rounded:
        sink.note(
            "rounded_ids",
            "case ids were rounded by a spreadsheet: different cases may have been merged. Format "
            "the column as text and export again",
            rounded,
            example,
        )
    if "value" in columns:
        column = columns["value"]
        (odd,) = engine.one(
            f"SELECT count(*) FROM {quote(cells.view)} WHERE NOT {text.is_missing(column)} "
            f"AND {number(engine, cells, column)} IS NULL"
        )
        if odd:
            sink.note("no_number", f"cells of {column!r} that are not a number: their value stays unknown", odd)

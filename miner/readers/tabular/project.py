"""From cells to canonical events, by one statement of the engine; bad rows go to the rejects."""

from __future__ import annotations

import re
from collections.abc import Callable

from miner.errors import InputError, Problem
from miner.events.engine import Engine, quote
from miner.events.schema import ACTOR_TYPES, CHANNELS, MISSING
from miner.events.sink import Sink
from miner.readers.base import Options, Report, SourceFile
from miner.readers.tabular.cells import LINE, Cells
from miner.readers.tabular.columns import map_columns
from miner.readers.tabular.times import TimeReading, reading

DAY_US = 86_400_000_000
NO_ACTIVITY = "(no activity)"
_TEXT_KEYS = ("team", "agent", "silo", "customer", "intent", "outcome")
_ACTOR_WORDS = {"client": "customer", "caller": "customer", "requester": "customer", "end-user": "customer", "chatbot": "bot",
                "virtual agent": "bot", "employee": "agent", "operator": "agent", "automation": "rule"}  # fmt: skip


class Profile:
    """What a source knows of its own table: columns, the sequence column, the event type (SQL over its cells)."""

    def __init__(self, columns: dict[str, str] | None = None, sequence: str | None = None,
                 event_type: Callable[[str], str] | None = None, system: str = "eventlog"):  # fmt: skip
        self.columns, self.sequence, self.event_type, self.system = columns or {}, sequence, event_type, system


def project(cells: Cells, file: SourceFile, options: Options, sink: Sink, report: Report, profile: Profile) -> None:
    """Insert the table's rows into raw_events, and its bad rows into the rejects."""
    engine = sink.engine
    (report.rows,) = engine.one(f"SELECT count(*) FROM {quote(cells.view)}")
    if report.rows == 0:
        sink.flush()
        bad = engine.rows("SELECT min(line), reason, count(*) FROM rejects WHERE source = ? GROUP BY 2 ORDER BY 3 DESC", [sink.source])
        raise InputError([Problem(f"no row can be used: {n} × {reason}", file.name, line) for line, reason, n in bad]
                         or Problem("the table has a header but no rows", file.name))  # fmt: skip
    mapping = map_columns(engine, cells, options, profile.columns, file.name)
    report.columns, report.reasons = dict(mapping.columns), dict(mapping.reasons)
    report.unmapped = [c for c in cells.columns if c not in mapping.columns.values()]
    columns = dict(mapping.columns)
    if "start" in columns and "end" not in columns:
        columns["time"], columns["end"] = columns.pop("start"), columns["time"]
    times = _readings(engine, cells, columns, options, file.name)
    report.time = times["time"].words
    if times["time"].assumed_utc:
        sink.note("assumed_zone", "its times have no zone and were read as UTC (say --tz ZONE)", report.rows)
    _insert(cells, columns, times, options, sink, profile)
    _reject_bad_rows(cells, columns, sink, report)
    _flag(sink, report)


def _readings(engine: Engine, cells: Cells, columns: dict[str, str], options: Options, file: str) -> dict[str, TimeReading]:
    problems: list[Problem] = []
    found: dict[str, TimeReading] = {}
    for key in ("time", "end"):
        if key in columns:
            try:
                found[key] = _reading(engine, cells, columns[key], options, file)
            except InputError as error:
                problems += error.problems
    if problems:
        raise InputError(problems)
    return found


def _reading(engine: Engine, cells: Cells, column: str, options: Options, file: str) -> TimeReading:
    if "+" not in column or column in cells.columns:
        return reading(engine, cells, column, options, file)
    joined = " || ' ' || ".join(quote(part) for part in column.split("+"))
    view = f"{cells.view}_joined"
    engine.run(f"CREATE OR REPLACE VIEW {quote(view)} AS SELECT *, {joined} AS {quote(column)} FROM {quote(cells.view)}")
    cells.view, cells.columns = view, (*cells.columns, column)
    return reading(engine, cells, column, options, file)


def _insert(cells: Cells, columns: dict[str, str], times: dict[str, TimeReading], options: Options, sink: Sink,
            profile: Profile) -> None:  # fmt: skip
    text = _TextOf(sink.engine, cells, options)
    by_place = cells.first_line is not None and profile.event_type is None
    started = times["time"].sql(quote(columns["time"]))
    ended = f"coalesce({times['end'].sql(quote(columns['end']))}, {started})" if "end" in times else started
    activity = f"coalesce({text(columns['activity'])}, '{NO_ACTIVITY}')"
    values = {
        "source": "?", "source_no": str(sink.source_no), "line": "NULL" if by_place else quote(LINE),
        "sequence": f"TRY_CAST({quote(profile.sequence)} AS BIGINT)" if profile.sequence in cells.columns else "NULL",
        "interaction_id": text(columns["case"], ids=True), "started_us": started, "ended_us": ended, "activity": activity,
        "event_type": profile.event_type(started) if profile.event_type else "NULL",
        "source_system": f"coalesce({text(columns['system'])}, ?)" if "system" in columns else "?",
        "actor_type": _actor_type(text(columns["actor_type"])) if "actor_type" in columns else "'unknown'",
        "channel": _channel(text(columns["channel"])) if "channel" in columns else "NULL",
        "value": _number(sink.engine, cells, columns["value"]) if "value" in columns else "NULL",
        **{key: text(columns[key], ids=key in ("agent", "customer", "team")) for key in _TEXT_KEYS if key in columns},
    }  # fmt: skip
    values["actor"] = values.get("agent", "NULL")
    select = ", ".join(f"{sql} AS {name}" for name, sql in values.items())
    sink.engine.run(f"INSERT INTO raw_events BY NAME SELECT {select} FROM {quote(cells.view)}", [sink.source, profile.system])
    if by_place:  # the engine keeps the order of the file, so a row's place tells its line
        own = f"source_no = {sink.source_no}"
        sink.engine.run(f"UPDATE raw_events SET line = rowid - (SELECT min(rowid) FROM raw_events WHERE {own}) + {cells.first_line} WHERE {own}")


class _TextOf:
    """A text column as SQL: trimmed, missing markers null, and ids without the '.0' of a spreadsheet."""

    def __init__(self, engine: Engine, cells: Cells, options: Options):
        self._engine, self._cells = engine, cells
        markers = ", ".join("'" + m.replace("'", "''") + "'" for m in (*MISSING, *options.missing))
        self._markers, self._longest = markers, max(len(m.encode()) for m in (*MISSING, *options.missing))

    def __call__(self, column: str, ids: bool = False) -> str:
        if "+" in column and column not in self._cells.columns:
            raw = " || ' ' || ".join(quote(p) for p in column.split("+"))
        else:
            raw = f"CAST({quote(column)} AS VARCHAR)" if column in self._cells.typed else quote(column)
        clean, short = f"trim({raw})", raw
        if ids and self._is_float(column):
            clean = short = f"regexp_replace({clean}, '\\.0+$', '')"
        spaced = f"starts_with({raw}, ' ') OR ends_with({raw}, ' ')"  # the cheap question first: most cells are clean
        return (f"CASE WHEN {spaced} THEN CASE WHEN {clean} IN ({self._markers}) THEN NULL ELSE {clean} END "
                f"WHEN strlen({raw}) <= {self._longest} AND {raw} IN ({self._markers}) THEN NULL ELSE {short} END")  # fmt: skip

    def _is_float(self, column: str) -> bool:
        """Whether every value is a whole number written as a float (1004298.0)."""
        if column not in self._cells.columns:
            return False
        view, cell = quote(self._cells.view), quote(column)
        sample = self._engine.rows(f"SELECT {cell} FROM {view} WHERE {cell} IS NOT NULL AND {cell} <> '' LIMIT 1000")
        return bool(sample) and all(re.fullmatch(r"-?\d+\.0+", str(r[0]).strip()) for r in sample)


def _canonical(sql: str, words: frozenset[str]) -> str:
    simple = f"replace(replace(lower({sql}), ' ', '_'), '-', '_')"
    return f"CASE WHEN {simple} IN ({', '.join(repr(w) for w in sorted(words))}) THEN {simple} END"


def _actor_type(sql: str) -> str:
    known = " ".join(f"WHEN lower({sql}) = '{word}' THEN '{meaning}'" for word, meaning in _ACTOR_WORDS.items())
    return f"CASE {known} ELSE coalesce({_canonical(sql, ACTOR_TYPES)}, 'unknown') END"


def _channel(sql: str) -> str:
    """A channel in the canonical word where it is one (phone is voice), else as it is."""
    return (f"CASE WHEN lower({sql}) IN ('phone', 'call', 'telephone') THEN 'voice' "
            f"ELSE coalesce({_canonical(sql, CHANNELS)}, {sql}) END")  # fmt: skip


def _number(engine: Engine, cells: Cells, column: str) -> str:
    """A number column with decimal point or comma, as its values show."""
    cell = quote(column)
    if column in cells.typed:
        return f"TRY_CAST({cell} AS DOUBLE)"
    (commas,) = engine.one(
        f"SELECT count(*) FROM (SELECT {cell} AS c FROM {quote(cells.view)} LIMIT 100000) "
        r"WHERE regexp_matches(c, '^\s*-?[\d.]*,\d{1,2}\s*$')")  # fmt: skip
    plain = f"replace(replace({cell}, '.', ''), ',', '.')" if commas else f"replace({cell}, ',', '')"
    return f"TRY_CAST(trim({plain}) AS DOUBLE)"


def _reject_bad_rows(cells: Cells, columns: dict[str, str], sink: Sink, report: Report) -> None:
    """Rows without a case or a time leave the events and go to the rejects, with the cell that was wrong."""
    engine, number = sink.engine, sink.source_no
    _blank_placeholders(engine, number, sink)
    bad = f"source_no = {number} AND (started_us IS NULL OR interaction_id IS NULL)"
    (count,) = engine.one(f"SELECT count(*) FROM raw_events WHERE {bad}")
    if count:
        case, time = (quote(columns[k]) for k in ("case", "time"))
        engine.run(
            f"INSERT INTO rejects SELECT ?, b.line, CASE WHEN b.interaction_id IS NULL THEN ? ELSE ? END, "
            f"left(CAST(CASE WHEN b.interaction_id IS NULL THEN CAST(c.{case} AS VARCHAR) ELSE CAST(c.{time} AS VARCHAR) END AS VARCHAR), 200), "
            f"CASE WHEN b.interaction_id IS NULL THEN 'no case id' WHEN c.{time} IS NULL THEN 'no time' ELSE 'not a time' END "
            f"FROM raw_events b JOIN {quote(cells.view)} c ON c.{quote(LINE)} = b.line WHERE b.{bad.replace(' AND (', ' AND (b.').replace(' OR ', ' OR b.')}",
            [sink.source, columns["case"], columns["time"]])  # fmt: skip
        engine.run(f"DELETE FROM raw_events WHERE {bad}")
        sink.rejected[sink.source] += count
    report.rejected = sink.rejected[sink.source]
    report.events = report.rows - count
    report.rows += report.rejected - count
    if report.events == 0:
        reasons = engine.rows("SELECT reason, count(*) FROM rejects WHERE source = ? GROUP BY 1 ORDER BY 2 DESC", [sink.source])
        raise InputError(Problem(f"no row can be used: {', '.join(f'{n} × {r}' for r, n in reasons)}", sink.source,
                                 fix="look at the columns with: miner inspect"))  # fmt: skip


def _blank_placeholders(engine: Engine, number: int, sink: Sink) -> None:
    """1970-01-01 among later dates stands for "no time"; a log that lies wholly there is anonymised and stays."""
    first, middle = engine.one(
        f"SELECT min(started_us), quantile_disc(started_us, 0.5) FROM raw_events WHERE source_no = {number}")
    if first is not None and first < DAY_US and middle > 365 * DAY_US:
        sink.note("placeholder_time", "1970-01-01 stands for a missing time here")
        engine.run(f"UPDATE raw_events SET started_us = NULL WHERE source_no = {number} AND started_us < {DAY_US}")
    engine.run(f"UPDATE raw_events SET ended_us = started_us WHERE source_no = {number} AND ended_us < {DAY_US} AND started_us > {365 * DAY_US}")


def _flag(sink: Sink, report: Report) -> None:
    """Count what is odd: ends before starts (read as points), events without an activity."""
    engine, number = sink.engine, sink.source_no
    negative, line = engine.one(
        f"SELECT count(*), min(line) FROM raw_events WHERE source_no = {number} AND ended_us < started_us")
    if negative:
        sink.note("negative_duration", "ends before its start; read as a point in time", negative, f"line {line}")
        engine.run(f"UPDATE raw_events SET ended_us = started_us WHERE source_no = {number} AND ended_us < started_us")
    (unnamed,) = engine.one(f"SELECT count(*) FROM raw_events WHERE source_no = {number} AND activity = ?", [NO_ACTIVITY])
    if unnamed:
        sink.note("no_activity", f"rows without an activity, kept as {NO_ACTIVITY!r}", unnamed)

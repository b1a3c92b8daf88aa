"""From cells to canonical events, by one statement of the engine; bad rows go to the rejects."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from miner.errors import InputError, Problem
from miner.events.engine import Engine, quote
from miner.events.sink import Sink
from miner.readers.base import Options, Report, SourceFile, UnknownFormat
from miner.readers.tabular.badrows import NO_ACTIVITY, check, nothing_read, plausible
from miner.readers.tabular.cells import LINE, Cells
from miner.readers.tabular.celltext import TextOf, actor_type, channel, number, raw
from miner.readers.tabular.columns import like_a_log, map_columns
from miner.readers.tabular.doubts import doubt
from miner.readers.tabular.lifecycle import STARTED, life_of, mention, pair
from miner.readers.tabular.mapping import Mapping
from miner.readers.tabular.people import kept_columns, tell_identities
from miner.readers.tabular.times import TimeReading, reading

_TEXT_KEYS = ("team", "agent", "silo", "customer", "intent", "outcome")
_IDS = ("agent", "customer", "team")


class Profile:
    """What a source knows of its table: columns, the sequence column, event type and outcome (SQL over its cells)."""

    def __init__(
        self,
        columns: dict[str, str] | None = None,
        sequence: str | None = None,
        event_type: Callable[[str], str] | None = None,
        system: str = "eventlog",
        outcome: Callable[[str], str] | None = None,
    ):
        self.columns, self.sequence, self.event_type, self.system = columns or {}, sequence, event_type, system
        self.outcome = outcome


def project(cells: Cells, file: SourceFile, options: Options, sink: Sink, report: Report, profile: Profile) -> None:
    """Insert the table's rows into raw_events, and its bad rows into the rejects."""
    engine = sink.engine
    (report.rows,) = engine.one(f"SELECT count(*) FROM {quote(cells.view)}")
    if report.rows == 0:
        nothing = nothing_read(sink, file.name)
        raise nothing if options.columns or like_a_log(cells.columns) else UnknownFormat(nothing.problems)
    life = life_of(engine, cells, options.columns)
    if life:  # start and complete are told apart by a column; the rest of the mapping is found as if it were not there
        options = replace(options, columns={k: c for k, c in options.columns.items() if k != "start"})
    mapping = map_columns(engine, cells, options, profile.columns, file.name)
    if life:
        cells = _paired(cells, life, mapping, file, options, sink)
    for key, why in mapping.doubts.items():
        sink.note(
            "weak_guess",
            f"{mapping.columns[key]!r} was used as the {key}, a weak guess: {why}; choose "
            f"another with --map {key}=COLUMN",
        )
    report.columns, report.reasons = dict(mapping.columns) | ({"start": life} if life else {}), dict(mapping.reasons)
    used = {part for column in report.columns.values() for part in (column, *column.split("+"))}
    report.unmapped = [c for c in cells.columns if c not in used]
    mention(cells, mapping.columns["activity"], report.unmapped, sink)
    columns = mapping.placed()
    text = TextOf(engine, cells, options)
    times = _readings(engine, cells, columns, options, file.name, text)
    report.time = times["time"].words
    if times["time"].assumed_utc:
        sink.note(
            "assumed_zone", "its times have no time zone and were read as UTC (set it with --tz ZONE)", report.rows
        )
    for key, found in times.items():
        if found.mixed:
            units = ", ".join(f"{unit} in {rows:,} rows" for unit, rows in found.mixed.items())
            what = f"{columns[key]!r} has timestamps in several units ({units}); each row is read in its own unit"
            sink.note("mixed_units", what, min(found.mixed.values()))
    kept_ids, words = text.keep_ids(columns["case"])
    if kept_ids:
        sink.note("case_ids", f"all case ids are letters, so {words} is a case id and not a missing value", kept_ids)
    started = times["time"].sql(raw(cells, columns["time"], typed=True))
    kept = kept_columns(engine, cells, options.keep, columns, text)
    if "text" in columns and not sink.keep_text:
        sink.note("text_not_used", f"the text in {columns['text']!r} was not read (--text use)", report.rows)
    _insert(cells, columns, times, plausible(started), text, sink, profile, kept)
    tell_identities(cells, columns, text, sink)
    check(cells, columns, started, text, sink, report)
    doubt(columns, options.tz, sink, options.owners)


def _paired(cells: Cells, life: str, mapping: Mapping, file: SourceFile, options: Options, sink: Sink) -> Cells:
    """The cells with starts and completes as spans, and the mapping with their start and end."""
    for key in ("start", "end"):
        mapping.drop(key)
    found = _reading(sink.engine, cells, mapping.columns["time"], options, file.name)
    at = found.sql(raw(cells, mapping.columns["time"], typed=True))
    paired = pair(cells, life, mapping.columns, at, sink)
    mapping.add("start", STARTED, "its starts and completes are paired")
    return paired


def _says_nothing(engine: Engine, cells: Cells, column: str, text: TextOf) -> bool:
    """Whether a column is empty from top to bottom: ends that nobody wrote down make points."""
    return not engine.rows(f"SELECT 1 FROM {quote(cells.view)} WHERE NOT {text.is_missing(column)} LIMIT 1")


def _readings(
    engine: Engine, cells: Cells, columns: dict[str, str], options: Options, file: str, text: TextOf
) -> dict[str, TimeReading]:
    problems: list[Problem] = []
    found: dict[str, TimeReading] = {}
    for key in ("time", "end"):
        if key in columns and not (key == "end" and _says_nothing(engine, cells, columns[key], text)):
            try:
                found[key] = _reading(engine, cells, columns[key], options, file)
            except InputError as error:
                problems += error.problems
    if problems:
        raise InputError(problems)
    return found


def _reading(engine: Engine, cells: Cells, column: str, options: Options, file: str) -> TimeReading:
    if column in cells.columns:
        return reading(engine, cells, column, options, file)
    view = f"{cells.view}_joined"
    engine.run(
        f"CREATE OR REPLACE VIEW {quote(view)} AS SELECT *, {raw(cells, column)} AS {quote(column)} "
        f"FROM {quote(cells.view)}"
    )
    return reading(engine, Cells(view, (*cells.columns, column), cells.typed), column, options, file)


def _insert(
    cells: Cells,
    columns: dict[str, str],
    times: dict[str, TimeReading],
    started: str,
    text: TextOf,
    sink: Sink,
    profile: Profile,
    attributes: str | None = None,
) -> None:
    ended = started
    if "end" in times:
        read = plausible(times["end"].sql(raw(cells, columns["end"], typed=True)))
        ended = f"CASE WHEN {text.is_missing(columns['end'])} THEN {started} ELSE {read} END"
    values = {
        "source": "?",
        "source_no": str(sink.source_no),
        "line": quote(LINE),
        "sequence": _sequence(cells, profile, times["time"], raw(cells, columns["time"], typed=True)),
        "interaction_id": text(columns["case"], ids=True),
        "started_us": started,
        "ended_us": ended,
        "activity": f"coalesce({text(columns['activity'])}, '{NO_ACTIVITY}')",
        "event_type": profile.event_type(started) if profile.event_type else "NULL",
        "source_system": f"coalesce({text(columns['system'])}, ?)" if "system" in columns else "?",
        "actor_type": text(columns["actor_type"]) if "actor_type" in columns else "'unknown'",
        "channel": text(columns["channel"]) if "channel" in columns else "NULL",
        "value": number(sink.engine, cells, columns["value"]) if "value" in columns else "NULL",
        **{key: text(columns[key], ids=key in _IDS) for key in _TEXT_KEYS if key in columns},
        **({"outcome": profile.outcome(started)} if profile.outcome and "outcome" not in columns else {}),
        **({"text": text(columns["text"])} if "text" in columns and sink.keep_text else {}),
    }
    values["actor"] = values.get("agent", "NULL")
    if attributes:
        values["attributes"] = attributes
    select = ", ".join(f"{sql} AS {name}" for name, sql in values.items())
    sink.engine.run(
        f"INSERT INTO raw_events BY NAME SELECT {select} FROM {quote(cells.view)}", [sink.source, profile.system]
    )
    for key, canonical in (("channel", channel), ("actor_type", actor_type)):
        if key in columns:
            _canonicalise(sink, key, canonical)


def _sequence(cells: Cells, profile: Profile, time: TimeReading, cell: str) -> str:
    """What orders events of one moment before their line does: the source's own numbers, else nanoseconds."""
    if profile.sequence in cells.columns:
        return f"TRY_CAST({quote(profile.sequence)} AS BIGINT)"
    return time.finer(cell) if time.finer else "NULL"


def _canonicalise(sink: Sink, column: str, canonical: Callable[[str], str]) -> None:
    """Put the canonical word for each of the few words that a column has."""
    own = f"source_no = {sink.source_no}"
    changed: dict[str, list[str]] = {}
    for (word,) in sink.engine.rows(f"SELECT DISTINCT coalesce({column}, '') FROM raw_events WHERE {own}"):
        if canonical(word) != word:
            changed.setdefault(canonical(word), []).append(word)
    for wanted, words in changed.items():
        sink.engine.run(
            f"UPDATE raw_events SET {column} = ? WHERE {own} AND list_contains(?, coalesce({column}, ''))",
            [wanted, words],
        )

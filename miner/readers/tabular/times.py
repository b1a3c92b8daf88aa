"""Whole columns of times: one reading for the column, found or declared, as an SQL expression."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from miner.errors import InputError, Problem
from miner.events.engine import Engine, quote
from miner.readers.base import Options
from miner.readers.tabular.cells import LINE, Cells

SAMPLE = 5_000
_OFFSET = r"(Z|UTC|GMT|[+-]\d{2}:?\d{2}|:\d{2}[+-]\d{2})$"
_ISO = re.compile(r"^\d{4}-\d{1,2}-\d{1,2}([T ]\d{1,2}:\d{2}(:\d{2}([.,]\d+)?)?)?\s*(Z|UTC|[+-]\d{2}(:?\d{2})?)?$")
_EPOCH = re.compile(r"^\d{9,19}(\.\d+)?$")
_YEAR_FIRST = re.compile(r"^\d{4}[/.]\d{1,2}[/.]\d{1,2}([T ]+\d{1,2}:\d{2}(:\d{2}(\.\d+)?)?)?$")
_NUMERIC = re.compile(r"^(\d{1,2})([/.\-])(\d{1,2})\2(\d{4}|\d{2})([T ,]+\d{1,2}:\d{2}(:\d{2}(\.\d+)?)?(\s?[AaPp][Mm])?)?$")
_CLOCKS = ("", " %H:%M", " %H:%M:%S", " %H:%M:%S.%f", " %I:%M %p", " %I:%M:%S %p", " %I:%M%p", ", %H:%M", ", %H:%M:%S",
           ", %I:%M:%S %p", ", %I:%M %p", "T%H:%M:%S", "T%H:%M:%S.%f")  # fmt: skip
_NAMED_DATES = ("%d-%b-%Y", "%d %b %Y", "%d-%b-%y", "%b %d, %Y", "%b %d %Y", "%d %B %Y", "%B %d, %Y", "%B %d %Y",
                "%a, %d %b %Y", "%a %b %d %Y")  # fmt: skip
_COMPACT = {8: "%Y%m%d", 12: "%Y%m%d%H%M", 14: "%Y%m%d%H%M%S", 15: "%Y%m%dT%H%M%S"}


@dataclass(frozen=True)
class TimeReading:
    """How a column of times is read: `sql` gives microseconds since the epoch in UTC, or null."""

    sql: Callable[[str], str]
    words: str
    assumed_utc: bool = False


def looks_like_time(values: list[str], share: float) -> bool:
    """Whether at least this share of the texts can be a point in time."""
    known = [v.strip() for v in values if v and v.strip()]
    return bool(known) and sum(_shape(v) is not None for v in known) >= share * len(known)


def _shape(value: str) -> str | None:
    if _ISO.match(value):
        return "iso"
    if _NUMERIC.match(value):
        return "numeric"
    if _YEAR_FIRST.match(value):
        return "year"
    if len(value) in _COMPACT and re.match(r"^(19|20)\d{2}(0[1-9]|1[0-2])([0-2]\d|3[01])(T?\d*)?$", value):
        return "compact"
    if _EPOCH.match(value):
        return "epoch"
    if re.search(r"[A-Za-z]{3}", value) and re.search(r"\d{1,2}.*(\d{4}|\d{2})", value) and _NAMED.match(value):
        return "named"
    return None


_MONTHS = "jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec"
_NAMED = re.compile(rf"^([a-z]{{3}},?\s+)?(\d{{1,2}}[\s-]+)?({_MONTHS})[a-z]*[\s-]+\d", re.IGNORECASE)


def reading(engine: Engine, cells: Cells, column: str, options: Options, file: str) -> TimeReading:
    """The one reading of a column; raises InputError where it is no time or its day and month can't be told."""
    if column in cells.typed:
        return _typed(cells.typed[column], options)
    if options.time_format:
        return _formats([options.time_format], options, f"format {options.time_format}")
    text = f"trim({quote(column)})"
    values = [r[0] for r in engine.rows(
        f"SELECT DISTINCT {text} AS v FROM (SELECT {quote(column)} FROM {quote(cells.view)} LIMIT 200000) "
        f"WHERE v IS NOT NULL AND v <> '' ORDER BY 1 LIMIT {SAMPLE}")]  # fmt: skip
    shapes = [s for s in map(_shape, values) if s]
    if not shapes:
        shown = ", ".join(repr(v) for v in values[:3]) or "nothing"
        raise InputError(Problem(f"holds no times that can be read (such as {shown})", file, column=column,
                                 fix="map another column (--map time=COLUMN) or say its form: --time-format '%d.%m.%Y %H:%M'"))  # fmt: skip
    shape = max(sorted(set(shapes)), key=shapes.count)
    if shape == "iso":
        return _iso(options, any(',' in v for v in values))
    if shape == "epoch":
        return _epoch(values)
    if shape == "numeric":
        return _numeric(engine, cells, column, values, options, file)
    if shape == "year":
        return _formats([f"%Y{s}%m{s}%d{c}" for s in "/." for c in _CLOCKS[:4]], options, "year/month/day")
    if shape == "compact":
        return _formats([_COMPACT[n] for n in sorted({len(v) for v in values} & set(_COMPACT))], options, "compact date")
    return _formats([d + c for d in _NAMED_DATES for c in (*_CLOCKS[:7], " %H:%M:%S %z")], options, "dates with month names")


def _zoned(timestamp: str, options: Options) -> str:
    """A naive timestamp expression as microseconds in UTC."""
    if options.tz in (None, "UTC"):
        return f"epoch_us({timestamp})"
    assert options.tz is not None
    return f"epoch_us(timezone('{options.tz}', {timestamp}))"


def _zone_words(options: Options) -> str:
    return f"zone {options.tz}" if options.tz else "no zone given, read as UTC"


def _typed(kind: str, options: Options) -> TimeReading:
    if "WITH TIME ZONE" in kind:
        return TimeReading(lambda c: f"epoch_us({c})", "timestamps with zone")
    return TimeReading(lambda c: _zoned(f"CAST({c} AS TIMESTAMP)", options), f"timestamps, {_zone_words(options)}", not options.tz)


def _iso(options: Options, commas: bool) -> TimeReading:
    def sql(cell: str) -> str:
        clean = f"replace({cell}, ',', '.')" if commas else cell
        aware = f"epoch_us(TRY_CAST({clean} AS TIMESTAMPTZ))"
        if options.tz in (None, "UTC"):
            return aware
        return f"CASE WHEN regexp_matches({clean}, '{_OFFSET}') THEN {aware} ELSE {_zoned(f'TRY_CAST({clean} AS TIMESTAMP)', options)} END"

    return TimeReading(sql, f"ISO 8601, {_zone_words(options)}", not options.tz)


def _epoch(values: list[str]) -> TimeReading:
    digits = max(len(v.split(".")[0]) for v in values if _EPOCH.match(v))
    unit, factor = next((u, f) for n, u, f in ((11, "seconds", 1_000_000), (14, "milliseconds", 1_000),
                                               (17, "microseconds", 1), (99, "nanoseconds", 0)) if digits <= n)  # fmt: skip
    if factor == 0:
        return TimeReading(lambda c: f"TRY_CAST(trim({c}) AS BIGINT) // 1000", "nanoseconds since 1970")
    return TimeReading(
        lambda c: f"CAST(round(TRY_CAST(trim({c}) AS DECIMAL(38, 9)) * {factor}) AS BIGINT)", f"{unit} since 1970")


def _formats(formats: list[str], options: Options, words: str) -> TimeReading:
    listed = ", ".join("'" + f.replace("'", "''") + "'" for f in formats)
    aware = any("%z" in f for f in formats)

    def sql(cell: str) -> str:
        if aware:
            return f"epoch_us(try_strptime(trim({cell}), [{listed}])::TIMESTAMPTZ)"
        return _zoned(f"try_strptime(trim({cell}), [{listed}])", options)

    return TimeReading(sql, f"{words}, {_zone_words(options)}", not options.tz and not aware)


def _numeric(engine: Engine, cells: Cells, column: str, values: list[str], options: Options, file: str) -> TimeReading:
    dayfirst = _dayfirst(engine, cells, column, options, file)
    matched = [m for m in map(_NUMERIC.match, values) if m]
    year = "%y" if len(matched[0][4]) == 2 else "%Y"
    separators = sorted({m[2] for m in matched})
    clocks = _seen_clocks([m[5] or "" for m in matched])
    order = ("%d", "%m") if dayfirst else ("%m", "%d")
    formats = [f"{order[0]}{s}{order[1]}{s}{year}{clock}" for s in separators for clock in clocks]
    return _formats(formats, options, "day/month/year" if dayfirst else "month/day/year")


def _seen_clocks(tails: list[str]) -> list[str]:
    """The clock formats that occur, the most frequent first, then the rest for rows beyond the sample."""
    def form(tail: str) -> str:
        halves = "%I" if re.search(r"[ap]m$", tail, re.IGNORECASE) else "%H"
        clock = re.sub(r"\d{1,2}:\d{2}:\d{2}\.\d+", f"{halves}:%M:%S.%f", tail)
        clock = re.sub(r"\d{1,2}:\d{2}:\d{2}", f"{halves}:%M:%S", clock)
        clock = re.sub(r"\d{1,2}:\d{2}", f"{halves}:%M", clock)
        return re.sub(r"[ap]m$", "%p", clock, flags=re.IGNORECASE)

    forms = [form(t) for t in tails]
    seen = sorted(set(forms), key=lambda f: (-forms.count(f), f))
    return [*seen, *(c for c in _CLOCKS[:6] if c not in seen)]


def _dayfirst(engine: Engine, cells: Cells, column: str, options: Options, file: str) -> bool:
    """Whether the day comes first, from every value of the column; an error where none of them tells."""
    if options.dayfirst is not None:
        return options.dayfirst
    part = r"regexp_extract({c}, '^\s*(\d{{1,2}})[/.\-](\d{{1,2}})[/.\-]', {n})"
    first, second = (f"TRY_CAST({part.format(c=quote(column), n=n)} AS INTEGER)" for n in (1, 2))
    a, b, dotted, line_a, line_b = engine.one(
        f"SELECT max({first}), max({second}), bool_and(contains({quote(column)}, '.')), "
        f"min({quote(LINE)}) FILTER (WHERE {first} > 12), min({quote(LINE)}) FILTER (WHERE {second} > 12) FROM {quote(cells.view)}")  # fmt: skip
    if a > 12 and b > 12:
        raise InputError(Problem(f"some dates are day first (line {line_a}), others month first (line {line_b})", file,
                                 min(line_a, line_b), column,
                                 "mend the file, or take one reading with --dayfirst or --monthfirst: the other rows are rejected"))  # fmt: skip
    if a <= 12 and b <= 12 and not dotted:
        raise InputError(Problem("no date tells the day from the month (none is above 12)", file, column=column,
                                 fix="say which comes first: --dayfirst or --monthfirst"))  # fmt: skip
    return b <= 12


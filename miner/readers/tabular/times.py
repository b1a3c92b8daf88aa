"""Whole columns of times: one reading for the column, found or declared, as an SQL expression."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace

import duckdb

from miner.errors import InputError, Problem, UsageError
from miner.events.engine import Engine, literal, quote
from miner.events.schema import MISSING
from miner.readers.base import Options
from miner.readers.tabular.cells import LINE, Cells
from miner.readers.tabular.shapes import COMPACT, NUMERIC, clock_format, has_zone, shape_of
from miner.readers.tabular.zones import to_utc

SAMPLE, SAMPLED_ROWS = 5_000, 200_000
_CLOCKS = (
    "",
    " %H:%M",
    " %H:%M:%S",
    " %H:%M:%S.%f",
    " %I:%M %p",
    " %I:%M:%S %p",
    " %I:%M%p",
    ", %H:%M",
    ", %H:%M:%S",
    ", %I:%M:%S %p",
    ", %I:%M %p",
    "T%H:%M:%S",
    "T%H:%M:%S.%f",
)
_NAMED_DATES = (
    "%d-%b-%Y",
    "%d %b %Y",
    "%d-%b-%y",
    "%b %d, %Y",
    "%b %d %Y",
    "%d %B %Y",
    "%B %d, %Y",
    "%B %d %Y",
    "%a, %d %b %Y",
    "%a %b %d %Y",
)
_C_TIME = "%a %b %d %H:%M:%S %Y"
_NANOSECONDS = re.compile(r"[.,]\d{6}(\d{1,3})")
_EPOCHS = (  # digits at most, the unit, and how many microseconds one of it has
    (11, "seconds", 1_000_000.0),
    (14, "milliseconds", 1_000.0),
    (17, "microseconds", 1.0),
    (19, "nanoseconds", 0.001),
)
UNCLEAR = "day and month cannot be told apart"
_NEAR_US = 10 * 365 * 86_400_000_000


@dataclass(frozen=True)
class TimeReading:
    """How a column of times is read: `sql` gives microseconds since the epoch in UTC, or null.

    `finer` gives the nanoseconds beyond them, which order events of one microsecond; None where there are none.
    """

    sql: Callable[[str], str]
    words: str
    assumed_utc: bool = False
    finer: Callable[[str], str] | None = None
    mixed: dict[str, int] = field(default_factory=dict)  # rows by unit, where one column counts in several


def reading(engine: Engine, cells: Cells, column: str, options: Options, file: str) -> TimeReading:
    """The one reading of a column; raises InputError where it is no time or its day and month can't be told."""
    if column in cells.typed:
        return _typed(cells.typed[column], options)
    if options.time_format:
        return _declared(engine, options)
    values = _sample(engine, cells, column, options)
    shapes = [s for s in map(shape_of, values) if s]
    if not shapes:
        shown = ", ".join(repr(v) for v in values[:3]) or "nothing"
        raise InputError(
            Problem(
                f"contains no readable times (such as {shown})",
                file,
                column=column,
                fix="map another column (--map time=COLUMN) or give the format: --time-format '%d.%m.%Y %H:%M'",
            )
        )
    shape = max(sorted(set(shapes)), key=shapes.count)
    seen = [v for v in values if shape_of(v) == shape]
    zoned = sum(map(has_zone, seen))
    zones = _Zones(options.tz, some=zoned > 0, all=zoned == len(seen))
    if shape == "iso":
        found = _iso(zones, any("," in v for v in seen))
        return replace(found, finer=_nanoseconds) if any(map(_NANOSECONDS.search, seen)) else found
    if shape == "epoch":
        return _epoch(engine, cells, column)
    if shape == "numeric":
        return _numeric(seen, zones, _dayfirst(engine, cells, column, options, file))
    if shape == "year":
        return _formats([f"%Y{s}%m{s}%d{c}" for s in "/." for c in _CLOCKS[:4]], zones, "year/month/day")
    if shape == "compact":
        return _formats([COMPACT[n] for n in sorted({len(v) for v in seen} & set(COMPACT))], zones, "compact date")
    return _formats([*(d + c for d in _NAMED_DATES for c in _CLOCKS[:7]), _C_TIME], zones, "dates with month names")


def _sample(engine: Engine, cells: Cells, column: str, options: Options) -> list[str]:
    text = f"trim({quote(column)})"
    rows = engine.rows(  # what is missing does not count, so that a column may begin empty
        f"SELECT DISTINCT v FROM (SELECT {text} AS v FROM {quote(cells.view)} "
        f"WHERE v IS NOT NULL AND NOT list_contains(?, v) LIMIT {SAMPLED_ROWS}) ORDER BY 1 LIMIT {SAMPLE}",
        [[*MISSING, *options.missing]],
    )
    return [r[0] for r in rows]


@dataclass(frozen=True)
class _Zones:
    """The declared zone, and whether some or all times of a column say their own."""

    tz: str | None
    some: bool = False
    all: bool = False

    def reading(self, sql: Callable[[str], str], words: str) -> TimeReading:
        """A reading that says in words which zone its times are in."""
        own = "with zone" if self.all else f"zone {self.tz}" if self.tz else "no zone given, read as UTC"
        also = "; some with their own" if self.some and not self.all else ""
        return TimeReading(sql, f"{words}, {own}{also}", not self.tz and not self.all)


def _typed(kind: str, options: Options) -> TimeReading:
    if "WITH TIME ZONE" in kind:
        return TimeReading(lambda c: f"epoch_us({c})", "timestamps with zone")
    return _Zones(options.tz).reading(lambda c: to_utc(f"CAST({c} AS TIMESTAMP)", options.tz), "timestamps")


def _declared(engine: Engine, options: Options) -> TimeReading:
    form = options.time_format or ""
    try:
        engine.one("SELECT try_strptime('', ?)", [form])
    except duckdb.Error:
        raise UsageError(
            f"--time-format {form!r} is not a timestamp format",
            fix="build it from %Y %m %d %H %M %S %f %p %b %z, e.g. '%d.%m.%Y %H:%M'",
        ) from None
    aware = "%z" in form or "%Z" in form
    return _formats([form], _Zones(options.tz, aware, aware), f"format {form}", declared=True)


def _iso(zones: _Zones, commas: bool) -> TimeReading:
    def sql(cell: str) -> str:
        clean = f"replace({cell}, ',', '.')" if commas else cell
        # The second cast takes what the engine's first does not: a space before the offset, a small z.
        odd = f"regexp_replace(upper(trim({clean})), '\\s+([+-])', '\\1')"
        aware = f"epoch_us(coalesce(TRY_CAST({clean} AS TIMESTAMPTZ), TRY_CAST({odd} AS TIMESTAMPTZ)))"
        if zones.tz in (None, "UTC") or zones.all:
            return aware
        naive = to_utc(f"TRY_CAST({clean} AS TIMESTAMP)", zones.tz)
        return f"CASE WHEN {_says_zone(clean)} THEN {aware} ELSE {naive} END"

    return zones.reading(sql, "ISO 8601")


def _nanoseconds(cell: str) -> str:
    """The seventh to ninth decimal of a second in an ISO text, as a number."""
    return f"TRY_CAST(rpad(regexp_extract({cell}, '{_NANOSECONDS.pattern}', 1), 3, '0') AS BIGINT)"


def _says_zone(cell: str) -> str:
    """Whether an ISO text ends in a zone: a letter, or a sign behind the date."""
    return f"regexp_matches(substr({cell}, 11), '[-+A-SU-Za-su-z]')"


def _epoch(engine: Engine, cells: Cells, column: str) -> TimeReading:
    """Counts since 1970 in the unit that most digits tell; rows in another, where that is near the rest, in theirs."""
    found = engine.rows(
        f"SELECT unit, count(*), min(moment), max(moment) FROM (SELECT {_unit(quote(column))} AS unit, "
        f"{_by_unit(quote(column), _EPOCHS)} AS moment FROM {quote(cells.view)}) "
        "WHERE unit IS NOT NULL AND moment IS NOT NULL GROUP BY 1 ORDER BY 2"
    )
    main, rows, first, last = found[-1] if found else (_EPOCHS[0][1], 0, 0, 0)
    low, high = first - _NEAR_US, last + _NEAR_US
    others = {unit for unit, _, at, to in found if unit != main and low <= to and at <= high}
    mixed = {main: rows} if others else {}
    for unit in others:
        (mixed[unit],) = engine.one(
            f"SELECT count(*) FROM {quote(cells.view)} WHERE {_unit(quote(column))} = {literal(unit)} "
            f"AND {_by_unit(quote(column), _EPOCHS)} BETWEEN {low} AND {high}"
        )

    def sql(cell: str) -> str:
        own = next(_counted(cell, unit, factor) for _, unit, factor in _EPOCHS if unit == main)
        if not mixed:
            return own
        read = _by_unit(cell, [epoch for epoch in _EPOCHS if epoch[1] in mixed])
        near = f"{_unit(cell)} IN ({', '.join(map(literal, sorted(mixed)))}) AND {read} BETWEEN {low} AND {high}"
        return f"CASE WHEN {near} THEN {read} ELSE {own} END"

    return TimeReading(
        sql,
        f"{' or '.join([main, *sorted(others)])} since 1970, UTC",
        mixed=mixed,
        finer=_finer_count if main == "nanoseconds" else None,
    )


def _finer_count(cell: str) -> str:
    """The nanoseconds within its microsecond of a count of nanoseconds, as SQL."""
    return f"TRY_CAST(trim({cell}) AS BIGINT) % 1000"


def _unit(cell: str) -> str:
    """The unit that the digits of a count tell, as SQL; null where it is no count of times."""
    digits = f"length(split_part(trim({cell}), '.', 1))"
    whens = " ".join(f"WHEN {digits} <= {most} THEN {literal(unit)}" for most, unit, _ in _EPOCHS)
    return f"CASE WHEN TRY_CAST({cell} AS DOUBLE) >= 1e8 THEN CASE {whens} END END"


def _by_unit(cell: str, epochs: Sequence[tuple[int, str, float]]) -> str:
    """A count since 1970 in microseconds, by the unit that its digits tell."""
    digits = f"length(split_part(trim({cell}), '.', 1))"
    whens = " ".join(f"WHEN {digits} <= {most} THEN {_counted(cell, unit, factor)}" for most, unit, factor in epochs)
    return f"CASE {whens} END"


def _counted(cell: str, unit: str, factor: float) -> str:
    """A count since 1970 in microseconds. A double holds each of the next two centuries exactly, but no nanosecond."""
    if unit == "nanoseconds":
        return f"TRY_CAST(trim({cell}) AS BIGINT) // 1000"
    return f"TRY_CAST(round(TRY_CAST(trim({cell}) AS DOUBLE) * {factor}) AS BIGINT)"


def _formats(formats: list[str], zones: _Zones, words: str, declared: bool = False) -> TimeReading:
    def parsed(cell: str, forms: list[str]) -> str:
        listed = ", ".join(map(literal, forms))
        return f"try_strptime(trim({cell}), [{listed}])"

    def sql(cell: str) -> str:
        if declared and zones.all:
            return f"epoch_us({parsed(cell, formats)}::TIMESTAMPTZ)"
        naive = to_utc(parsed(cell, formats), zones.tz)
        if not zones.some:
            return naive
        signed = f"regexp_replace({cell}, '\\s*(Z|UTC|GMT)\\s*$', '+00', 'i')"
        spaced = f"regexp_replace({signed}, '\\s*([+-]\\d\\d(:?\\d\\d)?)\\s*$', ' \\1')"
        return f"coalesce({naive}, epoch_us({parsed(spaced, [f'{f} %z' for f in formats])}::TIMESTAMPTZ))"

    return zones.reading(sql, words)


def _numeric(values: list[str], zones: _Zones, dayfirst: bool) -> TimeReading:
    matched = [m for m in map(NUMERIC.match, values) if m]
    years = sorted(
        {"%y" if len(m[4]) == 2 else "%Y" for m in matched}, reverse=True
    )  # %Y would take 26 for the year 26
    separators = sorted({m[2] for m in matched})
    forms = [clock_format(m[5] or "") for m in matched]
    # Those that occur, the most frequent first, then the rest for rows beyond the sample.
    clocks = list(dict.fromkeys([*sorted(set(forms), key=lambda f: (-forms.count(f), f)), *_CLOCKS[:6]]))
    order = ("%d", "%m") if dayfirst else ("%m", "%d")
    formats = [f"{order[0]}{s}{order[1]}{s}{year}{clock}" for s in separators for year in years for clock in clocks]
    return _formats(formats, zones, "day/month/year" if dayfirst else "month/day/year")


def _dayfirst(engine: Engine, cells: Cells, column: str, options: Options, file: str) -> bool:
    """Whether the day comes first, from every value of the column; an error where none of them tells."""
    if options.dayfirst is not None:
        return options.dayfirst
    part = r"regexp_extract({c}, '^\s*(\d{{1,2}})([/.\-])(\d{{1,2}})[/.\-]', {n})"
    first, sign, second = (part.format(c=quote(column), n=n) for n in (1, 2, 3))
    a, b, dotted, line_a, line_b = engine.one(
        "SELECT coalesce(max(first), 0), coalesce(max(second), 0), coalesce(bool_and(sign = '.'), false), "
        "min(line) FILTER (WHERE first > 12), min(line) FILTER (WHERE second > 12) FROM ("
        f"SELECT TRY_CAST({first} AS INTEGER) AS first, TRY_CAST({second} AS INTEGER) AS second, {sign} AS sign, "
        f"{quote(LINE)} AS line FROM {quote(cells.view)}) WHERE first IS NOT NULL"
    )
    if a > 12 and b > 12:
        raise InputError(
            Problem(
                f"some dates are day first (line {line_a}), others month first (line {line_b})",
                file,
                min(line_a, line_b),
                column,
                "fix the file, or choose one order with --dayfirst or --monthfirst: the other rows are then rejected",
            )
        )
    if a <= 12 and b <= 12 and not dotted:
        raise InputError(
            Problem(
                f"{UNCLEAR} (no value above 12)",
                file,
                column=column,
                fix="choose with --dayfirst or --monthfirst",
            )
        )
    return b <= 12

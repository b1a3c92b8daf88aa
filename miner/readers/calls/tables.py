"""Rows of a call report (CSV and its kin, spreadsheets, JSON) by field name; a column of times is read one way."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import replace
from functools import lru_cache
from typing import Any

from miner.errors import InputError, Problem
from miner.events.engine import literal, quote
from miner.events.schema import MISSING
from miner.events.sink import Sink
from miner.events.values import id_of
from miner.readers.base import Options, Report, SourceFile
from miner.readers.shared.fields import Malformed
from miner.readers.shared.records import paged_records, sample
from miner.readers.tabular.cells import LINE, Cells, store_rows
from miner.readers.tabular.dialect import detect
from miner.readers.tabular.read import is_table, load
from miner.readers.tabular.times import UNCLEAR, TimeReading, reading

_FETCH = 5_000

Row = dict[str, Any]


def plain(name: str) -> str:
    """A column's name in lower case, with what is no letter or digit as one underscore; camelCase is kept together."""
    return re.sub(r"[^a-z0-9]+", "_", name.lower()).strip("_")


def shown(file: SourceFile, pages: Collection[str] = ()) -> set[str]:
    """The plain column names that the head of a table or of JSON records shows."""
    kind = is_table(file)
    if kind == "json":
        return {plain(name) for record in sample(file, pages, 3) for name in record.value}
    return set(_header(file.head)) if kind == "delimited" else set()


@lru_cache(maxsize=8)
def _header(head: bytes) -> tuple[str, ...]:
    dialect = detect(head.decode("utf-8", "replace").lstrip("\ufeff"))
    return tuple(map(plain, dialect.columns)) if dialect and dialect.header else ()


class Table:
    """A report's rows as {field: text}, times as µs since 1970 in UTC.

    `wanted`: the fields to read, by plain name; `times`: those of them that are times; `pages`: keys of JSON lists;
    `names`: other names of fields; `joined`: fields made of two others, a date and a time of day; `default`: the zone
    and the order of day and month that the system documents, taken where neither the column nor the user says one.
    Raises InputError where a field of `needed` is missing, or times without a zone stand there and none was declared.
    """

    def __init__(
        self,
        file: SourceFile,
        sink: Sink,
        options: Options,
        wanted: Collection[str],
        times: Collection[str],
        needed: Collection[str] = (),
        pages: Collection[str] = (),
        names: Mapping[str, str] | None = None,
        default: Options | None = None,
        joined: Mapping[str, tuple[str, str]] | None = None,
    ):
        self.file, self.sink, self.wanted = file, sink, tuple(dict.fromkeys([*wanted, *times]))
        self._default = default or Options()
        self._names, self._pages = names or {}, pages
        self.cells = self._load()
        self.columns: dict[str, str] = {}
        for column in self.cells.columns:
            field = self._field(column)
            if field in self.wanted:
                self.columns.setdefault(field, column)
        for field, parts in (joined or {}).items():
            self._join(field, parts)
        missing = [name for name in needed if name not in self.columns]
        if missing:
            raise InputError(
                Problem(
                    f"there is no column {', '.join(missing)}", file.name, 1, fix=f"export it with: {', '.join(needed)}"
                )
            )
        if options.tz is None:
            options = replace(options, tz=self._default.tz)
        self._readings = self._times(options, times)

    def words(self, report: Report) -> None:
        """Say in the report how times are read."""
        report.time = next((found.words for found in self._readings.values()), None)

    def rows(self) -> Iterator[tuple[int, Row]]:
        """The rows with the line each starts on; what is missing is None, a time that is none a Malformed."""
        fields = list(self.columns)
        cells = [f"CAST({quote(self.columns[field])} AS VARCHAR)" for field in fields]
        moments = [self._readings[field].sql(quote(self.columns[field])) for field in self._readings]
        cursor = self.sink.engine.sql.cursor()
        try:
            select = ", ".join([quote(LINE), *cells, *moments])
            result = cursor.execute(f"SELECT {select} FROM {quote(self.cells.view)} ORDER BY 1")
            while batch := result.fetchmany(_FETCH):
                for line, *values in batch:
                    row: Row = {field: id_of(value) for field, value in zip(fields, values, strict=False)}
                    for field, moment in zip(self._readings, values[len(fields) :], strict=True):
                        raw = row[field]
                        row[field] = (
                            moment
                            if raw is None or moment is not None
                            else Malformed(field, f"{field} is not a time in the format of its column", raw)
                        )
                    yield line, row
        finally:
            cursor.close()

    def _field(self, column: str) -> str:
        name = plain(column)
        return self._names.get(name, name)

    def _load(self) -> Cells:
        if is_table(self.file) != "json":
            return load(self.file, self.sink)
        view = f"cells_{self.sink.source_no}"
        store_rows(self.sink.engine, view, self.wanted, self._records())
        return Cells(view, self.wanted)

    def _records(self) -> Iterator[tuple[int, list[Any]]]:
        for record in paged_records(self.file, self.sink, self._pages):
            fields = {self._field(name): value for name, value in record.value.items()}
            yield record.line, [_text(fields.get(name)) for name in self.wanted]

    def _times(self, options: Options, times: Collection[str]) -> dict[str, TimeReading]:
        readings: dict[str, TimeReading] = {}
        for field in times:
            if field not in self.columns or not self._any(self.columns[field]):
                continue
            readings[field] = self._reading(field, options)
            if readings[field].assumed_utc:
                raise InputError(
                    Problem(
                        "times without a zone",
                        self.file.name,
                        column=self.columns[field],
                        fix="set the time zone: --tz Europe/Berlin",
                    )
                )
        return readings

    def _reading(self, field: str, options: Options) -> TimeReading:
        arguments = self.sink.engine, self.cells, self.columns[field]
        try:
            return reading(*arguments, options, self.file.name)
        except InputError as error:
            if self._default.dayfirst is None or options.dayfirst is not None or UNCLEAR not in str(error):
                raise
        first = "day" if self._default.dayfirst else "month"
        self.sink.note(
            "assumed",
            f"{UNCLEAR}; the {first} was read first, as the system writes "
            "it; settle it with --dayfirst or --monthfirst",
        )
        return reading(*arguments, replace(options, dayfirst=self._default.dayfirst), self.file.name)

    def _join(self, field: str, parts: tuple[str, str]) -> None:
        """A column more: a date and a time of day as one text."""
        there = field in self.columns and self._any(self.columns[field])
        if there or not all(part in self.columns for part in parts):
            return
        name = f"{self.columns[parts[0]]} {self.columns[parts[1]]}"
        view, texts = f"{self.cells.view}_{field}", [f"trim({quote(self.columns[part])})" for part in parts]
        self.sink.engine.run(
            f"CREATE OR REPLACE VIEW {quote(view)} AS SELECT *, concat({texts[0]}, ' ', {texts[1]}) AS {quote(name)} "
            f"FROM {quote(self.cells.view)}"
        )
        self.cells, self.columns[field] = Cells(view, (*self.cells.columns, name)), name

    def _any(self, column: str) -> bool:
        """Whether a column has any value that is not missing."""
        marks = ", ".join(map(literal, MISSING))
        (there,) = self.sink.engine.one(
            f"SELECT EXISTS (SELECT 1 FROM {quote(self.cells.view)} WHERE {quote(column)} IS NOT NULL "
            f"AND trim(CAST({quote(column)} AS VARCHAR)) NOT IN ({marks}))"
        )
        return bool(there)


def moment(row: Row, field: str) -> int | None:
    """The time of a field in µs; None where it is missing; raises the Malformed of a text that is no time."""
    value = row.get(field)
    if isinstance(value, Malformed):
        raise value
    return value if isinstance(value, int) else None


def need(row: Row, field: str) -> str:
    """The value of a field that must be there."""
    value = row.get(field)
    if value is None:
        raise Malformed(field, f"{field} is missing")
    return str(value)


def yes(value: object) -> bool:
    """Whether a flag is set: true, yes, y, 1."""
    return str(value).strip().lower() in ("true", "yes", "y", "1", "t")


def _text(value: Any) -> str | None:
    if isinstance(value, bool):
        return "true" if value else "false"
    return id_of(value)

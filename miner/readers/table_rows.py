"""Rows of a system's table export: CSV, a spreadsheet, or JSON (`records`, `result`), by field name or label."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC
from typing import Any

from miner.errors import InputError, Problem
from miner.events import times
from miner.events.engine import quote
from miner.events.sink import Sink
from miner.events.values import id_of
from miner.readers.base import Options, Report, SourceFile
from miner.readers.shared.fields import Malformed
from miner.readers.shared.records import paged_records, sample
from miner.readers.tabular.cells import LINE
from miner.readers.tabular.dialect import detect
from miner.readers.tabular.read import is_table, load

_PAGES = ("records", "result")
_FETCH = 5_000

Row = dict[str, str | None]


def columns(file: SourceFile, labels: dict[str, str]) -> set[str]:
    """The field names that the head of a file shows."""
    kind = is_table(file)
    if kind == "delimited":
        dialect = detect(file.head.decode("utf-8", "replace"))
        names = list(dialect.columns) if dialect else []
    elif kind == "json":
        names = [name for record in sample(file, _PAGES, 5) for name in record.value]
    else:
        names = []
    return {_field(name, labels) for name in names}


def rows(file: SourceFile, sink: Sink, labels: dict[str, str]) -> Iterator[tuple[int, Row]]:
    """The rows with the line each starts on; columns by field name, also where the export has labels."""
    if is_table(file) == "json":
        for record in paged_records(file, sink, _PAGES):
            yield record.line, {_field(name, labels): _plain(value) for name, value in record.value.items()}
        return
    cells = load(file, sink)
    names = [_field(name, labels) for name in cells.columns]
    cursor = sink.engine.sql.cursor()
    try:
        select = ", ".join(f"CAST({quote(name)} AS VARCHAR)" for name in cells.columns)
        found = cursor.execute(f"SELECT {quote(LINE)}, {select} FROM {quote(cells.view)} ORDER BY 1")
        while batch := found.fetchmany(_FETCH):
            for line, *values in batch:
                yield line, {name: id_of(value) for name, value in zip(names, values, strict=True)}
    finally:
        cursor.close()


class Clock:
    """Reads times without a zone: UTC as in REST and audit exports, unless a zone is declared."""

    def __init__(self, options: Options, sink: Sink):
        self.options, self.sink = options, sink
        self.tz = times.zone(options.tz) if options.tz else UTC

    def declare(self, report: Report) -> None:
        """Say in the report and, where it is an assumption, in a note which zone was taken."""
        form = self.options.time_format or "ISO-8601"
        report.time = f"{form} without zone, read as {self.options.tz or 'UTC (assumed)'}"
        if not self.options.tz:
            self.sink.note(
                "assumed",
                "times have no time zone and were read as UTC, as REST exports write them; lists "
                "exported in the browser use the user's time zone: set it with --tz",
            )

    def of(self, row: Row, name: str) -> int | None:
        """The time in a column in µs; None where it is empty; Malformed where it is no time."""
        value = row.get(name)
        if value is None:
            return None
        try:
            return times.parse(value, self.tz, form=self.options.time_format)
        except ValueError:
            reason = f"{name} is not a time such as 2026-03-02 10:00:00; for another format see --time-format"
            raise Malformed(name, reason, value) from None


def need(row: Row, name: str) -> str:
    """The value of a column that must be there."""
    value = row.get(name)
    if value is None:
        raise Malformed(name, f"{name} is missing")
    return value


def must_have(found: set[str], wanted: tuple[str, ...], file: SourceFile) -> None:
    """InputError where a file lacks columns without which nothing can be read."""
    missing = [name for name in wanted if name not in found]
    if missing and found:
        raise InputError(
            Problem(
                f"there is no column {', '.join(missing)}", file.name, 1, fix=f"export it with: {', '.join(wanted)}"
            )
        )


def _field(name: str, labels: dict[str, str]) -> str:
    plain = re.sub(r"[^a-z0-9]+", "_", name.lower()).strip("_")
    return labels.get(plain, plain)


def _plain(value: Any) -> str | None:
    """A field's value; with display values the text that people see."""
    if isinstance(value, dict):
        value = value.get("display_value") or value.get("value")
    if isinstance(value, bool):
        return "true" if value else "false"
    return id_of(value)

"""Rows of a system's table export: CSV, a spreadsheet, Parquet or JSON, by field name, also where it has labels."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator, Mapping
from functools import lru_cache

from miner.errors import InputError, Problem
from miner.events.engine import quote
from miner.events.sink import Sink
from miner.events.values import id_of, text_of
from miner.readers.base import SourceFile
from miner.readers.shared.fields import Json, Malformed
from miner.readers.shared.records import paged_records, sample
from miner.readers.tabular.cells import LINE
from miner.readers.tabular.dialect import detect
from miner.readers.tabular.read import is_table, load

_PAGES = ("records", "result", "results")  # the lists of rows in a page of JSON
_FETCH = 5_000

Row = dict[str, str | None]
Labels = Mapping[str, str]  # label of a column → its field name
Kinds = Mapping[str, Collection[str]]  # table → columns that only it has, all of them


def columns(file: SourceFile, labels: Labels) -> set[str]:
    """The field names that the head of a file shows, with those of nested objects (`owner_name`)."""
    kind = is_table(file)
    names: Collection[str] = ()
    if kind == "delimited":
        names = _header(file.head)
    elif kind == "json":
        names = {name for record in sample(file, _PAGES, 5) for name, _ in _flat(record.value)}
    return {_field(name, labels) for name in names}


def kind_of(file: SourceFile, kinds: Kinds, labels: Labels) -> str | None:
    """The first of the tables whose columns the head of the file shows."""
    shown = columns(file, labels)
    return next((kind for kind, needed in kinds.items() if shown >= set(needed)), None) if shown else None


def rows(file: SourceFile, sink: Sink, labels: Labels) -> Iterator[tuple[int, Row]]:
    """The rows with the line each starts on; of JSON with display values the text that people see."""
    return _rows(file, sink, labels, lambda record: ((name, _shown(value)) for name, value in record.items()))


def flat_rows(file: SourceFile, sink: Sink, labels: Labels) -> Iterator[tuple[int, Row]]:
    """The rows with the line each starts on; `{"Owner": {"Name": "x"}}` becomes `owner_name`."""
    return _rows(file, sink, labels, _flat)


def need(row: Row, name: str) -> str:
    """The value of a column that must be there."""
    value = row.get(name)
    if value is None:
        raise Malformed(name, f"{name} is missing")
    return value


def must_have(shown: set[str], wanted: tuple[str, ...], file: SourceFile) -> None:
    """InputError where a file lacks columns without which nothing can be read."""
    missing = [name for name in wanted if name not in shown]
    if missing and shown:
        what = f"there is no column {', '.join(missing)}"
        raise InputError(Problem(what, file.name, 1, fix=f"export it with: {', '.join(wanted)}"))


@lru_cache(maxsize=4096)
def plain_name(name: str) -> str:
    """A column's name in lower case with underscores."""
    return re.sub(r"[^a-z0-9]+", "_", name.lower()).strip("_")


def _rows(
    file: SourceFile, sink: Sink, labels: Labels, cells_of: Callable[[Json], Iterator[tuple[str, str | None]]]
) -> Iterator[tuple[int, Row]]:
    if is_table(file) == "json":
        for record in paged_records(file, sink, _PAGES):
            yield record.line, {_field(name, labels): value for name, value in cells_of(record.value)}
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


@lru_cache(maxsize=4)
def _header(head: bytes) -> tuple[str, ...]:
    dialect = detect(head.decode("utf-8", "replace"))
    return tuple(dialect.columns) if dialect else ()


def _field(name: str, labels: Labels) -> str:
    plain = plain_name(name)
    return labels.get(plain, plain)


def _shown(value: object) -> str | None:
    return _text(value.get("display_value") or value.get("value") if isinstance(value, dict) else value)


def _flat(record: Json) -> Iterator[tuple[str, str | None]]:
    """Names and values, nested objects one level deep; ServiceNow's pairs give the value and `name_display`."""
    for name, value in record.items():
        if not isinstance(value, dict):
            yield name, _text(value)
        elif "value" in value or "display_value" in value:
            yield name, _text(value.get("value") if value.get("value") is not None else value.get("display_value"))
            yield f"{name}_display", _text(value.get("display_value"))
        else:
            yield name, None
            yield from ((f"{name}_{inner}", _text(below)) for inner, below in value.items())


def _text(value: object) -> str | None:
    return text_of(value) if isinstance(value, bool) else id_of(value)

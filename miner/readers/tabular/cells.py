"""Any table file as an engine view of text cells with the line each row starts on."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import duckdb

from miner.errors import InputError, Problem
from miner.events.engine import Engine, quote
from miner.events.sink import Sink
from miner.readers.base import SourceFile
from miner.readers.tabular.dialect import Dialect, detect

CHUNK = 100_000
LONGEST_CELL = 1 << 27
LINE = "line of the row"  # the engine's name for the line column; no source column can be called so


@dataclass
class Cells:
    """An engine view of text columns, and one named LINE."""

    view: str
    columns: tuple[str, ...]
    typed: dict[str, str] = field(default_factory=dict)  # columns that are no text, with their engine type
    renamed: tuple[str, ...] = ()
    header: bool = True
    words: str = ""
    first_line: int | None = None  # rows are lines from here on: their numbers need no counting row by row


def load_delimited(file: SourceFile, sink: Sink) -> Cells:
    """A CSV or any other delimited text; the fast way where every row is regular, else row by row."""
    dialect = detect(file.head.decode("utf-8", "replace").lstrip("\ufeff"))
    if dialect is None:
        raise InputError(Problem("no table was found in this file", file.name, 1, fix="see `miner inspect --help` for formats"))
    view = f"cells_{sink.source_no}"
    regular = _load_fast(file.path, dialect, sink.engine, view)
    if not regular:
        _load_carefully(file, dialect, sink, view)
    words = {"\t": "tab", " ": "space"}.get(dialect.delimiter, dialect.delimiter)
    first = dialect.skip + 1 if regular else None
    return Cells(view, dialect.columns, {}, dialect.renamed, dialect.header, f"text separated by {words!r}", first)


def _load_fast(path: Path, dialect: Dialect, engine: Engine, view: str) -> bool:
    """A view over the engine's own parser, where lines and rows are one to one; False where they are not."""
    if dialect.delimiter not in ",;\t|":
        return False
    columns = "{" + ", ".join(f"{_text(c)}: 'VARCHAR'" for c in dialect.columns) + "}"
    source = (
        f"read_csv({_text(str(path))}, auto_detect=false, header=false, delim={_text(dialect.delimiter)}, quote='\"', "
        f"escape='\"', skip={dialect.skip}, columns={columns}, strict_mode=true, null_padding=false)"
    )
    try:
        (rows,) = engine.one(f"SELECT count(*) FROM {source}")
    except duckdb.Error:
        return False
    if rows != _lines(path) - dialect.skip:
        return False
    engine.run(f"CREATE OR REPLACE VIEW {quote(view)} AS SELECT *, row_number() OVER () + {dialect.skip} AS {quote(LINE)} FROM {source}")
    return True


def _lines(path: Path) -> int:
    count, last = 0, b"\n"
    with path.open("rb") as f:
        while chunk := f.read(1 << 22):
            count += chunk.count(b"\n")
            last = chunk[-1:]
    return count + (last != b"\n")


def _text(value: str) -> str:
    """A value as an SQL string; views take no parameters."""
    return "'" + value.replace("'", "''") + "'"


def _load_carefully(file: SourceFile, dialect: Dialect, sink: Sink, view: str) -> None:
    """Row by row: multi-line cells keep their first line's number, rows of another width are rejected."""
    store_rows(sink.engine, view, dialect.columns, _regular_rows(file, dialect, sink))


def _regular_rows(file: SourceFile, dialect: Dialect, sink: Sink) -> Iterator[tuple[int, list[Any]]]:
    csv.field_size_limit(LONGEST_CELL)
    width = len(dialect.columns)
    with file.path.open(encoding="utf-8-sig", newline="") as f:
        for _ in range(dialect.skip):
            f.readline()
        reader = csv.reader((line.replace("\0", "") for line in f), delimiter=dialect.delimiter)
        start, last = dialect.skip + 1, 0
        try:
            for row in reader:
                if len(row) == width:
                    yield start, [cell if cell != "" else None for cell in row]
                elif any(cell.strip() for cell in row):
                    last = start
                    sink.reject(start, None, dialect.delimiter.join(row), f"{len(row)} cells instead of {width}")
                start = dialect.skip + reader.line_num + 1
        except csv.Error as error:
            raise InputError(Problem(f"cannot be split into cells: {error}", file.name, start,
                                     fix="look for a quote that is never closed")) from None  # fmt: skip
        if last and any("\n" in cell for cell in row) and len(row) != width:
            raise InputError(Problem("a quote that opens here is never closed; everything after it is one cell", file.name, last,
                                     fix="close the quote or remove it"))  # fmt: skip


def store_rows(engine: Engine, table: str, columns: tuple[str, ...], rows: Iterable[tuple[int, list[Any]]]) -> None:
    """Rows of text into an engine table, in chunks of columns."""
    import pyarrow as pa

    names = [*columns, LINE]
    engine.create(table, {**{c: "VARCHAR" for c in columns}, LINE: "BIGINT"})
    types = [pa.string()] * len(columns) + [pa.int64()]
    held: list[list[Any]] = [[] for _ in names]

    def hand_over() -> None:
        if held[-1]:
            arrays = [pa.array(values, kind) for values, kind in zip(held, types, strict=True)]
            engine.insert_arrow(table, pa.table(arrays, names=names))
            for values in held:
                values.clear()

    for line, row in rows:
        for values, cell in zip(held, row, strict=False):
            values.append(cell)
        held[-1].append(line)
        if len(held[-1]) >= CHUNK:
            hand_over()
    hand_over()


def load_parquet(file: SourceFile, sink: Sink) -> Cells:
    """A Parquet file; times and numbers keep their type, everything else is text."""
    source = f"read_parquet({_text(str(file.path))}, file_row_number=true)"
    try:
        described = sink.engine.rows(f"DESCRIBE SELECT * FROM {source}")
    except duckdb.Error as error:
        raise InputError(Problem(f"this Parquet file cannot be read: {str(error).splitlines()[0]}", file.name)) from None
    typed = {r[0]: r[1] for r in described if r[0] != "file_row_number"}
    kept = {c: t for c, t in typed.items() if t.startswith(("TIMESTAMP", "DATE"))}
    select = ", ".join(quote(c) if c in kept else f"CAST({quote(c)} AS VARCHAR) AS {quote(c)}" for c in typed)
    view = f"cells_{sink.source_no}"
    sink.engine.run(f"CREATE OR REPLACE VIEW {quote(view)} AS SELECT {select}, file_row_number + 1 AS {quote(LINE)} FROM {source}")
    return Cells(view, tuple(typed), kept, words="Parquet")

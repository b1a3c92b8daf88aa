"""CSV and its kin as cells: the fast way where every row is regular, else row by row."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import duckdb

from miner.errors import InputError, Problem
from miner.events.engine import Engine, literal, quote
from miner.events.sink import Sink
from miner.readers.base import SourceFile, UnknownFormat
from miner.readers.tabular.cells import LINE, MAX_COLUMNS, Cells, store_rows
from miner.readers.tabular.dialect import Dialect, cells_of, detect
from miner.readers.tabular.place import plain_path

LONGEST_CELL = 1 << 27


def load_delimited(file: SourceFile, sink: Sink) -> Cells:
    """A CSV or any other delimited text; the fast way where every row is regular, else row by row."""
    dialect = detect(file.head.decode("utf-8", "replace").lstrip("\ufeff"))
    if dialect is None or len(dialect.columns) == 1:
        raise UnknownFormat(
            Problem(
                "no table was found in this file: each line has a single cell",
                file.name,
                1,
                fix="export it as CSV with columns for the case, the activity and the time",
            )
        )
    _refuse_odd(dialect, file.name)
    view = f"cells_{sink.source_no}"
    if not _load_fast(file.path, dialect, sink.engine, view):
        _load_carefully(file, dialect, sink, view)
    words = {"\t": "tab", " ": "space"}.get(dialect.delimiter, dialect.delimiter)
    return Cells(view, dialect.columns, {}, dialect.renamed, dialect.header, f"text separated by {words!r}")


def _refuse_odd(dialect: Dialect, file: str) -> None:
    """InputError where the header does not fit the rows, or has more columns than any log."""
    width, sign = len(dialect.columns), dialect.delimiter
    if dialect.misfit:
        raise InputError(
            Problem(
                f"the header has {dialect.misfit} names, the rows have {width} cells",
                file,
                dialect.skip,
                fix=f"quote the cells that contain a {sign!r} (a decimal comma?), or give every column a name",
            )
        )
    if width > MAX_COLUMNS:
        raise InputError(
            Problem(
                f"it has more than {MAX_COLUMNS:,} columns",
                file,
                dialect.skip,
                fix="export the columns that matter: case, activity, time, team",
            )
        )


def _load_fast(path: Path, dialect: Dialect, engine: Engine, view: str) -> bool:
    """A view over the engine's own parser, where lines and rows are one to one; False where they are not."""
    if dialect.delimiter not in ",;\t|":
        return False
    columns = "{" + ", ".join(f"{literal(c)}: 'VARCHAR'" for c in dialect.columns) + "}"
    source = (
        f"read_csv({literal(plain_path(engine, path))}, auto_detect=false, header=false, "
        f"delim={literal(dialect.delimiter)}, quote='\"', "
        f"escape='\"', skip={dialect.skip}, columns={columns}, strict_mode=true, null_padding=false)"
    )
    try:
        (rows,) = engine.one(f"SELECT count(*) FROM {source}")
    except duckdb.Error:
        return False
    if rows != (_lines(path) or 0) - dialect.skip:
        return False
    engine.run(
        f"CREATE OR REPLACE VIEW {quote(view)} AS SELECT *, row_number() OVER () + {dialect.skip} AS {quote(LINE)} "
        f"FROM {source}"
    )
    return True


def _lines(path: Path) -> int | None:
    """How many lines a file has; None where it holds zero bytes, which are to be left out."""
    count, last = 0, b"\n"
    with path.open("rb") as f:
        while chunk := f.read(1 << 22):
            if b"\0" in chunk:
                return None
            count += chunk.count(b"\n")
            last = chunk[-1:]
    return count + (last != b"\n")


def _load_carefully(file: SourceFile, dialect: Dialect, sink: Sink, view: str) -> None:
    """Row by row: multi-line cells keep their first line's number, rows of another width are rejected."""
    store_rows(sink.engine, view, dialect.columns, _regular_rows(file, dialect, sink))


def _regular_rows(file: SourceFile, dialect: Dialect, sink: Sink) -> Iterator[tuple[int, list[Any]]]:
    csv.field_size_limit(LONGEST_CELL)
    width = len(dialect.columns)
    with file.path.open(encoding="utf-8-sig", newline="") as f:
        for _ in range(dialect.skip):
            f.readline()
        lines = _Kept(iter(lambda: f.readline(LONGEST_CELL + 1), ""))
        reader = cells_of(lines, dialect.delimiter)
        start = dialect.skip + 1
        try:
            for row in reader:
                end = dialect.skip + reader.line_num
                if len(row) == width:
                    yield start, [cell if cell != "" else None for cell in row]
                elif any(cell.strip() for cell in row):
                    spanned = f" (a quote joins the lines up to {end})" if end > start else ""
                    sink.reject(
                        start, None, dialect.delimiter.join(row), f"{len(row)} cells instead of {width}{spanned}"
                    )
                begun, start = start, end + 1
                lines.forget()
        except csv.Error as error:
            raise InputError(
                Problem(f"cannot be split into cells: {error}", file.name, start, fix="look for an unclosed quote")
            ) from None
        except _TooLong:
            raise InputError(
                Problem(
                    f"a line is longer than {LONGEST_CELL >> 20} MiB",
                    file.name,
                    start,
                    fix="export it again with line ends, or leave this file out",
                )
            ) from None
        if lines.open_quote(dialect.delimiter):
            raise InputError(
                Problem(
                    "a quote that opens here is never closed: the rest of the file is one cell",
                    file.name,
                    begun,
                    fix="close the quote or remove it",
                )
            )


class _TooLong(Exception):
    """A line that is too long to be held."""


class _Kept:
    """Lines without zero bytes, keeping those of the row being read, and of the row before."""

    def __init__(self, lines: Iterable[str]):
        self._lines, self._row, self._last = iter(lines), list[str](), list[str]()

    def __iter__(self) -> _Kept:
        return self

    def __next__(self) -> str:
        line = next(self._lines)
        if len(line) > LONGEST_CELL:
            raise _TooLong
        if "\0" in line:
            line = line.replace("\0", "")
        self._row.append(line)
        return line

    def forget(self) -> None:
        """A row is complete."""
        self._last, self._row = self._row, []

    def open_quote(self, delimiter: str) -> bool:
        """Whether the last row ended inside a quote."""
        try:
            list(csv.reader(self._last, delimiter=delimiter, strict=True))
        except csv.Error as error:
            return "end of data" in str(error)
        return False

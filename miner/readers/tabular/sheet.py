"""A spreadsheet as cells: the visible sheet that looks most like a log."""

from __future__ import annotations

import datetime as dt
import re
import zipfile
import zlib
from collections.abc import Iterator
from itertools import islice
from typing import Any

from miner.errors import InputError, Problem
from miner.events.sink import Sink
from miner.readers.base import SourceFile
from miner.readers.tabular.cells import Cells, store_rows
from miner.readers.tabular.dialect import unique_names
from miner.readers.tabular.keys import NAMES, REQUIRED
from miner.readers.tabular.mapping import simple

MAX_CELLS = 25_000_000  # the parser holds the whole rectangle that the cells span, 32 bytes each
_AT = re.compile(rb'<(?:[a-z]+:)?c\b[^>]*?\br="([A-Z]{1,3})(\d{1,7})"')
_LONGEST_TAG = 200


def load_sheet(file: SourceFile, sink: Sink) -> Cells:
    """The first of the visible sheets that look most like a log, else a hidden one; a note names the others."""
    import python_calamine as calamine

    _refuse_huge(file)
    try:
        book = calamine.CalamineWorkbook.from_path(str(file.path))
        hidden = {m.name for m in book.sheets_metadata if m.visible != calamine.SheetVisibleEnum.Visible}
        tables = [name for name in book.sheet_names if _is_table(book.get_sheet_by_name(name))]
        if not tables:
            raise InputError(
                Problem("no sheet holds a table", file.name, fix="export it as CSV, or add data to the sheet")
            )
        name = max(tables, key=lambda n: (n not in hidden, *_likeness(book.get_sheet_by_name(n))))
        sheet = book.get_sheet_by_name(name)
    except (calamine.CalamineError, OSError, ValueError) as error:
        raise InputError(
            Problem(f"this workbook cannot be read: {error}", file.name, fix="save it again as .xlsx")
        ) from None
    if others := ", ".join(f"{n!r}" + " (hidden)" * (n in hidden) for n in book.sheet_names if n != name):
        sink.note("sheets", f"only the sheet {name!r} was read; others: {others}")
    header = _header_at(sheet)
    rows = sheet.iter_rows()  # from the first row on, so that a row's number is the one that people see
    for _ in range(header):
        next(rows)
    columns, renamed = unique_names([_as_text(cell) or "" for cell in next(rows)])
    view = f"cells_{sink.source_no}"
    store_rows(sink.engine, view, columns, _texts(rows, header + 2, len(columns)))
    return Cells(view, columns, {}, renamed, True, f"spreadsheet, sheet {name!r}")


def _refuse_huge(file: SourceFile) -> None:
    """One stray cell far away makes a sheet of millions of empty ones; only the newer format can hold so many."""
    try:
        with zipfile.ZipFile(file.path) as archive:
            for member in archive.namelist():
                if member.startswith("xl/worksheets/sheet") and member.endswith(".xml"):
                    with archive.open(member) as sheet:
                        rows, columns = _span(sheet)
                    if rows * columns > MAX_CELLS:
                        raise InputError(
                            Problem(
                                f"a sheet spans {rows:,} rows and {columns:,} columns; is there a stray cell?",
                                file.name,
                                fix="delete the empty rows and columns, or save it as CSV",
                            )
                        )
    except (zipfile.BadZipFile, OSError, EOFError, NotImplementedError, RuntimeError, zlib.error):
        return  # the parser will say what is wrong with it


def _span(sheet: Any) -> tuple[int, int]:
    """The last row and column that cells of a sheet name."""
    last_row, last_column, before = 0, 0, b""
    while piece := sheet.read(1 << 20):
        found = set(_AT.findall(before + piece))
        last_row = max([last_row, *(int(row) for _, row in found)])
        last_column = max([last_column, *(_number(letters) for letters in {c for c, _ in found})])
        before = piece[-_LONGEST_TAG:]
    return last_row, last_column


def _number(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number


def _is_table(sheet: Any) -> bool:
    return sheet.height > 1 and sheet.width > 1


def _likeness(sheet: Any) -> tuple[int, bool]:
    """How many of case, activity and time the header of a sheet names, and whether it has as many columns."""
    header = next(islice(sheet.iter_rows(), _header_at(sheet), None))
    names = {simple(str(cell)) for cell in header if cell not in ("", None)}
    return sum(bool(names & set(NAMES[key].split())) for key in REQUIRED), len(names) >= len(REQUIRED)


def _header_at(sheet: Any) -> int:
    """The first row with about as many cells filled as the table is wide."""
    filled: list[tuple[int, int]] = []
    for at, row in enumerate(sheet.iter_rows()):
        if count := sum(1 for cell in row if cell not in ("", None)):
            filled.append((at, count))
        if len(filled) >= 50:
            break
    most = max(count for _, count in filled)
    return next(at for at, count in filled if count >= 0.6 * most)


def _texts(rows: Iterator[list[Any]], start: int, width: int) -> Iterator[tuple[int, list[Any]]]:
    for number, row in enumerate(rows, start=start):
        cells = [_as_text(cell) for cell in row]
        if any(cells):
            yield number, (cells + [None] * width)[:width]


def _as_text(cell: Any) -> str | None:
    if cell is None or cell == "":
        return None
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    if isinstance(cell, dt.datetime) and cell.time() == dt.time():
        return cell.date().isoformat()  # a day, as people see it: its time of day may stand in another column
    if isinstance(cell, dt.datetime):
        return cell.isoformat(sep=" ")
    return str(cell)

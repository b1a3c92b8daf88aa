"""A spreadsheet as cells: the first sheet that holds a table."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Any

from miner.errors import InputError, Problem
from miner.events.sink import Sink
from miner.readers.base import SourceFile
from miner.readers.tabular.cells import Cells, store_rows
from miner.readers.tabular.dialect import unique_names


def load_sheet(file: SourceFile, sink: Sink) -> Cells:
    """The first sheet with a header and rows; other sheets are named in a note."""
    import python_calamine as calamine

    try:
        book = calamine.CalamineWorkbook.from_path(str(file.path))
        sheets = [(name, book.get_sheet_by_name(name).to_python()) for name in book.sheet_names]
    except (calamine.CalamineError, OSError, ValueError) as error:
        raise InputError(
            Problem(f"this workbook cannot be read: {error}", file.name, fix="save it again as .xlsx")
        ) from None
    filled = [(name, rows) for name, rows in sheets if len(rows) > 1 and max(map(len, rows)) > 1]
    if not filled:
        raise InputError(Problem("no sheet holds a table", file.name))
    name, rows = filled[0]
    if len(filled) > 1:
        sink.note("sheets", f"only the sheet {name!r} was read; others: {', '.join(repr(n) for n, _ in filled[1:])}")
    header = _header_at(rows)
    columns, renamed = unique_names([_as_text(cell) or "" for cell in rows[header]])
    view = f"cells_{sink.source_no}"
    store_rows(sink.engine, view, columns, _texts(rows, header + 1, len(columns)))
    return Cells(view, columns, {}, renamed, True, f"spreadsheet, sheet {name!r}")


def _header_at(rows: list[list[Any]]) -> int:
    """The first row with about as many cells filled as the table is wide."""
    filled = [sum(1 for cell in row if cell not in ("", None)) for row in rows[:50]]
    return next(i for i, n in enumerate(filled) if n >= 0.6 * max(filled))


def _texts(rows: list[list[Any]], start: int, width: int) -> Iterator[tuple[int, list[Any]]]:
    for number, row in enumerate(rows[start:], start=start + 1):
        cells = [_as_text(cell) for cell in row]
        if any(cells):
            yield number, (cells + [None] * width)[:width]


def _as_text(cell: Any) -> str | None:
    if cell is None or cell == "":
        return None
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    if isinstance(cell, dt.datetime):
        return cell.isoformat(sep=" ")
    return str(cell)

"""What a delimited text looks like: delimiter, header row, column names."""

from __future__ import annotations

import csv
import io
import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from miner.events.schema import MISSING

DELIMITERS = (",", ";", "\t", "|", "^", "~", "\x01", "\x1f")
_DATA_LIKE = re.compile(r"^[+-]?[\d.,:/\-T Z]*\d[\d.,:/\-T Z+]*$")


_SPACED_ROWS, _SPACED_COLUMNS = 4, 4  # what fewer words beside each other say is prose
LINE = "line of the row"  # the name for the line column; a source's own column of that name gets another


@dataclass(frozen=True)
class Dialect:
    """How to split a text into cells. `skip` lines come before the first row of data."""

    delimiter: str
    columns: tuple[str, ...]
    skip: int
    header: bool
    renamed: tuple[str, ...] = ()  # names that were made up or made unique
    misfit: int = 0  # how many names the header has, where the rows below have another number of cells


def detect(head: str) -> Dialect | None:
    """The dialect of a text from its beginning; None where it is no table of two or more columns."""
    lines = list(io.StringIO(head, newline=""))  # line ends only: str.splitlines would part at separators inside cells
    best: tuple[float, str, list[tuple[int, list[str]]], int] | None = None
    for delimiter in DELIMITERS:
        rows = _rows(lines, delimiter)
        widths = Counter(len(row) for _, row in rows if len(row) > 1)
        if not widths:
            continue
        width, count = max(widths.items(), key=lambda item: (item[1], item[0]))
        score = count / len(rows) + min(width, 50) / 1000
        if best is None or score > best[0]:
            best = (score, delimiter, rows, width)
    if best is None:
        return _spaced(lines) or _single_column(lines)
    _, delimiter, rows, width = best
    return _with_header(delimiter, rows, _first(rows, width))


def _first(rows: list[tuple[int, list[str]]], width: int) -> int:
    """The place of the first row of the table: as wide as most, and filled like the others.

    Lines above a header are sometimes padded to its width with empty cells.
    """
    filled = {i: sum(1 for cell in row if cell.strip()) for i, (_, row) in enumerate(rows) if len(row) == width}
    most = max(list(filled.values())[:50])
    return next(i for i, n in filled.items() if n >= 0.6 * most)


def cells_of(lines: Iterable[str], delimiter: str) -> Any:
    """A `csv.reader` of the lines; spaces part cells however many they are."""
    if delimiter != " ":
        return csv.reader(lines, delimiter=delimiter)
    return csv.reader((line.strip(" \r\n") + "\n" for line in lines), delimiter=" ", skipinitialspace=True)


def _rows(lines: list[str], delimiter: str) -> list[tuple[int, list[str]]]:
    """Up to 200 rows with the number of lines read when each was complete."""
    reader = cells_of(lines, delimiter)
    rows: list[tuple[int, list[str]]] = []
    try:
        for row in reader:
            if row:
                rows.append((reader.line_num, row))
            if len(rows) >= 200:
                break
    except csv.Error:
        pass
    return rows


def _with_header(delimiter: str, rows: list[tuple[int, list[str]]], at: int) -> Dialect:
    line, cells = rows[at]
    if not _is_header(cells):
        before, above = rows[at - 1] if at else (0, [])
        if 2 < len(above) < len(cells) and _is_header(above):
            return _misfit(delimiter, rows, at, above)
        names = tuple(f"column{i + 1}" for i in range(len(cells)))
        return Dialect(delimiter, names, before, header=False, renamed=names)
    names, renamed = unique_names(cells)
    return Dialect(delimiter, names, line, header=True, renamed=renamed)


def _misfit(delimiter: str, rows: list[tuple[int, list[str]]], at: int, above: list[str]) -> Dialect:
    """A header with fewer names than the rows have cells: a delimiter too many at every end does no harm."""
    width = len(rows[at][1])
    spare = not any(cell.strip() for _, row in rows[at:] if len(row) == width for cell in row[len(above) :])
    names, renamed = unique_names(above + [""] * (width - len(above)))
    return Dialect(delimiter, names, rows[at - 1][0], True, renamed, misfit=0 if spare else len(above))


def _is_header(cells: list[str]) -> bool:
    """A header has names: no cell that is a number, a time or a missing marker (but unnamed columns)."""
    named = [c.strip() for c in cells if c.strip()]
    if len(named) < max(1, len(cells) - 2):
        return False
    return not any(_DATA_LIKE.match(c) or c in MISSING for c in named)


def _spaced(lines: list[str]) -> Dialect | None:
    """Columns parted by spaces, one or many: only with names above rows of as many cells, some of them numbers."""
    rows = _rows(lines, " ")
    if len(rows) < _SPACED_ROWS or {len(row) for _, row in rows[:-1]} != {len(rows[0][1])}:
        return None  # the last line may be cut
    if not all(any(map(_DATA_LIKE.match, row)) for _, row in rows[1:]):
        return None
    found = _with_header(" ", rows, 0)
    return found if found.header and len(found.columns) >= _SPACED_COLUMNS else None


def _single_column(lines: list[str]) -> Dialect | None:
    first = lines[0].strip() if lines else ""
    return Dialect(",", (first,), 1, header=True) if first and _is_header([first]) else None


def unique_names(cells: list[str]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Column names made unique and non-empty, and those that were changed."""
    names: list[str] = []
    changed: list[str] = []
    taken: set[str] = {LINE}
    numbers: dict[str, int] = {}  # of a name that is there often, the number to try next
    for i, cell in enumerate(cells):
        said = cell.replace("\0", "").strip().lstrip("\ufeff")
        wanted = said or f"column{i + 1}"
        name, n = wanted, numbers.get(wanted.lower(), 2)
        while name.lower() in taken:
            name, n = f"{wanted}_{n}", n + 1
        numbers[wanted.lower()] = n
        if name != said:
            changed.append(name)
        taken.add(name.lower())
        names.append(name)
    return tuple(names), tuple(changed)

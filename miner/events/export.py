"""Tables of a workspace as files for other programs."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from miner.errors import UsageError
from miner.workspace import Workspace, replacing

if TYPE_CHECKING:
    from miner.events.engine import Engine

FORMATS = ("csv", "parquet", "xlsx")
EXCEL_ROWS = 1_048_575
FORMULA = "=+-@\t\r\n＝＋－＠"  # what a formula begins with; the wide signs in East Asian editions


def write_table(workspace: Workspace, name: str, form: str, target: Path) -> None:
    """One table as CSV, Parquet or XLSX; UsageError for unknown tables and formats, and too many rows for a sheet."""
    if form not in FORMATS:
        raise UsageError(f"unknown format {form!r}", fix=f"formats are: {' '.join(FORMATS)}")
    from miner.events.engine import Engine, literal

    workspace.arrow(name, [])  # says what tables there are where this one is not
    with Engine() as engine, replacing(target) as draft:
        source = f"read_parquet({literal(workspace.table_path(name))})"
        if form == "parquet":
            engine.copy_parquet(f"SELECT * FROM {source}", draft)
        else:
            safe = _harmless_select(engine, source)
            if form == "csv":
                engine.run(f"COPY ({safe}) TO {literal(draft)} (FORMAT csv, HEADER)")
            else:
                _write_sheet(engine, safe, name, draft)


def harmless(cell: object) -> object:
    """A cell that no spreadsheet takes for a formula."""
    return f"'{cell}" if isinstance(cell, str) and cell[:1] and cell[0] in FORMULA else cell


def _harmless_select(engine: Engine, source: str) -> str:
    """Text cells that begin like a formula get a quote before them."""
    from miner.events.engine import quote

    columns = []
    for name, kind, *_ in engine.rows(f"DESCRIBE SELECT * FROM {source}"):
        cell = quote(name)
        risky = f"{cell} <> '' AND contains('{FORMULA}', substr({cell}, 1, 1))"
        columns.append(
            f"CASE WHEN {risky} THEN '''' || {cell} ELSE {cell} END AS {cell}" if kind == "VARCHAR" else cell
        )
    return f"SELECT {', '.join(columns)} FROM {source}"


def _write_sheet(engine: Engine, select: str, name: str, draft: Path) -> None:
    from openpyxl import Workbook

    (rows,) = engine.one(f"SELECT count(*) FROM ({select})")
    if rows > EXCEL_ROWS:
        raise UsageError(f"{name} has {rows:,} rows, a sheet holds {EXCEL_ROWS:,}", fix="use --format csv or parquet")
    book = Workbook(write_only=True)
    sheet = book.create_sheet(name)
    cursor = engine.run(select)
    sheet.append([column[0] for column in cursor.description])
    while chunk := cursor.fetchmany(10_000):
        for row in chunk:
            sheet.append(list(row))
    book.save(draft)

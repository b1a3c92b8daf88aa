"""One way into the tabular formats, for every reader whose export is a table."""

from __future__ import annotations

import duckdb

from miner.errors import InputError, Problem
from miner.events.sink import Sink
from miner.readers.base import Options, Report, SourceFile
from miner.readers.tabular.cells import Cells
from miner.readers.tabular.delimited import load_delimited
from miner.readers.tabular.parquet import PARQUET, load_parquet, unreadable
from miner.readers.tabular.project import Profile, project

_SHEETS = (".xlsx", ".xlsm", ".xlsb", ".xls", ".ods")


def is_table(file: SourceFile) -> str | None:
    """What kind of table a file is, in a word, from its first bytes and its name; None where it is none."""
    if file.head[:4] == b"PAR1":
        return "parquet"
    if file.suffix in _SHEETS and file.head[:4] in (b"PK\x03\x04", b"\xd0\xcf\x11\xe0"):
        return "sheet"
    start = file.head.lstrip(b"\xef\xbb\xbf \t\r\n")[:1]
    if start in (b"{", b"["):
        return "json"
    if start == b"<" or not start or file.head.count(b"\0") * 20 > len(file.head):
        return None
    return "delimited"


def load(file: SourceFile, sink: Sink, records_at: str | None = None) -> Cells:
    """The cells of a table file; raises InputError where it is none. `records_at`: where those of JSON lie."""
    kind = is_table(file)
    if kind == "parquet":
        return load_parquet(file, sink)
    if kind == "sheet":
        from miner.readers.tabular.sheet import load_sheet

        return load_sheet(file, sink)
    if kind == "json":
        from miner.readers.tabular.jsonrows import load_json

        return load_json(file, sink, records_at)
    if kind == "delimited":
        return load_delimited(file, sink)
    raise InputError(
        Problem(
            "this is not a table (CSV, Parquet, JSON lines, spreadsheet)", file.name, fix="export it as one of these"
        )
    )


def read_table(
    file: SourceFile, options: Options, sink: Sink, report: Report, profile: Profile | None = None
) -> Report:
    """Read a table file into the sink by its mapping; returns the completed report."""
    cells = load(file, sink, options.records_at)
    report.why = report.why or cells.words
    if cells.renamed:
        what = (
            "columns without a name or with a duplicate name" if cells.header else "the file has no header row; columns"
        )
        sink.note("column_names", f"{what} are called {', '.join(cells.renamed[:8])}", len(cells.renamed))
    try:
        project(cells, file, options, sink, report, profile or Profile())
    except duckdb.Error as error:
        if cells.words != PARQUET:
            raise
        raise unreadable(file.name, error) from None  # a page of it is damaged, which shows only when it is read
    return report

"""Any event log in a table: CSV and its kin, Parquet, JSON lines, spreadsheets."""

from __future__ import annotations

from miner.events.sink import Sink
from miner.readers.base import Match, Options, Report, SourceFile
from miner.readers.tabular.read import is_table, read_table

NAME = "eventlog"
TITLE = "event log (CSV, Parquet, JSON lines, XLSX)"
LINKED = False


def sniff(file: SourceFile) -> Match | None:
    """Any table will do; every other reader goes first."""
    kind = is_table(file)
    return (
        Match(
            10,
            {"delimited": "text with columns", "sheet": "a spreadsheet", "json": "JSON records", "parquet": "Parquet"}[
                kind
            ],
        )
        if kind
        else None
    )


def read(file: SourceFile, options: Options, sink: Sink) -> Report:
    """Read a table by the user's mapping or a good guess; see `miner.readers.tabular`."""
    return read_table(file, options, sink, Report(file.name, NAME, ""))

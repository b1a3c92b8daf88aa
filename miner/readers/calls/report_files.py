"""The skeleton of a reader whose calls are rows of reports: CSV and its kin, spreadsheets, JSON."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from miner.readers.base import Options, SourceFile
from miner.readers.calls.tables import Row, Table, plain
from miner.readers.shared.call_files import CallFiles


class ReportFiles(CallFiles):
    """The reports of one system; a reader says which fields it reads, which of them are times, and what a row is."""

    fields: Collection[str]
    times: Collection[str]
    needed: Collection[str]
    pages: tuple[str, ...] = ()
    names: Mapping[str, str] | None = None  # other names of fields
    default: Options | None = None  # the zone and the order of day and month that the system documents
    joined: Mapping[str, tuple[str, str]] | None = None  # fields made of two others, a date and a time of day

    columns: dict[str, str]  # what the user mapped, by plain name

    def stage(self, file: SourceFile) -> None:
        """Lay the rows of a report down."""
        self.columns = {key: plain(name) for key, name in self.mapping.items()}
        table = Table(
            file,
            self.sink,
            self.options,
            (*self.fields, *self.columns.values()),
            self.times,
            self.needed,
            self.pages,
            self.names,
            self.default,
            self.joined,
        )
        table.words(self.report)
        self.take_each(table.rows(), self.take_row)

    def take_row(self, line: int, row: Row) -> None:
        """Stage a row; Malformed where it cannot be used."""
        raise NotImplementedError

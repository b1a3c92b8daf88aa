"""Tables of databases: rows that an address names, and database files that lie among the exports."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from miner.errors import Problem
from miner.events.sink import Sink
from miner.readers.base import Match, Options, Report, SourceFile, UnknownFormat
from miner.readers.databases.address import Address
from miner.readers.tabular.project import Profile
from miner.readers.tabular.read import read_table

NAME = "database"
TITLE = "table or query of a database"
LINKED = False

_SQLITE, _DUCK = b"SQLite format 3\0", b"DUCK"


def sniff(file: SourceFile) -> Match | None:
    """A SQLite or DuckDB file; which of its tables is the log is said by an address."""
    kind = _kind(file)
    return Match(50, f"a database file of {'SQLite' if kind == 'sqlite' else 'DuckDB'}") if kind else None


def read(file: SourceFile, options: Options, sink: Sink) -> Report:
    """Read the rows that were copied from a database, or the only table of a database file, by the user's mapping.

    A file with several tables is UnknownFormat: passed over in a folder, an error that names them where it was named.
    """
    kind = _kind(file)
    report = Report(file.name, NAME, "")
    if kind is None:
        report.why = "rows of a database"
        return read_table(file, options, sink, report, Profile(system=NAME))
    lister = _lister(kind)
    found = lister(file.path, file.name)
    if len(found) != 1 or found != lister(file.path, file.name, False):
        names = f"its tables are: {', '.join(found[:40])}" if found else "it holds none"
        raise UnknownFormat(
            Problem("name the table that holds the log", file.name, fix=f"{kind}:{file.name}?table=NAME; {names}")
        )
    from miner.readers.databases.tables import copy_rows

    copied = sink.engine.new_file(".parquet")
    copy_rows(Address(kind, str(file.path), file.name, found[0]), copied)
    report.why = f"its only table, {found[0]}"
    return read_table(replace(file, path=copied), options, sink, report, Profile(system=NAME))


def _kind(file: SourceFile) -> str | None:
    if file.head.startswith(_SQLITE):
        return "sqlite"
    return "duckdb" if file.head[8:12] == _DUCK else None


def _lister(kind: str) -> Callable[..., list[str]]:
    if kind == "sqlite":
        from miner.readers.databases.sqlite import tables as of_sqlite

        return of_sqlite
    from miner.readers.databases.duck import tables as of_duckdb

    return of_duckdb

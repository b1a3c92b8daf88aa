"""SQLite files, opened read-only, with a guard that lets nothing but reading through."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from urllib.parse import quote as quoted

from miner.errors import InputError, Problem
from miner.readers.databases.address import Address
from miner.readers.databases.batches import Rows, in_batches

# What a damaged file makes of it: also names and messages that are no text.
ERRORS = (sqlite3.Error, UnicodeDecodeError)
_READING = frozenset({sqlite3.SQLITE_SELECT, sqlite3.SQLITE_READ, sqlite3.SQLITE_FUNCTION, sqlite3.SQLITE_RECURSIVE})


@contextmanager
def open_sqlite(address: Address, sql: str) -> Iterator[tuple[list[str], Rows]]:
    """The names and rows of a SELECT on a SQLite file; InputError for whatever is wrong with either."""
    try:
        with closing(connect(Path(address.place), address.name)) as connection:
            cursor = connection.execute(sql)
            yield [column[0] for column in cursor.description], in_batches(cursor.fetchmany)
    except ERRORS as error:
        raise InputError(Problem(f"SQLite says: {error}", address.name, fix=_known(address))) from None


def connect(path: Path, name: str, views: bool = True) -> sqlite3.Connection:
    """A connection that can only read; InputError where the file is not there.

    Without `views` only tables are read: a view of a file that nobody asked for by name may never end.
    """
    if not path.is_file():
        raise InputError(Problem("no such file", name, fix="check the path; it is relative to the current folder"))
    connection = sqlite3.connect(f"file:{quoted(str(path.resolve()))}?mode=ro", uri=True)
    connection.text_factory = lambda cell: cell.decode("utf-8", "replace")
    connection.execute("PRAGMA trusted_schema = OFF")
    connection.execute("PRAGMA cell_size_check = ON")

    def allow(action: int, _1: object, _2: object, _3: object, view: object) -> int:
        return sqlite3.SQLITE_OK if action in _READING and (views or view is None) else sqlite3.SQLITE_DENY

    connection.set_authorizer(allow)
    return connection


def tables(path: Path, name: str, views: bool = True) -> list[str]:
    """The tables, and the views, of a SQLite file; InputError where it is none."""
    kinds = "('table', 'view')" if views else "('table')"
    try:
        with closing(connect(path, name)) as connection:
            rows = connection.execute(
                f"SELECT name FROM sqlite_master WHERE type IN {kinds} AND name NOT LIKE 'sqlite_%' ORDER BY 1"
            )
            return [row[0] for row in rows]
    except ERRORS as error:
        raise InputError(
            Problem(f"SQLite says: {error}", name, fix="check that it is a SQLite file and no program writes to it")
        ) from None


def _known(address: Address) -> str | None:
    try:
        found = tables(Path(address.place), address.name)
    except InputError:
        return None
    return f"its tables are: {', '.join(found[:40])}" if found else None

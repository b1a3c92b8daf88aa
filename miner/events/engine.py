"""The event engine: one DuckDB session in UTC, bounded in memory, spilling to disk."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import duckdb

from miner.errors import UsageError

if TYPE_CHECKING:
    import pyarrow as pa

DEFAULT_MEMORY = "1GB"
TooLittle = duckdb.OutOfMemoryException


def quote(name: str) -> str:
    """A name as an SQL identifier; the only way a name from a log gets into SQL."""
    return '"' + name.replace('"', '""') + '"'


def literal(value: object) -> str:
    """A text or a path as an SQL literal; the only way a path or a word of ours gets into SQL."""
    return "'" + str(value).replace("'", "''") + "'"


def too_little() -> UsageError:
    """What an engine that ran out of memory, or of room for what it spills, means for the user."""
    return UsageError(
        f"the event engine may take {_limit()} of memory, but this run needs more",
        fix="raise the limit, e.g. MINER_MEMORY=4GB miner …; if the disk for temporary files is full, set TMPDIR",
    )


def _limit() -> str:
    return os.environ.get("MINER_MEMORY") or DEFAULT_MEMORY


class Engine:
    """A DuckDB connection with the project's settings. Use as a context manager.

    UsageError where it may take too little memory, as `MINER_MEMORY` says, or where that says no amount.
    """

    def __init__(self, memory: str | None = None):
        self._files = 0
        self._spill = tempfile.mkdtemp(prefix="miner-")
        settings: dict[str, str | bool | int | float | list[str]] = {
            "memory_limit": memory or _limit(),
            "temp_directory": self._spill,
            "autoinstall_known_extensions": False,
            "autoload_known_extensions": False,
            "preserve_insertion_order": True,
        }
        try:
            self.sql = duckdb.connect(config=settings)
        except duckdb.Error as error:
            shutil.rmtree(self._spill, ignore_errors=True)
            raise UsageError(
                f"MINER_MEMORY is {_limit()!r}: {str(error).splitlines()[0]}",
                fix="give the memory limit as in MINER_MEMORY=4GB",
            ) from None
        self.sql.execute("SET TimeZone = 'UTC'")
        # A sum of doubles depends on the order of the rows, which threads change; to the millionth it does not.
        self.sql.execute("CREATE MACRO total(x) AS sum(CAST(round(x * 1e6) AS HUGEINT)) / 1e6")
        self.sql.execute("SET enable_progress_bar = false")  # what is printed belongs to the commands

    def __enter__(self) -> Engine:
        return self

    def __exit__(self, _: object, error: BaseException | None, _traceback: object) -> None:
        self.close()
        if isinstance(error, TooLittle):
            raise too_little() from error

    def close(self) -> None:
        """Close the session and remove what it spilled."""
        self.sql.close()
        shutil.rmtree(self._spill, ignore_errors=True)

    def new_file(self, suffix: str = "") -> Path:
        """A path in the session's own temporary folder that nothing has used yet."""
        self._files += 1
        return Path(self._spill) / f"file-{self._files}{suffix}"

    def run(self, sql: str, parameters: Iterable[Any] = ()) -> duckdb.DuckDBPyConnection:
        """Execute one statement; values go in as parameters only."""
        return self.sql.execute(sql, list(parameters))

    def make(self, table: str, select: str) -> None:
        """Make a table of the rows of a statement."""
        self.run(f"CREATE OR REPLACE TABLE {quote(table)} AS {select}")

    def drop(self, table: str) -> None:
        """Remove a table."""
        self.run(f"DROP TABLE {quote(table)}")

    def tables(self) -> set[str]:
        """The tables and views that are there."""
        return {row[0] for row in self.rows("SHOW TABLES")}

    def rows(self, sql: str, parameters: Iterable[Any] = ()) -> list[tuple[Any, ...]]:
        """All rows of a query."""
        return self.run(sql, parameters).fetchall()

    def one(self, sql: str, parameters: Iterable[Any] = ()) -> tuple[Any, ...]:
        """The single row of a query."""
        (row,) = self.rows(sql, parameters)
        return row

    def insert_arrow(self, table: str, batch: pa.Table) -> None:
        """Append an Arrow table to an engine table, by column name."""
        self.sql.register("incoming", batch)
        try:
            self.sql.execute(f"INSERT INTO {quote(table)} BY NAME SELECT * FROM incoming")
        finally:
            self.sql.unregister("incoming")

    def create(self, table: str, columns: dict[str, str]) -> None:
        """An empty table with these columns and types."""
        body = ", ".join(f"{quote(c)} {t}" for c, t in columns.items())
        self.sql.execute(f"CREATE OR REPLACE TABLE {quote(table)} ({body})")

    def see_parquet(self, name: str, path: Path) -> None:
        """Let a Parquet file be read by a name, as a view."""
        self.sql.execute(f"CREATE VIEW {quote(name)} AS SELECT * FROM read_parquet({literal(path)})")

    def copy_parquet(self, select: str, path: Path) -> None:
        """Write the rows of a query to a Parquet file."""
        self.sql.execute(f"COPY ({select}) TO {literal(path)} (FORMAT parquet, COMPRESSION zstd, COMPRESSION_LEVEL 1)")

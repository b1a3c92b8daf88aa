"""The event engine: one DuckDB session in UTC, bounded in memory, spilling to disk."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import duckdb

if TYPE_CHECKING:
    import pyarrow as pa

DEFAULT_MEMORY = "1GB"


def quote(name: str) -> str:
    """A name as an SQL identifier; the only way a name from a log gets into SQL."""
    return '"' + name.replace('"', '""') + '"'


class Engine:
    """A DuckDB connection with the project's settings. Use as a context manager."""

    def __init__(self, memory: str | None = None):
        self._files = 0
        self._spill = tempfile.mkdtemp(prefix="miner-")
        self.sql = duckdb.connect(
            config={
                "memory_limit": memory or os.environ.get("MINER_MEMORY", DEFAULT_MEMORY),
                "temp_directory": self._spill,
                "autoinstall_known_extensions": False,
                "autoload_known_extensions": False,
                "preserve_insertion_order": True,
            }
        )
        self.sql.execute("SET TimeZone = 'UTC'")
        self.sql.execute("SET enable_progress_bar = false")  # what is printed belongs to the commands

    def __enter__(self) -> Engine:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

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
        file = str(path).replace("'", "''")
        self.sql.execute(f"CREATE VIEW {quote(name)} AS SELECT * FROM read_parquet('{file}')")

    def copy_parquet(self, select: str, path: Path) -> None:
        """Write the rows of a query to a Parquet file."""
        target = str(path).replace("'", "''")
        self.sql.execute(f"COPY ({select}) TO '{target}' (FORMAT parquet, COMPRESSION zstd, COMPRESSION_LEVEL 1)")

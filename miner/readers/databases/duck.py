"""DuckDB files, opened read-only in a session of their own that reaches no other file."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from miner.errors import InputError, Problem
from miner.readers.databases.address import Address
from miner.readers.databases.batches import BATCH


def copy_duckdb(address: Address, sql: str, target: Path) -> None:
    """Copy the rows of a SELECT into a Parquet file, types as they are; InputError for whatever is wrong."""
    import duckdb
    import pyarrow.parquet as pq

    connection = _connect(Path(address.place), address.name)
    try:
        reader = connection.sql(sql).to_arrow_reader(BATCH)
        with pq.ParquetWriter(target, reader.schema, compression="zstd", compression_level=1) as writer:
            for batch in reader:
                writer.write_batch(batch)
    except duckdb.Error as error:
        known = f"its tables are: {', '.join(_tables(connection)[:40])}"
        raise InputError(Problem(f"DuckDB says: {str(error).splitlines()[0]}", address.name, fix=known)) from None
    finally:
        connection.close()


def tables(path: Path, name: str, views: bool = True) -> list[str]:
    """The tables, and the views, of a DuckDB file; InputError where it is none."""
    connection = _connect(path, name)
    try:
        return _tables(connection, views)
    finally:
        connection.close()


def _tables(connection: Any, views: bool = True) -> list[str]:
    rows = connection.execute("SELECT DISTINCT table_name, table_type FROM information_schema.tables ORDER BY 1")
    return [name for name, kind in rows.fetchall() if views or kind != "VIEW"]


def _connect(path: Path, name: str) -> Any:
    import duckdb

    if not path.is_file():
        raise InputError(Problem("no such file", name, fix="check the path; it is relative to the current folder"))
    try:
        connection = duckdb.connect(
            str(path),
            read_only=True,
            config={
                "enable_external_access": False,
                "autoload_known_extensions": False,
                "autoinstall_known_extensions": False,
            },
        )
        connection.execute("SET TimeZone = 'UTC'")
        connection.execute("SET lock_configuration = true")
    except duckdb.Error as error:
        raise InputError(
            Problem(
                f"DuckDB cannot open it: {str(error).splitlines()[0]}",
                name,
                fix="close the program that has it open, or export the table as Parquet",
            )
        ) from None
    return connection

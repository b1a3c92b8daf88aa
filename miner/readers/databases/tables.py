"""Rows of a table or query, read-only and in batches, into a Parquet file of text columns."""

from __future__ import annotations

import re
from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any

from miner.errors import InputError, Problem
from miner.readers.databases.address import Address
from miner.readers.databases.batches import Rows
from miner.readers.tabular.dialect import unique_names

Opened = Callable[[Address, str], AbstractContextManager[tuple[list[str], Rows]]]

_QUOTED = re.compile(r"'(?:[^']|'')*'|\"(?:[^\"]|\"\")*\"|`[^`]*`|--[^\n]*|/\*.*?\*/", re.DOTALL)


def copy_rows(address: Address, target: Path) -> None:
    """Copy the rows of a database's table or query into a Parquet file."""
    if address.scheme == "duckdb":
        from miner.readers.databases.duck import copy_duckdb

        copy_duckdb(address, select(address, '"'), target)
        return
    opened, mark = _drivers(address.scheme)
    with opened(address, select(address, mark)) as (names, batches):
        _write(names, batches, target)


def _drivers(scheme: str) -> tuple[Opened, str]:
    if scheme == "sqlite":
        from miner.readers.databases.sqlite import open_sqlite

        return open_sqlite, '"'
    from miner.readers.databases.servers import open_mysql, open_postgresql

    return (open_postgresql, '"') if scheme == "postgresql" else (open_mysql, "`")


def select(address: Address, mark: str) -> str:
    """The one SELECT that an address stands for; InputError where its query is anything else."""
    if address.query is not None:
        return _one_select(address)
    parts = (part.strip(mark) for part in (address.table or "").split("."))
    return "SELECT * FROM " + ".".join(f"{mark}{part.replace(mark, mark * 2)}{mark}" for part in parts)


def _one_select(address: Address) -> str:
    query = (address.query or "").strip().rstrip(";").rstrip()
    bare = _QUOTED.sub(" ", query)
    words = bare.split()
    problem = None
    if not words or words[0].lower().lstrip("(") not in ("select", "with", "from"):
        problem = "a query begins with SELECT or WITH"
    elif ";" in bare:
        problem = "a query is one SELECT, not several statements"
    elif re.search(r"\binto\b", bare, re.IGNORECASE):
        problem = "a query reads; SELECT … INTO writes"
    if problem:
        raise InputError(Problem(problem, address.name, fix="give one SELECT, or a view that says it: ?table=VIEW"))
    return query


def _write(names: list[str], batches: Rows, target: Path) -> None:
    import pyarrow as pa
    import pyarrow.parquet as pq

    columns, _ = unique_names(names)
    schema = pa.schema([(name, pa.string()) for name in columns])
    with pq.ParquetWriter(target, schema, compression="zstd", compression_level=1) as writer:
        for rows in batches:
            arrays = [pa.array([_text(row[n]) for row in rows], pa.string()) for n in range(len(columns))]
            writer.write_table(pa.table(arrays, schema=schema))


def _text(value: Any) -> str | None:
    """A cell as text; times with their zone where they have one."""
    if value is None or isinstance(value, str):
        return value if value is None else value.encode("utf-8", "replace").decode()
    if isinstance(value, (bytes, bytearray, memoryview)):
        return bytes(value).decode("utf-8", "replace")
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value)

"""Small tables that the program fills: parameters, lists of words, calendars. Their headers declare them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from miner.events.engine import Engine
from miner.sql.catalog import model


def create(engine: Engine, table: str) -> None:
    """An empty table with the columns that its header declares."""
    engine.create(table, {column.name: column.engine_type for column in model(table).all_columns})


def fill(engine: Engine, table: str, rows: Iterable[Sequence[Any]]) -> None:
    """A table with these rows, each in the order of the header's columns."""
    create(engine, table)
    append(engine, table, rows)


def append(engine: Engine, table: str, rows: Iterable[Sequence[Any]]) -> None:
    """Add rows to a table, each in the order of the header's columns."""
    import pyarrow as pa

    if values := list(zip(*rows, strict=True)):
        columns = [column.arrow_field() for column in model(table).all_columns]
        arrays = [pa.array(each, field.type) for each, field in zip(values, columns, strict=True)]
        engine.insert_arrow(table, pa.table(arrays, schema=pa.schema(columns)))

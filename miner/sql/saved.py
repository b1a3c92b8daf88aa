"""The one way out to Parquet and the one way back: seconds and timestamps in files, integers in the engine."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import partial
from pathlib import Path
from typing import Any

from miner.events.engine import Engine, literal, quote
from miner.sql.catalog import model, models
from miner.sql.columns import Column
from miner.sql.inputs import create
from miner.workspace import Workspace


def saved_select(table: str) -> str:
    """SQL for a table as it is saved: its columns, times as timestamps, seconds as doubles, in its order of rows."""
    made = model(table)
    columns = ", ".join(column.save_sql(table) for column in made.columns)
    # Sorted before the columns are made: numbered words are small, their texts are not.
    order = f" ORDER BY {made.order}" if made.order else ""
    return f"SELECT {columns} FROM (SELECT * FROM {table}{order}) AS {table}"


def save(engine: Engine, workspace: Workspace, table: str) -> None:
    """Write a table of the engine to the Parquet file that its header names."""
    made = model(table)
    workspace.write(f"tables/{made.saved_in}.parquet", partial(engine.copy_parquet, saved_select(table)))


def add_columns(engine: Engine, workspace: Workspace, table: str) -> None:
    """Write the file that a table is saved into anew, with the table's columns behind those of the file itself."""
    made = model(table)
    path = workspace.table_path(made.saved_in or table)
    added = {column.saved_name for column in made.columns}
    own = [f"t.{quote(name)}" for name in _columns(engine, path) if name not in added]
    columns = ", ".join([*own, *(column.save_sql(table) for column in made.columns)])
    keys = " AND ".join(f"{table}.{name} = t.{name}" for name in made.grain)
    select = f"SELECT {columns} FROM read_parquet({literal(path)}) t JOIN {table} ON {keys} ORDER BY {made.order}"
    workspace.write(f"tables/{made.saved_in}.parquet", partial(engine.copy_parquet, select))


def save_rows(workspace: Workspace, table: str, rows: Iterable[Mapping[str, Any]]) -> None:
    """Write rows that the program made, with the columns that the header of the table declares."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    schema = pa.schema([column.arrow_field() for column in model(table).columns])
    content = pa.Table.from_pylist(list(rows), schema=schema)
    workspace.write(f"tables/{table}.parquet", partial(pq.write_table, content))


def load_saved(engine: Engine, workspace: Workspace, *tables: str) -> None:
    """Let saved tables be read under their names, with the engine's integers beside the files' seconds and timestamps.

    Nothing is copied: each is a view. A table whose file is not there is empty; a column that a file lacks is null.
    """
    for table in tables:
        made = models().get(table)
        path = workspace.table_path((made and made.saved_in) or table)
        if path.is_file():
            more = restored_columns(table, _columns(engine, path)) if made else []
            file = f"read_parquet({literal(path)})"
            engine.run(f"CREATE OR REPLACE VIEW {quote(table)} AS SELECT {', '.join(['*', *more])} FROM {file}")
        else:
            create(engine, table)


def restored_columns(table: str, there: list[str]) -> list[str]:
    """SQL for the engine's columns of a file with these columns, by the headers of all models that save into it."""
    columns: dict[str, Column] = {}
    for made in models().values():
        if made.saved_in == (model(table).saved_in or table):
            columns |= {column.saved_name: column for column in made.columns}
    sql = [column.load_sql() if name in there else column.null_sql() for name, column in columns.items()]
    return [one for one in sql if one]


def _columns(engine: Engine, path: Path) -> list[str]:
    return [row[0] for row in engine.rows(f"DESCRIBE SELECT * FROM read_parquet({literal(path)})")]

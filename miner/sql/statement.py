"""A model with all its upstream steps as one statement over the files of a workspace, to be pasted into DuckDB."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from miner.errors import UsageError
from miner.events.engine import literal
from miner.sql.catalog import model
from miner.sql.header import Model
from miner.sql.macros import DUCKDB
from miner.sql.plan import plan
from miner.sql.restored import LOST, RESTORED
from miner.sql.saved import restored_columns, saved_select
from miner.workspace import Workspace

Rows = Sequence[tuple[Any, ...]]


def statement(workspace: Workspace, table: str, rows_of: Callable[[set[str]], Mapping[str, Rows]]) -> str:
    """The statement of a table; a saved table has the columns, types and order of rows of its file.

    `rows_of` gives the rows of inputs that are no file. UsageError for what cannot be computed from a workspace.
    """
    wanted = model(table)
    if table in RESTORED:
        return f"{_comment(wanted)}{_restored(workspace, table)}\n"
    if not is_kept(table):
        raise UsageError(f"{table}: not kept in a workspace", fix="list the tables with: miner sql")
    computed = _computed(table)
    leaves = _leaves(computed)
    rows = rows_of({name for name in leaves if _is_given(name)})
    parts = [_leaf(workspace, name, rows) for name in sorted(leaves)]
    steps = [step.model for step in plan([table], given=leaves)]
    parts += [_step(step.table, DUCKDB.render(step)) for step in steps]
    joined = ",\n".join(parts)
    result = saved_select(table) if wanted.saved_in else f"SELECT * FROM {table}"
    return f"{_comment(wanted)}WITH {joined}\n{result}\n"


def is_kept(table: str) -> bool:
    """True where a table can be computed from the files of a workspace."""
    needed = _leaves(_computed(table)) | {table}
    return table in RESTORED or not (model(table).is_input or needed & LOST)


def _leaves(computed: set[str]) -> set[str]:
    """What the computed tables read besides one another."""
    return {name for step in computed for name in model(step).reads} - computed


def _computed(table: str) -> set[str]:
    """The tables to compute: the wanted one, steps, and saved tables of which more is read than is saved."""
    computed, left = {table}, [table]
    while left:
        reader = model(left.pop())
        for name in set(reader.reads) - computed - RESTORED.keys() - LOST:
            if not model(name).is_input and (not model(name).is_saved or _reads_unsaved(reader, model(name))):
                computed.add(name)
                left.append(name)
    return computed


def _reads_unsaved(reader: Model, read: Model) -> bool:
    """True where a statement names columns of a saved table that cannot be had from its file."""
    kept = {str(column.sql) for column in read.columns if column.sql}
    return any(re.search(rf"\b{column.name}\b", reader.body) for column in read.unsaved if column.name not in kept)


def _is_given(name: str) -> bool:
    """True for an input that is neither a file nor made of files."""
    return model(name).is_input and not model(name).is_saved and name not in RESTORED


def _leaf(workspace: Workspace, name: str, rows: Mapping[str, Rows]) -> str:
    if _is_given(name):
        return _values(model(name), rows[name])
    return _step(name, _restored(workspace, name) if name in RESTORED else f"SELECT * FROM {_file(workspace, name)}")


def _step(name: str, select: str) -> str:
    indented = "\n".join(f"  {line}".rstrip() for line in select.splitlines())
    return f"{name} AS (\n{indented}\n)"


def _comment(made: Model) -> str:
    return f"-- {made.table}: {made.definition}\n"


def _restored(workspace: Workspace, name: str) -> str:
    return re.sub(r"\{(\w+)\}", lambda match: _file(workspace, match[1]), RESTORED[name])


def _file(workspace: Workspace, table: str) -> str:
    """A saved table in a FROM clause."""
    import pyarrow.parquet as pq

    path = workspace.table_path(model(table).saved_in or table).resolve()
    columns = ", ".join(["*", *restored_columns(table, pq.read_schema(path).names)])
    return f"(SELECT {columns} FROM read_parquet({literal(path)})) AS {table}_file"


def _values(made: Model, rows: Rows) -> str:
    """An input as literal rows."""
    names = [column.name for column in made.all_columns]
    kinds = [column.engine_type for column in made.all_columns]
    if not rows:
        nothing = ", ".join(f"CAST(NULL AS {kind}) AS {name}" for name, kind in zip(names, kinds, strict=True))
        return f"{made.table} AS (SELECT {nothing} WHERE false)"
    first = ", ".join(f"CAST({_literal(value)} AS {kind})" for value, kind in zip(rows[0], kinds, strict=True))
    others = (", ".join(map(_literal, row)) for row in rows[1:])
    listed = ",\n  ".join(f"({row})" for row in (first, *others))
    return f"{made.table}({', '.join(names)}) AS (VALUES\n  {listed}\n)"


def _literal(value: Any) -> str:
    if value is None:
        return "NULL"
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, (int, float)):
        return repr(value)
    if isinstance(value, (list, tuple)):
        return f"[{', '.join(map(_literal, value))}]"
    return literal(value)

"""`miner sql`: every table as one statement over the files of a workspace."""

from __future__ import annotations

import math
from functools import cache
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa
import pytest

from miner.errors import UsageError
from miner.pipeline.sql_inputs import rows_of
from miner.sql import models, saved_select
from miner.sql.restored import LOST, RESTORED
from miner.sql.statement import is_kept, statement
from miner.workspace import Workspace
from tests.docs.sandbox import miner as command

KEPT = [name for name in models() if is_kept(name)]


def text(workspace: Workspace, table: str) -> str:
    """The statement of a table."""
    return statement(workspace, table, lambda tables: _inputs(workspace.path))


@cache
def _inputs(path: Path) -> dict[str, Any]:
    """The rows of every input, asked for once."""
    kept = {name for table in KEPT for name in models()[table].reads}
    inputs = {name for name in kept if models()[name].is_input and not models()[name].is_saved}
    return rows_of(Workspace(path), inputs - LOST - RESTORED.keys())


def answer(sql: str) -> pa.Table:
    """What a plain DuckDB, without anything of ours, makes of a statement."""
    with duckdb.connect() as connection:
        return connection.sql(sql).to_arrow_table()


@pytest.mark.parametrize("table", KEPT)
def test_a_statement_gives_the_table(table: str, priced: Workspace) -> None:
    """A saved table is the file's, row for row; a step has the columns that its header declares."""
    model = models()[table]
    found = answer(text(priced, table))
    assert found.num_rows
    if model.saved_in:
        saved = priced.arrow(model.saved_in).select(found.column_names)
        assert found.column_names == [column.saved_name for column in model.columns]
        for name in found.column_names:
            assert _same(found[name].to_pylist(), saved[name].to_pylist()), name


def _same(one: list[Any], other: list[Any]) -> bool:
    """Values are equal; doubles that are computed from saved doubles nearly so."""
    return len(one) == len(other) and all(
        a == b or (isinstance(a, float) and isinstance(b, float) and math.isclose(a, b, rel_tol=1e-12))
        for a, b in zip(one, other, strict=True)
    )


@pytest.mark.parametrize("table", [name for name in KEPT if not models()[name].is_input])
def test_a_header_declares_the_columns_of_its_statement(table: str, priced: Workspace) -> None:
    """Names and types of a table in the engine are those of its header, and its grain identifies its rows."""
    model = models()[table]
    sql = (
        text(priced, table).replace(saved_select(table), f"SELECT * FROM {table}")
        if model.saved_in
        else text(priced, table)
    )
    with duckdb.connect() as connection:
        made = connection.sql(sql)
        kinds = dict(zip(made.columns, map(str, made.types), strict=True))
        declared = {c.name: c.engine_type for c in model.all_columns if not c.sql}
        assert {name: kind.replace("HUGEINT", "BIGINT") for name, kind in kinds.items()} == declared
        keys = ", ".join(f'"{name}"' for name in model.grain if name in kinds)
        twice = connection.sql(f"SELECT {keys} FROM ({sql}) GROUP BY ALL HAVING count(*) > 1 LIMIT 3").fetchall()
        assert not twice


def test_what_is_not_kept_is_said(priced: Workspace) -> None:
    """Texts are dropped while they are read: what is made of them alone cannot be computed again."""
    with pytest.raises(UsageError, match="not kept in a workspace"):
        text(priced, "message_order")
    with pytest.raises(UsageError, match="no table 'nothing'"):
        text(priced, "nothing")


def test_the_command_prints_a_statement(priced: Workspace, tmp_path: Path) -> None:
    """`miner sql` lists the tables, prints one to the screen, and writes one to a file."""
    code, said = command(["sql", "--format", "csv"])
    assert code == 0 and "handoffs" in said and "message_order" not in said
    code, said = command(["sql", "pingpongs", "-w", str(priced.path)])
    assert code == 0 and answer(said).num_rows == priced.arrow("pingpongs").num_rows
    code, _ = command(["sql", "dfg", "-w", str(priced.path), "-o", str(tmp_path / "dfg.sql")])
    assert code == 0 and answer((tmp_path / "dfg.sql").read_text(encoding="utf-8")).num_rows

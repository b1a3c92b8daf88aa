"""`miner sql`: a table of the workspace as one statement that DuckDB runs over its files."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from miner.cli.query import Form


def sql(
    name: Annotated[
        str | None, typer.Argument(metavar="[NAME]", help="A table or a step. Default: list what there is.")
    ] = None,
    workspace: Annotated[
        Path, typer.Option("-w", "--workspace", metavar="WORKSPACE", help="Workspace whose files are read.")
    ] = Path("workspace"),
    form: Annotated[Form, typer.Option("--format", help="Output format of the list.")] = Form.table,
    output: Annotated[Path | None, typer.Option("-o", "--output", metavar="FILE", help="Write to a file.")] = None,
) -> None:
    """Print the SQL of a table with all that it is computed from, as one statement for DuckDB.

    Examples:

        miner sql

        miner sql handoffs

        miner sql queues -w workspace -o queues.sql
    """
    from miner.cli.rows import shown
    from miner.graph import Rows
    from miner.pipeline.sql_inputs import rows_of
    from miner.sql import models
    from miner.sql.statement import is_kept, statement
    from miner.workspace import Workspace

    if name is None:
        rows = [(one.table, one.is_saved, one.definition) for one in models().values() if is_kept(one.table)]
        shown(Rows(["table", "saved", "definition"], rows), form.value, output)
        return
    opened = Workspace.open(workspace)
    text = statement(opened, name, lambda tables: rows_of(opened, tables))
    if output is None:
        sys.stdout.write(text)
    else:
        output.write_text(text, encoding="utf-8")

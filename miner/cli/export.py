"""`miner export`: tables to take away."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from miner.errors import UsageError


def export(
    what: Annotated[str, typer.Argument(metavar="TABLE", help="A table's name, or `all`.")],
    workspace: Annotated[Path, typer.Option("-w", "--workspace", metavar="WORKSPACE")] = Path("workspace"),
    form: Annotated[str, typer.Option("--format", metavar="csv|parquet|xlsx")] = "csv",
    output: Annotated[
        Path | None, typer.Option("-o", "--output", metavar="PATH", help="A file, or a folder for `all`.")
    ] = None,
) -> None:
    """Write tables as CSV, Parquet or XLSX. Cells that a spreadsheet would run as formulas are quoted.

    Examples:

        miner export handoffs --format csv -o handoffs.csv

        miner export all -o tables/
    """
    from miner.events.export import write_table
    from miner.workspace import Workspace

    opened = Workspace.open(workspace)
    names = opened.tables() if what == "all" else [what]
    if what == "all" and output is not None and output.suffix:
        raise UsageError("`all` needs a folder", fix="give -o FOLDER/")
    for name in names:
        target = (output or Path()) / f"{name}.{form}" if what == "all" or output is None else output
        write_table(opened, name, form, target)
        typer.echo(str(target), err=True)

"""`miner export`: tables to take away, the graph for other programs, guides for Neo4j's own tools."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from miner.cli.exports import EXPORTS, ExportOptions
from miner.errors import UsageError

_WHAT = f"A table's name, `all` tables, or: {', '.join(EXPORTS)}."


def export(
    what: Annotated[str, typer.Argument(metavar="WHAT", help=_WHAT)],
    workspace: Annotated[
        Path, typer.Option("-w", "--workspace", metavar="WORKSPACE", help="Workspace to export from.")
    ] = Path("workspace"),
    form: Annotated[
        str | None,
        typer.Option("--format", metavar="csv|parquet|xlsx|arrow", help="Default: csv for tables, parquet for edges."),
    ] = None,
    output: Annotated[
        Path | None,
        typer.Option("-o", "--output", metavar="PATH", help="A file; a folder for all, edges and neo4j-browser."),
    ] = None,
    detail: Annotated[
        str | None,
        typer.Option(
            "--detail", metavar="teams|visits|events", help="How much of the graph. Default: visits; events for edges."
        ),
    ] = None,
    write_back: Annotated[
        bool,
        typer.Option("--write-back", help="Keep team-measures in the workspace, as properties of the graph's teams."),
    ] = False,
    within: Annotated[
        str | None,
        typer.Option("--within", metavar="NAME", help="Of several workspaces in a Neo4j database, ask only this one."),
    ] = None,
) -> None:
    """Write tables, the graph for other programs, or the queries for Neo4j's own tools.

    Cells that a spreadsheet would run as formulas are quoted in CSV and XLSX. The rest:
    `graphml` and `gexf` are the graph for Gephi, yEd and igraph; `edges` are files of nodes and edges for other
    engines; `neo4j-browser` is a guide with all queries for Neo4j Browser; `neodash` is a dashboard for NeoDash;
    `team-measures` are betweenness, PageRank, communities and articulation points of the handoffs between teams.

    Examples:

        miner export handoffs --format csv -o handoffs.csv

        miner export all -o tables/

        miner export gexf --detail teams -o teams.gexf

        miner export team-measures --write-back

        miner export neo4j-browser -o guide/
    """
    options = ExportOptions(workspace, form, output, detail, write_back, within)
    if what in EXPORTS:
        EXPORTS[what](options)
        return
    options.refuse(what, "detail", "write_back", "within")
    _tables(what, options)


def _tables(what: str, options: ExportOptions) -> None:
    from miner.events.export import write_table
    from miner.workspace import Workspace

    opened, form, output = Workspace.open(options.workspace), options.form or "csv", options.output
    names = opened.tables() if what == "all" else [what]
    if not set(names) <= set(opened.tables()):
        known = ", ".join(["all", *opened.tables(), *EXPORTS])
        raise UsageError(f"unknown export {what!r}", fix=f"there are: {known}")
    if what == "all" and output is not None and output.suffix:
        raise UsageError("`all` needs a folder", fix="give -o FOLDER/")
    for name in names:
        target = (output or Path()) / f"{name}.{form}" if what == "all" or output is None else output
        write_table(opened, name, form, target)
        typer.echo(str(target), err=True)

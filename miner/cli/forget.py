"""`miner forget`: a person out of everything that was made of them."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from miner.cli.load import Database, Graph
from miner.cli.options import Keys
from miner.errors import MinerError
from miner.wording import plural


def forget(
    customer: Annotated[
        str, typer.Argument(metavar="CUSTOMER", help="An id, number or address as the source has it, or a pseudonym.")
    ],
    workspace: Annotated[
        Path, typer.Option("-w", "--workspace", metavar="WORKSPACE", help="Workspace folder made by `run`.")
    ] = Path("workspace"),
    graph: Graph = None,
    database: Database = None,
    keys: Keys = None,
) -> None:
    """Remove a person from a workspace: tables, graph, results, report, and a Neo4j database where one is named.

    Their journeys go as a whole; everything that is made of the tables is made again, and every file is searched
    afterwards. The sources are not touched: a new run on them brings the person back.

    Examples:

        miner forget K-10017 -w workspace

        miner forget "+49 30 23125011" -w workspace --graph neo4j://localhost:7687
    """
    from miner.cli.progress import Terminal
    from miner.pipeline.forget import forget as forget_person
    from miner.workspace import Workspace

    opened = Workspace.open(workspace)
    where = graph or _loaded_into(opened)
    server = None
    if where:
        from miner.cli.load import login_of

        server = login_of(where, database)
    with Terminal(False) as progress:
        forgotten = forget_person(opened, customer, keys, server, progress, lambda text: typer.echo(text, err=True))
    gone = forgotten.gone
    typer.echo(
        f"{plural(len(gone.interactions), 'interaction')} in {plural(len(gone.journeys), 'journey')} were removed"
        + (f"; {gone.shared:,} of these journeys were shared with another customer" if gone.shared else "")
    )
    if forgotten.copies:
        typer.echo(f"{server} was loaded again: {', '.join(forgotten.copies)}")
    elif server:
        typer.echo(f"{server} holds no copy of this workspace")
    typer.echo(
        f"{plural(forgotten.searched, 'file was', 'files were')} searched"
        + ("" if not where else ", and the database")
        + (": nothing is left" if not forgotten.left else "")
    )
    if forgotten.others:
        others = ", ".join(forgotten.others)
        typer.echo(f"Other workspaces in the database contain this person and were not changed: {others}")
    typer.echo("The source files still contain this person: delete the data there too, or the next run reads it again.")
    if forgotten.left:
        raise MinerError(
            f"the person is still found in: {', '.join(forgotten.left)}",
            fix="delete it there: it does not belong to the workspace",
        )


def _loaded_into(workspace: object) -> str | None:
    """The server that the run itself loaded."""
    where = str(getattr(workspace, "manifest", {}).get("options", {}).get("graph", ""))
    return where if "://" in where else None

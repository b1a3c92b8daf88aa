"""`miner load` and `miner unload`: a workspace's graph into a Neo4j database, and out of it again."""

from __future__ import annotations

import sys
import time
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from miner.graph.neo4j import Login
    from miner.workspace import Workspace

Graph = Annotated[
    str | None,
    typer.Option(
        "--graph", metavar="neo4j://…", help="The server: neo4j, neo4j+s, bolt or bolt+s. Default: NEO4J_URI."
    ),
]
Database = Annotated[
    str | None,
    typer.Option("--database", metavar="NAME", help="Default: NEO4J_DATABASE, else the user's own."),
]
Name = Annotated[
    str | None,
    typer.Option("--name", metavar="NAME", help="Name of the workspace in the database. Default: its folder name."),
]


class Detail(StrEnum):
    """How much of the log is loaded."""

    events = "events"
    visits = "visits"
    teams = "teams"


_IN = {Detail.events: "{}", Detail.visits: "the visits of {}", Detail.teams: "the totals per team"}


def load(
    workspace: Annotated[Path, typer.Argument(metavar="[WORKSPACE]", help="Workspace folder made by `run`.")] = Path(
        "workspace"
    ),
    graph: Graph = None,
    database: Database = None,
    detail: Annotated[
        Detail,
        typer.Option(
            "--detail", help="Load all events, only visits (with journeys and teams), or only totals per team."
        ),
    ] = Detail.events,
    agents: Annotated[bool, typer.Option("--agents", help="Also load agents.")] = False,
    writers: Annotated[
        int, typer.Option("--writers", min=1, max=16, metavar="N", help="Number of concurrent writers.")
    ] = 2,
    name: Name = None,
    replace: Annotated[
        bool,
        typer.Option("--replace", help="Replace a workspace of the same name that was loaded from another folder."),
    ] = False,
    bulk: Annotated[
        Path | None,
        typer.Option(
            "--bulk",
            metavar="FOLDER",
            help="Contact no server: write CSV files and the neo4j-admin command that imports them into a database.",
        ),
    ] = None,
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="Print nothing but errors.")] = False,
) -> None:
    """Load the graph of a workspace into a Neo4j database: once, whole, and from where it stopped.

    The user and the password come from NEO4J_USERNAME and NEO4J_PASSWORD (environment or a file .env), or are asked
    for. Other workspaces, and whatever else the database holds, stay as they are.

    Examples:

        miner load workspace --graph neo4j://localhost:7687

        miner load workspace --graph neo4j+s://graph.example.org --database support --detail visits

        miner load workspace --bulk import
    """
    from miner.cli.progress import Terminal
    from miner.graph.neo4j import load as load_graph
    from miner.workspace import Workspace

    if bulk is not None:
        _bulk(Workspace.open(workspace), bulk, detail.value, agents, name, database or "neo4j", quiet)
        return
    opened, server, began = Workspace.open(workspace), login_of(graph, database), time.perf_counter()
    with Terminal(quiet) as progress:
        progress.stage("graph")
        done = load_graph(opened, server, detail.value, agents, name, writers, replace, progress.count, _say)
    if quiet:
        return
    if not done.changed:
        typer.echo(f"{done.name} is up to date in {server}: nothing was written")
        return
    took = time.perf_counter() - began
    kept = f"; {done.kept:,} batches had been loaded before" if done.kept else ""
    gone = f"; {done.removed:,} old ones were brought up to date" if done.removed else ""
    what = _IN[detail].format(f"{done.events:,} event{'' if done.events == 1 else 's'}")
    typer.echo(f"{done.name}: {what} are in {server} ({took:.1f} s{kept}{gone})")


def _bulk(
    workspace: Workspace, folder: Path, detail: str, agents: bool, name: str | None, database: str, quiet: bool
) -> None:
    from miner.cli.progress import Terminal
    from miner.graph.neo4j import bulk as write_bulk

    with Terminal(quiet) as progress:
        progress.stage("graph")
        done = write_bulk(workspace, folder, detail, agents, name, database, progress.count)
    if not quiet:
        typer.echo(f"{done.events:,} events, {done.nodes:,} nodes are in {folder}.")
        typer.echo(f"With the server stopped, run {folder / 'import.sh'}, or in that folder:")
        typer.echo(f"\n{done.command}\n")
        typer.echo("Then start the server and run miner load, which creates the constraints and indexes.")


def unload(
    workspace: Annotated[
        str, typer.Argument(metavar="NAME", help="The name of the workspace in the database (or its folder).")
    ],
    graph: Graph = None,
    database: Database = None,
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="Print nothing but errors.")] = False,
) -> None:
    """Remove one workspace from a Neo4j database, and nothing else.

    Examples:

        miner unload workspace --graph neo4j://localhost:7687
    """
    from miner.cli.progress import Terminal
    from miner.graph.neo4j import unload as unload_graph

    server = login_of(graph, database)
    with Terminal(quiet) as progress:
        progress.stage("unload")
        removed = unload_graph(Path(workspace).resolve().name, server, progress.count, _say)
    if not quiet:
        typer.echo(f"{removed:,} nodes were removed from {server}")


def _say(text: str) -> None:
    typer.echo(text, err=True)


def login_of(graph: str | None, database: str | None) -> Login:
    """Who asks which server; a terminal is asked for a password that is missing."""
    from miner.graph.neo4j import login

    return login(graph, database, ask=_password if sys.stdin.isatty() else None)


def _password(what: str) -> str:
    return str(typer.prompt(what, hide_input=True, err=True))

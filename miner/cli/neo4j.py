"""`miner neo4j start|stop|status`: a throw-away Neo4j server for people with Java."""

from __future__ import annotations

import shlex
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from miner.errors import ServerError

if TYPE_CHECKING:
    from miner.server import Server

app = typer.Typer(
    help="A temporary Neo4j server on this machine, for users with Java but without Docker.", no_args_is_help=True
)
Home = Annotated[
    Path | None,
    typer.Option("--home", metavar="FOLDER", help="Data folder. Default: the user's cache folder."),
]


@app.command()
def start(
    home: Home = None,
    version: Annotated[
        str | None,
        typer.Option("--version", metavar="VERSION", help="Default: the newest version that your Java can run."),
    ] = None,
    java: Annotated[
        str | None, typer.Option("--java", metavar="PATH", help="Default: JAVA_HOME's, else the first on the PATH.")
    ] = None,
    port: Annotated[int | None, typer.Option("--port", metavar="PORT", help="Default: a free one.")] = None,
    heap: Annotated[str, typer.Option("--heap", metavar="SIZE", help="Heap size of the server.")] = "1g",
    pagecache: Annotated[str, typer.Option("--pagecache", metavar="SIZE", help="Page cache size.")] = "512m",
) -> None:
    """Start a server on 127.0.0.1 and say how to open it. Neo4j's jars are fetched the first time (about 150 MB).

    Examples:

        miner neo4j start

        miner neo4j start --java /usr/lib/jvm/temurin-25-jdk/bin/java
    """
    from miner import server

    running = server.start(
        _home(home), version, java, port, heap, pagecache, say=lambda text: typer.echo(text, err=True)
    )
    _show(running)


@app.command()
def stop(
    home: Home = None,
    delete: Annotated[bool, typer.Option("--delete", help="Also remove its data and its password.")] = False,
) -> None:
    """Stop the server; its data stays for the next start.

    Examples:

        miner neo4j stop

        miner neo4j stop --delete
    """
    from miner import server

    running = server.find(_home(home))
    if running:
        server.stop(running)
    if delete:
        server.delete(_home(home))
    typer.echo(("stopped" if running else "no server was running") + (", and its data removed" if delete else ""))


@app.command(context_settings={"allow_extra_args": True, "ignore_unknown_options": True, "help_option_names": []})
def admin(
    context: typer.Context,
    home: Home = None,
) -> None:
    """Run neo4j-admin on the data of the server, which must not be running: what follows is its own.

    Examples:

        miner neo4j admin database info

        NEO4J_ADMIN="miner neo4j admin" import/import.sh --overwrite-destination=true
    """
    from miner import server

    raise typer.Exit(server.admin(_home(home), context.args))


class Field(StrEnum):
    """What `status` can say alone."""

    uri = "uri"
    user = "user"
    password = "password"
    version = "version"


@app.command()
def status(
    home: Home = None,
    field: Annotated[Field | None, typer.Option("--field", help="Print only this field, for scripts.")] = None,
) -> None:
    """Say whether the server runs, and how to open it.

    Examples:

        miner neo4j status

        export NEO4J_PASSWORD="$(miner neo4j status --field password)"
    """
    from miner import server

    running = server.find(_home(home))
    if running is None:
        raise ServerError("no server is running", fix="start one with: miner neo4j start")
    if field:
        typer.echo(getattr(running, field.value))
    else:
        _show(running)


def _home(home: Path | None) -> Path:
    from miner.server import home_of

    return (home or home_of()).resolve()


def _show(server: Server) -> None:
    typer.echo(f"Neo4j {server.version} on Java {server.java} runs at {server.uri}")
    typer.echo(f"  user {server.user}, password in {server.password_file}")
    typer.echo("Load a workspace and ask it:")
    typer.echo(f"  export NEO4J_URI={server.uri} NEO4J_USERNAME={server.user}")
    home = "" if Path(server.home) == _home(None) else f" --home {shlex.quote(server.home)}"
    typer.echo(f'  export NEO4J_PASSWORD="$(miner neo4j status{home} --field password)"')
    typer.echo("  miner load workspace")
    typer.echo("  miner query team_loops --graph $NEO4J_URI")
    typer.echo("Neo4j Desktop, cypher-shell and any Neo4j driver open it with the same address, user and password.")

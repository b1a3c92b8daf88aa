"""`miner shell`: ask a graph one question after the other."""

from __future__ import annotations

import io
import sys
from pathlib import Path
from typing import Annotated

import typer


def shell(
    workspace: Annotated[
        Path | None,
        typer.Option(
            "-w",
            "--workspace",
            metavar="WORKSPACE",
            help="Workspace to query; on a server, its name in the database. Default: `workspace`.",
        ),
    ] = None,
    graph: Annotated[
        str | None,
        typer.Option(
            "--graph",
            metavar="embedded|neo4j://…",
            help="Graph to query. Default: that of the given WORKSPACE, else NEO4J_URI if set.",
        ),
    ] = None,
    limit: Annotated[int, typer.Option("--limit", min=1, metavar="N", help="Maximum number of rows.")] = 10_000,
    timeout: Annotated[
        float, typer.Option("--timeout", min=0.001, metavar="S", help="Time limit of a query, in seconds.")
    ] = 30.0,
) -> None:
    """Ask the graph one question after the other; only queries that read are run.

    In a terminal: history, and completion with Tab. Statements end with a semicolon; `:help` lists the commands.
    From a pipe or a file it runs what comes and stops at the first error.

    Examples:

        miner shell -w workspace

        miner shell -w workspace < questions.cypher

        miner shell --graph neo4j://localhost:7687
    """
    from miner.cli.graphs import DEFAULT, EMBEDDED, asked, chosen
    from miner.cli.shell.session import Session

    where = chosen(workspace, graph)
    with asked(workspace, where, typed=True) as opened:
        session = Session(opened, timeout, limit)
        if sys.stdin.isatty():
            from miner.cli.shell.terminal import history_file, talk

            name = f"the graph of {workspace or DEFAULT}" if where == EMBEDDED else where
            talk(session, f"Asking {name} (detail: {opened.level}), for reading only.", history_file())
        else:
            if isinstance(sys.stdin, io.TextIOWrapper):
                sys.stdin.reconfigure(newline="\n")  # a carriage return alone ends no line
            for line in sys.stdin:
                session.feed(line)
            session.finish()

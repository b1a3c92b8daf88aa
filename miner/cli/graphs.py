"""Which graph is asked: the embedded one of a workspace, or one on a server."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from miner.errors import UsageError

if TYPE_CHECKING:
    from miner.graph import Graph

EMBEDDED = "embedded"
DEFAULT = Path("workspace")


def chosen(workspace: Path | None, graph: str | None) -> str:
    """`--graph`; where it is not given, the embedded one of a workspace that is, else the server in NEO4J_URI."""
    from miner.workspace import Workspace

    here = workspace is not None and Workspace(workspace).graph_path.is_file()
    return graph or (None if here else os.environ.get("NEO4J_URI")) or EMBEDDED


@contextmanager
def asked(workspace: Path | None, graph: str = EMBEDDED, typed: bool = False) -> Iterator[Graph]:
    """The graph that is asked, open for reading; with `typed`, for statements that a person writes.

    `graph` is `embedded` or the address of a server; there `workspace` is the name of one of several
    in the database. Without a password in the environment or in `.env`, a terminal is asked for it.
    """
    if graph == EMBEDDED:
        from miner.graph.embedded import MEMORY, EmbeddedGraph
        from miner.workspace import Workspace

        with EmbeddedGraph.open(Workspace.open(workspace or DEFAULT), MEMORY if typed else None) as embedded:
            yield embedded
    elif "://" in graph:
        from miner.cli.load import login_of
        from miner.graph.neo4j import Neo4jGraph

        with Neo4jGraph(login_of(graph, None), workspace.name if workspace else None) as loaded:
            yield loaded
    else:
        raise UsageError(f"unknown graph: --graph {graph}", fix="use embedded or neo4j://HOST:7687")

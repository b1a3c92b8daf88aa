"""Every query of the library gives the same rows on a Neo4j server and on the embedded engine."""

from __future__ import annotations

import importlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from miner import run
from miner.graph import EmbeddedGraph, build, queries
from miner.graph.neo4j import Login, Neo4jGraph, load, unload
from miner.workspace import Workspace
from tests.graph.made import costed, tables
from tests.neo4j.serving import ROOT
from tests.parity.comparing import of_query
from tests.queries.oracle import ORACLES

for _path in sorted((ROOT / "tests" / "queries").glob("oracle_*.py")):
    importlib.import_module(f"tests.queries.{_path.stem}")


def _made(kind: str, folder: Path) -> Workspace:
    if kind == "sample logs":
        return run(str(ROOT / "sample_logs"), workspace=str(folder / "sample"), until="cost")
    return costed(folder / "generated", 5)


@contextmanager
def both(workspace: Workspace, login: Login) -> Iterator[tuple[Neo4jGraph, EmbeddedGraph]]:
    """The graph of a workspace on both engines."""
    build(workspace)
    load(workspace, login)
    with Neo4jGraph(login, workspace.path.name) as server, EmbeddedGraph.open(workspace) as embedded:
        yield server, embedded


def _differences(workspace: Workspace, server: Neo4jGraph, embedded: EmbeddedGraph) -> list[str]:
    made = tables(workspace)
    return [
        difference
        for name, query in queries().items()
        for case in ORACLES[name].cases(made)
        for difference in of_query(query, case, server, embedded)
    ]


@pytest.mark.parametrize("kind", ["sample logs", "generated"])
def test_library_gives_the_same_rows(kind: str, empty_database: Login, tmp_path: Path) -> None:
    """Alone in its database, a workspace gives the same rows, values and types on both engines, for every query."""
    workspace = _made(kind, tmp_path)
    with both(workspace, empty_database) as (server, embedded):
        assert server.workspace == workspace.path.name
        assert not _differences(workspace, server, embedded)


def test_library_stays_within_its_workspace(empty_database: Login, tmp_path: Path) -> None:
    """Beside another workspace, and nodes of the same labels from elsewhere, every query gives the same rows."""
    one = costed(tmp_path / "one", 6, 60)
    other = costed(tmp_path / "other", 7, 80)
    load(other, empty_database)
    with both(one, empty_database) as (server, embedded):
        with server._database.session(read=False) as session:
            session.run("CREATE (:Team {id: 'L1'})-[:HANDS_OFF_TO {handoffs: 1}]->(:Team {id: 'x'})").consume()
        assert not _differences(one, server, embedded)
        unload("other", empty_database)
    with Neo4jGraph(empty_database) as server, EmbeddedGraph.open(one) as embedded:
        assert not _differences(one, server, embedded)

"""A person is forgotten in a Neo4j database too."""

from __future__ import annotations

from pathlib import Path

from miner.graph.neo4j import Login, load
from miner.graph.neo4j.database import Database
from miner.pipeline.forget import forget
from tests.privacy.test_run import mined


def test_nothing_is_left_in_the_database(tmp_path: Path, empty_database: Login) -> None:
    """Every property of every node and relationship is searched; those of others are still there."""
    workspace = mined(tmp_path)
    load(workspace, empty_database)
    done = forget(workspace, "C-7000", server=empty_database)
    assert done.left == []
    with Database(empty_database) as database, database.session(read=True) as session:
        texts = session.run(
            "MATCH (n) UNWIND keys(n) AS k RETURN toStringOrNull(n[k]) AS text UNION "
            "MATCH ()-[r]->() UNWIND keys(r) AS k RETURN toStringOrNull(r[k]) AS text"
        ).value("text")
    words = {word for text in texts if text for word in str(text).replace("/", " ").split()}
    assert not words & (done.gone.customers | {"C-7000"})
    assert not {f"{i}#{n}" for i in done.gone.interactions for n in range(3)} & words
    assert set(workspace.table("journeys")["customer"].dropna()) <= words

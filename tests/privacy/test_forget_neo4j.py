"""A person is forgotten in a Neo4j database too, whatever a copy is called there, and whoever else is in it."""

from __future__ import annotations

import shlex
from dataclasses import replace
from pathlib import Path

import pytest

from miner.errors import ServerError, UsageError
from miner.graph.neo4j import Login, load
from miner.graph.neo4j.database import Database
from miner.pipeline.forget import forget
from tests.neo4j.checksum import checksum
from tests.neo4j.made import miner
from tests.privacy.test_run import mined

_COPIES = "MATCH (w:LoadedWorkspace) RETURN w.id AS name, w.detail AS detail, w.agents AS agents ORDER BY name"


def _words(login: Login, workspace: str | None = None) -> set[str]:
    """Every word in any property of nodes and relationships."""
    with Database(login) as database, database.session(read=True) as session:
        texts = session.run(
            "MATCH (n) WHERE $w IS NULL OR n.workspace = $w UNWIND keys(n) AS k "
            "UNWIND CASE WHEN valueType(n[k]) STARTS WITH 'LIST' THEN n[k] ELSE [n[k]] END AS t "
            "RETURN toStringOrNull(t) AS text UNION ALL "
            "MATCH (a)-[r]->() WHERE $w IS NULL OR a.workspace = $w UNWIND keys(r) AS k "
            "RETURN toStringOrNull(r[k]) AS text",
            w=workspace,
        ).value("text")
    return {word for text in texts if text for word in str(text).replace("/", " ").replace("#", " ").split()}


def _copies(login: Login) -> list[tuple[str, str, bool]]:
    with Database(login) as database:
        return [(row["name"], row["detail"], row["agents"]) for row in database.read(_COPIES)]


def _ids(login: Login) -> set[str]:
    """The ids of journeys and interactions, which may be as short as a number of something else."""
    with Database(login) as database:
        return {row["id"] for row in database.read("MATCH (n:Journey|Interaction) RETURN n.id AS id")}


def test_nothing_is_left_in_the_database(tmp_path: Path, empty_database: Login) -> None:
    """Loaded under three names, at three levels: each keeps name, level and agents, and nothing is left in any."""
    workspace = mined(tmp_path)
    load(workspace, empty_database, name="march")
    load(workspace, empty_database, "visits", agents=True, name="april")
    load(workspace, empty_database, "teams", name="may")
    before = _copies(empty_database)
    done = forget(workspace, "C-7000", server=empty_database)
    assert (done.left, done.copies, done.others) == ([], ("april", "march", "may"), ())
    assert _copies(empty_database) == before
    words = _words(empty_database)
    assert not words & (done.gone.customers | {"C-7000"})
    assert not _ids(empty_database) & (done.gone.journeys | done.gone.interactions)
    assert set(workspace.table("journeys")["customer"].dropna()) <= words


def test_other_workspaces_are_only_named(tmp_path: Path, empty_database: Login) -> None:
    """Another workspace with the same person, and nodes of others, stay as they are; a note of a user's is told."""
    (tmp_path / "a").mkdir()
    (tmp_path / "b").mkdir()
    workspace, other = mined(tmp_path / "a"), mined(tmp_path / "b")
    load(workspace, empty_database, name="ours")
    load(other, empty_database, name="theirs")
    before = checksum(empty_database, "theirs")
    customer = workspace.table("journeys")["customer"].dropna().iloc[0]
    with Database(empty_database) as database:
        database.write("CREATE (:Note {about: $who})", {"who": customer})
    done = forget(workspace, customer, server=empty_database)
    assert (done.copies, done.others) == (("ours",), ("theirs",))
    assert len(done.left) == 1 and done.left[0].endswith(": 1 (:Note)")
    assert checksum(empty_database, "theirs") == before
    assert customer not in _words(empty_database, "ours")


def test_a_server_that_is_down_leaves_a_command_that_works(tmp_path: Path, empty_database: Login) -> None:
    """The message gives the command that finishes it; meanwhile nobody's name is written down."""
    workspace = mined(tmp_path)
    load(workspace, empty_database, name="march")
    down = replace(empty_database, uri="bolt://127.0.0.1:9")
    with pytest.raises(ServerError) as caught:
        forget(workspace, "C-7000", server=down)
    assert "C-7000" not in (workspace.path / "forgetting.json").read_text()
    command = str(caught.value).rpartition("finish with: ")[2]
    words = [empty_database.uri if word == down.uri else word for word in shlex.split(command)]
    assert words[:2] == ["miner", "forget"]
    done = miner(empty_database, *words[1:])
    assert done.returncode == 0, done.stderr
    assert "march" in done.stdout and "nothing is left" in done.stdout
    assert not (workspace.path / "forgetting.json").exists()
    assert "march" in {name for name, *_ in _copies(empty_database)}
    with pytest.raises(UsageError, match="no customer"):
        forget(workspace, "C-7000", server=empty_database)


def test_a_second_server_is_cleaned_later(tmp_path: Path, empty_database: Login) -> None:
    """Forgotten in the workspace first, the person is still found in the database, and leaves it."""
    workspace = mined(tmp_path)
    load(workspace, empty_database, name="march")
    gone = forget(workspace, "C-7000").gone
    assert gone.customers & _words(empty_database)
    done = forget(workspace, "C-7000", server=empty_database)
    assert done.left == [] and not _words(empty_database) & gone.customers
    assert not _ids(empty_database) & (gone.journeys | gone.interactions)

"""A question cannot write, read a file, reach an address, change a setting or stop a transaction; on either engine."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from miner.cli.shell.session import Session
from miner.errors import MinerError, UsageError
from miner.graph import EmbeddedGraph, queries
from miner.graph.neo4j import Login, Neo4jGraph, load
from miner.graph.neo4j import ask as ask_module
from miner.graph.neo4j.plan import check_plan
from miner.workspace import Workspace
from tests.graph.made import drawn
from tests.neo4j.attacks import ATTACKS, SECRET, Door, aimed
from tests.neo4j.checksum import checksum
from tests.parity.mutations import mutant

MUTANTS = int(os.environ.get("MINER_MUTANTS", "300")) // 3


@pytest.fixture
def door() -> Iterator[Door]:
    """A port that nobody should knock at."""
    opened = Door()
    yield opened
    opened.close()


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    """A small workspace with its embedded graph."""
    return drawn(tmp_path / "small", "L1 L2 L1", "L1 L3")


def test_there_are_enough_ways() -> None:
    """At least sixty different ways are tried."""
    assert len(set(ATTACKS)) == len(ATTACKS) >= 60


def test_server_refuses_all(empty_database: Login, workspace: Workspace, door: Door, tmp_path: Path) -> None:
    """On a server every one is refused as a wrong question, and nothing has changed."""
    load(workspace, empty_database)
    before = checksum(empty_database, schema=True)
    with Neo4jGraph(empty_database) as graph:
        passed = _passed(graph.run, aimed(door, tmp_path))
    assert not passed
    assert checksum(empty_database, schema=True) == before
    assert door.knocks == 0


def test_embedded_refuses_all(workspace: Workspace, door: Door, tmp_path: Path) -> None:
    """On the embedded engine every one is refused as a wrong question, and nothing has changed."""
    with EmbeddedGraph.open(workspace) as graph:
        before = graph.run("MATCH (n) RETURN count(*) AS n").rows
        passed = _passed(graph.run, aimed(door, tmp_path))
        assert graph.run("MATCH (n) RETURN count(*) AS n").rows == before
    assert not passed
    assert door.knocks == 0


def test_second_wall_holds_alone(
    empty_database: Login, workspace: Workspace, door: Door, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Without the look at the text, plan and session alone let nothing change, read files or reach out."""
    monkeypatch.setattr(ask_module.gate, "check", lambda text: text)
    load(workspace, empty_database)
    before = checksum(empty_database, schema=True)
    with Neo4jGraph(empty_database) as graph:
        for text in aimed(door, tmp_path):
            try:
                rows = graph.run(text)
            except MinerError:
                continue
            # What is left are prefixes before a question that only reads, and what LOAD CSV would have to say.
            harmless = (
                "USE neo4j MATCH",
                "EXPLAIN",
                "CYPHER 5 MATCH",
                "RETURN file()",
                "RETURN linenumber()",
                "MATCH (`t``)",
            )
            assert text.startswith(harmless) and len(set(rows.rows)) <= 1, text
    assert checksum(empty_database, schema=True) == before
    assert door.knocks == 0


def test_mutated_statements_do_no_harm(empty_database: Login, workspace: Workspace, door: Door, tmp_path: Path) -> None:
    """A hundred mutations of the library and of the attacks: nothing is written, read or reached."""
    load(workspace, empty_database)
    before = checksum(empty_database, schema=True)
    attacks = aimed(door, tmp_path)
    given = {name: value for query in queries().values() for name, value in query.defaults().items()}
    with Neo4jGraph(empty_database) as graph:
        for seed in range(MUTANTS):
            text = mutant(seed, attacks, heavy=False)
            try:
                said = str(graph.run(text, given, timeout=3.0, limit=100).rows)
            except MinerError as error:
                said = str(error)
            assert SECRET not in said, text
    assert checksum(empty_database, schema=True) == before
    assert door.knocks == 0
    assert [path.name for path in tmp_path.iterdir() if path.is_file()] == ["secret.csv"]


@pytest.mark.parametrize(
    "details",
    [
        "apoc.util.sleep($autoint_0) AS a",
        "n.x AS x, `apoc`.`load`.json(n.url) AS a",
        "n.x = custom . read ($x)",
        "coalesce(genai.vector.encode(n.x), n.y) AS y",
        "cache[n.id] = `my own`.f(1)",
    ],
)
def test_a_function_of_a_plugin_is_seen_in_the_plan(details: str) -> None:
    """Whatever the text looked like, what the server would call is refused."""
    step = {"operatorType": "Projection@neo4j", "args": {"Details": details}, "children": []}
    with pytest.raises(UsageError, match=r"the function .* is refused"):
        check_plan("r", {"operatorType": "ProduceResults@neo4j", "args": {"Details": "a"}, "children": [step]})


@pytest.mark.parametrize(
    "details",
    [
        "point.distance(cache[n.a], cache[n.b]) AS `apoc.f(x)`",
        "n.x = 'custom.read(1)' AND date.truncate($a) > n.y",
        "UNIQUE t:Team(id, workspace) WHERE id = $id",
        "(a)-[anon_0:DF]->(b)",
        "n.x > (n.y) AND coalesce(n.z, 1) = 1",
    ],
)
def test_other_words_of_a_plan_are_no_functions_of_plugins(details: str) -> None:
    """Texts, names of columns, indexes and functions that are known to read pass."""
    check_plan("r", {"operatorType": "Projection@neo4j", "args": {"Details": details}, "children": []})


def test_the_shell_works_where_a_database_holds_several_workspaces(
    empty_database: Login, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Its own statements ask within the workspace that is chosen, and those without one are not refused."""
    load(drawn(tmp_path / "one", "L1 L2 L1"), empty_database, agents=True)
    load(drawn(tmp_path / "two", "L1 L3"), empty_database)
    for name, agents in (("one", True), ("two", False), (None, True)):
        with Neo4jGraph(empty_database, name) as graph:
            session = Session(graph, 30.0, 100)
            session.feed(":schema\n:schema Team\n:queries loops\n:help\n")
            assert ("(:Agent)" in capsys.readouterr().out) is agents
            if name:
                session.feed(":query overview/teams\n")
                assert "L1" in capsys.readouterr().out


def test_questions_pass(empty_database: Login, workspace: Workspace) -> None:
    """What only reads is answered, whatever words stand in names and texts."""
    load(workspace, empty_database)
    questions = {
        "MATCH (t:Team) WHERE t.id <> 'CREATE (n)' RETURN count(*) AS n // SET x": 3,
        "MATCH (set:Team) RETURN count(set.id) AS n;": 3,
        "RETURN {create: 3}.create AS n": 3,
        "CALL db.labels() YIELD label WITH label WHERE label = 'Team' RETURN count(*) + 2 AS n": 3,
        "RETURN duration.between(date('2024-01-01'), date('2024-01-04')).days AS n": 3,
        "MATCH (t:Team) CALL (t) { MATCH (t)<-[:BY]-(v:Visit) RETURN count(v) AS m } RETURN count(*) AS n": 3,
    }
    with Neo4jGraph(empty_database) as graph:
        for text, answer in questions.items():
            assert graph.run(text).rows == [(answer,)], text


def _passed(run: Callable[[str], Any], attacks: list[str]) -> list[str]:
    passed = []
    for text in attacks:
        try:
            run(text)
        except UsageError as error:
            if SECRET in str(error):
                passed.append(f"{text}: shows the file")
        else:
            passed.append(text)
    return passed

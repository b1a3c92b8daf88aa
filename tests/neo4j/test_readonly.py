"""A question cannot write, read a file, reach an address, change a setting or stop a transaction; on either engine."""

from __future__ import annotations

import socket
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from miner.errors import MinerError, UsageError
from miner.graph import EmbeddedGraph
from miner.graph.neo4j import Login, Neo4jGraph, load
from miner.graph.neo4j import ask as ask_module
from miner.workspace import Workspace
from tests.graph.made import drawn
from tests.neo4j.attacks import ATTACKS
from tests.neo4j.checksum import checksum

SECRET = "nobody-may-read-this"


class Door:
    """A port of this machine that counts who knocks."""

    def __init__(self) -> None:
        self.knocks = 0
        self._socket = socket.create_server(("127.0.0.1", 0))
        self.port = self._socket.getsockname()[1]
        threading.Thread(target=self._wait, daemon=True).start()

    def _wait(self) -> None:
        while True:
            try:
                visitor, _ = self._socket.accept()
            except OSError:
                return
            self.knocks += 1
            visitor.close()

    def close(self) -> None:
        self._socket.close()


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


def _attacks(door: Door, folder: Path) -> list[str]:
    file = folder / "secret.csv"
    file.write_text(f"a\n{SECRET}\n")
    return [text.replace("{port}", str(door.port)).replace("{file}", str(file)) for text in ATTACKS]


def test_there_are_enough_ways() -> None:
    """At least sixty different ways are tried."""
    assert len(set(ATTACKS)) == len(ATTACKS) >= 60


def test_server_refuses_all(empty_database: Login, workspace: Workspace, door: Door, tmp_path: Path) -> None:
    """On a server every one is refused as a wrong question, and nothing has changed."""
    load(workspace, empty_database)
    before = checksum(empty_database, schema=True)
    with Neo4jGraph(empty_database) as graph:
        passed = _passed(graph.run, _attacks(door, tmp_path))
    assert not passed
    assert checksum(empty_database, schema=True) == before
    assert door.knocks == 0


def test_embedded_refuses_all(workspace: Workspace, door: Door, tmp_path: Path) -> None:
    """On the embedded engine every one is refused as a wrong question, and nothing has changed."""
    with EmbeddedGraph.open(workspace) as graph:
        before = graph.run("MATCH (n) RETURN count(*) AS n").rows
        passed = _passed(graph.run, _attacks(door, tmp_path))
        assert graph.run("MATCH (n) RETURN count(*) AS n").rows == before
    assert not passed
    assert door.knocks == 0


def test_second_wall_holds_alone(
    empty_database: Login, workspace: Workspace, door: Door, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Without the look at the text, plan and session alone let nothing change, read files or reach out."""
    monkeypatch.setattr(ask_module, "check_text", lambda text: None)
    load(workspace, empty_database)
    before = checksum(empty_database, schema=True)
    with Neo4jGraph(empty_database) as graph:
        for text in _attacks(door, tmp_path):
            try:
                rows = graph.run(text)
            except MinerError:
                continue
            # What is left are prefixes before a question that only reads.
            assert text.startswith(("USE neo4j MATCH", "EXPLAIN", "CYPHER 5 MATCH")) and len(rows) <= 1, text
    assert checksum(empty_database, schema=True) == before
    assert door.knocks == 0


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

"""Statements that people write run in a process that can do nothing but answer, and not for long."""

from __future__ import annotations

import json
import os
import signal
import sys
import threading
import time
from collections.abc import Iterator
from datetime import date
from functools import partial
from pathlib import Path
from types import SimpleNamespace

import pytest
from typer.testing import CliRunner

import miner
from miner.cli.app import app
from miner.errors import UsageError
from miner.graph import EmbeddedGraph, ask_library, queries
from miner.graph.embedded import worker
from miner.workspace import Workspace
from tests.graph.made import drawn
from tests.neo4j.attacks import SECRET, Door, aimed
from tests.parity.mutations import mutant

DOUBLING = "WITH reduce(s = 'a', x IN range(1, 60) | s + s) AS s RETURN size(s) AS n"
SLOW = "UNWIND range(1, 3000) AS a UNWIND range(1, 3000) AS b UNWIND range(1, 3000) AS c RETURN sum(a * b * c) AS n"
MUTANTS = int(os.environ.get("MINER_MUTANTS", "300"))
POSIX = sys.platform != "win32"


@pytest.fixture(scope="module")
def workspace(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    """A small workspace with its graph."""
    return drawn(tmp_path_factory.mktemp("process") / "w", "L1#A L2#A L1#A", "L2#B L3#A")


@pytest.fixture
def graph(workspace: Workspace) -> Iterator[EmbeddedGraph]:
    """Its graph, in a process of its own."""
    with EmbeddedGraph.open(workspace) as opened:
        yield opened


@pytest.fixture
def door() -> Iterator[Door]:
    """A port that nobody should knock at."""
    opened = Door()
    yield opened
    opened.close()


class Here(EmbeddedGraph):
    """The same graph, asked in this process."""

    def __init__(self, workspace: Workspace):
        self._graph, labels = worker.opened(str(workspace.graph_path))
        self._process = SimpleNamespace(labels=set(labels), answer=partial(worker.answer, self._graph))


def test_it_answers_as_the_engine_in_this_process_does(workspace: Workspace, graph: EmbeddedGraph) -> None:
    """The same rows, columns, notes and detail, for every query of the library and for values of every kind."""
    own = "MATCH (t:Team) RETURN t.id AS id, date('2024-01-02') AS d, [1, null, {a: 1.5}] AS l, $given AS g, true AS b"
    here = Here(workspace)
    assert (here.level, here.agents) == (graph.level, graph.agents)
    assert here.run(own, {"given": date(2024, 1, 2)}) == graph.run(own, {"given": date(2024, 1, 2)})
    assert here.run("MATCH (t:Teem) RETURN t.id AS t") == graph.run("MATCH (t:Teem) RETURN t.id AS t")
    for query in queries().values():
        given = {p.name: ["x"] if p.type == "list" else "x" for p in query.header.params if p.required}
        assert ask_library(here, query, given) == ask_library(graph, query, given), query.name


def test_a_doubling_text_ends_when_it_should(graph: EmbeddedGraph) -> None:
    """Neither time nor memory runs away inside an expression, and the next question is answered."""
    began = time.monotonic()
    with pytest.raises(UsageError, match="the query was stopped"):
        graph.run(DOUBLING, timeout=5)
    assert time.monotonic() - began < 15
    assert graph.run("RETURN 1 AS one").rows == [(1,)]


def test_a_slow_statement_is_stopped(graph: EmbeddedGraph) -> None:
    """After the timeout, with the option that allows more."""
    with pytest.raises(UsageError, match=r"stopped after 0\.2 s(.|\n)*--timeout"):
        graph.run(SLOW, timeout=0.2)


@pytest.mark.skipif(sys.platform != "linux", reason="limits of memory")
def test_a_statement_that_takes_too_much_memory_is_stopped(workspace: Workspace) -> None:
    """The message says so; the process that asked lives on."""
    with EmbeddedGraph(workspace.graph_path, memory=1 << 28) as graph:
        with pytest.raises(UsageError, match=r"more than 0\.25 GB of memory"):
            graph.run(DOUBLING, timeout=30)
        assert graph.run("RETURN 1 AS one").rows == [(1,)]


@pytest.mark.skipif(not POSIX, reason="signals")
@pytest.mark.parametrize("number", ["SIGSEGV", "SIGKILL", "SIGABRT"])
def test_a_dying_engine_is_an_error_and_no_end(graph: EmbeddedGraph, number: str) -> None:
    """Whatever the engine dies of, it is said, and the next question starts another."""
    threading.Timer(0.3, os.kill, (graph._process.pid, getattr(signal, number))).start()
    with pytest.raises(UsageError, match=r"crashed|memory"):
        graph.run(SLOW, timeout=5)
    assert graph.run("RETURN 1 AS one").rows == [(1,)]


def test_the_process_itself_reads_and_reaches_nothing(graph: EmbeddedGraph, door: Door, tmp_path: Path) -> None:
    """Without the gate, the process that asks opens no file, no address, and writes nothing."""
    before = graph.run("MATCH (n) RETURN count(*) AS n").rows
    for text in aimed(door, tmp_path):
        assert SECRET not in json.dumps(graph._process.answer(text, {}, 2.0, 10), default=str), text
    assert graph.run("MATCH (n) RETURN count(*) AS n").rows == before
    assert door.knocks == 0
    assert [path.name for path in tmp_path.iterdir()] == ["secret.csv"]


def test_mutated_statements_do_no_harm(graph: EmbeddedGraph, door: Door, tmp_path: Path) -> None:
    """Some hundred mutations of the library and of the attacks: nothing is written, read or reached, none runs on."""
    attacks = aimed(door, tmp_path)
    before = graph.run("MATCH (n) OPTIONAL MATCH (n)-[r]->() RETURN count(*) AS n, count(r) AS r").rows
    given = {name: value for query in queries().values() for name, value in query.defaults().items()}
    answered = 0
    for seed in range(MUTANTS):
        text = mutant(seed, attacks)
        began = time.monotonic()
        try:
            said = str(graph.run(text, given, timeout=1.0, limit=100).rows)
            answered += 1
        except UsageError as error:
            said = str(error)
        assert time.monotonic() - began < 15, text
        assert SECRET not in said, text
        if seed % 3 == 0:  # and with nothing before the engine
            assert SECRET not in str(graph._process.answer(text, given, 1.0, 100)), text
    assert graph.run("MATCH (n) OPTIONAL MATCH (n)-[r]->() RETURN count(*) AS n, count(r) AS r").rows == before
    assert door.knocks == 0
    assert [path.name for path in tmp_path.iterdir()] == ["secret.csv"]
    assert 0 < answered < MUTANTS


def test_the_command_runs_what_is_typed_apart(workspace: Workspace, tmp_path: Path) -> None:
    """`miner query -e` and `--file` stop in time; a file of a statement is read as it stands."""
    began = time.monotonic()
    stopped = CliRunner().invoke(app, ["query", "-w", str(workspace.path), "-e", DOUBLING, "--timeout", "2"])
    assert isinstance(stopped.exception, UsageError) and "was stopped" in str(stopped.exception)
    assert time.monotonic() - began < 15
    file = tmp_path / "own.cypher"
    file.write_bytes(b"// a comment\r\nRETURN 7 AS seven;\r\n")
    told = CliRunner().invoke(app, ["query", "-w", str(workspace.path), "--file", str(file), "--format", "csv"])
    assert told.stdout.split() == ["seven", "7"]


def test_a_statement_from_python_runs_apart_as_well(workspace: Workspace) -> None:
    """`miner.query` with Cypher gives its rows as a frame, with parameters of Python's own kinds."""
    text = "MATCH (t:Team) WHERE t.id IN $teams RETURN t.id AS team ORDER BY team"
    frame = miner.query(workspace, text, teams=("L1", "L2"))
    assert list(frame["team"]) == ["L1", "L2"]
    with pytest.raises(UsageError, match="parameter"):
        miner.query(workspace, "RETURN $x AS x", x=object())


def test_a_missing_or_broken_graph_is_said(tmp_path: Path) -> None:
    """The message says how to make one."""
    with pytest.raises(UsageError, match="no graph"):
        EmbeddedGraph.open(Workspace(tmp_path))
    (tmp_path / "graph").mkdir()
    Workspace(tmp_path).graph_path.write_bytes(b"nothing of the kind")
    with pytest.raises(UsageError, match="cannot be opened"):
        EmbeddedGraph.open(Workspace(tmp_path))


def test_no_process_is_left(workspace: Workspace) -> None:
    """Closing the graph ends its process."""
    with EmbeddedGraph.open(workspace) as opened:
        process = opened._process._process
    assert process is not None and process.poll() is not None

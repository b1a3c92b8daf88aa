"""Killed at any moment, client or server, a load goes on and ends as if nothing had happened.

Thirty random moments in every run; `MINER_KILLS` is another number of them. A sixth of them hits the server, whose
start takes longest.
"""

from __future__ import annotations

import os
import random
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from miner import server
from miner.errors import ServerError
from miner.graph.neo4j import Login, batches, load, unload
from miner.workspace import Workspace
from tests.graph.made import generated, workspace_of
from tests.neo4j.checksum import checksum
from tests.neo4j.serving import empty, login_of, own_server, started
from tests.neo4j.worker import SIZES, Worker

KILLS = int(os.environ.get("MINER_KILLS", "30"))
OF_SERVER = KILLS // 6


@pytest.fixture
def workspace(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Workspace:
    """A workspace of some twenty batches, with batches as small as those of a worker."""
    for name, size in SIZES.items():
        monkeypatch.setattr(batches, name, size)
    return workspace_of(tmp_path / "killed", generated(11, 120), linked=True)


def _uninterrupted(login: Login, workspace: Workspace) -> tuple[dict[str, tuple[int, str]], float]:
    """What the database holds after a load that nobody disturbed, and about how many seconds one takes."""
    assert load(workspace, login).made > 20
    found = checksum(login)
    empty(login)
    began = time.monotonic()
    load(workspace, login)
    took = time.monotonic() - began
    empty(login)
    return found, took


def test_client_is_killed(empty_database: Login, workspace: Workspace) -> None:
    """After kill -9 of the client at random moments, the next load completes what is missing."""
    expected, took = _uninterrupted(empty_database, workspace)
    dice = random.Random(KILLS)
    unfinished = 0
    with Worker(empty_database, workspace) as worker:
        for _ in range(KILLS - OF_SERVER):
            process = worker.begin("load")
            time.sleep(dice.uniform(0, 1) * took)
            unfinished += worker.kill(process)
            # The other times the next one, to be killed as well, goes on from the wreck.
            if dice.random() < 0.4:
                load(workspace, empty_database)
                assert checksum(empty_database) == expected
                empty(empty_database, schema=False)
    load(workspace, empty_database)
    assert checksum(empty_database) == expected
    assert unfinished


def test_server_is_killed(workspace: Workspace, tmp_path: Path) -> None:
    """After kill -9 of the server at random moments, it starts again and the next load completes what is missing."""
    home = tmp_path / "server"
    with own_server(home) as found, ThreadPoolExecutor() as pool:
        login, port = login_of(found), int(found.uri.rpartition(":")[2])
        expected, took = _uninterrupted(login, workspace)
        dice = random.Random(KILLS + 1)
        for _ in range(OF_SERVER):
            at_work = pool.submit(load, workspace, login)
            time.sleep(dice.uniform(0, 1) * took)
            server.stop(found, at_once=True)
            found = started(home, port=port)
            # The load waits some seconds for the server; it ends well, or says that it can be gone on with.
            error = at_work.exception()
            resumable = "run the same command again to resume"
            assert error is None or (isinstance(error, ServerError) and resumable in str(error))
            load(workspace, login)
            assert checksum(login) == expected
            empty(login, schema=False)


def test_client_is_killed_while_unloading(empty_database: Login, workspace: Workspace) -> None:
    """After kill -9 in the middle of an unload, the next unload removes the rest and nothing else."""
    load(workspace, empty_database)
    began = time.monotonic()
    unload(workspace.path.name, empty_database)
    took = time.monotonic() - began
    dice = random.Random(KILLS + 2)
    unfinished = 0
    with Worker(empty_database, workspace) as worker:
        for _ in range(4):
            load(workspace, empty_database)
            process = worker.begin("unload")
            time.sleep(dice.uniform(0, 0.8) * took)
            if worker.kill(process):
                unfinished += 1
                unload(workspace.path.name, empty_database)
            assert checksum(empty_database) == {}
    assert unfinished

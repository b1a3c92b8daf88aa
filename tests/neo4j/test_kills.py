"""Killed at any moment, client or server, a load goes on and ends as if nothing had happened.

A few kills in every run; `MINER_KILLS=30` makes it thirty of each.
"""

from __future__ import annotations

import os
import random
import time
from pathlib import Path

import pytest

from miner import server
from miner.graph.neo4j import Login, load
from miner.workspace import Workspace
from tests.neo4j.checksum import checksum
from tests.neo4j.made import KILLS, large, loading, miner
from tests.neo4j.serving import empty, login_of, own_server, started

pytestmark = pytest.mark.skipif(not os.environ.get("MINER_LONG"), reason="takes minutes: MINER_LONG=1 runs it")

__all__ = ["large"]


def _uninterrupted(login: Login, workspace: Workspace) -> tuple[dict[str, tuple[int, str]], float]:
    """What the database holds after a load that nobody disturbed, and the seconds that the command took."""
    load(workspace, login)  # the server warms up
    empty(login)
    began = time.monotonic()
    assert miner(login, "load", workspace.path).returncode == 0
    took = time.monotonic() - began
    found = checksum(login)
    empty(login)
    return found, took


def test_client_is_killed(empty_database: Login, large: Workspace) -> None:
    """After kill -9 of the client at random moments, the next load completes what is missing."""
    expected, took = _uninterrupted(empty_database, large)
    dice = random.Random(KILLS)
    unfinished = 0
    for _ in range(KILLS):
        process = loading(empty_database, large)
        time.sleep(dice.uniform(0.2, 1) * took)
        process.kill()
        unfinished += process.wait() != 0
        if dice.random() < 0.5:
            # Half of the time the next one goes on from the wreck itself.
            assert miner(empty_database, "load", large.path).returncode == 0
            assert checksum(empty_database) == expected
            empty(empty_database)
    assert miner(empty_database, "load", large.path).returncode == 0
    assert checksum(empty_database) == expected
    assert unfinished


def test_server_is_killed(large: Workspace, tmp_path: Path) -> None:
    """After kill -9 of the server at random moments, it starts again and the next load completes what is missing."""
    home = tmp_path / "server"
    with own_server(home) as found:
        login, port = login_of(found), int(found.uri.rpartition(":")[2])
        expected, took = _uninterrupted(login, large)
        dice = random.Random(KILLS + 1)
        for number in range(KILLS):
            process = loading(login, large)
            time.sleep(dice.uniform(0.2, 1) * took)
            server.stop(found, at_once=True)
            found = started(home, port=port)
            # The load waits some seconds for the server; it ends well, or says that it can be gone on with.
            _, told = process.communicate(timeout=120)
            assert process.returncode in (0, 4), told
            assert process.returncode == 0 or b"goes on from where it stopped" in told, told
            assert miner(login, "load", large.path).returncode == 0
            assert checksum(login) == expected
            if number + 1 < KILLS:
                empty(login)


def test_client_is_killed_while_unloading(empty_database: Login, large: Workspace) -> None:
    """After kill -9 in the middle of an unload, the next unload removes the rest and nothing else."""
    import subprocess

    from tests.neo4j.made import COMMAND, environ

    load(large, empty_database)
    command = [*COMMAND, "unload", large.path.name]
    process = subprocess.Popen(
        command, env=environ(empty_database), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    time.sleep(2.0)
    process.kill()
    process.wait()
    assert miner(empty_database, "unload", large.path.name).returncode in (0, 2)
    assert checksum(empty_database) == {}

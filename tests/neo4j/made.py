"""Workspaces and processes for the tests of loading."""

from __future__ import annotations

import os
import subprocess
import sys
from functools import cache
from pathlib import Path

import pytest

from miner.graph.neo4j import Login
from miner.workspace import Workspace
from tests.drawings import draw
from tests.graph.made import Event, generated, workspace_of
from tests.neo4j.serving import ROOT

COMMAND = [sys.executable, "-c", "from miner.cli.app import main; main()"]


def small(folder: Path, *drawings: str) -> Workspace:
    """The workspace of a drawing, without an embedded graph."""
    return workspace_of(folder, draw(*(drawings or ("L1 L2 L1", "L1 L3", "L2"))))


def log(seed: int, journeys: int) -> list[Event]:
    """A generated log of so many journeys."""
    return generated(seed, journeys)


def environ(login: Login) -> dict[str, str]:
    """The environment of a command that asks this server."""
    return {
        **{name: value for name, value in os.environ.items() if not name.startswith("NEO4J_")},
        "PYTHONPATH": str(ROOT),
        "NEO4J_URI": login.uri,
        "NEO4J_USERNAME": login.user,
        "NEO4J_PASSWORD": login.password,
    }


def miner(login: Login, *arguments: object, **environment: str) -> subprocess.CompletedProcess[str]:
    """The finished command `miner`, with what it printed."""
    return subprocess.run(
        [*COMMAND, *map(str, arguments)],
        env={**environ(login), **environment},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=240,
        check=False,
    )


@cache
def _large(folder: Path) -> Workspace:
    return workspace_of(folder, log(11, 500), linked=True)


@pytest.fixture
def large(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    """A workspace of many batches."""
    return _large(tmp_path_factory.getbasetemp() / "large")

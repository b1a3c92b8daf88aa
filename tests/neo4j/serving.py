"""One real Neo4j server for all tests of a run, however many processes they run in.

The first that needs it starts it; a guard stops it, and removes its data, when pytest has ended, however
that came about. It is the LTS, unless `MINER_NEO4J` names another version; `JAVA_HOME` chooses the Java.
"""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from miner import server
from miner.errors import ServerError
from miner.graph.neo4j import Login
from miner.graph.neo4j.database import Database
from miner.server.java import LTS

ROOT = Path(__file__).resolve().parents[2]
SMALL = {"heap": "768m", "pagecache": "128m"}
VERSION = "MINER_NEO4J"


def login_of(found: server.Server) -> Login:
    """How to open a server."""
    return Login(found.uri, found.user, found.password)


@contextmanager
def own_server(home: Path, **options: object) -> Iterator[server.Server]:
    """A server of a test's own, which it may kill; gone with its data afterwards."""
    _guard(home)
    try:
        yield started(home, **options)
    finally:
        server.delete(home)


def started(home: Path, **options: object) -> server.Server:
    """Start a server; without Java the test is skipped, in CI it fails."""
    try:
        return server.start(home, os.environ.get(VERSION, LTS), **{**SMALL, **options})  # type: ignore[arg-type]
    except ServerError as error:
        reason = f"no Neo4j server: {error.problems[0].what}; {error.problems[0].fix}"
        if os.environ.get("CI"):
            pytest.fail(reason)
        pytest.skip(reason)


@pytest.fixture(scope="session")
def neo4j_server(tmp_path_factory: pytest.TempPathFactory) -> Login:
    """The server of this run; what is in it belongs to other tests as well (see `empty_database`)."""
    home = _shared(tmp_path_factory) / "neo4j"
    with _alone(home.with_suffix(".lock")):
        if not server.find(home):
            _guard(home)
        return login_of(started(home))


@pytest.fixture
def empty_database(neo4j_server: Login, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Login]:
    """The server's database, empty and for this test alone."""
    with _alone(_shared(tmp_path_factory) / "neo4j-database.lock"):
        empty(neo4j_server)
        yield neo4j_server


def empty(login: Login, schema: bool = True) -> None:
    """Remove everything from a database, with `schema` constraints and indexes as well."""
    with Database(login) as database, database.session(read=False) as session:
        session.run("MATCH (n) CALL (n) { DETACH DELETE n } IN TRANSACTIONS OF 10000 ROWS").consume()
        if not schema:
            return
        for row in list(session.run("SHOW CONSTRAINTS YIELD name")):
            session.run(f"DROP CONSTRAINT `{row['name']}`").consume()
        for row in list(session.run("SHOW INDEXES YIELD name, type WHERE type <> 'LOOKUP' RETURN name")):
            session.run(f"DROP INDEX `{row['name']}`").consume()


def _shared(factory: pytest.TempPathFactory) -> Path:
    """A folder that all processes of this run know."""
    base = factory.getbasetemp()
    return base.parent if os.environ.get("PYTEST_XDIST_WORKER") else base


@contextmanager
def _alone(lock: Path) -> Iterator[None]:
    """One process at a time."""
    if sys.platform == "win32":
        yield
        return
    import fcntl

    with lock.open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def _guard(home: Path) -> None:
    """Leave a process behind that stops the server in `home` as soon as pytest itself is gone."""
    main = os.getppid() if os.environ.get("PYTEST_XDIST_WORKER") else os.getpid()
    subprocess.Popen(
        [sys.executable, "-m", "tests.neo4j.serving", str(main), str(home)],
        cwd=ROOT,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )


def _watch(main: int, home: Path) -> None:
    while _there(main):
        time.sleep(0.3)
    server.delete(home)


def _there(process: int) -> bool:
    try:
        os.kill(process, 0)
    except OSError:
        return False
    return True


if __name__ == "__main__":
    _watch(int(sys.argv[1]), Path(sys.argv[2]))

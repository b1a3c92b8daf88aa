"""What can go wrong ends in one clear error within half a minute, with exit code 4, and can be gone on with."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from miner import server
from miner.errors import ServerError
from miner.graph.neo4j import Login, Neo4jGraph, database, load
from miner.graph.neo4j.database import Database
from miner.graph.neo4j.trouble import lasting, refused
from tests.neo4j.checksum import checksum
from tests.neo4j.made import large, miner, small
from tests.neo4j.serving import empty, login_of, own_server, started

__all__ = ["large"]


@pytest.fixture
def silent_port() -> Iterator[int]:
    """A port that takes connections and never says a word."""
    with socket.create_server(("127.0.0.1", 0)) as opened:
        yield opened.getsockname()[1]


def test_every_wait_ends_within_half_a_minute() -> None:
    """However a server fails, the last try begins and ends within thirty seconds."""
    assert database.PATIENCE + max(database.CONNECT, database.ACQUIRE) <= 30
    assert database.FIRST_PATIENCE + 2 * max(database.CONNECT, database.ACQUIRE) <= 30


def _closed_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _fails(login: Login, folder: Path, *words: str) -> str:
    """The message of a load that fails, with these words in it and without the password."""
    workspace = small(folder / "small")
    done = miner(login, "load", workspace.path)
    assert done.returncode == 4, done.stderr
    assert done.stdout == ""
    assert done.stderr.startswith("error: "), "the driver has its say in the error and nowhere else"
    for word in words:
        assert word in done.stderr
    assert login.password not in done.stderr and "Traceback" not in done.stderr
    return done.stderr


@pytest.mark.parametrize("scheme", ["bolt", "neo4j"])
def test_closed_port(scheme: str, tmp_path: Path) -> None:
    """Where nobody listens, the address is named, and why it does not answer."""
    uri = f"{scheme}://127.0.0.1:{_closed_port()}"
    words = (uri, "does not answer", "refused", "check that the server runs")
    _fails(Login(uri, "neo4j", "secret-word"), tmp_path, *words)


@pytest.mark.parametrize("scheme", ["bolt", "neo4j", "bolt+s"])
def test_silent_port(scheme: str, silent_port: int, tmp_path: Path) -> None:
    """Where somebody listens and never answers, nobody waits for ever."""
    _fails(Login(f"{scheme}://127.0.0.1:{silent_port}", "neo4j", "secret-word"), tmp_path, "does not answer")


def test_unknown_host(tmp_path: Path) -> None:
    """A host that does not exist is named."""
    _fails(Login("neo4j://no-such-host.invalid:7687", "neo4j", "secret-word"), tmp_path, "no-such-host.invalid")


@pytest.mark.parametrize("scheme", ["bolt", "neo4j"])
def test_wrong_password(scheme: str, neo4j_server: Login, tmp_path: Path) -> None:
    """A wrong password is said to be one, and not shown."""
    wrong = replace(neo4j_server, uri=neo4j_server.uri.replace("bolt:", f"{scheme}:"), password="wrong-password")
    _fails(wrong, tmp_path, "refused the password of neo4j", "NEO4J_PASSWORD")


@pytest.mark.parametrize("scheme", ["bolt", "neo4j"])
def test_no_tls(scheme: str, neo4j_server: Login, tmp_path: Path) -> None:
    """A server without TLS, asked with it, is an error that comes soon and names the address without."""
    plain = neo4j_server.uri.replace("bolt:", f"{scheme}:")
    login = replace(neo4j_server, uri=plain.replace("://", "+s://"))
    _fails(login, tmp_path, "does not answer", "TLS", f"the address is {plain})")


@pytest.mark.parametrize("scheme", ["bolt", "neo4j"])
def test_missing_database(scheme: str, empty_database: Login, tmp_path: Path) -> None:
    """A database that is not there is named, and nothing is made anywhere."""
    login = replace(empty_database, uri=empty_database.uri.replace("bolt:", f"{scheme}:"))
    done = miner(login, "load", small(tmp_path / "small").path, "--database", "nowhere")
    assert done.returncode == 4
    assert "no such database" in done.stderr and "nowhere" in done.stderr
    assert checksum(empty_database) == {}


def test_constraint_of_another_kind(empty_database: Login, tmp_path: Path) -> None:
    """A constraint that lets no second workspace in is named with the way to drop it; then the load goes on."""
    with Database(empty_database) as database:
        database.write("CREATE CONSTRAINT team_ids FOR (n:Team) REQUIRE n.id IS UNIQUE")
    _fails(empty_database, tmp_path, "team_ids", "DROP CONSTRAINT team_ids")
    with Database(empty_database) as database:
        database.write("DROP CONSTRAINT team_ids")
    assert load(small(tmp_path / "small"), empty_database).changed


def test_name_of_a_constraint_is_taken(empty_database: Login, tmp_path: Path) -> None:
    """A constraint of our name on something else is named with the way to drop it."""
    with Database(empty_database) as database:
        database.write("CREATE CONSTRAINT miner_Team_id FOR (n:Other) REQUIRE n.x IS UNIQUE")
    _fails(empty_database, tmp_path, "miner_Team_id", "DROP CONSTRAINT miner_Team_id")


def test_half_a_constraint(empty_database: Login, tmp_path: Path) -> None:
    """What a server leaves of a constraint when it goes down while making it, its index, is made whole."""
    with Database(empty_database) as database:
        database.write("CREATE INDEX miner_Team_id FOR (n:Team) ON (n.id, n.workspace)")
    assert load(small(tmp_path / "small"), empty_database).changed
    with Database(empty_database) as database:
        rows = database.read("SHOW CONSTRAINTS YIELD name, properties WHERE name = 'miner_Team_id' RETURN properties")
    assert [row["properties"] for row in rows] == [["id", "workspace"]]


def test_constraint_against_the_data(empty_database: Login, tmp_path: Path) -> None:
    """A constraint that the data breaks stops the load with its reason; once it is gone the load goes on."""
    with Database(empty_database) as database:
        database.write("CREATE CONSTRAINT one_each FOR (n:Visit) REQUIRE n.team IS UNIQUE")
    _fails(empty_database, tmp_path, "rejects the data", "team")
    with Database(empty_database) as database:
        database.write("DROP CONSTRAINT one_each")
    assert load(small(tmp_path / "small"), empty_database).changed
    with Neo4jGraph(empty_database) as graph:
        assert graph.run("MATCH (v:Visit) RETURN count(*) AS n").rows == [(6,)]


def test_user_who_may_only_read() -> None:
    """Where the server has rights for users (Enterprise), a reader is told what is missing."""
    from neo4j.exceptions import Neo4jError

    error = Neo4jError._hydrate_neo4j(
        code="Neo.ClientError.Security.Forbidden", message="Create node is not allowed for user 'reader'"
    )
    told = refused(error, Login("neo4j://host", "reader", "secret-word"))
    assert isinstance(told, ServerError) and told.exit_code == 4
    assert "reader does not have permission" in str(told) and "may write and create constraints" in str(told)


@pytest.mark.parametrize("code", ["TransactionCommitFailed", "TransactionLogError", "TransactionStartFailed"])
def test_a_full_disk(code: str) -> None:
    """What a server says when its disk is full, and from then on until it is restarted, comes with both to do."""
    from neo4j.exceptions import Neo4jError

    error = Neo4jError._hydrate_neo4j(code=f"Neo.DatabaseError.Transaction.{code}", message="Could not append")
    told = refused(error, Login("neo4j://host", "ann", "secret-word"))
    assert told.exit_code == 4 and "Could not append" in str(told)
    assert "free disk space and restart it" in str(told) and "run the same command again to resume" in str(told)
    assert lasting(error), "trying again helps nobody"


def test_limits_of_a_server(large: object, tmp_path: Path) -> None:
    """Too little memory, a read-only database and a stopped server each end soon; the load then goes on to its end."""
    home = tmp_path / "server"
    with own_server(home, settings={"db.memory.transaction.max": "2m"}) as found:
        port = int(found.uri.rpartition(":")[2])
        login = login_of(found)
        done = _load(login, large)
        assert done.returncode == 4 and "too little memory" in done.stderr, done.stderr
        server.stop(found, at_once=True)
        done = _load(login, large)
        assert done.returncode == 4 and "does not answer" in done.stderr, done.stderr
        server.stop(started(home, port=port))  # a database that was cut off has to write before it can only be read
        read_only = {"server.databases.default_to_read_only": "true"}
        found = started(home, port=port, settings=read_only)
        done = _load(login, large)
        assert done.returncode == 4 and "read-only" in done.stderr, done.stderr
        server.stop(found, at_once=True)
        started(home, port=port)
        assert _load(login, large).returncode == 0
        after = checksum(login)
        empty(login)
        load(large, login)  # type: ignore[arg-type]
        assert checksum(login) == after


def _load(login: Login, workspace: object):  # type: ignore[no-untyped-def]
    return miner(login, "load", workspace.path)  # type: ignore[attr-defined]

"""PostgreSQL and MariaDB as sources, on real servers."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import duckdb
import pytest

from miner.errors import InputError, ServerError, UsageError
from miner.pipeline import run
from miner.pipeline.settings import Settings
from miner.readers.databases import address_of, fetch
from tests.readers.databases.servers import PASSWORD, Server, mariadb, postgresql

COLUMNS = {"case": "ticket", "activity": "step", "time": "at", "team": "team"}


def _fill(execute: Any, zoned: str, serial: str) -> None:
    execute(
        f"CREATE TABLE steps (ticket VARCHAR(20), step VARCHAR(40), at {zoned}, local_at TIMESTAMP(6) NULL, "
        "team VARCHAR(40), price NUMERIC(12, 2))"
    )
    execute("INSERT INTO steps VALUES ('007', 'opened', '2026-03-02 10:00:00', '2026-03-02 10:00:00', 'Größe', 1.50)")
    execute("INSERT INTO steps VALUES ('007', 'passed', '2026-03-02 10:05:00.25', NULL, 'L2', NULL)")
    execute("CREATE VIEW later AS SELECT * FROM steps WHERE team = 'L2'")
    execute(f"CREATE TABLE counted (n {serial}, note VARCHAR(10))")


@pytest.fixture(scope="module")
def postgres() -> Iterator[Server]:
    """A PostgreSQL server with a few rows."""
    with postgresql() as server:
        import psycopg

        with psycopg.connect(
            host="127.0.0.1",
            port=server.port,
            user="miner",
            password=PASSWORD,
            dbname="miner",
            options="-c timezone=UTC",
        ) as found:
            _fill(found.execute, "TIMESTAMPTZ", "SERIAL PRIMARY KEY")
            found.execute("CREATE SCHEMA crm")
            found.execute(
                """CREATE TABLE crm.odd AS SELECT 'infinity'::timestamptz AS at, '{"a": [1]}'::jsonb AS j, """
                "ARRAY[1,2] AS l, 'NaN'::numeric AS n, true AS b, '\\x00ff'::bytea AS raw"
            )
            found.execute("CREATE TABLE many AS SELECT i AS n FROM generate_series(1, 50000) AS i")
        yield server


@pytest.fixture(scope="module")
def maria() -> Iterator[Server]:
    """A MariaDB server with a few rows."""
    with mariadb() as server:
        import pymysql

        with (
            pymysql.connect(
                host="127.0.0.1", port=server.port, user="miner", password=PASSWORD, database="miner", autocommit=True
            ) as found,
            found.cursor() as cursor,
        ):
            cursor.execute("SET time_zone = '+00:00'")
            _fill(cursor.execute, "TIMESTAMP(6) NULL", "INT AUTO_INCREMENT PRIMARY KEY")
            cursor.execute("SET sql_mode = ''")
            cursor.execute("CREATE TABLE odd (at DATETIME, raw BLOB, n DOUBLE, `a``b` INT)")
            cursor.execute("INSERT INTO odd VALUES ('0000-00-00 00:00:00', x'00ff', 1.5, 7)")
        yield server


@pytest.fixture
def servers(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> tuple[str, Server]:
    """One server with its scheme; the password is in the environment."""
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("PGPASSWORD", PASSWORD)
    monkeypatch.setenv("MYSQL_PWD", PASSWORD)
    return request.param, request.getfixturevalue({"postgresql": "postgres", "mysql": "maria"}[request.param])


both = pytest.mark.parametrize("servers", ["postgresql", "mysql"], indirect=True)


def rows(tmp_path: Path, source: str) -> list[dict[str, Any]]:
    """The rows that an address gives, as text."""
    address = address_of(source)
    assert address is not None
    found = duckdb.sql(f"SELECT * FROM read_parquet('{fetch(address, tmp_path)}')")
    return [dict(zip(found.columns, row, strict=True)) for row in found.fetchall()]


@both
def test_a_table(servers: tuple[str, Server], tmp_path: Path) -> None:
    """A table is read through its mapping: times in UTC, ids as text, the address as its name."""
    scheme, server = servers
    source = server.address(scheme, "table=steps")
    made = run([source], tmp_path / "w", Settings(columns=COLUMNS, until="measure"))
    events = made.table("events")
    assert list(events["interaction_id"]) == ["007", "007"]
    assert [str(at) for at in events["started_at"]] == ["2026-03-02 10:00:00", "2026-03-02 10:05:00.250000"]
    assert list(events["team"]) == ["Größe", "L2"]
    assert set(events["source"]) == {source}
    assert made.manifest["inputs"][0]["name"] == source


@both
def test_no_password_is_kept(servers: tuple[str, Server], tmp_path: Path) -> None:
    """No file of a workspace holds the password."""
    scheme, server = servers
    run([server.address(scheme, "table=steps")], tmp_path / "w", Settings(columns=COLUMNS, until="measure"))
    kept = [path for path in (tmp_path / "w").rglob("*") if path.is_file()]
    assert kept and not any(PASSWORD.encode() in path.read_bytes() for path in kept)


@both
def test_queries_and_views(servers: tuple[str, Server], tmp_path: Path) -> None:
    """A view is a table; a query is one SELECT, written as it is or as a web address has it."""
    scheme, server = servers
    assert [row["step"] for row in rows(tmp_path, server.address(scheme, "table=later"))] == ["passed"]
    query = "query=WITH a AS (SELECT * FROM steps) SELECT ticket, count(*) AS n FROM a WHERE step LIKE '%e%' GROUP BY 1"
    assert rows(tmp_path, server.address(scheme, query)) == [{"ticket": "007", "n": "2"}]
    encoded = "query=SELECT%20price+FROM+steps+ORDER+BY+at;"
    assert [row["price"] for row in rows(tmp_path, server.address(scheme, encoded))] == ["1.50", None]


@both
@pytest.mark.parametrize(
    "query",
    [
        "DELETE FROM steps",
        "SELECT 1; DROP TABLE steps",
        "SELECT * INTO copied FROM steps",
        "SELECT 1 INTO OUTFILE '/tmp/x'",
        "INSERT INTO counted (note) VALUES ('x')",
        "WITH a AS (SELECT 1)",
        "; ;",
    ],
)
def test_nothing_is_written(servers: tuple[str, Server], tmp_path: Path, query: str) -> None:
    """Whatever is no single SELECT is an error, and the tables stay as they are."""
    scheme, server = servers
    with pytest.raises(InputError):
        rows(tmp_path, server.address(scheme, f"query={query}"))
    assert len(rows(tmp_path, server.address(scheme, "table=steps"))) == 2
    assert rows(tmp_path, server.address(scheme, "table=counted")) == []


@both
def test_what_is_not_there(servers: tuple[str, Server], tmp_path: Path) -> None:
    """A table that is not there is an error that names it."""
    scheme, server = servers
    with pytest.raises(InputError, match="nowhere"):
        rows(tmp_path, server.address(scheme, "table=nowhere"))
    with pytest.raises(InputError, match="steps"):
        rows(tmp_path, server.address(scheme, "table=no.such.steps"))


@both
def test_wrong_password(servers: tuple[str, Server], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A refused login is an error of the server that says where the password is looked for, and not what it was."""
    scheme, server = servers
    monkeypatch.setenv("PGPASSWORD", "wrong-horse")
    monkeypatch.setenv("MYSQL_PWD", "wrong-horse")
    with pytest.raises(ServerError, match="the password is in") as caught:
        rows(tmp_path, server.address(scheme, "table=steps"))
    assert "wrong-horse" not in str(caught.value)


@both
def test_passwords_from_files(servers: tuple[str, Server], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The files in which the servers' own clients keep passwords are read."""
    scheme, server = servers
    monkeypatch.delenv("PGPASSWORD")
    monkeypatch.delenv("MYSQL_PWD")
    source = server.address(scheme, "table=later")
    with pytest.raises(ServerError):
        rows(tmp_path, source)
    for name, text in ((".pgpass", f"*:*:*:miner:{PASSWORD}\n"), (".my.cnf", f"[client]\npassword = {PASSWORD}\n")):
        (tmp_path / name).write_text(text)
        (tmp_path / name).chmod(0o600)
    monkeypatch.setenv("PGPASSFILE", str(tmp_path / ".pgpass"))
    assert len(rows(tmp_path, source)) == 1


@pytest.mark.parametrize("scheme", ["postgresql", "mysql"])
def test_nobody_there(tmp_path: Path, scheme: str) -> None:
    """A server that does not answer is an error of the server."""
    with pytest.raises(ServerError, match="cannot be reached"):
        rows(tmp_path, f"{scheme}://miner@127.0.0.1:1/miner?table=steps")


@pytest.mark.parametrize(
    "source",
    ["postgresql://u:geheim@h/db?table=t", "mysql://u:@h/db?table=t", "postgres://u@h/db?password=geheim&table=t"],
)
def test_an_address_holds_no_password(source: str) -> None:
    """A password in an address is refused before anything is done with it, and is not repeated."""
    with pytest.raises(UsageError, match="an address must not contain a password") as caught:
        address_of(source)
    assert "geheim" not in str(caught.value)


@pytest.mark.parametrize("servers", ["postgresql"], indirect=True)
def test_odd_values_of_postgresql(servers: tuple[str, Server], tmp_path: Path) -> None:
    """Infinity, documents, lists and bytes are text; a schema is named before the table."""
    scheme, server = servers
    (odd,) = rows(tmp_path, server.address(scheme, "table=crm.odd"))
    assert odd == {"at": "infinity", "j": '{"a": [1]}', "l": "[1, 2]", "n": "NaN", "b": "true", "raw": "\0�"}
    with pytest.raises(InputError, match="read-only"):
        rows(tmp_path, server.address(scheme, "query=SELECT nextval('counted_n_seq')"))


@pytest.mark.parametrize("servers", ["postgresql"], indirect=True)
def test_many_rows_in_batches(servers: tuple[str, Server], tmp_path: Path) -> None:
    """More rows than a batch come whole and in order."""
    scheme, server = servers
    found = rows(tmp_path, server.address(scheme, "query=SELECT n FROM many ORDER BY n"))
    assert [int(row["n"]) for row in found] == list(range(1, 50_001))


@pytest.mark.parametrize("servers", ["mysql"], indirect=True)
def test_odd_values_of_mysql(servers: tuple[str, Server], tmp_path: Path) -> None:
    """A date of zeros stays as it is; a moment says its zone, a local time does not."""
    scheme, server = servers
    (odd,) = rows(tmp_path, server.address(scheme, "table=odd"))
    assert odd == {"at": "0000-00-00 00:00:00", "raw": "\0�", "n": "1.5", "a`b": "7"}
    (first,) = rows(tmp_path, server.address(scheme, "query=SELECT at FROM steps WHERE step = 'opened'"))
    assert first == {"at": "2026-03-02 10:00:00.000000+00:00"}

"""Throw-away database servers for tests: started as a user without rights, in a folder of their own."""

from __future__ import annotations

import os
import pwd
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

PASSWORD = "not a secret, only a test"


@dataclass(frozen=True)
class Server:
    """Where a server listens; user and database are both called miner."""

    port: int
    folder: Path

    def address(self, scheme: str, said: str) -> str:
        """The address of a table or query there."""
        return f"{scheme}://miner@127.0.0.1:{self.port}/miner?{said}"


@contextmanager
def postgresql() -> Iterator[Server]:
    """A PostgreSQL server with password logins; skips where none is installed."""
    programs = _postgresql_programs()
    if programs is None:
        _missing("PostgreSQL", "postgresql")
        return
    with _folder("postgres") as (folder, user):
        secret = folder / "password"
        secret.write_text(PASSWORD)
        secret.chmod(0o644)
        _run(
            [
                f"{programs}/initdb",
                "-D",
                f"{folder}/data",
                "-U",
                "miner",
                "--pwfile",
                str(secret),
                "-N",
                "--auth",
                "scram-sha-256",
                "-E",
                "UTF8",
                "--locale",
                "C",
            ],
            user,
        )
        port = _free_port()
        arguments = [
            f"{programs}/postgres",
            "-D",
            f"{folder}/data",
            "-p",
            str(port),
            "-k",
            str(folder),
            "-h",
            "127.0.0.1",
            "-F",
        ]
        with _process(arguments, user, folder):
            import psycopg

            def connect() -> None:
                with psycopg.connect(
                    host="127.0.0.1", port=port, user="miner", password=PASSWORD, dbname="postgres", autocommit=True
                ) as found:
                    found.execute("CREATE DATABASE miner")

            _wait_for(connect, psycopg.Error, folder)
            yield Server(port, folder)


@contextmanager
def mariadb() -> Iterator[Server]:
    """A MariaDB server with password logins; skips where none is installed."""
    programs = [shutil.which(name) for name in ("mariadbd", "mariadb-install-db")]
    if None in programs:
        _missing("MariaDB", "mariadb-server")
        return
    with _folder("mysql") as (folder, user):
        start = [f"--datadir={folder}/data", f"--user={user}"]
        _run(
            [str(programs[1]), "--no-defaults", *start, "--auth-root-authentication-method=normal", "--skip-test-db"],
            user,
        )
        port = _free_port()
        arguments = [
            str(programs[0]),
            "--no-defaults",
            *start,
            f"--port={port}",
            f"--socket={folder}/s",
            "--bind-address=127.0.0.1",
            f"--pid-file={folder}/pid",
        ]
        with _process(arguments, user, folder):
            import pymysql

            def connect() -> None:
                with pymysql.connect(unix_socket=f"{folder}/s", user="root") as found, found.cursor() as cursor:
                    cursor.execute("CREATE OR REPLACE DATABASE miner CHARACTER SET utf8mb4")
                    cursor.execute(f"CREATE OR REPLACE USER miner@'%' IDENTIFIED BY '{PASSWORD}'")
                    cursor.execute("GRANT ALL ON miner.* TO miner@'%'")
                    cursor.execute("GRANT FILE ON *.* TO miner@'%'")

            _wait_for(connect, pymysql.Error, folder)
            yield Server(port, folder)


def _postgresql_programs() -> str | None:
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/postgres"))
    if found:
        return str(found[-1].parent)
    on_path = shutil.which("initdb")
    return str(Path(on_path).parent) if on_path and shutil.which("postgres") else None


def _missing(name: str, package: str) -> None:
    if os.environ.get("CI"):
        pytest.fail(f"{name} must be there where the project is tested: apt-get install {package}")
    pytest.skip(f"{name} is not installed (apt-get install {package})")


@contextmanager
def _folder(wanted: str) -> Iterator[tuple[Path, str]]:
    """A folder with a short name, which sockets need, of the user that the server is to run as."""
    folder = Path(tempfile.mkdtemp(prefix="mt-", dir="/tmp"))
    user = pwd.getpwuid(os.geteuid()).pw_name
    if os.geteuid() == 0:  # servers refuse to run as root
        names = {entry.pw_name for entry in pwd.getpwall()}
        user = wanted if wanted in names else "nobody"
        shutil.chown(folder, user)
    try:
        yield folder, user
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _run(arguments: list[str], user: str) -> None:
    done = subprocess.run(arguments, capture_output=True, text=True, check=False, cwd="/", **_as(user))
    assert done.returncode == 0, done.stdout + done.stderr


@contextmanager
def _process(arguments: list[str], user: str, folder: Path) -> Iterator[None]:
    with (folder / "log").open("w") as log:
        process = subprocess.Popen(arguments, stdout=log, stderr=log, cwd="/", **_as(user))
    try:
        yield
    finally:
        process.terminate()
        try:
            process.wait(30)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _as(user: str) -> dict[str, str]:
    return {"user": user} if os.geteuid() == 0 else {}


def _wait_for(connect: Callable[[], None], error: type[Exception], folder: Path) -> None:
    for _ in range(300):
        try:
            connect()
        except error:
            time.sleep(0.2)
        else:
            return
    pytest.fail(f"the server did not come up: {(folder / 'log').read_text()[-2000:]}")


def _free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])

"""Start, find and stop a server."""

from __future__ import annotations

import json
import os
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from miner.errors import ServerError
from miner.server.admin import run_admin, write_private
from miner.server.conf import conf
from miner.server.jars import jars
from miner.server.java import Java, choose, find_java

STARTING = 180.0
OPENING = 30.0  # seconds after the first handshake for its database; one that must not write may never open
STOPPING = 60.0
_HELLO = bytes.fromhex("6060b017") + bytes.fromhex("00000005" + "00000404" + "00000000" * 2)
_OPENED = ("java.base/java.nio", "java.base/java.io", "java.base/sun.nio.ch", "java.base/java.util.concurrent")


@dataclass(frozen=True, slots=True)
class Server:
    """A server that was started: where it is, and what opens it."""

    home: str
    uri: str
    user: str
    password: str
    version: str
    java: int
    pid: int

    def __repr__(self) -> str:
        return f"Server({self.uri}, Neo4j {self.version}, pid {self.pid})"

    @property
    def password_file(self) -> Path:
        """The file that holds the password; only its owner can read it."""
        return _password_file(Path(self.home))


def start(
    home: Path,
    version: str | None = None,
    java: str | None = None,
    port: int | None = None,
    heap: str = "1g",
    pagecache: str = "512m",
    settings: Mapping[str, str] | None = None,
    say: Callable[[str], None] = lambda _: None,
) -> Server:
    """Start a server on 127.0.0.1 with its data in `home`, or find the one that runs there.

    `port` is a free one unless given; `settings` are added to neo4j.conf. Raises ServerError, saying
    what is missing, where it cannot be started.
    """
    if running := find(home):
        return running
    engine = find_java(java)
    wanted = choose(engine, version or _version_of(home))
    folder = jars(wanted, say)
    say(f"Starting Neo4j {wanted} on Java {engine.version}, which takes some seconds")
    for name in ("conf", "logs", "run", "import", "plugins", "data"):
        (home / name).mkdir(parents=True, exist_ok=True)
    (home / "run" / "version").write_text(wanted, encoding="utf-8")
    port = port or _free_port()
    (home / "conf" / "neo4j.conf").write_text(conf(wanted, port, heap, pagecache, settings or {}), encoding="utf-8")
    password = _password(home, folder, engine)
    process = _launch(home, folder, engine, wanted, heap)
    server = Server(str(home), f"bolt://127.0.0.1:{port}", "neo4j", password, wanted, engine.version, process.pid)
    public = {name: value for name, value in asdict(server).items() if name != "password"}
    (home / "run" / "server.json").write_text(json.dumps(public, indent=1), encoding="utf-8")
    _wait(server, process)
    return server


def find(home: Path) -> Server | None:
    """The server that runs with its data in this folder; None where there is none."""
    try:
        public = json.loads((home / "run" / "server.json").read_text(encoding="utf-8"))
        server = Server(password=_password_file(home).read_text(encoding="utf-8"), **public)
    except (OSError, ValueError, TypeError):
        return None
    return server if _runs(server) else None


def stop(server: Server, at_once: bool = False) -> None:
    """Stop a server: cleanly, which takes some seconds, or at once, as a loss of power would."""
    if not _runs(server):
        return
    os.kill(server.pid, signal.SIGKILL if at_once and sys.platform != "win32" else signal.SIGTERM)
    end = time.monotonic() + STOPPING
    while _runs(server):
        _reap(server.pid)
        if time.monotonic() > end:
            raise ServerError(f"the server (process {server.pid}) does not stop", fix="end that process yourself")
        time.sleep(0.1)


def delete(home: Path) -> None:
    """Remove a server's folder with all its data; stops the server first."""
    if running := find(home):
        stop(running, at_once=True)
    shutil.rmtree(home, ignore_errors=True)


def admin(home: Path, arguments: Sequence[str], java: str | None = None) -> int:
    """Run `neo4j-admin` on the folder of a server that does not run; what it prints is shown, its exit code given.

    Raises ServerError where the server runs, or was never started.
    """
    if running := find(home):
        raise ServerError(f"the server at {running.uri} is running", fix="stop it first: miner neo4j stop")
    version = _version_of(home)
    if version is None:
        raise ServerError(f"there is no server in {home}", fix="make one, and stop it: miner neo4j start")
    engine = find_java(java)
    return run_admin(home, jars(choose(engine, version)), engine, arguments, shown=True).returncode


def _launch(home: Path, folder: Path, java: Java, version: str, heap: str) -> subprocess.Popen[bytes]:
    main = "CommunityEntryPoint" if version.startswith("5.") else "Neo4jCommunity"
    path = os.pathsep.join([str(home / "conf"), str(home / "plugins" / "*"), str(folder / "*")])
    options = [f"--add-opens={name}=ALL-UNNAMED" for name in _OPENED] + ["--enable-native-access=ALL-UNNAMED"]
    if java.version >= 21:
        options.append("--add-modules=jdk.incubator.vector")
    if java.version >= 23:
        options.append("--sun-misc-unsafe-memory-access=allow")
    # With little memory, the parallel collector takes a third of the time that the usual one does.
    memory = [f"-Xms{heap}", f"-Xmx{heap}", "-XX:+UseParallelGC", "-XX:+ExitOnOutOfMemoryError"]
    command = [java.path, "-cp", path, *memory, *options, "-Dfile.encoding=UTF-8", "-Dlog4j2.disable.jmx=true"]
    command += [f"org.neo4j.server.{main}", f"--home-dir={home}", f"--config-dir={home / 'conf'}"]
    with _console(home).open("wb") as log:
        return subprocess.Popen(
            command, stdin=subprocess.DEVNULL, stdout=log, stderr=subprocess.STDOUT, start_new_session=True
        )


def _wait(server: Server, process: subprocess.Popen[bytes]) -> None:
    end = time.monotonic() + STARTING
    answered: float | None = None
    while True:
        if _answers(server):
            answered = answered or time.monotonic()
            if _serves(server) or time.monotonic() > answered + OPENING:
                return
        code = process.poll()
        if code is not None or time.monotonic() > end:
            if code is None:
                process.kill()
            lines = [
                line for line in _console(Path(server.home)).read_text(errors="replace").splitlines() if line.strip()
            ]
            why = next(
                (line for line in lines if "ERROR" in line or "Caused by" in line), (lines or ["no message"])[-1]
            )
            ended = f"ended with exit code {code}" if code is not None else f"did not answer within {STARTING:.0f} s"
            raise ServerError(f"the server {ended}: {why.strip()}", fix=f"see {_console(Path(server.home))}")
        time.sleep(0.1)


def _answers(server: Server) -> bool:
    """Whether a Bolt handshake gets an answer."""
    host, _, port = server.uri.removeprefix("bolt://").partition(":")
    try:
        with socket.create_connection((host, int(port)), timeout=5) as connection:
            connection.sendall(_HELLO)
            return len(connection.recv(4)) == 4
    except OSError:
        return False


def _serves(server: Server) -> bool:
    """Whether its database takes questions: it opens a moment after the first handshake."""
    from neo4j import GraphDatabase
    from neo4j.exceptions import DriverError, Neo4jError

    try:
        auth = (server.user, server.password)
        with GraphDatabase.driver(server.uri, auth=auth) as driver, driver.session() as session:
            session.run("RETURN 1").consume()  # tried once, where a transaction of the driver's would be tried again
        return True
    except DriverError:
        return False
    except Neo4jError as error:
        return "Unavailable" not in (error.code or "")  # whatever else it says, it says for itself


def _runs(server: Server) -> bool:
    """Whether the process is there and is that server: its number may have gone to another since."""
    process = Path(f"/proc/{server.pid}")
    if not Path("/proc/self/stat").exists():
        return _answers(server)
    try:
        state = (process / "stat").read_text().rpartition(")")[2].split()[0]
        line = (process / "cmdline").read_bytes()
    except OSError:
        return False
    return state != "Z" and f"--home-dir={server.home}".encode() in line.split(b"\0")


def _reap(pid: int) -> None:
    """A child that has ended stays in the list of processes until it is asked for."""
    if sys.platform != "win32":
        try:
            os.waitpid(pid, os.WNOHANG)
        except ChildProcessError:
            return


def _password(home: Path, folder: Path, java: Java) -> str:
    """The password of this folder, made and set before its first start."""
    file = _password_file(home)
    if file.is_file():
        return file.read_text(encoding="utf-8")
    password = secrets.token_urlsafe(18).replace("-", "a")
    done = run_admin(home, folder, java, ["dbms", "set-initial-password", password])
    if done.returncode:
        raise ServerError(
            f"the server's password could not be set: {(done.stderr or done.stdout).strip()[-500:]}",
            fix="remove the server's folder and start it again: miner neo4j stop --delete",
        )
    write_private(file, password)
    return password


def _password_file(home: Path) -> Path:
    return home / "password"


def _console(home: Path) -> Path:
    return home / "logs" / "console.log"


def _version_of(home: Path) -> str | None:
    """The version that made a folder's data: a newer one would change the data for good."""
    file = home / "run" / "version"
    return file.read_text(encoding="utf-8") if file.is_file() else None


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])

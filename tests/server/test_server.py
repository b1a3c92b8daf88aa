"""The throw-away server: what is missing is said, what is secret is kept, what was there is found again."""

from __future__ import annotations

import os
import stat
import sys
from pathlib import Path

import pytest

from miner import server
from miner.errors import ServerError
from miner.server.conf import conf
from miner.server.jars import jars
from miner.server.java import LTS, NEWEST, Java, choose, find_java
from miner.server.places import cache, jars_of
from tests.neo4j.serving import own_server

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="programs here are shell scripts")


def _program(folder: Path, name: str, text: str) -> Path:
    path = folder / name
    path.write_text(f"#!/bin/sh\n{text}\n", encoding="utf-8")
    path.chmod(0o755)
    return path


def _java(folder: Path, version: str) -> Path:
    return _program(folder, "java", f"echo 'openjdk version \"{version}\" 2025-01-01' >&2")


@pytest.fixture
def nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A machine with no Java and no Maven: the only folder of programs, still empty."""
    folder = tmp_path / "bin"
    folder.mkdir()
    monkeypatch.setenv("PATH", str(folder))
    monkeypatch.delenv("JAVA_HOME", raising=False)
    monkeypatch.setenv("MINER_CACHE", str(tmp_path / "cache"))
    return folder


def test_no_java(nothing: Path, tmp_path: Path) -> None:
    """Without Java the error says how to get it, and what to do without, and nothing is made."""
    with pytest.raises(ServerError, match="there is no Java") as told:
        server.start(tmp_path / "home")
    assert "apt-get install" in str(told.value) and "docker compose up" in str(told.value)
    assert told.value.exit_code == 4
    assert not (tmp_path / "home").exists()


@pytest.mark.parametrize(
    ("said", "version"), [("17.0.15", LTS), ("20.0.1", LTS), ("21", NEWEST), ("25.0.1", NEWEST), ("26-ea", NEWEST)]
)
def test_version_for_a_java(said: str, version: str, nothing: Path) -> None:
    """Each Java gets the newest Neo4j that it runs."""
    _java(nothing, said)
    assert choose(find_java()) == version


@pytest.mark.parametrize(("said", "wanted"), [("11.0.2", None), ("1.8.0_402", None), ("17.0.1", NEWEST)])
def test_old_java(said: str, wanted: str | None, nothing: Path) -> None:
    """A Java that is too old is named with the one that is needed."""
    _java(nothing, said)
    with pytest.raises(ServerError, match=r"needs Java (17|21) or newer"):
        choose(find_java(), wanted)


def test_java_home_comes_first(nothing: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """JAVA_HOME is asked before the PATH, and a path given before both."""
    (tmp_path / "jdk" / "bin").mkdir(parents=True)
    _java(nothing, "17")
    newer = _java(tmp_path / "jdk" / "bin", "25")
    monkeypatch.setenv("JAVA_HOME", str(tmp_path / "jdk"))
    assert find_java() == Java(str(newer), 25)
    assert find_java(str(nothing / "java")).version == 17


def test_no_maven(nothing: Path) -> None:
    """Without Maven, and without the jars, the error says how to get it."""
    with pytest.raises(ServerError, match="Maven") as told:
        jars(LTS)
    assert "apt-get install maven" in str(told.value)


def test_failed_download_leaves_nothing(nothing: Path) -> None:
    """A download that fails says why in Maven's words, and is begun anew the next time."""
    _program(nothing, "mvn", "echo '[ERROR] Could not transfer artifact: no route'; exit 1")
    with pytest.raises(ServerError, match="no route"):
        jars(LTS)
    assert not jars_of(LTS).exists() and not list(jars_of(LTS).parent.iterdir())


def test_jars_are_fetched_once(nothing: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Jars that are there are not fetched again."""
    said: list[str] = []
    text = (
        'for a in "$@"; do case $a in -DoutputDirectory=*) d=${a#*=};; esac; done; /bin/mkdir -p "$d"; : > "$d/x.jar"'
    )
    _program(nothing, "mvn", text)
    assert jars(LTS, said.append) == jars_of(LTS)
    (nothing / "mvn").unlink()
    assert jars(LTS, said.append) == jars_of(LTS)
    assert len(said) == 1 and "GPLv3" in said[0]


def test_only_this_machine_can_reach_it() -> None:
    """The server listens on the loopback address, and no query may read files or fetch addresses."""
    lines = conf(LTS, 4711, "1g", "512m", {"db.transaction.timeout": "9s"}).splitlines()
    assert "server.bolt.listen_address=127.0.0.1:4711" in lines
    assert "server.default_listen_address=127.0.0.1" in lines
    assert "internal.dbms.tx_log.fail_on_corrupted_log_files=false" in lines, "a full disk must not close it for ever"
    assert "dbms.security.allow_csv_import_from_file_urls=false" in lines
    assert "db.transaction.timeout=9s" in lines
    assert not any("fleet" in line for line in lines)
    assert any("fleet" in line for line in conf(NEWEST, 4711, "1g", "512m", {}).splitlines())


def test_cache_is_the_users(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Jars and data are kept in the user's cache folder."""
    monkeypatch.delenv("MINER_CACHE", raising=False)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    monkeypatch.setattr(sys, "platform", "linux")
    assert cache() == tmp_path / "interaction-miner"


def test_nothing_to_find(tmp_path: Path) -> None:
    """Where no server was started none is found, also where the notes of one are broken."""
    assert server.find(tmp_path) is None
    (tmp_path / "run").mkdir()
    (tmp_path / "run" / "server.json").write_text("{")
    assert server.find(tmp_path) is None


def test_life_of_a_server(tmp_path: Path) -> None:
    """A started server is found, found again instead of started twice, keeps its password, and is gone when stopped."""
    home = tmp_path / "home"
    with own_server(home) as first:
        assert first.uri.startswith("bolt://127.0.0.1:")
        assert stat.S_IMODE(os.stat(first.password_file).st_mode) == 0o600
        assert first.password_file.read_text() == first.password and len(first.password) >= 16
        assert first.password not in repr(first)
        assert first.password not in (home / "run" / "server.json").read_text()
        assert server.start(home) == first == server.find(home)
        server.stop(first)
        assert server.find(home) is None
        with pytest.raises(ServerError, match="exit code"):
            server.start(home, heap="768m", settings={"no.such.setting": "1"})
        again = server.start(home, heap="768m")
        assert again.password == first.password
    assert server.find(home) is None and not home.exists()

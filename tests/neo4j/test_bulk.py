"""A first load by files: Neo4j's own import makes of them what a load would have made."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from miner import server
from miner.errors import UsageError
from miner.graph.neo4j import bulk, load
from miner.workspace import Workspace
from tests.drawings import draw
from tests.graph.made import generated, workspace_of
from tests.neo4j.checksum import checksum
from tests.neo4j.made import COMMAND, miner
from tests.neo4j.serving import ROOT, empty, login_of, own_server, started

HOSTILE = 'a "b", \'c\'\n\\"; 0,1\tü 漢 😀 {x} $y'


def _hostile(folder: Path) -> Workspace:
    """A workspace with text in it that no CSV file likes."""
    events = generated(12, 60)
    for number, event in enumerate(events):
        if number % 3 == 0:
            event["activity"] = f"{HOSTILE} {number % 4}"
        if event["customer"]:
            event["customer"] += HOSTILE
    return workspace_of(folder, events, linked=True)


@pytest.mark.skipif(sys.platform == "win32", reason="import.sh is for a POSIX shell")
def test_import_makes_what_a_load_makes(tmp_path: Path) -> None:
    """After the import, a load adds the constraints and indexes and nothing else; all is as if it had been loaded."""
    workspace, home = _hostile(tmp_path / "hostile"), tmp_path / "server"
    bulk(workspace, tmp_path / "files")
    with own_server(home) as found:
        server.stop(found)
        _run_script(tmp_path / "files", home)
        login = login_of(started(home))
        imported = checksum(login)
        done = load(workspace, login)
        assert done.made == done.removed == 0 and done.kept
        assert not load(workspace, login).changed
        assert checksum(login) == imported
        schema = checksum(login, schema=True)
        empty(login)
        load(workspace, login)
        assert checksum(login, schema=True) == schema


def _run_script(folder: Path, home: Path) -> None:
    """`import.sh`, with the neo4j-admin of the server's jars."""
    program = folder.parent / "neo4j-admin"
    program.write_text(
        f'#!/bin/sh\nexec "{COMMAND[0]}" -c "{COMMAND[2]}" neo4j admin --home "{home}" "$@"\n', encoding="utf-8"
    )
    program.chmod(0o755)
    done = subprocess.run(
        [str(folder / "import.sh"), "--overwrite-destination=true"],
        env={**os.environ, "NEO4J_ADMIN": str(program), "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    assert done.returncode == 0, done.stdout[-2000:] + done.stderr


@pytest.mark.parametrize("drawing", ["L1 L2 L1", "L1"])
def test_files_of_a_small_log(drawing: str, tmp_path: Path) -> None:
    """Each declaration has a head and rows, and the command names each file; no list of nodes is forgotten."""
    workspace = workspace_of(tmp_path / "small", draw(drawing))
    done = bulk(workspace, tmp_path / "files", detail="visits", name="april", database="other")
    files = {path.name for path in (tmp_path / "files").iterdir()}
    assert files - {"import.sh"} == {
        name for word in done.command.split() if ".csv" in word for name in word.rpartition("=")[2].split(",")
    }
    assert "Event.csv" not in files and "Visit.csv" in files
    assert done.command.startswith("neo4j-admin database import full other ")
    assert '"april"' in (tmp_path / "files" / "LoadedWorkspace.csv").read_text()


def test_folder_with_something_in_it(tmp_path: Path) -> None:
    """A folder that is not empty is left as it is."""
    (tmp_path / "files").mkdir()
    (tmp_path / "files" / "mine.txt").write_text("mine")
    with pytest.raises(UsageError, match="not empty"):
        bulk(workspace_of(tmp_path / "small", draw("L1 L2")), tmp_path / "files")
    assert [path.name for path in (tmp_path / "files").iterdir()] == ["mine.txt"]


def test_command_writes_files_and_says_what_to_do(neo4j_server: object, tmp_path: Path) -> None:
    """`miner load --bulk` asks no server and prints the command."""
    workspace_of(tmp_path / "small", draw("L1 L2"))
    done = miner(neo4j_server, "load", tmp_path / "small", "--bulk", tmp_path / "files", NEO4J_URI="bolt://nowhere:1")  # type: ignore[arg-type]
    assert done.returncode == 0, done.stderr
    assert "neo4j-admin database import full neo4j" in done.stdout and "import.sh" in done.stdout

"""The commands of docs/neo4j.md work from top to bottom, as a reader would type them."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from miner.graph.neo4j import Login
from miner.server.conf import SAFE, SAFE_FROM_2025
from miner.server.places import jars_of
from tests.docs.pages import DOCS, blocks
from tests.neo4j.made import small
from tests.neo4j.serving import ROOT

PAGE = DOCS / "neo4j.md"


@pytest.mark.skipif(sys.platform == "win32", reason="the page is for a POSIX shell")
def test_commands_of_the_page(neo4j_server: Login, tmp_path: Path) -> None:
    """From the start of a server to its removal, every command of the page succeeds."""
    small(tmp_path / "workspace")
    cache = tmp_path / "cache"
    (cache / "neo4j").mkdir(parents=True)
    (cache / "neo4j" / "jars").symlink_to(jars_of("x").parent, target_is_directory=True)
    script = "\n".join(["set -eu", *(block.text for block in blocks(PAGE, "bash"))])
    programs = tmp_path / "bin"
    programs.mkdir()
    (programs / "miner").write_text(
        f'#!/bin/sh\nexec "{sys.executable}" -c "from miner.cli.app import main; main()" "$@"\n', encoding="utf-8"
    )
    (programs / "miner").chmod(0o755)
    environment = {name: value for name, value in os.environ.items() if not name.startswith("NEO4J_")}
    environment |= {"PATH": f"{programs}:{os.environ['PATH']}", "PYTHONPATH": str(ROOT), "MINER_CACHE": str(cache)}
    shell = shutil.which("bash") or "sh"
    done = subprocess.run(
        [shell, "-c", script], cwd=tmp_path, env=environment, capture_output=True, text=True, timeout=900, check=False
    )
    subprocess.run([str(programs / "miner"), "neo4j", "stop", "--delete"], env=environment, check=False)
    assert done.returncode == 0, done.stderr
    assert "stopped, and its data removed" in done.stdout
    assert "nodes were removed" in done.stdout


def test_settings_of_the_page_are_those_of_the_server() -> None:
    """The page recommends what the server of the tests, and the one for Docker, are run with."""
    (block,) = blocks(PAGE, "properties")
    told = dict(line.split("=", 1) for line in block.text.splitlines() if not line.startswith("#"))
    assert told == {**SAFE, **SAFE_FROM_2025}
    compose = (ROOT / "compose.yaml").read_text(encoding="utf-8")
    for name, value in SAFE.items():
        # The image has an import folder of its own.
        if name != "server.directories.import":
            key = f"NEO4J_{name.replace('_', '__').replace('.', '_')}"
            assert f"{key}: {value}" in compose or f'{key}: "{value}"' in compose, name

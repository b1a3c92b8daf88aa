"""Neo4j's own program for administrators, from the jars of the server."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Sequence
from pathlib import Path

from miner.server.java import Java

_MAIN = "org.neo4j.server.startup.Neo4jAdminCommand"


def run_admin(
    home: Path, folder: Path, java: Java, arguments: Sequence[str], shown: bool = False
) -> subprocess.CompletedProcess[str]:
    """Run `neo4j-admin` with the server's folder `home` and the jars in `folder`, in the current folder.

    What it prints is kept, unless `shown`. Its arguments go through a file that only the user can read, so that
    no list of processes shows them.
    """
    file = home / "run" / "arguments"
    words = ["-cp", str(folder / "*"), _MAIN, *arguments]
    write_private(file, "".join(f"{_quoted(word)}\n" for word in words))
    environment = {**os.environ, "NEO4J_HOME": str(home), "NEO4J_CONF": str(home / "conf")}
    try:
        return subprocess.run(
            [java.path, f"@{file}"], env=environment, capture_output=not shown, text=True, check=False
        )
    finally:
        file.unlink(missing_ok=True)


def write_private(file: Path, text: str) -> None:
    """Write a file anew that only its owner can read."""
    file.unlink(missing_ok=True)
    with os.fdopen(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as f:
        f.write(text)


def _quoted(text: str) -> str:
    """A line of a file of arguments, as Java reads them."""
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'

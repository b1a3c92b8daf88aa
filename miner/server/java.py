"""The Java that is there, and the Neo4j that runs on it."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

from miner.errors import ServerError

LTS = "5.26.30"
NEWEST = "2026.08.1"
# The oldest Java that each of them runs on.
NEEDS = {LTS: 17, NEWEST: 21}
_VERSION = re.compile(r'version "(\d+)')


@dataclass(frozen=True, slots=True)
class Java:
    """A Java: the path of its `java`, and its feature version (17, 21, …)."""

    path: str
    version: int


def find_java(path: str | None = None) -> Java:
    """The Java at `path`, else that of JAVA_HOME, else the first on the PATH; ServerError where there is none."""
    home = os.environ.get("JAVA_HOME")
    places = [path] if path else [str(Path(home) / "bin" / "java") if home else None, "java"]
    executable = next((place for place in map(shutil.which, filter(None, places)) if place), None)
    if executable is None:
        raise ServerError(
            f"there is no Java{f' at {path}' if path else ''}",
            fix="install Java 17 or newer (Debian, Ubuntu: apt-get install openjdk-17-jre-headless), "
            "or use Docker: docker compose up (docs/neo4j.md)",
        )
    try:
        asked = subprocess.run([executable, "-version"], capture_output=True, text=True, timeout=60, check=False)
    except (OSError, subprocess.TimeoutExpired) as error:
        raise ServerError(f"{executable} does not answer: {error}", fix="check JAVA_HOME and PATH") from error
    match = _VERSION.search(asked.stderr + asked.stdout)
    if match is None:
        raise ServerError(f"{executable} does not say its version", fix="check JAVA_HOME and PATH")
    return Java(executable, int(match[1]))


def choose(java: Java, version: str | None = None) -> str:
    """The version of Neo4j for this Java: the newest that it runs; ServerError where it is too old."""
    version = version or (NEWEST if java.version >= NEEDS[NEWEST] else LTS)
    needed = NEEDS.get(version, NEEDS[LTS] if version.startswith("5.") else NEEDS[NEWEST])
    if java.version < needed:
        raise ServerError(
            f"Neo4j {version} needs Java {needed} or newer; {java.path} is {java.version}",
            fix=f"install Java {needed} or newer and set JAVA_HOME",
        )
    return version

"""Neo4j's jars: fetched from Maven Central when they are first needed, never shipped with this program."""

from __future__ import annotations

import shutil
import subprocess
import tempfile
from collections.abc import Callable
from pathlib import Path

from miner.errors import ServerError
from miner.server.places import jars_of

_COPY = "org.apache.maven.plugins:maven-dependency-plugin:3.6.1:copy-dependencies"
_POM = """<project xmlns="http://maven.apache.org/POM/4.0.0"><modelVersion>4.0.0</modelVersion>
<groupId>local</groupId><artifactId>neo4j-jars</artifactId><version>1</version><packaging>pom</packaging><dependencies>
<dependency><groupId>org.neo4j.app</groupId><artifactId>neo4j-server</artifactId><version>{version}</version></dependency>
<dependency><groupId>org.neo4j</groupId><artifactId>neo4j</artifactId><version>{version}</version></dependency>
</dependencies></project>
"""


def jars(version: str, say: Callable[[str], None] = lambda _: None) -> Path:
    """The folder of a version's jars, fetched (about 150 MB) unless they are there; ServerError where that fails."""
    target = jars_of(version)
    if target.is_dir():
        return target
    maven = shutil.which("mvn")
    if maven is None:
        raise ServerError(
            f"Neo4j {version} is not here yet, and Maven (mvn), which fetches it, is missing",
            fix="install Maven (Debian, Ubuntu: apt-get install maven; macOS: brew install maven), "
            "or use Docker: docker compose up (docs/neo4j.md)",
        )
    say(f"Fetching Neo4j {version} (Community, GPLv3) from Maven Central, once: about 150 MB")
    target.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=f".{version}-", dir=target.parent) as folder:
        draft = Path(folder) / "jars"
        _fetch(maven, version, Path(folder), draft)
        try:
            draft.rename(target)
        except OSError:
            # Somebody else was first, which is as good.
            if not target.is_dir():
                raise
    return target


def _fetch(maven: str, version: str, folder: Path, draft: Path) -> None:
    pom = folder / "pom.xml"
    pom.write_text(_POM.format(version=version), encoding="utf-8")
    command = [maven, "-q", "-B", "-C", "-f", str(pom), _COPY, "-DincludeScope=runtime", f"-DoutputDirectory={draft}"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode or not any(draft.glob("*.jar")):
        lines = [line for line in (done.stdout + done.stderr).splitlines() if line.strip()]
        told = "\n    ".join(lines[:3]) or f"exit code {done.returncode}"
        raise ServerError(f"Neo4j {version} could not be fetched:\n    {told}", fix="check the network and try again")

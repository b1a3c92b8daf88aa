"""The tests of parity against the newest Neo4j, where there is a Java for it: `python -m tests.neo4j.newest`.

The other tests run against the LTS. What follows the command goes to pytest. Without such a Java one line says so,
and that is no failure: Debian 12 has none.
"""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

from miner.errors import ServerError
from miner.server.java import NEEDS, NEWEST, Java, find_java
from tests.neo4j.serving import ROOT, VERSION


def _places() -> Iterator[str | None]:
    """Where a Java may be: None stands for JAVA_HOME and the PATH."""
    yield None
    for name, home in sorted(os.environ.items()):
        if name.startswith("JAVA_HOME_"):
            yield str(Path(home) / "bin" / "java")
    for folder in ("/usr/lib/jvm", "/opt/java", "/Library/Java/JavaVirtualMachines"):
        yield from sorted(str(path) for path in Path(folder).glob("**/bin/java"))


def new_enough() -> Java | None:
    """The first Java that runs the newest release."""
    for place in _places():
        try:
            found = find_java(place)
        except ServerError:
            continue
        if found.version >= NEEDS[NEWEST]:
            return found
    return None


def main() -> int:
    """Run the tests; the exit code of pytest, 0 where there is nothing to run them with."""
    java = new_enough()
    if java is None:
        print(f"not run: there is no Java {NEEDS[NEWEST]} or newer here, which Neo4j {NEWEST} needs")
        return 0
    print(f"Neo4j {NEWEST} on Java {java.version}", flush=True)
    environment = {**os.environ, "JAVA_HOME": str(Path(java.path).resolve().parents[1]), VERSION: NEWEST}
    command = [sys.executable, "-m", "pytest", "-q", *(sys.argv[1:] or ["-n", "auto"]), "tests/parity"]
    return subprocess.run(command, cwd=ROOT, env=environment, check=False).returncode


if __name__ == "__main__":
    sys.exit(main())

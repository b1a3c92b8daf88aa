"""Loads and unloads in processes of their own that can be killed at any moment.

`python -m tests.neo4j.worker FOLDER` makes a process for each line `load` or `unload` that it reads: what they need
is imported once, so that a moment chosen at random is one of the work. The server is that of NEO4J_URI. Batches are
small, so that a small log makes many transactions.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path
from types import TracebackType

from miner.graph.neo4j import Login, batches, load, login, unload
from miner.workspace import Workspace
from tests.neo4j.made import environ
from tests.neo4j.serving import ROOT

# Events: what batches.LEAST and batches.MOST are in these tests, and how seldom a batch ends in between.
SIZES = {"LEAST": 30, "MOST": 80, "ODDS": 4}


class Worker:
    """What makes processes that load or unload a workspace; use as a context manager."""

    def __init__(self, server: Login, workspace: Workspace):
        self._maker = subprocess.Popen(
            [sys.executable, "-m", "tests.neo4j.worker", str(workspace.path)],
            cwd=ROOT,
            env=environ(server),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        self._answer()

    def __enter__(self) -> Worker:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._maker.kill()
        with self._maker:
            self._maker.wait()

    def begin(self, what: str) -> int:
        """Begin to `load` or to `unload`; gives the number of the process."""
        self._ask(what)
        return int(self._answer())

    def kill(self, process: int) -> bool:
        """Kill it, as kill -9 does; True where it had not ended by itself."""
        os.kill(process, signal.SIGKILL)
        self._ask("wait")
        return self._answer() != "0"

    def _ask(self, what: str) -> None:
        assert self._maker.stdin
        self._maker.stdin.write(f"{what}\n")
        self._maker.stdin.flush()

    def _answer(self) -> str:
        assert self._maker.stdout
        return self._maker.stdout.readline().strip()


def main() -> None:
    """The process that makes the others; each stays in the list of processes until it is waited for."""
    folder = Path(sys.argv[1])
    for name, size in SIZES.items():
        setattr(batches, name, size)
    import duckdb  # noqa: F401
    import neo4j  # noqa: F401
    import orjson  # noqa: F401
    import pyarrow as pa  # noqa: F401

    print("ready", flush=True)
    process = 0
    for line in sys.stdin:
        if line == "wait\n":
            print(os.waitpid(process, 0)[1], flush=True)
            continue
        process = os.fork()
        if not process:
            _work(line.strip(), folder)
        print(process, flush=True)


def _work(what: str, folder: Path) -> None:
    code = 1
    try:
        if what == "load":
            load(Workspace.open(folder), login())
        else:
            unload(folder.name, login())
        code = 0
    finally:
        os._exit(code)


if __name__ == "__main__":
    main()

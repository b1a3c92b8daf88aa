"""The command `miner inspect` in a process beside the tests, with a limit of time and a measured peak of memory.

One process looks at many files, because starting it takes longer than most of them. A file that takes too
long ends it, and the next file gets a new one.
"""

from __future__ import annotations

import contextlib
import io
import json
import os
import subprocess
import sys
import threading
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
SECONDS = 60.0
MEGABYTES = 1_000  # peak of the whole process, of which the packages take about 200
ENGINE = "400MB"


@dataclass(frozen=True)
class Answer:
    """What the command did: exit code, the two streams, seconds, peak of memory (None where it can't be told)."""

    exit: int
    out: str
    err: str
    seconds: float
    megabytes: int | None

    @property
    def found(self) -> dict[str, Any]:
        """What `--json` printed."""
        found: dict[str, Any] = json.loads(self.out)
        return found


class Guard:
    """Runs `miner inspect --json` under a limit of time; use as a context manager."""

    def __init__(self, seconds: float = SECONDS, engine: str = ENGINE):
        self._seconds, self._engine = seconds, engine
        self._child: subprocess.Popen[str] | None = None

    def __enter__(self) -> Guard:
        return self

    def __exit__(self, *_: object) -> None:
        if self._child:
            self._child.kill()
            self._child.communicate()

    def inspect(self, *arguments: object) -> Answer:
        """The answer; TimeoutError where it takes too long, RuntimeError where the process dies."""
        child = self._child = self._child if self._child and self._child.poll() is None else self._start()
        assert child.stdin and child.stdout
        late = threading.Event()

        def stop() -> None:
            late.set()
            child.kill()

        timer = threading.Timer(self._seconds, stop)
        timer.start()
        try:
            child.stdin.write(json.dumps([str(argument) for argument in arguments]) + "\n")
            child.stdin.flush()
            line = child.stdout.readline()
        finally:
            timer.cancel()
        if late.is_set():
            raise TimeoutError(f"miner inspect {arguments} takes longer than {self._seconds} s")
        if not line:
            raise RuntimeError(f"miner inspect {arguments} ended the process ({child.wait()})")
        return Answer(**json.loads(line))

    def _start(self) -> subprocess.Popen[str]:
        kept = {k: v for k, v in os.environ.items() if k not in ("NO_COLOR", "FORCE_COLOR", "COLUMNS", "TERM")}
        return subprocess.Popen(
            [sys.executable, "-m", "tests.readers.guard"],
            cwd=ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            env=kept | {"MINER_MEMORY": self._engine, "PYTHONPATH": str(ROOT)},
        )


def _serve() -> None:
    import time

    from miner.cli.app import main

    answers = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)  # what a library prints past Python must not be taken for an answer
    for line in sys.stdin:
        arguments = json.loads(line)
        out, err = io.StringIO(), io.StringIO()
        sys.argv = ["miner", "inspect", "--json", *arguments]
        _forget_peak()
        began, code = time.perf_counter(), 0
        with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
            try:
                main()
            except SystemExit as stop:
                code = stop.code if isinstance(stop.code, int) else 0 if stop.code is None else 1
        told = (code, out.getvalue(), err.getvalue(), time.perf_counter() - began, _peak())
        answers.write(json.dumps(dict(zip(Answer.__dataclass_fields__, told, strict=True))) + "\n")
        answers.flush()


def _forget_peak() -> None:
    with contextlib.suppress(OSError):
        Path("/proc/self/clear_refs").write_text("5")


def _peak() -> int | None:
    """Megabytes that the process held at most since it was last forgotten; None where the system does not tell."""
    try:
        lines = Path("/proc/self/status").read_text().splitlines()
    except OSError:
        return None
    return next((int(line.split()[1]) >> 10 for line in lines if line.startswith("VmHWM")), None)


if __name__ == "__main__":
    _serve()

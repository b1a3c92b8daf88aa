"""The command `miner inspect` in a process beside the tests, with a limit of CPU time and a measured peak of memory.

One process looks at many files, because starting it takes longer than most of them. A file that takes too much ends
it, and the next file gets a new one. What counts is what the process works, so a busy machine fails no test.
"""

from __future__ import annotations

import contextlib
import io
import json
import os
import signal
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
SECONDS = 60  # of CPU time for one file
MEGABYTES = 1_000  # peak of the whole process, of which the packages take about 200
ENGINE = "400MB"


@dataclass(frozen=True)
class Answer:
    """What the command did: exit code, the two streams, CPU seconds, peak of memory (None where it can't be told)."""

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
    """Runs `miner inspect --json` under a limit of CPU time; use as a context manager."""

    def __init__(self, seconds: int = SECONDS, engine: str = ENGINE):
        self._seconds, self._engine = seconds, engine
        self._child: subprocess.Popen[str] | None = None

    def __enter__(self) -> Guard:
        return self

    def __exit__(self, *_: object) -> None:
        if self._child:
            self._child.kill()
            self._child.communicate()

    def inspect(self, *arguments: object) -> Answer:
        """The answer; TimeoutError where it works too long, RuntimeError where the process dies."""
        child = self._child = self._child if self._child and self._child.poll() is None else self._start()
        assert child.stdin and child.stdout
        child.stdin.write(json.dumps([str(argument) for argument in arguments]) + "\n")
        child.stdin.flush()
        if line := child.stdout.readline():
            return Answer(**json.loads(line))
        code = child.wait()
        if code == -signal.SIGXCPU:
            raise TimeoutError(f"miner inspect {arguments} takes more than {self._seconds} s of CPU time")
        raise RuntimeError(f"miner inspect {arguments} ended the process ({code})")

    def _start(self) -> subprocess.Popen[str]:
        kept = {k: v for k, v in os.environ.items() if k not in ("NO_COLOR", "FORCE_COLOR", "COLUMNS", "TERM")}
        return subprocess.Popen(
            [sys.executable, "-m", "tests.readers.guard", str(self._seconds)],
            cwd=ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            env=kept | {"MINER_MEMORY": self._engine, "PYTHONPATH": str(ROOT)},
        )


def _serve(seconds: int) -> None:
    from miner.cli.app import main

    answers = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)  # what a library prints past Python must not be taken for an answer
    for line in sys.stdin:
        arguments = json.loads(line)
        out, err = io.StringIO(), io.StringIO()
        sys.argv = ["miner", "inspect", "--json", *arguments]
        _forget_peak()
        _allow(seconds)
        began, code = time.process_time(), 0
        with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
            try:
                main()
            except SystemExit as stop:
                code = stop.code if isinstance(stop.code, int) else 0 if stop.code is None else 1
        told = (code, out.getvalue(), err.getvalue(), time.process_time() - began, _peak())
        answers.write(json.dumps(dict(zip(Answer.__dataclass_fields__, told, strict=True))) + "\n")
        answers.flush()


def _allow(seconds: int) -> None:
    """Let the system end this process when it has worked so much longer than until now."""
    with contextlib.suppress(ImportError):
        import resource

        _, hard = resource.getrlimit(resource.RLIMIT_CPU)
        resource.setrlimit(resource.RLIMIT_CPU, (int(time.process_time()) + 1 + seconds, hard))


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
    _serve(int(sys.argv[1]))

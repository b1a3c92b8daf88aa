"""The parent's side of the layout process: ask, wait until the deadline, else end it."""

from __future__ import annotations

import contextlib
import json
import queue
import subprocess
import sys
import threading
from pathlib import Path

_WORKER = Path(__file__).with_name("worker.py")


class LayoutFailed(Exception):
    """The layout engine gave no answer in time, or an error."""


class LayoutProcess:
    """Graphviz in a process of its own, started when first needed. Use as a context manager."""

    def __init__(self, command: list[str] | None = None):
        self._command = command or [sys.executable, "-P", str(_WORKER)]
        self._process: subprocess.Popen[str] | None = None
        self._answers: queue.Queue[str | None] = queue.Queue()

    def __enter__(self) -> LayoutProcess:
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    def render(self, dot: str, deadline: float) -> str:
        """Graphviz' json0 of a DOT text; raises LayoutFailed after `deadline` seconds or on an error."""
        process = self._start()
        try:
            assert process.stdin is not None
            process.stdin.write(json.dumps(dot) + "\n")
            process.stdin.flush()
            line = self._answers.get(timeout=deadline)
        except (OSError, queue.Empty) as error:
            self.stop()
            raise LayoutFailed(f"no layout within {deadline:g} s") from error
        answer = json.loads(line) if line else {"error": "the layout process ended"}
        if "ok" not in answer:
            self.stop()
            raise LayoutFailed(answer["error"])
        return str(answer["ok"])

    def stop(self) -> None:
        """End the process, whatever it is doing."""
        process, self._process = self._process, None
        if process is not None:
            process.kill()
            process.wait()
            for stream in (process.stdin, process.stdout):
                with contextlib.suppress(OSError):
                    stream.close()  # type: ignore[union-attr]

    def _start(self) -> subprocess.Popen[str]:
        if self._process is None:
            self._answers = queue.Queue()
            self._process = subprocess.Popen(
                self._command,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                text=True,
                encoding="utf-8",
            )
            threading.Thread(target=_pass_on, args=(self._process, self._answers), daemon=True).start()
        return self._process


def _pass_on(process: subprocess.Popen[str], answers: queue.Queue[str | None]) -> None:
    with contextlib.suppress(OSError, ValueError):
        for line in process.stdout or ():
            answers.put(line)
    answers.put(None)


def system_dot(dot: str, deadline: float) -> str:
    """The same through the system's own Graphviz; raises LayoutFailed where it is not installed or fails."""
    try:
        done = subprocess.run(
            ["dot", "-Tjson0"],
            input=dot,
            capture_output=True,
            text=True,
            timeout=deadline,
            check=True,
            encoding="utf-8",
        )
    except (OSError, subprocess.SubprocessError) as error:
        raise LayoutFailed(f"dot: {error}") from error
    return done.stdout

"""The process that a graph is asked in: statements of people may be careless or hostile.

The process holds the graph and can do nothing but answer (`miner.graph.embedded.worker`). It is ended when a
statement takes too long, and ends itself where one takes too much memory; the next question starts another.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
from collections.abc import Mapping
from pathlib import Path
from typing import Any, cast

from miner.errors import UsageError
from miner.graph.embedded import worker
from miner.graph.embedded.worker import GRACE, Answer


class Process:
    """A saved graph, open for reading in another process; one question at a time, those of other threads wait.

    `memory` is what a statement may take beyond the graph itself, in bytes (None: no limit); it is held to on Linux.
    """

    def __init__(self, path: Path, memory: int | None):
        self._path, self._memory = path, memory
        self._lock = threading.Lock()
        self._process: subprocess.Popen[bytes] | None = None
        self.labels: set[str] = set()
        self._start()

    @property
    def pid(self) -> int | None:
        """The id of the process; None where none runs."""
        return self._process.pid if self._process else None

    def close(self) -> None:
        """End the process."""
        process, self._process = self._process, None
        if process is None:
            return
        process.kill()
        for pipe in (process.stdin, process.stdout, process.stderr):
            if pipe is not None:
                pipe.close()
        process.wait()

    def _again(self) -> subprocess.Popen[bytes]:
        """Another process for one that has ended."""
        self.close()
        return self._start()

    def _start(self) -> subprocess.Popen[bytes]:
        """A process that has opened the graph."""
        # -P: nothing in the folder of the program, or in the current one, takes the place of a module.
        command = [sys.executable, "-P", str(Path(worker.__file__)), str(self._path.resolve()), str(self._memory or 0)]
        pipe = subprocess.PIPE
        self._process = subprocess.Popen(
            command,
            stdin=pipe,
            stdout=pipe,
            stderr=pipe,
            start_new_session=True,
            env={**os.environ, "RUST_BACKTRACE": "0"},
        )
        answer = self._read(self._process)
        if "labels" not in answer:
            self.close()
            what = answer.get("error", "the engine crashed")
            raise UsageError(f"{self._path} cannot be opened as a graph: {what}", fix="recreate it with: miner run")
        self.labels = set(answer["labels"])
        return self._process

    def answer(self, cypher: str, params: Mapping[str, Any], timeout: float, limit: int | None) -> Answer:
        """The worker's answer to a statement; it is ended where it takes too long."""
        try:
            question = worker.packed({"cypher": cypher, "params": params, "timeout": timeout, "limit": limit})
        except (TypeError, ValueError) as error:
            raise UsageError(
                f"a parameter cannot be passed on: {error}", fix="pass text, numbers, booleans or lists of them"
            ) from error
        with self._lock:
            process = self._process if self._process and self._process.poll() is None else self._again()
            late = threading.Event()
            watch = threading.Timer(timeout + GRACE, _end, (process, late))
            watch.start()
            try:
                answer = self._ask(process, question)
            except BaseException:
                self.close()
                raise
            finally:
                watch.cancel()
            if not answer:
                answer = {"late": True} if late.is_set() else self._why(process)
                answer["last"] = True
            if answer.get("last") or late.is_set():
                self.close()
            return answer

    def _ask(self, process: subprocess.Popen[bytes], question: bytes) -> Answer:
        """The answer; nothing where the process has ended."""
        assert process.stdin
        try:
            process.stdin.write(question)
            process.stdin.flush()
        except OSError:
            return {}
        return self._read(process)

    @staticmethod
    def _read(process: subprocess.Popen[bytes]) -> Answer:
        assert process.stdout
        line = process.stdout.readline()
        return cast(Answer, worker.unpacked(line)) if line.endswith(b"\n") else {}

    def _why(self, process: subprocess.Popen[bytes]) -> Answer:
        """What ended the process, as an error."""
        assert process.stderr
        message = process.stderr.read().decode(errors="replace")
        code = process.wait()
        if "memory allocation" in message or code == -getattr(signal, "SIGKILL", 9):
            needs = "more memory than there is"
            if self._memory is not None:
                needs = f"more than {self._memory / (1 << 30):g} GB of memory"
            fix = "narrow it, or return fewer and smaller values"
            return {"error": f"the query was stopped: it needs {needs}", "fix": fix}
        return {"error": f"the engine crashed on this statement (exit code {code})", "fix": "simplify it"}


def _end(process: subprocess.Popen[bytes], late: threading.Event) -> None:
    late.set()
    process.kill()

"""Asks the embedded engine; run as a program, in a process of its own that can do nothing else.

The program opens the graph, then gives up what it does not need: it can open no file and no connection
any more, write no file, and take only so much more memory. It reads a question a line from standard
input and writes an answer a line to standard output, both in JSON. It imports nothing of this package,
so that it starts fast.
"""

from __future__ import annotations

import json
import os
import signal
import sys
from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from typing import Any, TypedDict

# Bytes that a statement may take beyond the graph itself, and seconds that the engine has to stop by itself.
MEMORY = 2 << 30
GRACE = 1.0
# The key of a value that JSON does not have; no name in a statement can hold this character.
_TAG = "\0"
_KINDS = {kind.__name__: kind for kind in (datetime, date, time)}


class Answer(TypedDict, total=False):
    """The labels of the graph once it is open; then an answer's rows, or what went wrong.

    `late` says that the statement took too long, `last` that the process is not to be asked again.
    """

    labels: list[str]
    columns: list[str]
    rows: list[tuple[Any, ...]]
    remarks: list[str]
    error: str
    line: int | None
    fix: str
    late: bool
    last: bool


def opened(path: str) -> tuple[Any, list[str]]:
    """A saved graph, for reading only, and its labels; raises the engine's errors, OSError and ValueError."""
    import kglite

    graph = kglite.load(path)
    graph.read_only(True)
    return graph.freeze(), list(graph.node_types)


def answer(graph: Any, cypher: str, params: Mapping[str, Any], timeout: float, limit: int | None) -> Answer:
    """Columns, rows and remarks of a statement; or its error, with the line, or that it was stopped (`late`)."""
    import kglite

    try:
        view = graph.cypher(cypher, params=dict(params), timeout_ms=max(1, int(timeout * 1000)), row_limit=limit)
        columns = list(view.columns)
        rows = [tuple(record[name] for name in columns) for record in view.to_list()]
    except kglite.CypherTimeoutError:
        return {"late": True}
    except (kglite.KgError, ValueError, TypeError, OverflowError, RecursionError, MemoryError) as error:
        return {"error": str(error) or type(error).__name__, "line": getattr(error, "line", None)}
    return {"columns": columns, "rows": rows, "remarks": list(view.warnings)}


def packed(message: Mapping[str, Any]) -> bytes:
    """A message as a line; TypeError for a value that is none of a graph."""
    return json.dumps(message, default=_tagged).encode() + b"\n"


def unpacked(line: bytes) -> dict[str, Any]:
    """The message of a line."""
    return json.loads(line, object_hook=_untagged)


def _tagged(value: Any) -> Any:
    if isinstance(value, timedelta):
        return value.total_seconds()
    for name, kind in _KINDS.items():
        if isinstance(value, kind):
            return {_TAG: name, "text": value.isoformat()}
    if hasattr(value, "item"):  # a number of numpy
        return value.item()
    if isinstance(value, (set, frozenset)):
        return list(value)
    raise TypeError(f"{type(value).__name__} is no value of a graph")


def _untagged(value: dict[str, Any]) -> Any:
    return _KINDS[value[_TAG]].fromisoformat(value["text"]) if _TAG in value else value


def _give_up_rights(memory: int) -> None:
    """No new file or connection, no byte into a file, no more memory than that (0: any), where a system has limits."""
    try:
        import resource
    except ImportError:  # Windows
        return
    free = os.dup(0)
    os.close(free)
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    if memory and sys.platform == "linux":
        with open("/proc/self/statm", encoding="ascii") as file:
            most = int(file.read().split()[0]) * resource.getpagesize() + memory
        resource.setrlimit(resource.RLIMIT_AS, (most, most))
    resource.setrlimit(resource.RLIMIT_NOFILE, (free, free))


def _peak() -> int:
    """The most memory that this process has held so far, in bytes; 0 where the system does not say."""
    try:
        import resource
    except ImportError:
        return 0
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * (1 if sys.platform == "darwin" else 1024)


def _work(path: str, memory: int) -> None:
    import kglite

    kglite.set_query_warning_policy("silent")
    out = sys.stdout.buffer
    try:
        graph, labels = opened(path)
        answer(graph, "RETURN date('2000-01-01') AS d", {}, 5.0, 1)  # what is made at the first question is made now
        _give_up_rights(memory)
        before = _peak()
        out.write(packed({"labels": labels}))
    except (kglite.KgError, OSError, ValueError) as error:
        out.write(packed({"error": str(error)}))
        return
    out.flush()
    for line in sys.stdin.buffer:
        asked = unpacked(line)
        _alarm(asked["timeout"] + 2 * GRACE)
        result = answer(graph, asked["cypher"], asked["params"], asked["timeout"], asked["limit"])
        try:
            # What a large answer took is not given back, and would be missing at the next question.
            written = packed({**result, "last": 0 < memory // 4 < _peak() - before})
        except (TypeError, ValueError, MemoryError) as error:
            written = packed({"error": str(error) or "the rows need too much memory", "line": None, "last": True})
        _alarm(0)
        out.write(written)
        out.flush()


def _alarm(seconds: float) -> None:
    """The end of this process in so many seconds, should nobody be left to end it."""
    if hasattr(signal, "setitimer"):
        signal.setitimer(signal.ITIMER_REAL, seconds)


if __name__ == "__main__":
    _work(sys.argv[1], int(sys.argv[2]))

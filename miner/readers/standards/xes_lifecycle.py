"""Start and complete of an XES log as one span, where the user asks for it: `--map start=lifecycle:transition`.

The first complete after a start is its end, first come first served, of the same case and activity, and of the same
`concept:instance` where the log has it, else of the same resource.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from miner.errors import InputError, Problem
from miner.events.engine import quote
from miner.events.sink import Sink
from miner.readers.tabular.cells import LINE, Cells

TRANSITION = "lifecycle:transition"
STARTED = "start of the pair"
_DEFAULTS = {"case": "case:concept:name", "activity": "concept:name", "time": "time:timestamp", "agent": "org:resource"}
_FETCH = 50_000


def mentions_pairs(cells: Cells, sink: Sink) -> None:
    """Note that starts and completes stand in a log as steps of their own, and what would pair them."""
    if TRANSITION in cells.columns:
        (starts,) = sink.engine.one(
            f"SELECT count(*) FROM {quote(cells.view)} WHERE lower({quote(TRANSITION)}) = 'start'"
        )
        if starts:
            what = f"starts and completes are steps of their own; --map start={TRANSITION} pairs them into spans"
            sink.note("lifecycle", what, starts)


def pair(cells: Cells, columns: Mapping[str, str], sink: Sink, file: str) -> Cells:
    """The cells with paired events as one, and their start in the column STARTED; others are there as points."""
    names = {key: columns.get(key) or name for key, name in _DEFAULTS.items()}
    missing = [name for name in (TRANSITION, *names.values()) if name not in cells.columns]
    missing = [name for name in missing if name != names["agent"]]
    if missing or names["time"] not in cells.typed:
        what = f"start and complete cannot be paired without {', '.join(missing) or 'times of XES'}"
        raise InputError(Problem(what, file, fix="leave out --map start"))
    engine, table = sink.engine, f"pairs_{sink.source_no}"
    who = "concept:instance" if "concept:instance" in cells.columns else names["agent"]
    who = quote(who) if who in cells.columns else "NULL"
    time = quote(names["time"])
    key = ", ".join((quote(names["case"]), quote(names["activity"]), who))
    steps = engine.run(
        f"SELECT {quote(LINE)}, lower({quote(TRANSITION)}), {key} FROM {quote(cells.view)} "
        f"WHERE lower({quote(TRANSITION)}) IN ('start', 'complete') ORDER BY {time}, 1"
    )
    pairs, open_ = _paired(_fetched(steps))
    engine.create(table, {"began": "BIGINT", "ended": "BIGINT"})
    import pyarrow as pa

    engine.insert_arrow(table, pa.table({"began": pa.array([p[0] for p in pairs], pa.int64()),
                                         "ended": pa.array([p[1] for p in pairs], pa.int64())}))  # fmt: skip
    sink.note("lifecycle", "starts and completes were paired into spans", len(pairs))
    if open_:
        sink.note("lifecycle", "starts without a complete, or completes without a start, are points", open_)
    view, source = f"{cells.view}_paired", quote(cells.view)
    engine.run(
        f"CREATE OR REPLACE TEMP VIEW {quote(view)} AS SELECT c.*, coalesce(s.{time}, c.{time}) AS {quote(STARTED)} "
        f"FROM {source} c LEFT JOIN {table} p ON p.ended = c.{quote(LINE)} LEFT JOIN {source} s "
        f"ON s.{quote(LINE)} = p.began WHERE c.{quote(LINE)} NOT IN (SELECT began FROM {table})"
    )
    typed = {**cells.typed, STARTED: cells.typed[names["time"]]}
    return Cells(view, (*cells.columns, STARTED), typed, cells.renamed, words=cells.words)


def _paired(rows: Iterable[tuple[Any, ...]]) -> tuple[list[tuple[int, int]], int]:
    """(line of the start, line of the complete) of each pair, and how many of both have none."""
    waiting: dict[tuple[Any, ...], deque[int]] = {}
    pairs: list[tuple[int, int]] = []
    alone = 0
    for line, transition, *key in rows:
        starts = waiting.setdefault(tuple(key), deque())
        if transition == "start":
            starts.append(line)
        elif starts:
            pairs.append((starts.popleft(), line))
        else:
            alone += 1
    return pairs, alone + sum(map(len, waiting.values()))


def _fetched(cursor: Any) -> Iterator[tuple[Any, ...]]:
    while batch := cursor.fetchmany(_FETCH):
        yield from batch

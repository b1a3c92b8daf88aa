"""Life cycles: events told apart as start and complete, as XES and exports of it have them, and sub statuses."""

from __future__ import annotations

import shlex
from collections import deque
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from typing import Any

from miner.events.engine import Engine, literal, quote
from miner.events.sink import Sink
from miner.readers.tabular.cells import LINE, Cells
from miner.readers.tabular.celltext import raw
from miner.readers.tabular.mapping import resolve, simple

STARTED = "start of the pair"
STARTS, COMPLETES = ("start", "started", "begin"), ("complete", "completed", "end")
_WORDS = {
    *STARTS,
    *COMPLETES,
    *"schedule assign reassign withdraw suspend resume ate_abort pi_abort autoskip manualskip unknown".split(),
}
_SAMPLE, _FEW, _SHORT, _FETCH = 100_000, 100, 40, 50_000


def life_of(engine: Engine, cells: Cells, columns: Mapping[str, str]) -> str | None:
    """The column that the user gives as the start and that holds starts or completes, not times."""
    column = resolve(columns.get("start", ""), cells.columns)
    if column not in cells.columns:
        return None
    return column if _values(engine, cells, column) & {*STARTS, *COMPLETES} else None


def mention(cells: Cells, activity: str, unused: Iterable[str], sink: Sink) -> None:
    """Note what the columns that are not used would say of life cycles, and the options that use them."""
    for column in _worth_a_look(sink.engine, cells, unused):
        words = _values(sink.engine, cells, column)
        if words & set(STARTS) and words & set(COMPLETES) and words <= _WORDS:
            (starts,) = sink.engine.one(
                f"SELECT count(*) FROM {quote(cells.view)} WHERE {_word(cells, column)} IN ({_list(STARTS)})"
            )
            what = f"starts and completes are separate steps; {_option('start', column)} pairs them into spans"
            sink.note("lifecycle", what, starts)
        elif _named(column) and words - _WORDS:
            told_apart = _option("activity", f"{activity}+{column}")
            what = f"{column!r} refines the activity; {told_apart} distinguishes them"
            sink.note("substatus", what, len(words), example=", ".join(sorted(words - _WORDS)[:5]))


def _worth_a_look(engine: Engine, cells: Cells, unused: Iterable[str]) -> list[str]:
    """The columns that may hold life cycles by their names or first rows, all told by one look: a table can be wide."""
    columns = [c for c in unused if c not in cells.typed]
    if not columns:
        return []
    looks = ", ".join(f"bool_and({_word(cells, c)} IN ({_list(_WORDS)}, ''))" for c in columns)
    found = engine.one(f"SELECT {looks} FROM (SELECT * FROM {quote(cells.view)} LIMIT {_FEW})")
    return [c for c, only_words in zip(columns, found, strict=True) if only_words or _named(c)]


def _named(column: str) -> bool:
    return simple(column) == "lifecycletransition" or simple(column).endswith("substatus")


def _option(key: str, column: str) -> str:
    return f"--map {shlex.quote(f'{key}={column}')}"


def _values(engine: Engine, cells: Cells, column: str) -> set[str]:
    """The words of a column in lower case, of its first rows; none where they are many or long."""
    if column in cells.typed:
        return set()
    some = f"SELECT * FROM {quote(cells.view)} LIMIT"
    (longest,) = engine.one(f"SELECT max(length({raw(cells, column)})) FROM ({some} {_FEW})")
    if longest is None or longest > _SHORT:  # no words: texts need not be read in length
        return set()
    rows = engine.rows(
        f"SELECT DISTINCT {_word(cells, column)} AS w FROM ({some} {_SAMPLE}) WHERE w <> '' LIMIT {_FEW + 1}"
    )
    return {row[0] for row in rows} if len(rows) <= _FEW else set()


def _word(cells: Cells, column: str) -> str:
    return f"lower(trim({raw(cells, column)}))"


def _list(words: Iterable[str]) -> str:
    return ", ".join(map(literal, words))


def pair(cells: Cells, life: str, columns: Mapping[str, str], at: str, sink: Sink) -> Cells:
    """The cells with paired events as one, and their start in the column STARTED; others are there as points.

    `columns` are those of the case, the activity, the time and perhaps the agent; `at` is the SQL of the time.
    """
    engine, table = sink.engine, f"pairs_{sink.source_no}"
    source, view = quote(f"{cells.view}_steps"), f"{cells.view}_paired"
    engine.run(
        f"CREATE OR REPLACE TEMP VIEW {source} AS SELECT *, {raw(cells, columns['time'], typed=True)} "
        f"AS {quote(STARTED)} FROM {quote(cells.view)}"
    )
    who = next((c for c in ("concept:instance", columns.get("agent"), "org:resource") if c in cells.columns), None)
    parts = [columns["case"], columns["activity"], *([who] if who else [])]
    key = ", ".join(f"trim({raw(cells, part)})" for part in parts)
    steps = engine.run(
        f"SELECT {quote(LINE)}, {_word(cells, life)} IN ({_list(STARTS)}), {key} FROM {source} "
        f"WHERE {_word(cells, life)} IN ({_list((*STARTS, *COMPLETES))}) ORDER BY {at}, 1"
    )
    pairs, open_ = _paired(_fetched(steps))
    engine.create(table, {"began": "BIGINT", "ended": "BIGINT"})
    import pyarrow as pa

    engine.insert_arrow(
        table,
        pa.table(
            {"began": pa.array([p[0] for p in pairs], pa.int64()), "ended": pa.array([p[1] for p in pairs], pa.int64())}
        ),
    )
    sink.note("lifecycle", "starts and completes were paired into spans", len(pairs))
    if open_:
        sink.note("lifecycle", "starts without a complete, and completes without a start, are points in time", open_)
    engine.run(
        f"CREATE OR REPLACE TEMP VIEW {quote(view)} AS SELECT c.* REPLACE (coalesce(s.{quote(STARTED)}, "
        f"c.{quote(STARTED)}) AS {quote(STARTED)}) "
        f"FROM {source} c LEFT JOIN {table} p ON p.ended = c.{quote(LINE)} LEFT JOIN {source} s "
        f"ON s.{quote(LINE)} = p.began WHERE c.{quote(LINE)} NOT IN (SELECT began FROM {table})"
    )
    kind = cells.typed.get(columns["time"])
    typed = {**cells.typed, STARTED: kind} if kind else cells.typed
    return replace(cells, view=view, columns=(*cells.columns, STARTED), typed=typed)


def _paired(rows: Iterable[tuple[Any, ...]]) -> tuple[list[tuple[int, int]], int]:
    """(line of the start, line of the complete) of each pair, and how many of both have none."""
    waiting: dict[tuple[Any, ...], deque[int]] = {}
    pairs: list[tuple[int, int]] = []
    alone = 0
    for line, begins, *key in rows:
        starts = waiting.setdefault(tuple(key), deque())
        if begins:
            starts.append(line)
        elif starts:
            pairs.append((starts.popleft(), line))
        else:
            alone += 1
    return pairs, alone + sum(map(len, waiting.values()))


def _fetched(cursor: Any) -> Iterator[tuple[Any, ...]]:
    while batch := cursor.fetchmany(_FETCH):
        yield from batch

"""A plain log as Spark reads it: mapped columns of CSV, Parquet or JSON lines into the columns of raw events."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import PurePosixPath
from typing import TYPE_CHECKING, Any

from miner.errors import InputError, Problem, UsageError
from miner.events.schema import MISSING
from miner.readers.base import Options, Report
from miner.readers.tabular.badrows import EARLIEST_US, LATEST_US, NO_ACTIVITY
from miner.readers.tabular.celltext import actor_type, channel
from miner.readers.tabular.keys import REQUIRED
from miner.spark.times import microseconds

if TYPE_CHECKING:
    from pyspark.sql import DataFrame, SparkSession

KEYS = (
    *REQUIRED,
    *("start", "end", "team", "agent", "silo", "channel", "system", "customer", "intent", "outcome", "value"),
    "actor_type",
)
_TEXTS = ("team", "agent", "silo", "channel", "customer", "intent", "outcome", "actor_type")
_FORMATS = {".parquet": "parquet", ".csv": "csv", ".jsonl": "json", ".ndjson": "json", ".json": "json"}
_FIRST_LINE = {"csv": 2, "json": 1, "parquet": 1}
_ROW = (1 << 33) - 1  # of Spark's ids: the number of a row in its partition


def literal(text: str) -> str:
    """A text of a user or a log as an SQL string."""
    return "'" + text.replace("\\", "\\\\").replace("'", "\\'") + "'"


def quote(name: str) -> str:
    """A name as an SQL identifier."""
    return "`" + name.replace("`", "``") + "`"


def read_log(session: SparkSession, path: str, number: int, options: Options) -> tuple[DataFrame, Report]:
    """The events of a log, bad rows with null as case or time; InputError or UsageError for what is not read here."""
    columns = _mapping(path, options)
    rows, kind = _rows(session, path)
    types = {field.name: field.dataType.simpleString() for field in rows.schema.fields}
    if unknown := [name for name in columns.values() if name not in types]:
        there = ", ".join(sorted(name for name in types if not name.startswith("__")))
        raise InputError(
            [Problem(f"there is no column {name!r}", path, fix=f"columns are: {there}") for name in unknown]
        )
    rows = _numbered(rows, kind)
    values = _values(columns, types, options, path, number)
    events = rows.selectExpr(*(f"{sql} AS {quote(name)}" for name, sql in values.items()))
    for name, word in (("channel", channel), ("actor_type", actor_type)):
        events = _canonical(events, name, word)
    why = f"{kind}, read by Spark"
    return events, Report(path, "eventlog", why, columns, dict.fromkeys(columns, "mapped"))


def _mapping(path: str, options: Options) -> dict[str, str]:
    missing = [key for key in REQUIRED if key not in options.columns]
    if missing:
        raise UsageError(
            f"{path}: --engine spark guesses nothing: {', '.join(missing)} must be mapped",
            fix="miner inspect SAMPLE writes a mapping; give it with --mapping mapping.yaml",
        )
    foreign = sorted(set(options.columns) - set(KEYS))
    if foreign or options.keep:
        raise UsageError(
            f"{path}: {', '.join(foreign) or '--keep'} is not read with --engine spark",
            fix=f"leave it out, or read the log on one machine; keys are: {' '.join(KEYS)}",
        )
    return dict(options.columns)


def _rows(session: SparkSession, path: str) -> tuple[DataFrame, str]:
    kind = _FORMATS.get(PurePosixPath(path.rstrip("/")).suffix.lower())
    if kind is None:
        raise UsageError(
            f"{path} is no log that Spark reads", fix="name Parquet, CSV or JSON lines (.parquet, .csv, .jsonl)"
        )
    reader: Any = session.read.options(header=True, escape='"', ignoreLeadingWhiteSpace=False)
    if kind == "json":
        reader = reader.options(primitivesAsString=True)
    try:
        return getattr(reader, kind)(path), kind
    except Exception as error:
        reason = str(error).strip().splitlines()[0]
        raise InputError(
            Problem(f"Spark cannot read it: {reason}", path, fix="name a path that the driver and all workers reach")
        ) from None


def _numbered(rows: DataFrame, kind: str) -> DataFrame:
    """With the line or row of each in its file, as `__line`: places in the blocks of a file, blocks in their order."""
    placed = rows.selectExpr(
        "*",
        "_metadata.file_path AS __file",
        "_metadata.file_block_start AS __block",
        f"monotonically_increasing_id() & {_ROW} AS __row",
    )
    counts = placed.groupBy("__file", "__block").count()
    starts = counts.selectExpr(
        "__file AS __f",
        "__block AS __b",
        "sum(count) OVER (PARTITION BY __file ORDER BY __block) - count AS __before",
        "count AS __n",
    )
    first = _FIRST_LINE[kind]
    # The rows of a block are one after the other in its partition, whatever lies before them in it.
    least = placed.groupBy("__file", "__block").agg({"__row": "min"}).withColumnRenamed("min(__row)", "__least")
    starts = starts.join(least, (least["__file"] == starts["__f"]) & (least["__block"] == starts["__b"])).select(
        "__f", "__b", "__before", "__least"
    )
    from pyspark.sql.functions import broadcast

    joined = placed.join(broadcast(starts), (placed["__file"] == starts["__f"]) & (placed["__block"] == starts["__b"]))
    return joined.selectExpr("*", f"__before + __row - __least + {first} AS __line")


def _values(columns: dict[str, str], types: dict[str, str], options: Options, path: str, number: int) -> dict[str, str]:
    """Column of raw events → SQL over the cells."""
    missing = ", ".join(map(literal, [*MISSING, *options.missing]))

    def text(key: str) -> str:
        if key not in columns:
            return "CAST(NULL AS STRING)"
        cell = f"trim(CAST({quote(columns[key])} AS STRING))"
        return f"CASE WHEN {cell} IN ({missing}) THEN NULL ELSE {cell} END"

    def time(key: str) -> str:
        cell = quote(columns[key])
        read = microseconds(cell, types[columns[key]], options.tz, options.time_format)
        return f"CASE WHEN {read} BETWEEN {EARLIEST_US} AND {LATEST_US} THEN {read} END"

    start, end = ("start", "time") if "start" in columns else ("time", "end")
    started = time(start)
    ended = f"greatest(coalesce({time(end)}, {started}), {started})" if end in columns else started
    value = f"try_cast({text('value')} AS DOUBLE)"
    return {
        "source": literal(path),
        "source_no": f"CAST({number} AS INT)",
        "line": "__line",
        "interaction_id": text("case"),
        "started_us": started,
        "ended_us": ended,
        "activity": f"coalesce({text('activity')}, '{NO_ACTIVITY}')",
        "source_system": f"coalesce({text('system')}, 'eventlog')",
        "value": f"CASE WHEN isnan({value}) OR abs({value}) = double('Infinity') THEN NULL ELSE {value} END",
        **{key: text(key) for key in _TEXTS},
        "cell_of_time": f"CAST({quote(columns[start])} AS STRING)",
    }


def _canonical(events: DataFrame, column: str, word: Callable[[str], str]) -> DataFrame:
    """With the canonical word for each of the few words of a column; `unknown` where an actor type is missing."""
    words = [row[0] for row in events.select(column).distinct().collect()]
    changed = {each: word(each or "") for each in words if word(each or "") != (each or "")}
    return replaced(events, column, changed.items())


def replaced(events: DataFrame, column: str, pairs: Iterable[tuple[str | None, str | None]]) -> DataFrame:
    """With other values in a column: (old, new); null is a value."""
    import pyarrow as pa
    from pyspark.sql.functions import col

    olds, news = zip(*pairs, strict=True) if (pairs := list(pairs)) else ((), ())
    if not olds:
        return events
    columns = {"__old": pa.array(olds, pa.string()), "__new": pa.array(news, pa.string())}
    table = events.sparkSession.createDataFrame(pa.table(columns)).selectExpr("*", "true AS __known")
    new = f"CASE WHEN __known THEN __new ELSE {quote(column)} END AS {quote(column)}"
    joined = events.join(table, col(column).eqNullSafe(col("__old")), "left")
    return joined.selectExpr(*(new if name == column else quote(name) for name in events.columns))

"""Node and relationship tables, made by the event engine from a workspace's Parquet files."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from miner.errors import UsageError
from miner.events.engine import Engine, quote
from miner.graph import clock, measured, run_options
from miner.graph.schema.parts import KINDS, Node, Relationship
from miner.summary import TIMED
from miner.workspace import Workspace

if TYPE_CHECKING:
    import pandas as pd
    import pyarrow as pa

TABLES = (
    "events",
    "interactions",
    "journeys",
    "links",
    "visits",
    "silo_visits",
    "handoffs",
    "returns",
    "transitions",
    "dfg",
    "queues",
    "queue_hours",
)
# Where a plain log has no links, the table may be missing.
_EMPTY_LINKS = """SELECT CAST(NULL AS VARCHAR) AS from_interaction, CAST(NULL AS VARCHAR) AS to_interaction,
    CAST(NULL AS VARCHAR) AS basis, CAST(NULL AS DOUBLE) AS probability WHERE false"""
# A workspace that was not priced has no costs, and one made before there were contacts has none.
_COSTS = ("handoff_position", "handled_s", *(f"{name}_{unit}" for name in TIMED for unit in ("cost_s", "money")))
_NO_CONTACTS = """SELECT CAST(NULL AS VARCHAR) AS conversation_id, CAST(NULL AS VARCHAR) AS first_actor,
    CAST(NULL AS BOOLEAN) AS has_human, CAST(NULL AS BOOLEAN) AS resolved, CAST(NULL AS BOOLEAN) AS recontact_7d
    WHERE false"""
_NO_ENDS = "SELECT CAST(NULL AS VARCHAR) AS source_system, CAST(NULL AS VARCHAR) AS shows WHERE false"
# Nor has it paths that were compared.
_NO_TIMES = """SELECT CAST(NULL AS VARCHAR[]) AS path, CAST(NULL AS BIGINT) AS compared,
    CAST(NULL AS DOUBLE) AS extra_s, CAST(NULL AS DOUBLE) AS corrected_s, CAST(NULL AS DOUBLE) AS low_s,
    CAST(NULL AS DOUBLE) AS high_s, CAST(NULL AS BOOLEAN) AS is_longer WHERE false"""
_NO_LOSSES = """SELECT CAST(NULL AS VARCHAR[]) AS path, CAST(NULL AS BIGINT) AS rank,
    CAST(NULL AS DOUBLE) AS value_corrected, CAST(NULL AS DOUBLE) AS low, CAST(NULL AS DOUBLE) AS high WHERE false"""
# Measured on request only; where the handoffs have changed since, it is as if they had not been.
_NO_MEASURES = ", ".join(f"CAST(NULL AS {kind}) AS {name}" for name, kind in measured.COLUMNS.items())


@contextmanager
def opened(workspace: Workspace) -> Iterator[Engine]:
    """An engine that sees the workspace's tables by their names."""
    missing = [name for name in TABLES if name != "links" and not workspace.table_path(name).is_file()]
    if missing:
        raise UsageError(f"{workspace.path} has no table {', '.join(missing)}", fix="finish it with: miner run")
    with Engine() as engine:
        for name in TABLES:
            path = workspace.table_path(name)
            engine.run(f"CREATE VIEW {name} AS {_read(path) if path.is_file() else _EMPTY_LINKS}")
        _complete(engine, workspace)
        asked = measured.current(workspace)
        select = _read(asked) if asked else f"SELECT {_NO_MEASURES} WHERE false"
        engine.run(f"CREATE VIEW {measured.TABLE} AS {select}")
        run_options.create(engine, workspace)
        clock.create(engine, run_options.run_options(workspace)["tz"])
        yield engine


def _complete(engine: Engine, workspace: Workspace) -> None:
    """What comes of pricing is null where the workspace was not priced."""
    there = {row[0] for row in engine.rows("DESCRIBE transitions")}
    if missing := [name for name in _COSTS if name not in there]:
        nulls = ", ".join(f"CAST(NULL AS DOUBLE) AS {name}" for name in missing)
        read = _read(workspace.table_path("transitions"))
        engine.run(f"CREATE OR REPLACE VIEW transitions AS SELECT *, {nulls} FROM ({read})")
    path = workspace.table_path("conversations")
    engine.run(f"CREATE VIEW conversations AS {_read(path) if path.is_file() else _NO_CONTACTS}")
    for table, nothing in (("path_times", _NO_TIMES), ("value_lost", _NO_LOSSES), ("outcomes_shown", _NO_ENDS)):
        path = workspace.table_path(table)
        engine.run(f"CREATE VIEW {table} AS {_read(path) if path.is_file() else nothing}")


def _read(path: Path) -> str:
    file = str(path).replace("'", "''")
    return f"SELECT * FROM read_parquet('{file}')"


def select(part: Node | Relationship) -> str:
    """SQL that gives the rows of a declaration: `id` (or `src`, `dst`) and a column for each property."""
    if isinstance(part, Node):
        columns = [f"{part.id} AS id"]
    else:
        columns = [f"{part.start_id} AS src", f"{part.end_id} AS dst"]
    columns += [f"CAST({p.sql} AS {KINDS[p.kind]}) AS {quote(p.name)}" for p in part.properties]
    return f"SELECT {', '.join(columns)} FROM {part.source}"


def frames(engine: Engine, parts: Sequence[Node | Relationship]) -> Iterator[pd.DataFrame]:
    """The rows of each declaration as a pandas frame, the next one made while the last is being used."""
    with ThreadPoolExecutor(max_workers=1) as pool:
        waiting = [pool.submit(_frame, engine, part) for part in parts[:1]]
        for part in parts[1:]:
            waiting.append(pool.submit(_frame, engine, part))
            yield waiting.pop(0).result()
        for made in waiting:
            yield made.result()


def _frame(engine: Engine, part: Node | Relationship) -> pd.DataFrame:
    import pandas as pd

    table = engine.sql.sql(select(part)).to_arrow_table()
    repeats = {p.name for p in part.properties}
    columns = {name: _series(table.column(name), name in repeats) for name in table.column_names}
    return pd.DataFrame(columns, copy=False)


def _series(column: pa.ChunkedArray, repeats: bool) -> pd.Series[Any]:
    """A column as a bulk loader reads it fastest: plain strings, made once for each text where texts repeat."""
    import numpy as np
    import pandas as pd
    import pyarrow as pa

    if pa.types.is_list(column.type):
        return pd.Series(column.to_pylist(), dtype=object)
    if not pa.types.is_string(column.type):
        nullable = {pa.int64(): pd.Int64Dtype(), pa.bool_(): pd.BooleanDtype()}
        return column.to_pandas(types_mapper=nullable.get if column.null_count else None)
    if not repeats:
        return pd.Series(column.to_numpy(), dtype=object)
    coded = column.combine_chunks().dictionary_encode()
    if isinstance(coded, pa.ChunkedArray):
        coded = coded.unify_dictionaries().combine_chunks()
    words = np.append(coded.dictionary.to_numpy(zero_copy_only=False).astype(object), [None])
    return pd.Series(words[coded.indices.fill_null(len(words) - 1).to_numpy()], dtype=object)

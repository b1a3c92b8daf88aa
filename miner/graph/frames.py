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

_NEEDED = (
    "events",
    "interactions",
    "journeys",
    "visits",
    "silo_visits",
    "handoffs",
    "returns",
    "transitions",
    "dfg",
    "queues",
    "queue_hours",
)
# Tables that a workspace may be without: a plain log has no links, and one that was not priced has no costs.
_OPTIONAL = {
    "links": {
        "from_interaction": "VARCHAR",
        "to_interaction": "VARCHAR",
        "basis": "VARCHAR",
        "probability": "DOUBLE",
    },
    "conversations": {
        "conversation_id": "VARCHAR",
        "first_actor": "VARCHAR",
        **dict.fromkeys(("has_human", "resolved", "recontact_7d"), "BOOLEAN"),
    },
    "journey_outcomes": {"journey_id": "VARCHAR", "outcome": "VARCHAR"},
    "path_times": {
        "path": "VARCHAR[]",
        "compared": "BIGINT",
        **dict.fromkeys(("extra_s", "corrected_s", "low_s", "high_s"), "DOUBLE"),
        "is_longer": "BOOLEAN",
    },
    "value_lost": {
        "path": "VARCHAR[]",
        "rank": "BIGINT",
        **dict.fromkeys(("value_corrected", "low", "high"), "DOUBLE"),
    },
}
# All that a graph is made from.
TABLES = (*_NEEDED, *_OPTIONAL, measured.TABLE)
_COSTS = ("handoff_position", "handled_s", *(f"{name}_{unit}" for name in TIMED for unit in ("cost_s", "money")))


@contextmanager
def opened(workspace: Workspace) -> Iterator[Engine]:
    """An engine that sees the workspace's tables by their names."""
    missing = [name for name in _NEEDED if not workspace.table_path(name).is_file()]
    if missing:
        raise UsageError(f"{workspace.path} has no table {', '.join(missing)}", fix="finish it with: miner run")
    with Engine() as engine:
        for name in _NEEDED:
            engine.see_parquet(name, workspace.table_path(name))
        for name, columns in _OPTIONAL.items():
            _see(engine, name, workspace.table_path(name), columns)
        # Measured on request only; where the handoffs have changed since, it is as if they had not been.
        _see(engine, measured.TABLE, measured.current(workspace), measured.COLUMNS)
        _complete(engine)
        run_options.create(engine, workspace)
        clock.create(engine, run_options.run_options(workspace)["tz"])
        yield engine


def _see(engine: Engine, name: str, path: Path | None, columns: dict[str, str]) -> None:
    """A table of the workspace, or an empty one."""
    if path is not None and path.is_file():
        engine.see_parquet(name, path)
    else:
        engine.create(name, columns)


def _complete(engine: Engine) -> None:
    """What comes of pricing is null where the workspace was not priced."""
    known = {row[0] for row in engine.rows("DESCRIBE transitions")}
    if missing := [name for name in _COSTS if name not in known]:
        nulls = ", ".join(f"CAST(NULL AS DOUBLE) AS {name}" for name in missing)
        engine.run("ALTER VIEW transitions RENAME TO transitions_unpriced")
        engine.run(f"CREATE VIEW transitions AS SELECT *, {nulls} FROM transitions_unpriced")


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

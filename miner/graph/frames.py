"""Node and relationship tables, made by the event engine from a workspace's Parquet files."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import TYPE_CHECKING

from miner.errors import UsageError
from miner.events.engine import Engine, quote
from miner.graph.parts import KINDS, Node, Relationship
from miner.workspace import Workspace

if TYPE_CHECKING:
    import pandas as pd

TABLES = ("events", "interactions", "journeys", "links", "visits", "handoffs", "returns", "transitions", "dfg")
# Where a plain log has no links, the table may be missing.
_EMPTY_LINKS = """SELECT CAST(NULL AS VARCHAR) AS from_interaction, CAST(NULL AS VARCHAR) AS to_interaction,
    CAST(NULL AS VARCHAR) AS basis, CAST(NULL AS DOUBLE) AS probability WHERE false"""


@contextmanager
def opened(workspace: Workspace) -> Iterator[Engine]:
    """An engine that sees the workspace's tables by their names."""
    missing = [name for name in TABLES if name != "links" and not workspace.table_path(name).is_file()]
    if missing:
        raise UsageError(f"{workspace.path} has no table {', '.join(missing)}", fix="finish it with: miner run")
    with Engine() as engine:
        for name in TABLES:
            path = workspace.table_path(name)
            file = str(path).replace("'", "''")
            select = f"SELECT * FROM read_parquet('{file}')" if path.is_file() else _EMPTY_LINKS
            engine.run(f"CREATE VIEW {name} AS {select}")
        yield engine


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
    frame = engine.run(select(part)).df()
    lists = [p.name for p in part.properties if p.kind == "strings"]
    for name in lists:
        frame[name] = [list(value) if hasattr(value, "__len__") else None for value in frame[name]]
    texts = ["id" if isinstance(part, Node) else "src", "dst", *(p.name for p in part.properties if p.kind == "string")]
    # Plain Python strings are what a bulk loader reads fastest.
    return frame.astype({name: object for name in texts if name in frame.columns})

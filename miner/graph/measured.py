"""Measures of the team graph, kept in a workspace as a table that the graph takes its properties from."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import TYPE_CHECKING

from miner.workspace import Workspace

if TYPE_CHECKING:
    import pandas as pd

TABLE = "team_measures"
COLUMNS = {
    "team": "VARCHAR",
    "betweenness": "DOUBLE",
    "pagerank": "DOUBLE",
    "community": "BIGINT",
    "articulation": "BOOLEAN",
    "cuts_off": "BIGINT",
}
_MADE_FROM = b"made from handoffs"


def save(workspace: Workspace, measures: pd.DataFrame) -> Path:
    """Keep the measures of `centrality.team_measures` in the workspace; gives the table's path."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    table = pa.Table.from_pandas(measures[list(COLUMNS)], preserve_index=False)
    table = table.replace_schema_metadata({_MADE_FROM: _fingerprint(workspace)})
    return workspace.write(f"tables/{TABLE}.parquet", lambda draft: pq.write_table(table, draft))


def current(workspace: Workspace) -> Path | None:
    """The table, where there is one and the handoffs are still those it was made from."""
    import pyarrow.parquet as pq

    path = workspace.table_path(TABLE)
    if not path.is_file():
        return None
    fingerprint = (pq.read_schema(path).metadata or {}).get(_MADE_FROM)
    return path if fingerprint == _fingerprint(workspace) else None


def _fingerprint(workspace: Workspace) -> bytes:
    with workspace.table_path("handoffs").open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest().encode()

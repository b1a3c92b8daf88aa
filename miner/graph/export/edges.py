"""The graph as edge lists in Parquet or Arrow."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from miner.errors import UsageError
from miner.graph.export.files import BATCH, parts_of
from miner.graph.frames import opened, select
from miner.graph.schema import Node
from miner.workspace import Workspace, replacing

if TYPE_CHECKING:
    from miner.events.engine import Engine

EDGE_FORMATS = ("parquet", "arrow")


def write_edges(
    workspace: Workspace, folder: Path, form: str = "parquet", level: str = "events", agents: bool = False
) -> list[Path]:
    """A file for each label (`nodes/Team`) and type (`edges/Team-HANDS_OFF_TO-Team`); gives their paths.

    Nodes have `id`, edges `src` and `dst`, both their properties: what GraphFrames, cuGraph, igraph and
    graph databases read. `form` is parquet or arrow (an IPC file, also called Feather).
    """
    if form not in EDGE_FORMATS:
        raise UsageError(f"unknown format {form!r} of edge lists", fix=f"formats are: {' '.join(EDGE_FORMATS)}")
    written = []
    with opened(workspace) as engine:
        for part in parts_of(level, agents):
            name = f"nodes/{part.label}" if isinstance(part, Node) else f"edges/{part.start}-{part.type}-{part.end}"
            target = folder / f"{name}.{form}"
            with replacing(target) as draft:
                _WRITERS[form](engine, select(part), draft)
            written.append(target)
    return written


def _parquet(engine: Engine, rows: str, path: Path) -> None:
    engine.copy_parquet(rows, path)


def _arrow(engine: Engine, rows: str, path: Path) -> None:
    import pyarrow as pa

    reader = engine.sql.sql(rows).to_arrow_reader(BATCH)
    with pa.OSFile(str(path), "wb") as sink, pa.ipc.new_file(sink, reader.schema) as writer:
        for batch in reader:
            writer.write_batch(batch)


_WRITERS: dict[str, Callable[[Any, str, Path], None]] = {"parquet": _parquet, "arrow": _arrow}

"""Builds the embedded graph from a workspace's tables."""

from __future__ import annotations

import warnings
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from miner.errors import MinerError, UsageError
from miner.graph.frames import frames, opened
from miner.graph.schema import declared
from miner.graph.schema.parts import KINDS, LEVELS, Node, Relationship
from miner.workspace import Workspace

if TYPE_CHECKING:
    import pandas as pd

Progress = Callable[[str, int], None]
_TYPES = {"string": "string", "integer": "integer", "float": "float", "boolean": "bool", "strings": "list"}


def build(workspace: Workspace, level: str = "events", agents: bool = False, progress: Progress | None = None) -> Path:
    """Load the workspace's tables into its embedded graph and save it; gives the file's path.

    `level` says how much: teams (aggregates), visits, or events (all). `agents` adds who did
    each event. `progress` is told each label or type and the rows loaded for it.
    """
    if level not in LEVELS:
        raise UsageError(f"no level of detail {level!r}", fix=f"there are: {', '.join(LEVELS)}")
    import kglite

    graph = kglite.KnowledgeGraph()
    parts = declared(level, agents)
    with warnings.catch_warnings(), opened(workspace) as engine:
        # Parallel relationships are meant, and a column without a mapped form is fine; `_add` checks what matters.
        warnings.simplefilter("ignore")
        for part, frame in zip(parts, frames(engine, parts), strict=True):
            _add(graph, part, frame)
            if progress:
                progress(part.name, len(frame))
        name = str(workspace.graph_path.relative_to(workspace.path))
        return workspace.write(name, lambda draft: graph.save(str(draft), fsync=False, layout="compact"))


def _add(graph: Any, part: Node | Relationship, frame: pd.DataFrame) -> None:
    """Add one table; a row that finds no node, or is not taken, is an error of ours."""
    kinds = {p.name: p.kind for p in part.properties}
    types = {name: _TYPES[kind] for name, kind in kinds.items() if _undetected(frame, name, kind)}
    if isinstance(part, Node):
        report = graph.add_nodes(frame, part.label, "id", column_types=types)
    else:
        report = graph.add_relationships(frame, part.type, part.start, "src", part.end, "dst", column_types=types)
    made = report.get("nodes_created", report.get("connections_created"))
    if made != len(frame) or report.get("stubs_vivified") or report.get("has_errors"):
        raise MinerError(
            f"{part.name}: {made} of {len(frame)} rows loaded, {report.get('stubs_vivified', 0)} lost ends"
        )


def _undetected(frame: pd.DataFrame, name: str, kind: str) -> bool:
    # Text is declared only where it is all null: a declared text column loses its outer spaces.
    return kind != "string" or bool(frame[name].isna().all())


assert set(_TYPES) == set(KINDS)

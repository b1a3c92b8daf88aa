"""The embedded graph: kglite behind the adapter's protocol, built in bulk and opened for reading only."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from miner.errors import MinerError, UsageError
from miner.graph.asking import Embedded
from miner.graph.frames import frames, opened
from miner.graph.parts import KINDS, LEVELS, Node, Relationship
from miner.graph.schema import declared
from miner.graph.worker import Answer, answer
from miner.graph.worker import opened as opened_graph
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


class EmbeddedGraph(Embedded):
    """A saved graph, open for reading in this process; several threads may ask it at once. Use as a context manager."""

    def __init__(self, path: Path):
        import kglite

        if not path.is_file():
            raise UsageError(f"there is no graph at {path}", fix="create it with: miner run … --graph embedded")
        try:
            self._graph, labels = opened_graph(str(path))
        except (kglite.KgError, OSError, ValueError) as error:
            raise UsageError(
                f"{path} cannot be opened as a graph: {error}", fix="recreate it with: miner run"
            ) from error
        self._labels = set(labels)

    @classmethod
    def open(cls, workspace: Workspace) -> EmbeddedGraph:
        """The embedded graph of a workspace; UsageError where there is none."""
        return cls(workspace.graph_path)

    def close(self) -> None:
        """Let go of the graph."""
        self._graph = None

    def _answer(self, cypher: str, params: Mapping[str, Any], timeout: float, limit: int | None) -> Answer:
        with _quiet():
            return answer(self._graph, cypher, params, timeout, limit)


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


@contextmanager
def _quiet() -> Iterator[None]:
    """The engine's remarks come back with the rows; it need not print them as well."""
    import kglite

    before = kglite.get_query_warning_policy()
    kglite.set_query_warning_policy("silent")
    try:
        yield
    finally:
        kglite.set_query_warning_policy(before)


assert set(_TYPES) == set(KINDS)

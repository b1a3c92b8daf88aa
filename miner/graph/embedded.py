"""The embedded graph: kglite behind the adapter's protocol, built in bulk and opened for reading only."""

from __future__ import annotations

import re
import warnings
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from miner.errors import MinerError, Problem, UsageError
from miner.graph import gate
from miner.graph.frames import frames, opened
from miner.graph.parts import KINDS, LEVELS, Node, Relationship
from miner.graph.rows import DEFAULT_LIMIT, DEFAULT_TIMEOUT, Rows
from miner.graph.schema import NODES, declared
from miner.workspace import Workspace

if TYPE_CHECKING:
    import pandas as pd

Progress = Callable[[str, int], None]
_TYPES = {"string": "string", "integer": "integer", "float": "float", "boolean": "bool", "strings": "list"}
_PREFIX = re.compile(r"^Cypher \w+ error(?: at line \d+, col \d+)?: ")
_UNKNOWN = re.compile(r"unknown (?:node label|relationship type) '([^']*)'|references property '([^']*)'")
_PROPERTIES = {p.name for part in declared(agents=True) for p in part.properties}
_OURS = "Result truncated by row_limit"
_CEILING = ("ceiling", "default limit", "default maximum")


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


class EmbeddedGraph:
    """A saved graph, open for reading; several threads may ask it at once. Use as a context manager."""

    def __init__(self, path: Path):
        import kglite

        if not path.is_file():
            raise UsageError(f"there is no graph at {path}", fix="make it with: miner run … --graph embedded")
        try:
            graph = kglite.load(str(path))
        except (kglite.KgError, OSError, ValueError) as error:
            raise UsageError(
                f"{path} cannot be opened as a graph: {error}", fix="make it again with: miner run"
            ) from error
        graph.read_only(True)
        graph.set_default_timeout(int(DEFAULT_TIMEOUT * 1000))
        self._graph: Any = graph.freeze()
        self._labels = set(graph.node_types)

    @classmethod
    def open(cls, workspace: Workspace) -> EmbeddedGraph:
        """The embedded graph of a workspace; UsageError where there is none."""
        return cls(workspace.graph_path)

    def __enter__(self) -> EmbeddedGraph:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    @property
    def level(self) -> str:
        """How much of the log it holds: teams, visits or events."""
        found = {node.level for node in NODES if node.label in self._labels}
        return max(found, key=LEVELS.index, default="teams")

    def run(
        self,
        cypher: str,
        params: Mapping[str, Any] | None = None,
        timeout: float = DEFAULT_TIMEOUT,
        limit: int | None = DEFAULT_LIMIT,
    ) -> Rows:
        """Run a reading statement (see `rows.Graph`); UsageError for one that writes, is wrong or takes too long."""
        gate.check(cypher)
        gate.check_bounded(cypher)
        with _quiet(), _errors(timeout):
            view = self._graph.cypher(
                cypher, params=dict(params or {}), timeout_ms=max(1, int(timeout * 1000)), row_limit=limit
            )
            columns = list(view.columns)
            rows = [tuple(record[name] for name in columns) for record in view.to_list()]
        remarks = list(view.warnings)
        _no_ceiling(remarks)
        notes = [note for note in remarks if not note.startswith(_OURS) and not self._merely_empty(note)]
        return Rows(columns, rows, truncated=any(note.startswith(_OURS) for note in remarks), notes=notes)

    def _merely_empty(self, note: str) -> bool:
        """True for a remark on a label, type or property of the schema of which this log has none."""
        said = _UNKNOWN.search(note)
        here = {part.word for part in declared(self.level, agents=True)}
        return said is not None and (said[1] in here or said[2] in _PROPERTIES)

    def close(self) -> None:
        """Let go of the graph."""
        self._graph = None


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


@contextmanager
def _errors(timeout: float) -> Iterator[None]:
    """The engine's errors as ours."""
    import kglite

    try:
        yield
    except kglite.CypherTimeoutError as error:
        raise UsageError(
            f"the query was stopped after {timeout:g} s", fix="narrow it, or allow more with --timeout SECONDS"
        ) from error
    except (kglite.KgError, ValueError, TypeError, OverflowError, RecursionError) as error:
        what = _PREFIX.sub("", str(error))
        raise UsageError(Problem(what, line=getattr(error, "line", None))) from error


def _no_ceiling(notes: list[str]) -> None:
    cut = [note for note in notes if any(word in note for word in _CEILING)]
    if cut:
        raise UsageError([Problem(note, fix="write the largest length yourself: *1..N") for note in cut])


assert set(_TYPES) == set(KINDS)

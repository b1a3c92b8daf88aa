"""The embedded graph, asked: the gate before it, its errors and remarks as ours."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Self

from miner.errors import Problem, UsageError
from miner.graph.cypher import gate
from miner.graph.embedded.process import Process
from miner.graph.embedded.worker import MEMORY, Answer
from miner.graph.rows import DEFAULT_LIMIT, DEFAULT_TIMEOUT, Rows
from miner.graph.schema import NODES, declared
from miner.graph.schema.parts import LEVELS
from miner.workspace import Workspace

_PREFIX = re.compile(r"^Cypher \w+ error(?: at line \d+, col \d+)?: ")
_UNKNOWN = re.compile(r"unknown (?:node label|relationship type) '([^']*)'|references property '([^']*)'")
_PROPERTIES = {p.name for part in declared(agents=True) for p in part.properties}
_OURS = "Result truncated by row_limit"
_CEILING = ("ceiling", "default limit", "default maximum")


class EmbeddedGraph:
    """A saved graph, open for reading in a process of its own; several threads may ask it. Use as a context manager.

    `memory` is what a statement may take beyond the graph itself, in bytes (None: no limit).
    """

    def __init__(self, path: Path, memory: int | None = MEMORY):
        if not path.is_file():
            raise UsageError(f"there is no graph at {path}", fix="create it with: miner run … --graph embedded")
        self._process = Process(path, memory)

    @classmethod
    def open(cls, workspace: Workspace, memory: int | None = MEMORY) -> Self:
        """The embedded graph of a workspace; UsageError where there is none."""
        return cls(workspace.graph_path, memory)

    def close(self) -> None:
        """Let go of the graph."""
        self._process.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    @property
    def level(self) -> str:
        """How much of the log it holds: teams, visits or events."""
        levels = {node.level for node in NODES if node.label in self._process.labels}
        return max(levels, key=LEVELS.index, default="teams")

    @property
    def agents(self) -> bool:
        """True where it says who did each event."""
        return "Agent" in self._process.labels

    def run(
        self,
        cypher: str,
        params: Mapping[str, Any] | None = None,
        timeout: float = DEFAULT_TIMEOUT,
        limit: int | None = DEFAULT_LIMIT,
    ) -> Rows:
        """Run a reading statement (see `rows.Graph`); UsageError for one that writes, is wrong or takes too much."""
        text = gate.check(cypher)
        gate.check_bounded(text)
        answer = self._process.answer(text, params or {}, timeout, limit)
        if answer.get("late"):
            raise UsageError(
                f"the query was stopped after {timeout:g} s", fix="narrow it, or raise the limit with --timeout SECONDS"
            )
        if "error" in answer:
            raise UsageError(Problem(_PREFIX.sub("", answer["error"]), line=answer.get("line"), fix=answer.get("fix")))
        return self._rows(answer)

    def _rows(self, answer: Answer) -> Rows:
        remarks = answer["remarks"]
        _no_ceiling(remarks)
        notes = [note for note in remarks if not note.startswith(_OURS) and not self._merely_empty(note)]
        rows = [tuple(row) for row in answer["rows"]]
        return Rows(answer["columns"], rows, truncated=any(note.startswith(_OURS) for note in remarks), notes=notes)

    def _merely_empty(self, note: str) -> bool:
        """True for a remark on a label, type or property of the schema of which this log has none."""
        unknown = _UNKNOWN.search(note)
        here = {part.word for part in declared(self.level, agents=True)}
        return unknown is not None and (unknown[1] in here or unknown[2] in _PROPERTIES)


def _no_ceiling(notes: list[str]) -> None:
    cut = [note for note in notes if any(word in note for word in _CEILING)]
    if cut:
        raise UsageError([Problem(note, fix="give a maximum length: *1..N") for note in cut])

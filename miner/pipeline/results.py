"""results/: what the library queries of a run answered, one file a query."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from typing import Any

from miner.graph import Graph, Rows, queries
from miner.graph.rows import DEFAULT_LIMIT, DEFAULT_TIMEOUT
from miner.workspace import Workspace

KEPT_ROWS = 10_000


class Recorder:
    """A graph that keeps what it answers."""

    def __init__(self, graph: Graph):
        self._graph = graph
        self._names = {query.cypher: name for name, query in queries().items()}
        self._answers: dict[str, list[dict[str, Any]]] = defaultdict(list)
        self.level = getattr(graph, "level", "events")
        self.agents = getattr(graph, "agents", False)

    def run(
        self,
        cypher: str,
        params: Mapping[str, Any] | None = None,
        timeout: float = DEFAULT_TIMEOUT,
        limit: int | None = DEFAULT_LIMIT,
    ) -> Rows:
        """Ask the graph itself."""
        rows = self._graph.run(cypher, params, timeout, limit)
        if name := self._names.get(cypher):
            self._answers[name].append(
                {
                    "params": dict(params or {}),
                    "columns": rows.columns,
                    "rows": rows.rows[:KEPT_ROWS],
                    "truncated": rows.truncated or len(rows) > KEPT_ROWS,
                }
            )
        return rows

    def close(self) -> None:
        """Let go of the graph."""
        self._graph.close()

    def save(self, workspace: Workspace) -> None:
        """Write `results/FOLDER/QUERY.json`: the answers, each with the parameters that were asked with."""
        for name, answers in sorted(self._answers.items()):
            workspace.write_json(f"results/{name}.json", {"query": name, "answers": answers})

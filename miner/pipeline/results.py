"""The stage `query`: findings into summary.json, and results/ with the answers of the library queries they rest on."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from typing import Any

from miner.graph import Graph, Rows, queries
from miner.graph.rows import DEFAULT_LIMIT, DEFAULT_TIMEOUT
from miner.pipeline.job import Job
from miner.workspace import Workspace

KEPT_ROWS = 10_000


def save_findings(job: Job, workspace: Workspace) -> None:
    """Find, rank and group the problems of a workspace, and write them down with their proof."""
    from miner.findings import find, group, read_waits

    if job.settings.graph == "none":
        return
    has_losses = workspace.table_path("value_lost").is_file()
    losses = workspace.arrow("value_lost").to_pylist() if has_losses else []
    with _opened(job, workspace) as graph:
        recorder = Recorder(graph)
        findings = find(recorder, job.settings.good, losses, read_waits(workspace), job.settings.agents)
    recorder.save(workspace)
    workspace.change_summary({"findings": group(findings, workspace)})


def _opened(job: Job, workspace: Workspace) -> Any:
    """The graph that was made, open for reading."""
    if job.settings.graph == "embedded":
        from miner.graph.embedded import EmbeddedGraph

        return EmbeddedGraph.open(workspace, memory=None)
    from miner.graph.neo4j import Neo4jGraph, login, name_of

    return Neo4jGraph(job.server or login(job.settings.graph), name_of(workspace))


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

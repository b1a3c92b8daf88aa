"""The stage `query`: findings from the tables, and results/ with the graph's answers to the queries that prove them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from contextlib import closing
from typing import TYPE_CHECKING, Any

from miner.errors import UsageError
from miner.pipeline.job import Job
from miner.pipeline.made import Costs, Findings, LoadedGraph
from miner.summary import SavedFinding
from miner.workspace import Workspace

if TYPE_CHECKING:
    from miner.graph import Graph

KEPT_ROWS = 10_000


def query(job: Job, costs: Costs, loaded: LoadedGraph) -> Findings:
    """Find, rank and group the problems of a workspace; where there is a graph, save its answers as their proof."""
    from miner.findings import find, group

    workspace, settings = costs.workspace, job.settings
    findings = group(find(workspace, settings.good, settings.agents), workspace)
    if settings.graph != "none":
        with closing(_opened(job, workspace)) as graph:
            _save_proofs(graph, findings, workspace)
    workspace.change_summary({"findings": findings})
    return Findings(workspace)


def _opened(job: Job, workspace: Workspace) -> Graph:
    """The graph that was made, open for reading."""
    if job.settings.graph == "embedded":
        from miner.graph.embedded import EmbeddedGraph

        return EmbeddedGraph.open(workspace, memory=None)
    from miner.graph.neo4j import Neo4jGraph, login, name_of

    return Neo4jGraph(job.server or login(job.settings.graph), name_of(workspace))


def _save_proofs(graph: Graph, findings: Sequence[SavedFinding], workspace: Workspace) -> None:
    """Write `results/FOLDER/QUERY.json`: the answers of each query, with the parameters of the findings."""
    answers: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for finding in findings:
        answers[finding["query"]].append(_answer(graph, finding["query"], finding["params"]))
    for name, given in sorted(answers.items()):
        workspace.write_json(f"results/{name}.json", {"query": name, "answers": given})


def _answer(graph: Graph, name: str, params: dict[str, Any]) -> dict[str, Any]:
    from miner.graph import ask_library

    try:
        rows = ask_library(graph, name, params)
    except UsageError as error:  # it takes too long on this graph: the finding stands without it
        return {"params": params, "error": str(error)}
    truncated = rows.truncated or len(rows) > KEPT_ROWS
    return {"params": params, "columns": rows.columns, "rows": rows.rows[:KEPT_ROWS], "truncated": truncated}

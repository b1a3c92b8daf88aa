"""The same graph in networkx: every node and relationship with its properties."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from miner.graph.frames import opened, select
from miner.graph.parts import Node
from miner.graph.schema import declared
from miner.workspace import Workspace

if TYPE_CHECKING:
    import networkx as nx
    import pandas as pd


def to_networkx(workspace: Workspace, level: str = "visits", agents: bool = False) -> nx.MultiDiGraph[Any]:
    """The graph of a workspace as a MultiDiGraph; `level` is teams, visits (default) or events.

    A node is `(label, id)` and has the attributes `label`, `id` and its properties; an edge's key
    is its type, and it has the attribute `type` and its properties. Unknown values are None.
    """
    import networkx as nx

    graph: nx.MultiDiGraph[Any] = nx.MultiDiGraph()
    with opened(workspace) as engine:
        for part in declared(level, agents):
            frame = engine.run(select(part)).df().astype(object)
            records = frame.where(frame.notna(), None).to_dict("records")
            if isinstance(part, Node):
                graph.add_nodes_from(((part.label, r["id"]), {"label": part.label, **r}) for r in records)
            else:
                graph.add_edges_from(_edge(part.start, part.end, part.type, r) for r in records)
    return graph


def _edge(start: str, end: str, kind: str, record: dict[str, Any]) -> tuple[Any, Any, str, dict[str, Any]]:
    source, target = record.pop("src"), record.pop("dst")
    return (start, source), (end, target), kind, {"type": kind, **record}

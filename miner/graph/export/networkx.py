"""The same graph in networkx: every node and relationship with its properties."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from miner.graph.frames import frames, opened
from miner.graph.schema import declared
from miner.graph.schema.parts import Node
from miner.workspace import Workspace

if TYPE_CHECKING:
    import networkx as nx


def to_networkx(workspace: Workspace, level: str = "visits", agents: bool = False) -> nx.MultiDiGraph[Any]:
    """The graph of a workspace as a MultiDiGraph; `level` is teams, visits (default) or events.

    A node is `(label, id)` and has the attributes `label`, `id` and its properties; an edge's key
    is its type, and it has the attribute `type` and its properties. Unknown values are None.
    """
    import networkx as nx

    graph: nx.MultiDiGraph[Any] = nx.MultiDiGraph()
    with opened(workspace) as engine:
        parts = declared(level, agents)
        for part, frame in zip(parts, frames(engine, parts), strict=True):
            plain = frame.astype(object)
            records = plain.where(plain.notna(), None).to_dict("records")
            if isinstance(part, Node):
                graph.add_nodes_from(((part.label, r["id"]), {"label": part.label, **r}) for r in records)
            else:
                for record in records:
                    source, target = (part.start, record.pop("src")), (part.end, record.pop("dst"))
                    graph.add_edge(source, target, part.type, type=part.type, **record)
    return graph

"""The graph in networkx is the graph of the embedded engine."""

from __future__ import annotations

from pathlib import Path

import networkx as nx
import pytest

from miner.graph import EmbeddedGraph, to_networkx
from miner.graph.schema import declared
from miner.graph.schema.parts import Node
from tests.graph.made import drawn

DRAWINGS = ("L1#A L2#B system L1#A L3#B", "L2#B customer", "L1 L1")


@pytest.mark.parametrize("level", ["teams", "visits", "events"])
def test_nodes_and_edges_are_the_same(level: str, tmp_path: Path) -> None:
    """Every label, type and property, at every level of detail."""
    workspace = drawn(tmp_path / "w", *DRAWINGS, level=level)
    network = to_networkx(workspace, level)
    with EmbeddedGraph.open(workspace) as graph:
        for part in declared(level):
            names = [p.name for p in part.properties]
            columns = "".join(f", n.{name} AS `{name}`" for name in names)
            if isinstance(part, Node):
                rows = graph.run(f"MATCH (n:{part.label}) RETURN n.id AS id{columns}").rows
                found = [
                    (data["id"], *(data[name] for name in names))
                    for _, data in network.nodes(data=True)
                    if data["label"] == part.label
                ]
            else:
                pattern = f"(a:{part.start})-[n:{part.type}]->(b:{part.end})"
                rows = graph.run(f"MATCH {pattern} RETURN a.id AS a, b.id AS b{columns}").rows
                found = [
                    (a, b, *(data[name] for name in names))
                    for (start, a), (end, b), data in network.edges(data=True)
                    if (start, data["type"], end) == (part.start, part.type, part.end)
                ]
            assert sorted(map(repr, found)) == sorted(map(repr, rows)), part.name


def test_it_is_a_multidigraph_that_networkx_can_work_with(tmp_path: Path) -> None:
    """Cycles between teams are found by networkx's own functions."""
    network = to_networkx(drawn(tmp_path / "w", "L1 L2 L1"), "teams")
    assert isinstance(network, nx.MultiDiGraph)
    assert {frozenset(cycle) for cycle in nx.simple_cycles(network)} == {frozenset({("Team", "L1"), ("Team", "L2")})}
    assert network[("Team", "L1")][("Team", "L2")]["HANDS_OFF_TO"]["handoffs"] == 1

"""The graph of interactions: its schema, the embedded engine, and the library of queries."""

from miner.graph.embedded import EmbeddedGraph, build
from miner.graph.library import Query, find, queries, run
from miner.graph.networkx import to_networkx
from miner.graph.rows import Graph, Rows

__all__ = ["EmbeddedGraph", "Graph", "Query", "Rows", "build", "find", "queries", "run", "to_networkx"]

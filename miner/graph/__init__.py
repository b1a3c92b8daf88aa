"""The graph of interactions: its schema, the embedded engine, and the library of queries."""

from miner.graph.cypher.library import Query, ask_library, find, queries
from miner.graph.embedded import EmbeddedGraph, build
from miner.graph.export import to_networkx
from miner.graph.rows import Graph, Rows

__all__ = [
    "EmbeddedGraph",
    "Graph",
    "Query",
    "Rows",
    "ask_library",
    "build",
    "find",
    "queries",
    "to_networkx",
]

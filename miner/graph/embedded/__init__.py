"""The embedded graph: kglite behind the adapter's protocol, built in bulk, asked in a process of its own."""

from miner.graph.embedded.build import build
from miner.graph.embedded.graph import EmbeddedGraph
from miner.graph.embedded.worker import MEMORY

__all__ = ["MEMORY", "EmbeddedGraph", "build"]

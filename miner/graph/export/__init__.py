"""The graph for other programs: GraphML, GEXF, edge lists, networkx, Neo4j Browser and NeoDash.

Files are written a table at a time; log text is escaped, and what XML cannot hold is replaced.
"""

from miner.graph.export.edges import EDGE_FORMATS, write_edges
from miner.graph.export.gexf import write_gexf
from miner.graph.export.graphml import write_graphml
from miner.graph.export.guide import write_browser_guide
from miner.graph.export.neodash import dashboard
from miner.graph.export.networkx import to_networkx

__all__ = [
    "EDGE_FORMATS",
    "dashboard",
    "to_networkx",
    "write_browser_guide",
    "write_edges",
    "write_gexf",
    "write_graphml",
]

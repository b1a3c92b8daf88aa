"""The graph on a Neo4j server: loaded a batch of whole journeys at a time, asked for reading only."""

from miner.graph.neo4j.ask import Neo4jGraph
from miner.graph.neo4j.copies import Found, load_copies, personal_data_in, search
from miner.graph.neo4j.database import reach
from miner.graph.neo4j.load import Loaded, bulk, load, name_of
from miner.graph.neo4j.login import Login, is_uri, login
from miner.graph.neo4j.unload import unload

__all__ = [
    "Found",
    "Loaded",
    "Login",
    "Neo4jGraph",
    "bulk",
    "is_uri",
    "load",
    "load_copies",
    "login",
    "name_of",
    "personal_data_in",
    "reach",
    "search",
    "unload",
]

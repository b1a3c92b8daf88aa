"""A throw-away Neo4j server for people with Java: a real one, on the loopback address only."""

from miner.server.control import Server, delete, find, start, stop
from miner.server.places import home_of

__all__ = ["Server", "delete", "find", "home_of", "start", "stop"]

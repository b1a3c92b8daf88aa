"""A throw-away Neo4j server for people with Java: a real one, on the loopback address only."""

from miner.server.control import Server, admin, delete, find, start, stop
from miner.server.places import home_of

__all__ = ["Server", "admin", "delete", "find", "home_of", "start", "stop"]

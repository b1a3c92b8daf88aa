"""What a graph's schema is made of: properties, labels of nodes and types of relationships."""

from __future__ import annotations

from dataclasses import dataclass

# How much of a log the graph holds; each level holds all of the one before it.
LEVELS = ("teams", "visits", "events")
KINDS = {
    "string": "VARCHAR",
    "integer": "BIGINT",
    "float": "DOUBLE",
    "boolean": "BOOLEAN",
    "strings": "VARCHAR[]",
}


@dataclass(frozen=True, slots=True)
class Property:
    """A property: its kind (a key of KINDS), the SQL it is filled with, and what it means."""

    name: str
    kind: str
    sql: str
    meaning: str


@dataclass(frozen=True, slots=True)
class Node:
    """A label: one node for each row of `source` (the SQL after FROM), with `id` unique in the label."""

    label: str
    level: str
    meaning: str
    id: str
    source: str
    properties: tuple[Property, ...] = ()
    optional: bool = False

    @property
    def word(self) -> str:
        """The label, as it stands in Cypher."""
        return self.label

    @property
    def name(self) -> str:
        """The label."""
        return self.label

    @property
    def pattern(self) -> str:
        """Its pattern in Cypher."""
        return f"(:{self.label})"


@dataclass(frozen=True, slots=True)
class Relationship:
    """A type between two labels: one relationship for each row of `source`."""

    type: str
    start: str
    end: str
    level: str
    meaning: str
    start_id: str
    end_id: str
    source: str
    properties: tuple[Property, ...] = ()
    optional: bool = False

    @property
    def word(self) -> str:
        """The type, as it stands in Cypher."""
        return self.type

    @property
    def name(self) -> str:
        """The type with its ends."""
        return f"({self.start})-[{self.type}]->({self.end})"

    @property
    def pattern(self) -> str:
        """Its pattern in Cypher."""
        return f"(:{self.start})-[:{self.type}]->(:{self.end})"

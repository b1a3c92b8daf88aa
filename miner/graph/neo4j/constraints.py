"""Constraints and indexes, made before the first node, and looked at: a name alone proves nothing."""

from __future__ import annotations

from collections.abc import Iterable

from miner.errors import Problem, ServerError
from miner.graph.neo4j.database import Database
from miner.graph.neo4j.statements import schema
from miner.graph.schema.parts import Node, Relationship

_UNIQUE = frozenset({"UNIQUENESS", "NODE_PROPERTY_UNIQUENESS", "NODE_KEY"})


def ensure(database: Database, parts: Iterable[Node | Relationship]) -> None:
    """Make the constraints and indexes that are missing; ServerError where others stand in their way."""
    wanted = schema(parts)
    _refuse_narrower(database, wanted)
    there = _there(database)
    missing = {name: made for name, made in wanted.items() if _shape(name, made) not in there}
    for name, made in missing.items():
        _make(database, name, made)
    there = _there(database) if missing else there
    problems = [
        Problem(
            f"the name {name} is already used in the database for something else: {made[0]}",
            fix=f"drop it (DROP {'CONSTRAINT' if _is_constraint(name) else 'INDEX'} {name}), "
            "or use a separate database",
        )
        for name, made in missing.items()
        if _shape(name, made) not in there
    ]
    if problems:
        raise ServerError(problems)
    if missing:
        database.write("CALL db.awaitIndexes(60)")


def _make(database: Database, name: str, made: tuple[str, str, tuple[str, ...]]) -> None:
    """Make one; where a server went down while it made a constraint, it left the index of it behind, in the way."""
    try:
        database.write(made[0])
    except ServerError:
        left = [
            row["name"]
            for row in database.read("SHOW INDEXES YIELD name, labelsOrTypes, properties, owningConstraint")
            if row["name"] == name
            and row["owningConstraint"] is None
            and (row["labelsOrTypes"], row["properties"]) == ([made[1]], list(made[2]))
        ]
        if not (left and _is_constraint(name)):
            raise
        database.write(f"DROP INDEX {name} IF EXISTS")
        database.write(made[0])


def _is_constraint(name: str) -> bool:
    return name.endswith("_id") and not name.endswith("_by_id")


def _shape(name: str, made: tuple[str, str, tuple[str, ...]]) -> tuple[bool, str, tuple[str, ...]]:
    return _is_constraint(name), made[1], made[2]


def _there(database: Database) -> set[tuple[bool, str, tuple[str, ...]]]:
    """What the database has: whether it is a constraint of uniqueness, its label or type, its properties."""
    known = set()
    for row in database.read("SHOW CONSTRAINTS YIELD type, labelsOrTypes, properties"):
        if row["type"] in _UNIQUE:
            known.add((True, row["labelsOrTypes"][0], tuple(row["properties"])))
    for row in database.read("SHOW INDEXES YIELD type, labelsOrTypes, properties, state"):
        if row["type"] == "RANGE" and row["labelsOrTypes"]:
            known.add((False, row["labelsOrTypes"][0], tuple(row["properties"])))
    return known


def _refuse_narrower(database: Database, wanted: dict[str, tuple[str, str, tuple[str, ...]]]) -> None:
    """A constraint that an id is known in the whole database lets in one workspace and stops the next halfway."""
    labels = {made[1] for name, made in wanted.items() if _is_constraint(name) and len(made[2]) > 1}
    problems = [
        Problem(
            f"the constraint {row['name']} requires ids of {row['labelsOrTypes'][0]} to be unique across "
            "all workspaces",
            fix=f"drop it (DROP CONSTRAINT {row['name']}), or use a separate database",
        )
        for row in database.read("SHOW CONSTRAINTS YIELD name, type, labelsOrTypes, properties")
        if row["type"] in _UNIQUE and row["labelsOrTypes"][0] in labels and row["properties"] == ["id"]
    ]
    if problems:
        raise ServerError(problems)

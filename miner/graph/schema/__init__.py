"""The graph's schema, declared once in `schema.txt`: loaders, constraints, docs and linter all read it here.

Sources name the workspace's tables (docs/workspace.md); see `parts` for what a declaration is made of.
"""

from __future__ import annotations

from importlib.resources import files

from miner.graph.schema.declarations import parse
from miner.graph.schema.parts import LEVELS, Node, Property, Relationship

__all__ = ["LEVELS", "NODES", "PARTS", "RELATIONSHIPS", "Node", "Property", "Relationship", "declared", "level_of"]

PARTS = parse(files(__name__).joinpath("schema.txt").read_text(encoding="utf-8"))
NODES: tuple[Node, ...] = tuple(part for part in PARTS if isinstance(part, Node))
RELATIONSHIPS: tuple[Relationship, ...] = tuple(part for part in PARTS if isinstance(part, Relationship))


def declared(level: str = "events", agents: bool = False) -> list[Node | Relationship]:
    """The declarations of a level of detail, nodes first; agents only when asked for."""
    levels = LEVELS[: LEVELS.index(level) + 1]
    return [part for part in PARTS if part.level in levels and (agents or not part.optional)]


def level_of(names: set[str]) -> str:
    """The least level of detail that holds these labels and relationship types."""
    levels = {part.level for part in PARTS if part.word in names}
    return max(levels, key=LEVELS.index, default="teams")

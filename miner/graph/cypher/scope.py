"""Of several workspaces in one database, one: every labelled node of a query is asked for its workspace.

The words put into the text are always the same; which workspace it is goes in as the parameter
`$workspace`. Relationships never lead from one workspace to another, so that nodes without a label
are within it as soon as one they are joined to is.
"""

from __future__ import annotations

from miner.graph.cypher import shape
from miner.graph.cypher.tokens import Token, starts, tokens

_WITHIN = "workspace: $workspace"


def names_workspace(cypher: str) -> bool:
    """True where a statement itself says something of workspaces."""
    words = (token.text.strip("`$").lower() for token in tokens(cypher) if token.kind != "string")
    return "workspace" in words


def scoped(cypher: str) -> str:
    """The same statement, within the workspace `$workspace`."""
    statement, places = tokens(cypher), starts(cypher)
    inserts = [(places[at], text) for at, text in _inserts(statement)]
    for place, text in sorted(inserts, reverse=True):
        cypher = cypher[:place] + text + cypher[place:]
    return cypher


def _inserts(statement: list[Token]) -> list[tuple[int, str]]:
    """What to put before which token."""
    inserts = []
    for at, token in enumerate(statement):
        if not (token.is_mark("(") and shape.opens_pattern(statement, at)):
            continue
        inside = _inside(statement, at)
        if any(statement[n].is_mark(":") for n in inside):
            properties = next((n for n in inside if statement[n].is_mark("{")), None)
            where = next((n for n in inside if statement[n].upper == "WHERE"), inside.stop)
            inserts.append((properties + 1, f"{_WITHIN}, ") if properties else (where, f" {{{_WITHIN}}} "))
    return inserts


def _inside(statement: list[Token], at: int) -> range:
    """The places between a bracket and the one that closes it, up to the properties of the node if it has any."""
    depth = statement[at].depth
    end = next(n for n in range(at + 1, len(statement)) if statement[n].depth == depth and statement[n].is_mark(")"))
    properties = next((n for n in range(at + 1, end) if statement[n].is_mark("{")), None)
    return range(at + 1, end if properties is None else properties + 1)

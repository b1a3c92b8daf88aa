"""Everything that a database holds, as one value: all nodes and relationships with all that is on them."""

from __future__ import annotations

import hashlib
from collections import Counter

import orjson

from miner.graph.neo4j import Login
from miner.graph.neo4j.database import Database

_NODES = (
    "MATCH (n) WHERE NOT n:LoadedWorkspace AND ($workspace IS NULL OR n.workspace = $workspace) "
    "RETURN labels(n) AS l, properties(n) AS p"
)
_RELATIONSHIPS = (
    "MATCH (a)-[r]->(b) WHERE $workspace IS NULL OR a.workspace = $workspace "
    "RETURN labels(a) AS al, a.id AS a, type(r) AS t, properties(r) AS p, labels(b) AS bl, b.id AS b"
)

_SCHEMA = (
    "SHOW INDEXES YIELD name, labelsOrTypes, properties",
    "SHOW CONSTRAINTS YIELD name, type, properties",
    "SHOW USERS YIELD user, passwordChangeRequired",
)


def checksum(login: Login, workspace: str | None = None, schema: bool = False) -> dict[str, tuple[int, str]]:
    """Count and checksum of nodes by label and of relationships by type; with `schema` also of what is declared."""
    lines: dict[str, list[bytes]] = {}
    with Database(login) as database:
        params = {"workspace": workspace}
        for row in database.read(_NODES, params):
            lines.setdefault(":".join(row["l"]), []).append(_line(row["p"]))
        for row in database.read(_RELATIONSHIPS, params):
            lines.setdefault(f"-{row['t']}-", []).append(_line([row["al"], row["a"], row["p"], row["bl"], row["b"]]))
        if schema:
            for asked in _SCHEMA:
                lines[asked] = [_line(row.data()) for row in database.read(asked)]
    return {name: (len(found), hashlib.sha256(b"\n".join(sorted(found))).hexdigest()) for name, found in lines.items()}


def counts(found: dict[str, tuple[int, str]]) -> Counter[str]:
    """Only the counts."""
    return Counter({name: count for name, (count, _) in found.items()})


def _line(value: object) -> bytes:
    return orjson.dumps(value, option=orjson.OPT_SORT_KEYS)

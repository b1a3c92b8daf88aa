"""Every copy of a workspace in a database, whatever it is called there, and whether a person is still in one."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass, field

from miner.graph.neo4j.database import Database
from miner.graph.neo4j.foreign import Say
from miner.graph.neo4j.load import load
from miner.graph.neo4j.login import Login
from miner.graph.neo4j.statements import WORKSPACE
from miner.workspace import Workspace

_COPIES = (
    f"MATCH (w:{WORKSPACE}) WHERE w.owner = $id "
    "RETURN w.id AS name, w.detail AS detail, w.agents AS agents ORDER BY name"
)
_NAMES = f"MATCH (w:{WORKSPACE}) RETURN w.id AS name"
_THEIRS = (
    "MATCH (c:Customer)-[:HAS]->(j:Journey) WHERE c.workspace IN $names AND c.id IN $words "
    "OPTIONAL MATCH (j)<-[:PART_OF]-(i:Interaction) RETURN j.id AS journey, collect(i.id) AS interactions"
)
# Every property: a text that is one of the words, or begins with one before a #, or holds one between spaces.
_NAMED = (
    "any(k IN keys({x}) WHERE any(t IN CASE WHEN valueType({x}[k]) STARTS WITH 'LIST' THEN {x}[k] "
    "ELSE [toStringOrNull({x}[k])] END WHERE toStringOrNull(t) IN $words OR split(toStringOrNull(t), '#')[0] IN $words "
    "OR any(part IN split(toStringOrNull(t), ' ') WHERE part IN $words)))"
)
_NODES = f"MATCH (n) WHERE {_NAMED.format(x='n')} RETURN labels(n) AS kind, n.workspace AS workspace, count(n) AS n"
# Words of three letters and less are looked for where they can only be an id.
_IDS = (
    "MATCH (n:Journey|Interaction|Customer) WHERE n.workspace IN $names AND n.id IN $words "
    "RETURN labels(n) AS kind, n.workspace AS workspace, count(n) AS n"
)
_TIES = (
    f"MATCH (a)-[r]->() WHERE {_NAMED.format(x='r')} RETURN [type(r)] AS kind, a.workspace AS workspace, count(r) AS n"
)


@dataclass(frozen=True, slots=True)
class Found:
    """Where a person still is: by kind what is in copies of the workspace or nobody's, and other workspaces' names."""

    left: dict[str, int] = field(default_factory=dict)
    others: tuple[str, ...] = ()


def personal_data_in(login: Login, workspace: Workspace, words: Collection[str]) -> tuple[set[str], set[str]]:
    """The journeys and interactions of a person in the copies of a workspace, by what the person is called."""
    with Database(login) as database:
        names = [row["name"] for row in database.read(_COPIES, {"id": workspace.identity()})]
        rows = database.read(_THEIRS, {"names": names, "words": sorted(words)})
    return {row["journey"] for row in rows}, {each for row in rows for each in row["interactions"]}


def load_copies(login: Login, workspace: Workspace, say: Say = lambda text: None) -> list[str]:
    """Bring every copy of a workspace up to date, each with its name, detail and agents; gives their names."""
    with Database(login) as database:
        copies = [row.data() for row in database.read(_COPIES, {"id": workspace.identity()})]
    for copy in copies:
        load(workspace, login, copy["detail"], bool(copy["agents"]), copy["name"], say=say)
    return [copy["name"] for copy in copies]


def search(login: Login, names: Collection[str], words: Collection[str]) -> Found:
    """Look through every property of every node and relationship of a database for a person.

    `names` are the copies of the workspace; what other loaded workspaces hold is theirs, and only named.
    """
    wanted = {"words": sorted(word for word in words if len(word) > 3)}
    short = {"words": sorted(word for word in words if len(word) <= 3), "names": sorted(names)}
    left: Counter[str] = Counter()
    others: set[str] = set()
    with Database(login) as database:
        held = {row["name"] for row in database.read(_NAMES)} - set(names)
        asked = ((_NODES, wanted), (_IDS, short), (_TIES, wanted))
        for row in (row for statement, params in asked for row in database.read(statement, params)):
            if row["workspace"] in held:
                others.add(row["workspace"])
            else:
                left[":".join(row["kind"])] += row["n"]
    return Found(dict(left), tuple(sorted(others)))

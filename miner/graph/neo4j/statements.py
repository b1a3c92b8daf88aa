"""The Cypher of loading, made from the schema's declaration. Only names of the schema get into its text."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from miner.graph.schema import NODES, RELATIONSHIPS
from miner.graph.schema.parts import Node, Relationship

WORKSPACE, BATCH = "LoadedWorkspace", "LoadBatch"
MARKERS = f"MATCH (b:{BATCH}) WHERE b.workspace = $name RETURN b.id AS id"
JOURNEY = "Journey"
# The labels whose nodes belong to one journey each; all others are shared by journeys.
INSIDE = frozenset({JOURNEY, "Interaction", "Visit", "Event"})
# Beside the ids: what the queries of the library look for. A relationship's type stands after a colon.
INDEXED = ("Visit.journey", "Event.activity", "Event.event_type", "Event.outcome", ":HANDOFF.crosses_silo", ":DF.gap_s")


def columns(part: Node | Relationship) -> list[str]:
    """The columns of a declaration's rows: `id`, or `src` and `dst`, and its properties."""
    return [*(["id"] if isinstance(part, Node) else ["src", "dst"]), *(p.name for p in part.properties)]


def key(part: Node | Relationship) -> str:
    """The name of a declaration among the parameters of a statement."""
    return part.label if isinstance(part, Node) else f"{part.type}_{part.start}_{part.end}"


def is_shared(part: Node | Relationship) -> bool:
    """True for nodes that journeys share, and for what joins only such nodes."""
    return not INSIDE & ({part.label} if isinstance(part, Node) else {part.start, part.end})


def schema(parts: Iterable[Node | Relationship]) -> dict[str, tuple[str, str, tuple[str, ...]]]:
    """Constraints and indexes by name: the statement that makes each, its label or type, and its properties."""
    made: dict[str, tuple[str, str, tuple[str, ...]]] = {}
    for label in (WORKSPACE, BATCH):
        made[f"miner_{label}_id"] = (_unique(label, ("id",)), label, ("id",))
    labels = [part.label for part in parts if isinstance(part, Node)]
    for label in labels:
        # Unique in its workspace: several of them live in one database, each with a team of the same name.
        made[f"miner_{label}_id"] = (_unique(label, ("id", "workspace")), label, ("id", "workspace"))
        made[f"miner_{label}_by_id"] = (
            f"CREATE INDEX miner_{label}_by_id IF NOT EXISTS FOR (n:{label}) ON (n.id)",
            label,
            ("id",),
        )
    types = {part.type for part in parts if isinstance(part, Relationship)}
    for place in INDEXED:
        of, _, name = place.partition(".")
        pattern = f"()-[n{of}]-()" if of.startswith(":") else f"(n:{of})"
        if of.lstrip(":") in types.union(labels):
            index = f"miner_{of.lstrip(':')}_{name}"
            made[index] = (f"CREATE INDEX {index} IF NOT EXISTS FOR {pattern} ON (n.{name})", of.lstrip(":"), (name,))
    return made


def _unique(label: str, names: tuple[str, ...]) -> str:
    ordered = ", ".join(f"n.{name}" for name in names)
    return f"CREATE CONSTRAINT miner_{label}_id IF NOT EXISTS FOR (n:{label}) REQUIRE ({ordered}) IS UNIQUE"


def create_batch(parts: Sequence[Node | Relationship]) -> str:
    """One statement that makes a batch of journeys with its marker.

    Nodes inside a journey are made and kept in lists, the shared ones are looked up by id, once each;
    relationships name their ends by place in those lists, so that nothing is searched.
    """
    lines = [
        f"CREATE (:{BATCH} {{id: $batch, workspace: $workspace, journeys: $journeys, nodes: $nodes}})",
        "WITH 1 AS one",
    ]
    lists = [part.label for part in parts if isinstance(part, Node)]
    joined = [part for part in parts if isinstance(part, Relationship) and INSIDE & {part.start, part.end}]
    ends = {end for part in joined for end in (part.start, part.end)}
    for part in parts:
        if isinstance(part, Node) and part.label in INSIDE | ends:
            made = f"CREATE (n:{part.label} {{{_filled(part)}, workspace: $workspace}})"
            match = f"MATCH {by_id('n', part.label, f'${part.label}_id[i]')} WITH i, n ORDER BY i"
            lines.append(
                f"CALL () {{ UNWIND range(0, size(${part.label}_id) - 1) AS i "
                f"{made if part.label in INSIDE else match} RETURN collect(n) AS l_{part.label} }}"
            )
    for part in joined:
        lines.append(_relationships(part, [label for label in lists if label in (part.start, part.end)]))
    shared = [part.label for part in parts if isinstance(part, Node) and part.label in ends - INSIDE]
    # A shared node that is not there would shift the places: the division by nought undoes it all.
    whole = " AND ".join(f"size(l_{label}) = size(${label}_id)" for label in shared) or "true"
    return "\n".join([*lines, f"RETURN 1 / CASE WHEN {whole} THEN 1 ELSE 0 END AS made"])


def _relationships(part: Relationship, lists: Sequence[str]) -> str:
    k = key(part)
    body = _filled(part)
    return (
        f"CALL ({', '.join(f'l_{label}' for label in lists)}) {{ UNWIND range(0, size(${k}_src) - 1) AS i "
        f"WITH i, l_{part.start}[${k}_src[i]] AS a, l_{part.end}[${k}_dst[i]] AS b "
        f"CREATE (a)-[:{part.type}{f' {{{body}}}' if body else ''}]->(b) }}"
    )


def _filled(part: Node | Relationship) -> str:
    names = [name for name in columns(part) if name not in ("src", "dst")]
    return ", ".join(f"{name}: ${key(part)}_{name}[i]" for name in names)


def delete_batch() -> str:
    """One statement that removes the nodes of a batch, found from its journeys, and its marker."""
    lines = [f"MATCH (b:{BATCH} {{id: $batch, workspace: $workspace}})", "WITH b, b.journeys AS ids"]
    for label in sorted(INSIDE, key=lambda label: (-len(_way(label)), label)):
        lines.append(
            f"CALL (ids) {{ UNWIND ids AS id MATCH (j:{JOURNEY} {{id: id, workspace: $workspace}}){_way(label)} "
            f"{seek('j', JOURNEY)} "
            f"WITH DISTINCT {'j' if label == JOURNEY else 'n'} AS n WHERE n.workspace = $workspace DETACH DELETE n }}"
        )
    return "\n".join([*lines, "DELETE b"])


def _way(label: str) -> str:
    """The pattern that leads from a journey to the nodes of this label, called n."""
    if label == JOURNEY:
        return ""
    ways: list[tuple[str, str]] = [(JOURNEY, "")]
    for at, way in ways:
        for part in RELATIONSHIPS:
            if part.end == at and part.start != at and len(ways) < 50:
                if part.start == label:
                    return f"{way}<-[:{part.type}]-(n:{label})"
                ways.append((part.start, f"{way}<-[:{part.type}]-(:{part.start})"))
    raise AssertionError(f"no way from {label} to {JOURNEY}")


def merge_nodes(part: Node) -> str:
    """Make or renew shared nodes."""
    names = [p.name for p in part.properties]
    sets = f" SET {', '.join(f'n.{name} = ${part.label}_{name}[i]' for name in names)}" if names else ""
    node = f"(n:{part.label} {{id: ${part.label}_id[i], workspace: $workspace}})"
    return f"UNWIND range(0, size(${part.label}_id) - 1) AS i MERGE {node}{sets}"


def merge_relationships(part: Relationship) -> str:
    """Make or renew relationships between shared nodes."""
    k = key(part)
    names = [p.name for p in part.properties]
    sets = f" SET {', '.join(f'r.{name} = ${k}_{name}[i]' for name in names)}" if names else ""
    return (
        f"UNWIND range(0, size(${k}_src) - 1) AS i "
        f"MATCH {by_id('a', part.start, f'${k}_src[i]')} MATCH {by_id('b', part.end, f'${k}_dst[i]')} "
        f"MERGE (a)-[r:{part.type}]->(b){sets}"
    )


def ids(part: Node | Relationship) -> str:
    """The ids of all shared nodes of a label, or the pairs of ids that a type joins."""
    if isinstance(part, Node):
        return f"MATCH (n:{part.label}) WHERE n.workspace = $workspace RETURN n.id AS id"
    return (
        f"MATCH (a:{part.start})-[:{part.type}]->(b:{part.end}) WHERE a.workspace = $workspace "
        "AND b.workspace = $workspace RETURN a.id AS src, b.id AS dst"
    )


def count(part: Node) -> str:
    """How many nodes of a label there are."""
    return f"MATCH (n:{part.label}) WHERE n.workspace = $workspace RETURN count(n) AS n"


def delete_ids(part: Node | Relationship) -> str:
    """Remove shared nodes, or relationships between them, by their ids."""
    if isinstance(part, Node):
        return f"UNWIND $id AS id MATCH {by_id('n', part.label, 'id')} DETACH DELETE n"
    return (
        "UNWIND range(0, size($src) - 1) AS i "
        f"MATCH {by_id('a', part.start, '$src[i]')} MATCH {by_id('b', part.end, '$dst[i]')} "
        f"MATCH (a)-[r:{part.type}]->(b) DELETE r"
    )


def by_id(variable: str, label: str, value: str) -> str:
    """The pattern of one node, found by its id in this workspace."""
    return f"({variable}:{label} {{id: {value}, workspace: $workspace}}) {seek(variable, label)}"


def seek(variable: str, label: str) -> str:
    """A seek in the index, said aloud: planned on an empty database, the server would look at every node."""
    return f"USING INDEX SEEK {variable}:{label}(id, workspace)"


def delete_some(label: str) -> str:
    """Remove up to $some nodes of a label."""
    return f"MATCH (n:{label}) WHERE n.workspace = $workspace WITH n LIMIT $some DETACH DELETE n"


LABELS = tuple(node.label for node in NODES)

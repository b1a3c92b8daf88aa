"""Journeys that changed, brought up to date in place: what users added to their nodes and relationships stays.

A node is renewed where it is; only our own properties are set. A relationship of ours is renewed between the same
ends, and goes where the journeys no longer have it. Types of ours between nodes of ours are ours.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from miner.graph.neo4j.statements import BATCH, INSIDE, by_id, key
from miner.graph.schema.parts import Node, Relationship

Parts = Sequence[Node | Relationship]


def update_batch(parts: Parts) -> str:
    """One statement that makes a batch of journeys what it should be, with its marker, whatever is there of it."""
    labels = [part for part in parts if isinstance(part, Node)]
    joined = _joined(parts)
    ends = {end for part in joined for end in (part.start, part.end)}
    lines = [
        f"MERGE (b:{BATCH} {{id: $batch}}) SET b.workspace = $workspace, b.journeys = $journeys, b.nodes = $nodes",
        "WITH 1 AS one",
    ]
    for part in labels:
        if part.label in INSIDE | ends:
            lines.append(_nodes(part) if part.label in INSIDE else _found(part))
    held = [part.label for part in labels]
    for way in joined:
        lists = ", ".join(f"l_{label}" for label in held if label in (way.start, way.end))
        lines += [_stale(way, lists), _renewed(way, lists)]
    shared = [part.label for part in labels if part.label in ends - INSIDE]
    # A shared node that is not there would shift the places: the division by nought undoes it all.
    whole = " AND ".join(f"size(l_{label}) = size(${label}_id)" for label in shared) or "true"
    return "\n".join([*lines, f"RETURN 1 / CASE WHEN {whole} THEN 1 ELSE 0 END AS made"])


def update_params(parts: Parts, params: dict[str, Any]) -> dict[str, Any]:
    """The parameters of a batch with, for each relationship, the ends that each node of the batch keeps."""
    more: dict[str, Any] = {}
    for part in _joined(parts):
        near, far = _sides(part)
        ends: list[list[str]] = [[] for _ in params[f"{_label(part, near)}_id"]]
        names = params[f"{_label(part, far)}_id"]
        for a, b in zip(params[f"{key(part)}_{near}"], params[f"{key(part)}_{far}"], strict=True):
            ends[a].append(names[b])
        more[f"{key(part)}_keep"] = ends
    return params | more


def _joined(parts: Parts) -> list[Relationship]:
    return [part for part in parts if isinstance(part, Relationship) and INSIDE & {part.start, part.end}]


def _sides(part: Relationship) -> tuple[str, str]:
    """The end that is inside the batch, whose relationships are looked through, and the other."""
    return ("src", "dst") if part.start in INSIDE else ("dst", "src")


def _label(part: Relationship, side: str) -> str:
    return part.start if side == "src" else part.end


def _nodes(part: Node) -> str:
    label = part.label
    return (
        f"CALL () {{ UNWIND range(0, size(${label}_id) - 1) AS i "
        f"MERGE (n:{label} {{id: ${label}_id[i], workspace: $workspace}}){_set('n', part)} "
        f"WITH i, n ORDER BY i RETURN collect(n) AS l_{label} }}"
    )


def _found(part: Node) -> str:
    label = part.label
    return (
        f"CALL () {{ UNWIND range(0, size(${label}_id) - 1) AS i "
        f"MATCH {by_id('n', label, f'${label}_id[i]')} WITH i, n ORDER BY i RETURN collect(n) AS l_{label} }}"
    )


def _stale(part: Relationship, lists: str) -> str:
    near, _ = _sides(part)
    a, b = ("a", "b") if near == "src" else ("b", "a")
    # Ends without the label or the workspace are a user's, and so is the relationship to them.
    return (
        f"CALL ({lists}) {{ UNWIND range(0, size(l_{_label(part, near)}) - 1) AS i "
        f"WITH i, l_{_label(part, near)}[i] AS {a} MATCH (a)-[r:{part.type}]->(b) "
        f"WHERE {b}:{part.end if near == 'src' else part.start} AND {b}.workspace = $workspace "
        f"AND NOT {b}.id IN ${key(part)}_keep[i] DELETE r }}"
    )


def _renewed(part: Relationship, lists: str) -> str:
    k = key(part)
    return (
        f"CALL ({lists}) {{ UNWIND range(0, size(${k}_src) - 1) AS i "
        f"WITH i, l_{part.start}[${k}_src[i]] AS a, l_{part.end}[${k}_dst[i]] AS b "
        f"MERGE (a)-[r:{part.type}]->(b){_set('r', part)} }}"
    )


def _set(variable: str, part: Node | Relationship) -> str:
    names = [p.name for p in part.properties]
    return f" SET {', '.join(f'{variable}.{name} = ${key(part)}_{name}[i]' for name in names)}" if names else ""

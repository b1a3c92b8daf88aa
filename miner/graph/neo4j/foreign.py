"""What hangs on nodes of ours and is not ours: counted and named before such a node goes."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from typing import Any

from miner.graph.neo4j.database import Database
from miner.graph.neo4j.statements import LABELS, by_id
from miner.graph.schema import NODES, RELATIONSHIPS

Say = Callable[[str], None]
# How many nodes are looked at in one statement.
ROWS = 5_000
_OUR_TYPES = sorted({part.type for part in RELATIONSHIPS})
_OURS = {part.label: ["id", "workspace", *(p.name for p in part.properties)] for part in NODES}
# Relationships of another type, or to a node of somebody else; what joins two of the nodes is met at both of them.
_HANGING = (
    "OPTIONAL MATCH (n)-[r]-(m) WHERE NOT (type(r) IN $types AND m.workspace = $workspace "
    "AND any(l IN labels(m) WHERE l IN $labels)) "
    "WITH n, [x IN collect(DISTINCT [elementId(r), type(r), labels(m)]) WHERE x[0] IS NOT NULL] AS around "
    "WITH around, [l IN labels(n) WHERE l <> $label] AS labels, [k IN keys(n) WHERE NOT k IN $properties] AS keys "
    "WHERE size(around) + size(labels) + size(keys) > 0 RETURN around, labels, keys"
)


def hanging(database: Database, workspace: str, label: str, ids: Sequence[str] | None = None) -> list[Any]:
    """What is not ours on nodes of a label, all of the workspace or those with these ids: a record for each node."""
    params = {
        "workspace": workspace,
        "types": _OUR_TYPES,
        "labels": list(LABELS),
        "label": label,
        "properties": _OURS[label],
    }
    if ids is None:
        return database.read(f"MATCH (n:{label}) WHERE n.workspace = $workspace {_HANGING}", params)
    asked = f"UNWIND $ids AS id MATCH {by_id('n', label, 'id')} {_HANGING}"
    return [row for some in _cut(ids) for row in database.read(asked, {**params, "ids": some})]


def warn(say: Say, label: str, nodes: int | None, additions: list[Any]) -> None:
    """Say what goes with nodes of ours, where anything of somebody else hangs on them."""
    if additions:
        count = f"{nodes:,} " if nodes is not None else ""
        say(
            f"{count}{label} node{'' if nodes == 1 else 's'} will be removed, with what others added to "
            f"{len(additions):,} of them: {described(additions)}"
        )


def described(additions: list[Any]) -> str:
    """The records of `hanging` in words: how many relationships, properties and labels, of which types."""
    around = {row[0]: f"[:{row[1]}] {_node(row[2])}" for each in additions for row in each["around"]}
    parts = [
        _counted("relationship", Counter(around.values())),
        _counted("property", Counter(name for each in additions for name in each["keys"])),
        _counted("label", Counter(name for each in additions for name in each["labels"])),
    ]
    return "; ".join(part for part in parts if part)


def _node(labels: list[str]) -> str:
    return f"with (:{':'.join(sorted(labels))})" if labels else "with a node without a label"


def _counted(what: str, names: Counter[str]) -> str:
    total = names.total()
    plural = what if total == 1 else f"{what[:-1]}ies" if what.endswith("y") else f"{what}s"
    kinds = ", ".join(f"{name} × {count:,}" for name, count in sorted(names.items()))
    return f"{total:,} {plural} ({kinds})" if total else ""


def _cut(ids: Sequence[str]) -> Iterator[list[str]]:
    for start in range(0, len(ids), ROWS):
        yield list(ids[start : start + ROWS])

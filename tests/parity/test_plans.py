"""The server uses the indexes that the queries declare, and needs no others on what grows with the log."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from miner.graph import Query, queries
from miner.graph.neo4j import Login, load
from miner.graph.neo4j.database import Database
from miner.graph.neo4j.statements import schema
from miner.graph.schema import PARTS
from tests.graph.made import generated, workspace_of

# A value for each parameter that must be given: a plan looks at its type only.
EXAMPLES: dict[str, Any] = {"int": 1, "float": 1.0, "str": "x", "bool": True, "list": ["x", "y"]}
# Teams, silos and activities are few however long the log is.
FEW = frozenset(part.word for part in PARTS if part.level == "teams")
_INDEXED = ("NodeIndex", "NodeUniqueIndex", "DirectedRelationshipIndex", "UndirectedRelationshipIndex")


def test_plans_use_what_the_headers_declare(empty_database: Login, tmp_path: Path) -> None:
    """Each query seeks in the indexes its header names, else only by id, and none looks at all nodes or all events."""
    workspace = workspace_of(tmp_path / "generated", generated(8, 600), linked=True)
    load(workspace, empty_database)
    found = []
    with Database(empty_database) as database:
        for name, query in queries().items():
            steps = list(_steps(_plan(database, query)))
            used = {index for step in steps for index in _indexes(step)}
            if not _declared(query) <= used or any(not index.endswith(".id") for index in used - _declared(query)):
                found.append(f"{name}: uses {sorted(used) or 'no index'}, declares {query.header.index}")
            found += [f"{name}: {scan}" for step in steps if (scan := _scan(step))]
    assert not found, "\n".join(found)


def test_declared_indexes_are_made() -> None:
    """Every index that a header names is among those that a load makes."""
    made = {f"{of}.{names[0]}" for _, of, names in schema(PARTS).values()}
    assert made >= {index for query in queries().values() for index in _declared(query)}


def _plan(database: Database, query: Query) -> dict[str, Any]:
    given = query.defaults() | {p.name: EXAMPLES[p.type] for p in query.header.params if p.required}
    with database.session(read=True) as session:
        plan = session.run(f"EXPLAIN {query.cypher}", given).consume().plan
    assert plan is not None
    return dict(plan)


def _steps(plan: dict[str, Any]) -> Iterator[dict[str, Any]]:
    yield plan
    for child in plan.get("children", ()):
        yield from _steps(child)


def _declared(query: Query) -> set[str]:
    return {name.strip() for name in (query.header.index or "").split(",") if name.strip()}


def _indexes(step: dict[str, Any]) -> Iterator[str]:
    """`Label.property` of each index of the step, where its nodes are many; `Details` is `RANGE INDEX n:Label(…) …`."""
    if step["operatorType"].startswith(_INDEXED):
        pattern = step["args"]["Details"].partition(":")[2]
        of, names = pattern.partition("(")[0], pattern.partition("(")[2].partition(")")[0]
        if of not in FEW:
            yield f"{of}.{names.split(',')[0].strip()}"


def _scan(step: dict[str, Any]) -> str | None:
    """What the step looks through from end to end, where that is too much."""
    kind, details = step["operatorType"].partition("@")[0], str(step["args"].get("Details", ""))
    if kind in ("AllNodesScan", "DirectedAllRelationshipsScan", "UndirectedAllRelationshipsScan"):
        return f"{kind} {details}"
    whole = kind in ("NodeByLabelScan", "DirectedRelationshipTypeScan", "UndirectedRelationshipTypeScan")
    events = any(f":{word}" in details for word in ("Event", "DF]", "IN_VISIT]", "OF]"))
    return f"{kind} {details}" if whole and events else None

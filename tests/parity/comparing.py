"""The same question to both engines: are the columns, the rows and the types of their values the same?"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from miner.graph import Graph, Query
from miner.graph.cypher.library import bind

EVERYTHING = 1_000_000


def differences(name: str, text: str, params: Mapping[str, Any], server: Graph, embedded: Graph) -> list[str]:
    """What the engines do not agree on, in words; nothing where they do."""
    left, right = server.run(text, params, 120, None), embedded.run(text, params, 120, None)
    # Without a row the embedded engine does not always say its columns.
    if left.columns != right.columns and (left.rows or right.rows):
        return [f"{name} {dict(params)}: columns {left.columns} and {right.columns}"]
    if len(left) != len(right):
        return [f"{name} {dict(params)}: {len(left)} rows on the server, {len(right)} embedded"]
    return [
        f"{name} {dict(params)}: row {number}: {one} on the server, {other} embedded"
        for number, (one, other) in enumerate(zip(left.rows, right.rows, strict=True))
        if not same(one, other)
    ][:3]


def of_query(query: Query, given: Mapping[str, Any], server: Graph, embedded: Graph) -> list[str]:
    """The same for a query of the library, with all of its rows."""
    params = bind(query, given)
    if "limit" in params:
        params["limit"] = EVERYTHING
    return differences(query.name, query.cypher, params, server, embedded)


def same(one: Any, other: Any) -> bool:
    """Equal in value and in type, all the way down; sums may differ in their last digits, in any order."""
    if isinstance(one, (list, tuple)) and isinstance(other, (list, tuple)):
        return len(one) == len(other) and all(map(same, one, other))
    if type(one) is not type(other):
        return False
    if isinstance(one, float):
        return one == other or abs(one - other) <= 1e-9 * max(1.0, abs(one), abs(other))
    return bool(one == other)

"""Small groups: what few journeys say of an agent is not shown."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

K = 5
_AGENT = re.compile(r"a_[0-9a-f]{16}")
_COUNTS = ("journeys", "interactions", "visits", "handoffs", "events")  # what says how large a group is, surest first


def without_small(columns: Sequence[str], rows: Sequence[tuple[Any, ...]], k: int = K) -> list[tuple[Any, ...]]:
    """Rows without those that name an agent and count fewer than `k` journeys (or contacts, visits, …).

    Rows without a count are one case each, not a group, and stay; so do rows that name no agent.
    """
    count = next((columns.index(name) for name in _COUNTS if name in columns), None)
    if count is None or k <= 1:
        return list(rows)
    return [row for row in rows if not (_is_small(row[count], k) and any(map(_names_agent, row)))]


def _is_small(count: Any, k: int) -> bool:
    return isinstance(count, (int, float)) and not isinstance(count, bool) and count < k


def _names_agent(value: Any) -> bool:
    if isinstance(value, (list, tuple)):
        return any(map(_names_agent, value))
    return isinstance(value, str) and _AGENT.fullmatch(value) is not None

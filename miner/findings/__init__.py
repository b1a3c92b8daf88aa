"""From query rows to ranked findings: what to fix first, with its size and its proof."""

from __future__ import annotations

from typing import Any

from miner.findings import bottlenecks, contacts, loops, silo_paths, value_loss
from miner.findings.finding import Finding
from miner.graph import Graph, ask_library

__all__ = ["Finding", "find"]

LEAST_SHARE, LEAST = 0.001, 2  # a finding concerns at least a thousandth of the journeys, and more than one


def find(graph: Graph, good: tuple[str, ...], tz: str | None = None,
         losses: list[dict[str, Any]] | None = None) -> list[dict[str, Any]]:  # fmt: skip
    """The findings of a graph, most hours first; each names the library query and parameters that give it back.

    `good` are the outcomes that count as good; weekdays and hours are those of the zone `tz` (UTC where None);
    `losses` the rows of the table value_lost.
    """

    def ask(name: str, **params: Any) -> list[dict[str, Any]]:
        return ask_library(graph, name, params).records()

    journeys = sum(row["journeys"] for row in ask("overview/journeys", limit=1_000_000))
    if not journeys:
        return []
    least = max(LEAST, round(LEAST_SHARE * journeys))
    outcomes = sorted({outcome.lower() for outcome in good})
    lossy = value_loss.find(losses or [], journeys, outcomes)
    found = [*lossy, *loops.find(ask, journeys, least), *bottlenecks.find(ask, journeys, tz),
             *silo_paths.find(ask, journeys, least, outcomes, [one.where["path"] for one in lossy]),
             *contacts.find(ask, journeys)]  # fmt: skip
    return [f.plain() for f in sorted(found, key=lambda f: (f.hours is None, -(f.hours or 0), f.kind, f.title))]

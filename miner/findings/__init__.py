"""From query rows to ranked findings: what to fix first, with its size and its proof."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from miner.findings import bottlenecks, contacts, loops, silo_paths, value_loss
from miner.findings.finding import Finding
from miner.findings.groups import group
from miner.findings.waits import read as read_waits
from miner.graph import Graph, ask_library
from miner.summary import SavedFinding

if TYPE_CHECKING:
    import pyarrow as pa

__all__ = ["Finding", "find", "group", "read_waits"]

LEAST_SHARE, LEAST = 0.001, 2  # a finding concerns at least a thousandth of the journeys, and more than one


def find(
    graph: Graph,
    good: tuple[str, ...],
    losses: list[dict[str, Any]] | None = None,
    waits: pa.Table | None = None,
    agents: bool = False,
) -> list[SavedFinding]:
    """The findings of a graph, most hours first; each names the library query and parameters that give it back.

    `good` are the outcomes that count as good; `losses` the rows of the table value_lost, `waits` those that
    `findings.waits` reads. A single person is the subject of a finding only with `agents`.
    """

    def ask(name: str, **params: Any) -> list[dict[str, Any]]:
        return ask_library(graph, name, params).records()

    journeys = sum(row["journeys"] for row in ask("overview/journeys", limit=1_000_000))
    if not journeys:
        return []
    least = max(LEAST, round(LEAST_SHARE * journeys))
    outcomes = sorted({outcome.lower() for outcome in good})
    lossy = value_loss.find(losses or [], journeys, outcomes)
    found = [
        *lossy,
        *loops.find(ask, journeys, least),
        *bottlenecks.find(ask, journeys, waits, agents),
        *silo_paths.find(ask, journeys, least, outcomes, [one.where["path"] for one in lossy]),
        *contacts.find(ask, journeys),
    ]
    return [f.plain() for f in sorted(found, key=_rank)]


def _rank(one: Finding) -> tuple[bool, bool, float, str, str]:
    """Most hours first; what is only busy comes after that, for nothing says that it is slow."""
    return one.hours is None, bottlenecks.is_busy(one), -(one.hours or 0), one.kind, one.title

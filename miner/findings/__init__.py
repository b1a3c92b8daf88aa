"""From query rows to ranked findings: what to fix first, with its size and its proof."""

from __future__ import annotations

from collections.abc import Sequence

from miner.findings import bottlenecks, contacts, loops, silo_paths, value_loss
from miner.findings.finding import Finding
from miner.findings.groups import group
from miner.findings.tables import tables_of
from miner.summary import SavedFinding
from miner.workspace import Workspace

__all__ = ["Finding", "find", "group"]

LEAST_SHARE, LEAST = 0.001, 2  # a finding concerns at least a thousandth of the journeys, and more than one


def find(workspace: Workspace, good: Sequence[str], agents: bool = False) -> list[SavedFinding]:
    """The findings of a workspace's tables, most hours first; each names the library query that proves it.

    `good` are the outcomes that count as good. A single person is the subject of a finding only with `agents`.
    """
    outcomes = sorted({outcome.lower() for outcome in good})
    has_losses = workspace.table_path("value_lost").is_file()
    with tables_of(workspace) as tables:
        journeys = tables.journeys()
        if not journeys:
            return []
        least = max(LEAST, round(LEAST_SHARE * journeys))
        losses = value_loss.find(workspace.arrow("value_lost").to_pylist() if has_losses else [], journeys, outcomes)
        findings = [
            *losses,
            *loops.find(tables, journeys, least),
            *bottlenecks.find(tables, journeys, agents),
            *silo_paths.find(tables, journeys, least, outcomes, [one.where["path"] for one in losses]),
            *contacts.find(tables, journeys),
        ]
    return [finding.plain() for finding in sorted(findings, key=_rank)]


def _rank(one: Finding) -> tuple[bool, bool, float, str, str]:
    """Most hours first; what is only busy comes after that, for nothing says that it is slow."""
    return one.hours is None, bottlenecks.is_busy(one), -(one.hours or 0), one.kind, one.title

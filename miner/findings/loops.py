"""Handoff loops: pairs of teams that send the same journeys back and forth, and ways round through more of them.

All of them are ranked by one measure: what was waited for the next team on the way, without the customer's own time.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from miner.findings.finding import Finding, hours
from miner.wording import spoken

Ask = Callable[..., list[dict[str, Any]]]
PAIRS, LONGER = 5, 3


def find(ask: Ask, journeys: int, least: int) -> list[Finding]:
    """The loops with most time lost, of at least `least` journeys each."""
    pairs = ask("loops/loop_waits", min_journeys=least, limit=PAIRS)
    longer = ask("loops/longer_loops", min_journeys=least, limit=LONGER)
    return [_pair(ask, row, journeys) for row in pairs] + [_longer(ask, row, journeys) for row in longer]


def _pair(ask: Ask, row: dict[str, Any], journeys: int) -> Finding:
    a, b = row["team_a"], row["team_b"]
    shown = [
        *ask("loops/journeys_of_loop", team=a, via=b, loop_order=2),
        *ask("loops/journeys_of_loop", team=b, via=a, loop_order=2),
    ]
    return Finding(
        "handoff_loop",
        f"{a} and {b} send the same journeys back and forth: {row['journeys']:,} journeys came back "
        f"{row['bounces']:,} times and waited {spoken(row['own_wait_s_total'])} in total on the way.",
        {"teams": [a, b], "path": [a, b, a], "order": 2},
        row["journeys"],
        hours(row["own_wait_s_total"]),
        row["bounces"],
        row["journeys"] / journeys,
        "loops/loop_waits",
        {"team": a, "other": b},
        _journeys(shown),
    )


def _longer(ask: Ask, row: dict[str, Any], journeys: int) -> Finding:
    path = row["path"]
    shown = ask("loops/journeys_of_loop", team=path[0], via=path[1], loop_order=row["loop_order"])
    return Finding(
        "handoff_loop",
        f"{row['journeys']:,} journeys went round {' → '.join(path)} and waited "
        f"{spoken(row['own_wait_s_total'])} in total on the way.",
        {"teams": sorted(set(path)), "path": path, "order": row["loop_order"]},
        row["journeys"],
        hours(row["own_wait_s_total"]),
        row["returns"],
        row["journeys"] / journeys,
        "loops/longer_loops",
        {"path": path},
        _journeys(shown),
    )


def _journeys(rows: list[dict[str, Any]]) -> list[str]:
    return list(dict.fromkeys(row["journey"] for row in rows))[:10]

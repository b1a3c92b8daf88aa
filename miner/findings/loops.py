"""Handoff loops: pairs of teams that send the same journeys back and forth, and loops through more of them.

All of them are ranked by one measure: what was waited for the next team on the way, without the customer's own time.
"""

from __future__ import annotations

from miner.findings.finding import Finding, hours
from miner.findings.rows import Example, LongerLoop, LoopOfTwo
from miner.findings.tables import Tables
from miner.wording import spoken

PAIRS, LONGER = 5, 3


def find(tables: Tables, journeys: int, least: int) -> list[Finding]:
    """The loops with most time lost, of at least `least` journeys each."""
    pairs = tables.ask("loop_waits", LoopOfTwo, least=least, most=PAIRS)
    longer = tables.ask("longer_loops", LongerLoop, least=least, most=LONGER)
    return [_pair(tables, row, journeys) for row in pairs] + [_longer(tables, row, journeys) for row in longer]


def _pair(tables: Tables, row: LoopOfTwo, journeys: int) -> Finding:
    a, b = row["team_a"], row["team_b"]
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
        _examples(tables, 2, (a, b), (b, a)),
    )


def _longer(tables: Tables, row: LongerLoop, journeys: int) -> Finding:
    path = row["path"]
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
        _examples(tables, row["loop_order"], (path[0], path[1])),
    )


def _examples(tables: Tables, order: int, *pairs: tuple[str, str]) -> list[str]:
    """Up to ten journeys that came back to the first team of a pair after the second had them, each once."""
    rows = [
        row
        for team, via in pairs
        for row in tables.ask("journeys_of_loop", Example, team=team, via=via, loop_order=order)
    ]
    return list(dict.fromkeys(row["journey"] for row in rows))[:10]

"""The directly-follows graph and the nearest-rank percentile (definitions: Order)."""

from __future__ import annotations

from tests.oracles.order import Row


def nearest_rank(values: list[int], percent: int) -> int:
    """The smallest value whose rank r (from 1, in sorted order) has 100·r ≥ percent·n."""
    for rank, value in enumerate(sorted(values), start=1):
        if 100 * rank >= percent * len(values):
            return value
    raise ValueError("no values")


def dfg(transitions: list[Row]) -> list[Row]:
    """Count, median, p95 and total of the gaps between directly following activities."""
    gaps: dict[tuple[str, str], list[int]] = {}
    for row in transitions:
        if row["seq"] > 0:
            gaps.setdefault((row["from_activity"], row["to_activity"]), []).append(row["gap_us"])
    return [
        {
            "from_activity": one,
            "to_activity": other,
            "count": len(values),
            "median_us": nearest_rank(values, 50),
            "p95_us": nearest_rank(values, 95),
            "total_us": sum(values),
        }
        for (one, other), values in sorted(gaps.items())
    ]

"""Paths across silos on which journeys end worse than others about the same, beyond chance."""

from __future__ import annotations

import json
from typing import Any

from miner.findings.finding import Finding, spoken

Row = dict[str, Any]


def find(losses: list[Row], journeys: int, good: list[str]) -> list[Finding]:
    """A finding for each path that was found (`rank`) in the table value_lost; the test is made there, not here."""
    return [_path(row, journeys, good) for row in losses if row["rank"]]


def _path(row: Row, journeys: int, good: list[str]) -> Finding:
    path, n = list(row["path"]), row["journeys"]
    value, low, high, delay = row["value_lost"], row["low"], row["high"], row["delay_removed_h"]
    lost = f"{row['lost_outcomes']:,.0f} good outcomes"
    if value is not None:
        lost += f", worth {value:,.0f} (95 % interval {low:,.0f} to {high:,.0f})"
    waits = f" Its handoffs waited {spoken(delay * 3600)} beyond the usual wait inside a team." if delay else ""
    return Finding(
        "value_loss",
        f"Of {n:,} journeys on the path {' → '.join(path)}, {100 * row['good'] / n:.0f} % ended well, against "
        f"{100 * row['expected_good'] / n:.0f} % with the same intents on other paths: it costs {lost}."
        + waits,
        {"silos": sorted(set(path)), "path": path}, n, None if delay is None else round(delay, 2), n, n / journeys,
        "silos/value_lost",
        {"path": path, "good": good, "aside": [_id(one) for one in row["set_aside"]]},
        list(row["examples"]), value=value, low=low, high=high,
    )  # fmt: skip


def _id(path: list[str]) -> str:
    """The id of a SiloPath: its silos as JSON without blanks."""
    return json.dumps(list(path), ensure_ascii=False, separators=(",", ":"))

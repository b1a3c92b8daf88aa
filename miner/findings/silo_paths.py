"""Ways across silos that take longer, or end worse, than same-intent journeys that stay inside one.

Their hours are what was waited between the silos: how much longer journeys took holds the customer's time as well, and
would stand above everything that a team can do.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from miner.costs.value_lost import holds
from miner.findings.finding import Finding, hours, spoken

Ask = Callable[..., list[dict[str, Any]]]
PATHS = 3
MOST = 0.5  # of what a way takes longer is on a longer one that holds it: the longer one says it better
WORSE = 1.2  # a longer way is told beside its part where a journey on it loses this much more


def find(ask: Ask, journeys: int, least: int, good: list[str], lossy: list[list[str]]) -> list[Finding]:
    """Ways that take longer than the same intents inside one silo, those with most waits; of a way and its parts one.

    `lossy` are ways that are told already, with their waits, because they end worse. What comes back to a silo is a
    loop, and told as one.
    """
    rows = ask("silos/silo_paths", min_journeys=least, good=good, limit=200)
    slower = [row for row in rows if (row["extra_s_total"] or 0) > 0 and row["compared"] >= least]
    told = [row for row in slower if not any(_said_by(other, row) for other in slower)]
    new = [row for row in told if row["path"] not in lossy and len(set(row["path"])) == len(row["path"])]
    new.sort(key=lambda row: -row["own_wait_s_total"])
    return [_path(ask, row, journeys, good) for row in new[:PATHS] if row["own_wait_s_total"] > 0]


def _said_by(other: dict[str, Any], row: dict[str, Any]) -> bool:
    """Whether another way, longer or a part of this one, already tells of the same loss."""
    mean, others_mean = (r["extra_s_total"] / r["compared"] for r in (row, other))
    if holds(other["path"], row["path"]):
        return bool(other["extra_s_total"] >= MOST * row["extra_s_total"] and others_mean >= mean)
    return holds(row["path"], other["path"]) and mean < WORSE * others_mean


def _path(ask: Ask, row: dict[str, Any], journeys: int, good: list[str]) -> Finding:
    path = row["path"]
    shown = ask("silos/journeys_of_path", path=path)
    outcome = ""
    if row["good_share"] is not None and row["expected_good_share"] is not None:
        outcome = (f" {100 * row['good_share']:.0f} % of those with a known outcome ended well, "
                   f"{100 * row['expected_good_share']:.0f} % where it stayed inside.")  # fmt: skip
    return Finding(
        "cross_silo_path",
        f"{row['journeys']:,} journeys went {' → '.join(path)} and waited {spoken(row['own_wait_s_total'])} in total "
        f"between these silos. Half of them were over within {spoken(row['elapsed_s_median'])}; in sum they took "
        f"{spoken(row['extra_s_total'])} longer than journeys about the same that stayed in one silo.{outcome}",
        {"silos": sorted(set(path)), "path": path}, row["journeys"], hours(row["own_wait_s_total"]), row["compared"],
        row["journeys"] / journeys, "silos/silo_paths", {"path": path, "good": good},
        [r["journey"] for r in shown])  # fmt: skip

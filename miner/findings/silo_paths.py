"""Ways across silos that take longer, or end worse, than same-intent journeys that stay inside one."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from miner.costs.value_lost import holds
from miner.findings.finding import Finding, hours, spoken

Ask = Callable[..., list[dict[str, Any]]]
PATHS = 5
MOST = 0.5  # of a way's journeys go on along a longer one: the longer one says it better
WORSE = 1.2  # a longer way is told beside its part where a journey on it loses this much more


def find(ask: Ask, journeys: int, least: int, good: list[str]) -> list[Finding]:
    """The ways that lose most time against the same intents inside one silo; of a way and its parts the telling one."""
    rows = ask("silos/silo_paths", min_journeys=least, good=good, limit=200)
    slower = [row for row in rows if (row["extra_s_total"] or 0) > 0 and row["compared"] >= least]
    told = [row for row in slower if not any(_said_by(other, row) for other in slower)]
    return [_path(ask, row, journeys, good) for row in told[:PATHS]]


def _said_by(other: dict[str, Any], row: dict[str, Any]) -> bool:
    """Whether another way, longer or a part of this one, already tells of the same loss."""
    mean, others_mean = (r["extra_s_total"] / r["compared"] for r in (row, other))
    if holds(other["path"], row["path"]):
        return bool(other["journeys"] >= MOST * row["journeys"] and others_mean >= mean)
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
        f"{row['journeys']:,} journeys went {' → '.join(path)}, half of them within {spoken(row['elapsed_s_median'])}, "
        f"and took {spoken(row['extra_s_total'])} longer in total than journeys about the same that stayed in one "
        f"silo.{outcome}",
        {"silos": sorted(set(path)), "path": path}, row["journeys"], hours(row["extra_s_total"]), row["compared"],
        row["journeys"] / journeys, "silos/silo_paths", {"path": path, "good": good},
        [r["journey"] for r in shown])  # fmt: skip

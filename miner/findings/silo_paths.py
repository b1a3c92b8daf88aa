"""Ways across silos that take longer, or end worse, than same-intent journeys that stay inside one."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from miner.findings.finding import Finding, hours, spoken

Ask = Callable[..., list[dict[str, Any]]]
PATHS = 5
SAME = 0.9  # a part of a longer way with nearly the same journeys says nothing new


def find(ask: Ask, journeys: int, least: int, good: list[str]) -> list[Finding]:
    """The ways with most time above what their intents take inside one silo."""
    rows = ask("silos/silo_paths", min_journeys=least, good=good, limit=200)
    slower = [row for row in rows if (row["extra_s_total"] or 0) > 0 and row["compared"] >= least]
    return [_path(ask, row, journeys, good) for row in slower if not _says_nothing_new(row, slower)][:PATHS]


def _says_nothing_new(row: dict[str, Any], rows: list[dict[str, Any]]) -> bool:
    """Whether a longer way that contains this one has nearly all its journeys."""
    return any(
        len(other["path"]) > len(row["path"])
        and other["journeys"] >= SAME * row["journeys"]
        and any(other["path"][i : i + len(row["path"])] == row["path"] for i in range(len(other["path"])))
        for other in rows)  # fmt: skip


def _path(ask: Ask, row: dict[str, Any], journeys: int, good: list[str]) -> Finding:
    path = row["path"]
    shown = ask("silos/journeys_of_path", path=path)
    outcome = ""
    if row["good_share"] is not None and row["expected_good_share"] is not None:
        outcome = (f" {100 * row['good_share']:.0f} % of those with a known outcome ended well, "
                   f"{100 * row['expected_good_share']:.0f} % where it stayed inside.")  # fmt: skip
    return Finding(
        "cross_silo_path",
        f"{row['journeys']:,} journeys went {' → '.join(path)} and took {spoken(row['extra_s_total'])} longer in total than journeys "
        f"about the same that stayed in one silo (median {spoken(row['elapsed_s_median'])}).{outcome}",
        {"silos": sorted(set(path)), "path": path}, row["journeys"], hours(row["extra_s_total"]), row["compared"],
        row["journeys"] / journeys, "silos/silo_paths", {"path": path, "good": good}, [r["journey"] for r in shown])  # fmt: skip

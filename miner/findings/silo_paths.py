"""Paths across silos that take longer, beyond chance, than same-intent journeys that stay inside one.

Their hours are what was waited between the silos: how much longer journeys took holds other waits and work as well,
and would stand above everything that a team can do.
"""

from __future__ import annotations

from miner.costs.value_lost import holds
from miner.findings.finding import Finding, hours
from miner.findings.rows import Example, SiloPath
from miner.findings.tables import Tables
from miner.wording import percent, spoken

PATHS = 3
MOST = 0.5  # of what a path takes longer is on a longer one that contains it: only the longer one is reported
WORSE = 1.2  # a longer path is reported beside its part where a journey on it loses this much more


def find(tables: Tables, journeys: int, least: int, good: list[str], lossy: list[list[str]]) -> list[Finding]:
    """Paths that take longer, those with most waits first; of a path and its parts one.

    `lossy` are paths that are reported already, with their waits, because they end worse. A path that comes back to a
    silo is a loop, and reported as one.
    """
    rows = tables.ask("silo_paths", SiloPath, least=least, good=good)
    new = [row for row in rows if row["path"] not in lossy and len(set(row["path"])) == len(row["path"])]
    return [_path(tables, row, journeys, good) for row in chosen(new)]


def chosen(rows: list[SiloPath], most: int = PATHS) -> list[SiloPath]:
    """Up to `most` paths, most hours first; only what a reported one covers is left out."""
    left = sorted(rows, key=lambda row: (-row["own_wait_s_total"], row["path"]))
    reported: list[SiloPath] = []
    while left and len(reported) < most:
        worst = left[0]
        better = [row for row in left[1:] if holds(row["path"], worst["path"]) and _covers(row, worst)]
        one = max(better, key=lambda row: (row["extra_s_total"], len(row["path"])), default=worst)
        reported.append(one)
        left = [row for row in left if row is not one and not _covers(one, row)]
    return sorted(reported, key=lambda row: (-row["own_wait_s_total"], row["path"]))


def _covers(one: SiloPath, other: SiloPath) -> bool:
    """Whether a path, longer or a part of the other, accounts for most of what the other loses."""
    mean, others_mean = (row["extra_s_total"] / row["compared"] for row in (one, other))
    if holds(one["path"], other["path"]):
        return bool(one["extra_s_total"] >= MOST * other["extra_s_total"] and mean >= others_mean)
    return holds(other["path"], one["path"]) and others_mean < WORSE * mean


def _path(tables: Tables, row: SiloPath, journeys: int, good: list[str]) -> Finding:
    path = row["path"]
    low, high = max(row["extra_low_s"], 0.0), row["extra_high_s"]
    ended = "" if row["good_share"] is None else f" {percent(row['good_share'], 1)} of the known outcomes were good."
    return Finding(
        "cross_silo_path",
        f"{row['journeys']:,} journeys took the path {' → '.join(path)} and waited {spoken(row['own_wait_s_total'])} "
        f"in total between these silos. Our own time in the {row['compared']:,} that can be compared was "
        f"{spoken(row['extra_corrected_s'])} longer in total (95 % interval {spoken(low)} to {spoken(high)}) than in "
        f"as many journeys with the same intents that stayed in one silo.{ended}",
        {"silos": sorted(set(path)), "path": path},
        row["journeys"],
        hours(row["own_wait_s_total"]),
        row["compared"],
        row["journeys"] / journeys,
        "silos/silo_paths",
        {"path": path, "good": good},
        [example["journey"] for example in tables.ask("journeys_of_path", Example, path=path)],
    )

"""Paths across silos on which journeys end worse than others about the same, beyond chance."""

from __future__ import annotations

import json
from collections.abc import Sequence

from miner.findings.finding import Finding
from miner.findings.rows import LossyPath
from miner.wording import percent, spoken

RIVALS = 2  # that are named


def find(losses: Sequence[LossyPath], journeys: int, good: list[str]) -> list[Finding]:
    """A finding for each path that was found (`rank`) in the table value_lost; the test is made there, not here."""
    return [_path(row, journeys, good) for row in losses if row["rank"]]


def _path(row: LossyPath, journeys: int, good: list[str]) -> Finding:
    path, n = list(row["path"]), row["journeys"]
    value, low, high, delay = row["value_corrected"], row["low"], row["high"], row["delay_removed_h"]
    waits = f" Its handoffs waited {spoken(delay * 3600)} beyond the usual wait inside a team." if delay else ""
    return Finding(
        "value_loss",
        f"Of {n:,} journeys on the path {' → '.join(path)}, {percent(row['good'], n)} ended well, against "
        f"{percent(row['expected_good'], n)} with the same intents on other paths: it costs {_lost(row)}."
        + _place(row)
        + _rivals(row)
        + waits,
        {"silos": sorted(set(path)), "path": path},
        n,
        None if delay is None else round(delay, 2),
        n,
        n / journeys,
        "silos/value_lost",
        {"path": path, "good": good, "aside": [_id(one) for one in row["set_aside"]]},
        list(row["examples"]),
        value=value,
        low=low,
        high=high,
    )


def _lost(row: LossyPath) -> str:
    outcomes = f"about {row['outcomes_corrected']:,.0f} good outcomes"
    if row["value_corrected"] is None:
        return f"{outcomes} (95 % interval {row['outcomes_low']:,.0f} to {row['outcomes_high']:,.0f})"
    return f"{outcomes}, worth {row['value_corrected']:,.0f} (95 % interval {row['low']:,.0f} to {row['high']:,.0f})"


def _place(row: LossyPath) -> str:
    """The channel or intent on which alone the loss lies."""
    if row["place_by"] is None:
        return ""
    here, there = row["place_journeys"], row["place_elsewhere"]
    return (
        f" The loss is on the {row['place_by']} {row['place_value']}: {percent(row['place_good'], here)} of "
        f"{here:,} ended well there instead of {percent(row['place_expected'], here)}; elsewhere no loss is shown "
        f"({percent(row['place_elsewhere_good'], there)} of {there:,} instead of "
        f"{percent(row['place_elsewhere_expected'], there)})."
    )


def _rivals(row: LossyPath) -> str:
    """The paths that the log does not distinguish from this one."""
    if not row["rivals"]:
        return ""
    others = " or ".join(" → ".join(path) for path in row["rivals"][:RIVALS])
    return f" This log cannot tell whether the loss is on this path or on {others}."


def _id(path: list[str]) -> str:
    """The id of a SiloPath: its silos as JSON without blanks."""
    return json.dumps(list(path), ensure_ascii=False, separators=(",", ":"))

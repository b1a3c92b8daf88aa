"""What a workspace was made with, as the graph holds it: one row, which the node `Run` is made of."""

from __future__ import annotations

from typing import Any, TypedDict

from miner.events.engine import Engine
from miner.workspace import Workspace

TABLE = "run"
_KINDS = {
    "good": "VARCHAR[]",
    "settling": "VARCHAR[]",
    "tz": "VARCHAR",
    "journeys": "VARCHAR",
    "window_days": "DOUBLE",
    "min_probability": "DOUBLE",
    "tiers": "VARCHAR[]",
    "good_outcomes": "VARCHAR[]",
}


class RunOptions(TypedDict):
    """The options that results depend on; None is what the workspace does not say."""

    good: list[str] | None
    settling: list[str] | None
    tz: str | None
    journeys: str | None
    window_days: float | None
    min_probability: float | None
    tiers: list[str] | None


def run_options(workspace: Workspace) -> RunOptions:
    """The options of a workspace: outcomes and activities in small letters, a tier as `TEAM=TIER`."""
    options = workspace.manifest.get("options", {})
    tiers = options.get("tiers")
    return {
        "good": _lower_case(options.get("good")),
        "settling": _lower_case(options.get("ends")),
        "tz": options.get("tz"),
        "journeys": workspace.quality.get("journeys") or options.get("journeys"),
        "window_days": options.get("window"),
        "min_probability": options.get("min_probability"),
        "tiers": None if tiers is None else [f"{team}={tier}" for team, tier in sorted(tiers.items())],
    }


def create(engine: Engine, workspace: Workspace) -> None:
    """The table `run` of the engine, with its one row; needs `events`."""
    options = run_options(workspace)
    known = [outcome for (outcome,) in engine.rows("SELECT DISTINCT outcome FROM events WHERE outcome IS NOT NULL")]
    row = {**options, "good_outcomes": sorted(text for text in known if text.lower() in (options["good"] or ()))}
    engine.create(TABLE, _KINDS)
    engine.run(f"INSERT INTO {TABLE} VALUES ({', '.join('?' * len(_KINDS))})", [row[name] for name in _KINDS])


def _lower_case(texts: Any) -> list[str] | None:
    return None if texts is None else sorted({str(text).lower() for text in texts})

"""The inputs of models that are no file of a workspace, as the workspace says them: settings, calendars, rates."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

from miner.calendars import Calendar, Calendars
from miner.calendars.engine_tables import fill_calendars
from miner.costs import saved_rates
from miner.costs.compute import assume, components, take
from miner.costs.losses import fill_losses
from miner.costs.rollups import SAVED, fill_dimensions
from miner.events.engine import Engine
from miner.events.schema import GOOD
from miner.journeys import fill_settings
from miner.kpis import fill_tiers
from miner.outcomes import fill_declared, fill_good
from miner.sql import load_saved, model
from miner.sql.restored import RESTORED
from miner.workspace import Workspace


def rows_of(workspace: Workspace, tables: set[str]) -> dict[str, list[tuple[Any, ...]]]:
    """The rows of these inputs, each in the order of its header's columns."""
    made: dict[str, list[tuple[Any, ...]]] = {}
    with Engine() as engine:
        for names, fill in _FILLED.items():
            if tables & set(names):
                fill(engine, workspace)
        for table in sorted(tables):
            columns = ", ".join(column.name for column in model(table).all_columns)
            made[table] = engine.rows(f"SELECT {columns} FROM {table} ORDER BY ALL")
    return made


def _settings(engine: Engine, workspace: Workspace) -> None:
    fill_settings(engine, linked=workspace.quality.get("journeys") == "linked")


def _calendars(engine: Engine, workspace: Workspace) -> None:
    load_saved(engine, workspace, "events")
    engine.run(f"CREATE OR REPLACE VIEW raw AS {RESTORED['raw'].format(events='events')}")
    options = workspace.manifest.get("options", {})
    fill_calendars(engine, _read_calendars(options.get("calendar")), options.get("tz"))


def _read_calendars(content: dict[str, Any] | None) -> Calendars | None:
    """Calendars as manifest.json keeps them."""
    if content is None:
        return None
    return Calendars(
        {
            name: Calendar(
                one["tz"],
                {int(day): tuple((begin, end) for begin, end in spans) for day, spans in one["hours"].items()},
                None if one["holidays"] is None else (one["holidays"][0], one["holidays"][1]),
                tuple(map(date.fromisoformat, one["closed"])),
                tuple(map(date.fromisoformat, one["open"])),
            )
            for name, one in content["calendars"].items()
        },
        content["default"],
        content["teams"],
    )


def _costs(engine: Engine, workspace: Workspace) -> None:
    rates = saved_rates(workspace)
    take(engine, workspace)
    components(engine, rates, losses_known=workspace.table_path("value_lost_journeys").is_file())
    assume(engine, rates, workspace.read_json("assumptions.json").get("case", "base"))


def _dimensions(engine: Engine, workspace: Workspace) -> None:
    fill_dimensions(engine, *SAVED)


def _good(engine: Engine, workspace: Workspace) -> None:
    fill_good(engine, tuple(workspace.manifest.get("options", {}).get("good", GOOD)))


def _tiers(engine: Engine, workspace: Workspace) -> None:
    fill_tiers(engine, workspace.manifest.get("options", {}).get("tiers", {}))


def _losses(engine: Engine, workspace: Workspace) -> None:
    rows = workspace.arrow("value_lost").to_pylist() if workspace.table_path("value_lost").is_file() else []
    found = [row for row in rows if row["rank"] is not None]
    fill_losses(
        engine, [(row["path"], row["outcomes_corrected"] / row["lost_outcomes"], row["set_aside"]) for row in found]
    )


_FILLED: dict[tuple[str, ...], Callable[[Engine, Workspace], None]] = {
    ("settings",): _settings,
    ("open_hours", "team_calendars", "team_zones", "zone_offsets"): _calendars,
    ("asking", "computable", "assumptions", "actor_rates", "team_rates", "contact_costs"): _costs,
    ("rollup_dimensions",): _dimensions,
    ("good_outcomes",): _good,
    ("declared_outcomes",): fill_declared,
    ("tiers",): _tiers,
    ("found_losses", "paths_set_aside"): _losses,
}

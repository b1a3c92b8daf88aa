"""What costs, calendars, causes of waiting and queues add to a run, statement by statement."""

from __future__ import annotations

import re
import time
from collections.abc import Iterable
from pathlib import Path
from typing import Any

# The engine tables that are made for them alone; the cost stage comes on top.
MADE = (
    "off_hours",
    "activity_instances",
    "resource_spans",
    "waiting_causes",
    "cycle_time",
    "waits",
    "queue_hours",
    "queues",
)
CALENDAR = """
calendars:
  office: {tz: Europe/Berlin, hours: {mon-fri: "8:00-18:00", sat: "9:00-13:00"}, holidays: DE}
"""


def with_ends(log: Path) -> Path:
    """The log with an end for every event, 20 seconds to ten minutes after its start, the same each time."""
    import duckdb

    target = log.with_name(f"{log.stem}_ends.csv")
    if not target.is_file():
        part = target.with_name(f".{target.name}.part")
        duckdb.sql(
            "COPY (SELECT *, CAST(time AS TIMESTAMP) + to_seconds(CAST(20 + 600 * "
            'power(hash("case" || time || activity) % 1000 / 1000.0, 2) AS INTEGER)) AS "end" '
            f"FROM read_csv('{log}')) TO '{part}' (FORMAT csv)"
        )
        part.replace(target)
    return target


def added(log: Path, workspace: Path, columns: dict[str, str]) -> dict[str, float]:
    """Seconds of each table that is made for the costs, of pricing, and `added` in all."""
    from miner.calendars import load_calendars
    from miner.costs import price, read_rates
    from miner.events.engine import Engine
    from miner.pipeline import Settings, run

    seconds: dict[str, float] = {}
    original = Engine.run

    def timed(self: Engine, sql: str, parameters: Iterable[Any] = ()) -> Any:
        began = time.perf_counter()
        answer = original(self, sql, parameters)
        made = re.match(r"CREATE OR REPLACE TABLE (\w+)", sql)
        found = made or re.search(r"FROM (\w+) ORDER BY .*\) AS \1\) TO", sql)
        if found and found[1] in MADE:
            seconds[found[1]] = seconds.get(found[1], 0) + time.perf_counter() - began
        return answer

    calendar = workspace.with_name("calendar.yaml")
    calendar.parent.mkdir(parents=True, exist_ok=True)
    calendar.write_text(CALENDAR, encoding="utf-8")
    Engine.run = timed  # type: ignore[method-assign]
    try:
        options = Settings(columns=columns, tz="UTC", calendar=load_calendars(calendar), until="measure")
        workspace_made = run([str(log)], workspace, options)
    finally:
        Engine.run = original  # type: ignore[method-assign]
    began = time.perf_counter()
    price(workspace_made, read_rates("default"))
    seconds["pricing"] = time.perf_counter() - began
    return {**seconds, "added": sum(seconds.values())}

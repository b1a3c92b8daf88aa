"""The contact-centre measures of a log, over `conversations`, split in several ways.

Customers that are software are left out, and stand beside by customer_type. A share has a Wilson interval, a mean a
normal one (both 95 %); a measure whose source is not recorded is null and not 0.
"""

from __future__ import annotations

from typing import Any

from miner.events.engine import Engine
from miner.kpis.intervals import mean_interval, share_interval
from miner.kpis.measures import BY, MEASURES, VOLUME, Measure
from miner.sql import add

_MAY_LACK = ("region", "language")


def contact_measures(engine: Engine) -> list[dict[str, Any]]:
    """One row for each measure and each group it is split by; needs the engine table `conversations`.

    Columns: measure, title, layer, unit, definition, by, key, value, n (conversations that count), low, high.
    """
    add(engine, "measured_conversations")
    return [row for by in BY for row in _split(engine, by)]


def _split(engine: Engine, by: str) -> list[dict[str, Any]]:
    key = "''" if by == "all" else " || ' · ' || ".join(f"coalesce({one}, 'unknown')" for one in by.split(", "))
    picks = ", ".join(
        # rounded, as the last bits depend on the order of the rows
        f"round(avg(CAST({m.of} AS DOUBLE)), 9), {_counted(m)}, round(stddev_samp(CAST({m.of} AS DOUBLE)), 9)"
        for m in MEASURES
    )
    found = []
    if any(one in by and not engine.one(f"SELECT count({one}) FROM measured_conversations")[0] for one in _MAY_LACK):
        return []
    whose = "true" if "customer_type" in by else "customer_type <> 'machine'"
    rows = f"SELECT {key}, count(*), {picks} FROM measured_conversations WHERE {whose} GROUP BY 1 ORDER BY 1"
    for name, n, *cells in engine.rows(rows):
        found.append(_row(VOLUME, by, name, float(n), n, (None, None)))
        for at, measure in enumerate(MEASURES):
            value, counted, spread = cells[3 * at : 3 * at + 3]
            if counted:
                share = measure.unit == "share"
                ends = share_interval(value, counted) if share else mean_interval(value, spread, counted)
                found.append(_row(measure, by, name, value, counted, ends))
    return found


def _counted(measure: Measure) -> str:
    """How many of a group count: none where they are on several scales."""
    count = f"count({measure.of})"
    return f"CASE WHEN count(DISTINCT {measure.scale}) > 1 THEN 0 ELSE {count} END" if measure.scale else count


def _row(
    measure: Measure, by: str, key: str, value: float, n: int, ends: tuple[float | None, float | None]
) -> dict[str, Any]:
    return {
        "measure": measure.name,
        "title": measure.title,
        "layer": measure.layer,
        "unit": measure.unit,
        "definition": measure.definition,
        "by": by,
        "key": key,
        "value": value,
        "n": n,
        "low": ends[0],
        "high": ends[1],
    }

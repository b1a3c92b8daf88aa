"""From interactions to journeys: one customer's chain of interactions about one matter."""

from __future__ import annotations

from miner.events.engine import Engine
from miner.journeys.link import Link, link
from miner.journeys.raw import make_raw

__all__ = ["Link", "link", "stitch"]

DAY_US = 86_400_000_000
FCR_DAYS = 7


def stitch(engine: Engine, linked: bool, window_days: float = 7, silos: dict[str, str] | None = None) -> str | None:
    """Make the engine tables `membership`, `links`, `settings` and `raw` from what the readers read.

    `linked` joins interactions by reference and customer; otherwise the case is the journey.
    `silos` maps teams to silos and goes before a silo column. Returns the owner level: "team",
    "agent" or None where neither is known.
    """
    engine.create("membership", {"interaction_id": "VARCHAR", "journey_id": "VARCHAR", "probability": "DOUBLE"})
    engine.create(
        "links",
        {"from_interaction": "VARCHAR", "to_interaction": "VARCHAR", "basis": "VARCHAR", "probability": "DOUBLE"},
    )
    engine.run(f"CREATE OR REPLACE TABLE settings AS SELECT CAST({FCR_DAYS * DAY_US} AS BIGINT) AS fcr_window_us")
    if linked:
        _link(engine, round(window_days * DAY_US))
    return make_raw(engine, linked, silos or {})


def _link(engine: Engine, window_us: int) -> None:
    import pyarrow as pa

    engine.run(
        "CREATE OR REPLACE TABLE parts AS SELECT e.interaction_id, "
        "min(e.started_us) AS started_us, max(e.ended_us) AS ended_us, "
        "coalesce(max(i.customer), "
        "arg_min(e.customer, (e.started_us, e.line)) FILTER (WHERE e.customer IS NOT NULL)) AS customer, "
        "coalesce(max(i.intent), "
        "arg_min(e.intent, (e.started_us, e.line)) FILTER (WHERE e.intent IS NOT NULL)) AS intent "
        "FROM raw_events e LEFT JOIN raw_interactions i USING (interaction_id) GROUP BY 1"
    )
    interactions = (
        engine.sql.sql("SELECT * FROM parts ORDER BY started_us, interaction_id").to_arrow_table().to_pydict()
    )
    references = engine.rows(
        "SELECT DISTINCT r.interaction_id, coalesce(x.interaction_id, b.interaction_id), r.basis FROM raw_references r "
        "LEFT JOIN parts x ON x.interaction_id = r.refers_to "
        "LEFT JOIN (SELECT regexp_replace(interaction_id, '^[a-z_]+:', '') AS bare, "
        "                  min(interaction_id) AS interaction_id "
        "           FROM parts GROUP BY 1 HAVING count(*) = 1) b ON b.bare = r.refers_to "
        "WHERE coalesce(x.interaction_id, b.interaction_id) IS NOT NULL "
        "AND r.interaction_id IN (SELECT interaction_id FROM parts) "
        "ORDER BY ALL"
    )
    journeys, links = link(interactions, references, window_us)
    engine.insert_arrow(
        "membership",
        pa.table(
            {
                "interaction_id": pa.array(interactions["interaction_id"], pa.string()),
                "journey_id": pa.array(journeys, pa.string()),
                "probability": pa.array([1.0] * len(journeys), pa.float64()),
            }
        ),
    )
    names = ("from_interaction", "to_interaction", "basis", "probability")
    columns = list(zip(*links, strict=True)) or [(), (), (), ()]
    kinds = (pa.string(), pa.string(), pa.string(), pa.float64())
    engine.insert_arrow(
        "links", pa.table([pa.array(c, k) for c, k in zip(columns, kinds, strict=True)], names=list(names))
    )

"""summary.json: the headline counts, each from the engine's tables."""

from __future__ import annotations

from typing import Any

from miner.events.engine import Engine
from miner.summary import Counts

PARTS = ("work", "rework", "hold", "customer_wait", "queue_wait", "handoff_wait", "off_hours", "between", "tail")
_NO_OWNERS: Counts = {
    "handoffs": None,
    "journeys_with_handoff": None,
    "returns": None,
    "journeys_with_return": None,
    "loops_by_order": None,
    "pingpongs": None,
    "bounces": None,
    "journeys_with_pingpong": None,
}
# What of the interactions are contacts and records, and whose the contacts are, counted per conversation.
_CONTACTS = """
WITH held AS (
  SELECT conversation_id, max(customer) AS customer FROM interactions WHERE kind = 'contact' GROUP BY conversation_id
)
SELECT (SELECT count(*) FROM interactions WHERE kind = 'contact'), count(*),
  (SELECT count(*) FROM interactions WHERE kind = 'record'), count(DISTINCT customer),
  count(*) FILTER (WHERE customer IS NULL),
  (SELECT count(*) FROM journeys ANTI JOIN (SELECT * FROM interactions WHERE kind = 'contact') i USING (journey_id))
FROM held
"""


def headline(engine: Engine, owner_level: str | None) -> Counts:
    """The counts of the contract; null where the log cannot tell (no silos: no crossings; no owners: no handoffs)."""
    totals = engine.one(
        "SELECT coalesce(sum(events), 0), coalesce(sum(interactions), 0), count(*), "
        "nullif(count(DISTINCT customer), 0) FROM journeys"
    )
    handoffs = engine.one(
        "SELECT count(*), count(DISTINCT journey_id), "
        "count(*) FILTER (WHERE crosses_silo), count(*) FILTER (WHERE crosses_system), "
        "count(*) FILTER (WHERE changes_channel) FROM handoffs"
    )
    known = engine.one("SELECT count(silo) > 0, count(source_system) > 0, count(channel) > 0 FROM visits")
    returns = engine.one("SELECT count(*), count(DISTINCT journey_id) FROM returns")
    pingpongs = engine.one("SELECT count(*), coalesce(sum(bounces), 0), count(DISTINCT journey_id) FROM pingpongs")
    orders = engine.rows("SELECT loop_order, count(*) FROM returns GROUP BY 1 ORDER BY 1")
    sums = engine.one(f"SELECT {', '.join(f'coalesce(sum({p}_us), 0)' for p in PARTS)} FROM transitions")
    elapsed = engine.one("SELECT coalesce(sum(ended_us - started_us), 0) FROM journeys")
    contacts, conversations, records, with_contact, of_nobody, without = engine.one(_CONTACTS)
    counts: Counts = {
        "events": int(totals[0]),
        "interactions": int(totals[1]),
        "journeys": int(totals[2]),
        "contacts": contacts,
        "conversations": conversations,
        "records": records,
        "customers_with_contact": None if totals[3] is None else with_contact,
        "contacts_without_customer": of_nobody,
        "journeys_without_contact": without,
        "customers": totals[3],
        "owner_level": owner_level,
        "handoffs": handoffs[0],
        "journeys_with_handoff": handoffs[1],
        "returns": returns[0],
        "journeys_with_return": returns[1],
        "loops_by_order": {str(n): count for n, count in orders},
        "pingpongs": pingpongs[0],
        "bounces": int(pingpongs[1]),
        "journeys_with_pingpong": pingpongs[2],
        "cross_silo_handoffs": handoffs[2] if known[0] else None,
        "cross_system_handoffs": handoffs[3] if known[1] else None,
        "channel_changes": handoffs[4] if known[2] else None,
        "elapsed_s": int(elapsed[0]) / 1e6,
        "time_s": {part: int(value) / 1e6 for part, value in zip(PARTS, sums, strict=True)},
    }
    return counts if owner_level else {**counts, **_NO_OWNERS}


def by_probability(engine: Engine, owner_level: str | None, least: float, **how: Any) -> dict[str, Counts]:
    """The headline counts at 0.9, where links are less sure than that; {} otherwise.

    Measures the journeys that the sure links alone make, and leaves `raw` and `membership` as they were; `how` is
    what `measures.measure` takes.
    """
    from miner import measures
    from miner.journeys import SURE

    (there,) = engine.one("SELECT count(*) FROM surely")
    if not there or least >= SURE:
        return {}
    engine.run("ALTER TABLE raw RENAME TO raw_likely")
    engine.run(
        "CREATE TABLE raw AS SELECT e.* REPLACE (m.journey_id AS journey_id, "
        "CASE WHEN p.interaction_id IS NULL THEN CAST(e.customer AS VARCHAR) ELSE p.surely END AS customer) "
        "FROM raw_likely e JOIN surely m ON m.interaction_id = e.interaction_id "
        "LEFT JOIN persons p ON p.interaction_id = e.interaction_id"
    )
    measures.measure(engine, keep_steps=True, **how)
    counts = headline(engine, owner_level)
    engine.run("DROP TABLE raw")
    engine.run("ALTER TABLE raw_likely RENAME TO raw")
    return {f"{SURE:g}": counts}


def versions() -> dict[str, str]:
    """Versions of this software and of what its numbers depend on."""
    import platform
    from importlib.metadata import PackageNotFoundError, version

    installed = {"python": platform.python_version()}
    for name in ("interaction-miner", "duckdb", "pyarrow", "pandas", "pm4py", "kglite", "networkx", "neo4j"):
        try:
            installed[name] = version(name)
        except PackageNotFoundError:
            continue
    return installed

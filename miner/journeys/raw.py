"""The table `raw`: events with their journey, their own owner and their silo, in the engine's compact types."""

from __future__ import annotations

from miner.events.engine import Engine, quote
from miner.events.schema import NEVER_OWNERS, PSEUDO_OWNERS, RAW_EVENTS

# Texts that repeat are dictionary-encoded: the same SQL runs in half the time (docs/benchmarks.md).
_ENCODED = ("interaction_id", "activity", "event_type", "channel", "source_system", "actor_type", "actor", "agent", "team", "silo",
            "customer", "intent", "outcome", "handoff_kind", "source")  # fmt: skip


def make_raw(engine: Engine, linked: bool, silos: dict[str, str]) -> str | None:
    """Make `raw` from raw_events and membership; returns the owner level."""
    level = _owner_level(engine)
    _store_silos(engine, silos)
    journey = "m.journey_id" if linked else "e.interaction_id"
    joins = "JOIN membership m ON m.interaction_id = e.interaction_id" if linked else ""
    silo = "coalesce(s.silo, e.silo)" if silos else "e.silo"
    joins += " LEFT JOIN silos s ON s.team = e.team" if silos else ""
    owner = {"team": "e.team", "agent": "e.agent", None: "CAST(NULL AS VARCHAR)"}[level]
    said = _said(engine)
    joins += " LEFT JOIN said i ON i.interaction_id = e.interaction_id" if said else ""
    filled = {c: f"coalesce(e.{c}, i.{c}) AS {c}" for c in said}
    others = ", ".join(filled.get(c, f"e.{quote(c)}") for c in RAW_EVENTS if c != "silo")
    engine.run(f"CREATE OR REPLACE VIEW owned AS SELECT {others}, {silo} AS silo, {_own(owner, level)} AS own_owner, "
               f"{journey} AS journey_id FROM raw_events e {joins}")  # fmt: skip
    _encode(engine)
    return level


def _said(engine: Engine) -> list[str]:
    """What sources say of whole interactions fills their events; the columns in which any of them says something."""
    columns = ("customer", "intent", "channel")
    engine.run("CREATE OR REPLACE TABLE said AS SELECT interaction_id, max(customer) AS customer, max(intent) AS intent, "
               "max(channel) AS channel FROM raw_interactions GROUP BY 1")  # fmt: skip
    known = engine.one(f"SELECT {', '.join(f'count({c})' for c in columns)} FROM said")
    return [c for c, n in zip(columns, known, strict=True) if n]


def _owner_level(engine: Engine) -> str | None:
    teams, agents = engine.one(
        "SELECT coalesce(bool_or(team IS NOT NULL), false), coalesce(bool_or(agent IS NOT NULL), false) FROM raw_events")
    return "team" if teams else "agent" if agents else None


def _own(owner: str, level: str | None) -> str:
    """An event's own owner: never a customer, system, rule or IVR, never a pseudo-owner; a bot owns by its name."""
    if level is None:
        return owner
    never = ", ".join(repr(t) for t in sorted(NEVER_OWNERS))
    pseudo = ", ".join(repr(p) for p in sorted(PSEUDO_OWNERS))
    return (f"CASE WHEN e.actor_type IN ({never}) OR lower({owner}) IN ({pseudo}) THEN NULL "
            f"WHEN e.actor_type = 'bot' THEN coalesce({owner}, e.actor, e.agent) ELSE {owner} END")  # fmt: skip


def _store_silos(engine: Engine, silos: dict[str, str]) -> None:
    engine.create("silos", {"team": "VARCHAR", "silo": "VARCHAR"})
    if silos:
        import pyarrow as pa

        engine.insert_arrow("silos", pa.table({"team": list(silos), "silo": list(silos.values())}))


def _encode(engine: Engine) -> None:
    select = []
    for column in [*RAW_EVENTS, "own_owner", "journey_id"]:
        base = {"own_owner": "owner"}.get(column, column)
        if column in _ENCODED or column in ("own_owner", "journey_id"):
            engine.run(f"CREATE OR REPLACE TABLE words AS SELECT DISTINCT {quote(column)} AS w FROM owned WHERE {quote(column)} IS NOT NULL")
            engine.run(f"CREATE TYPE {quote('known_' + base)} AS ENUM (SELECT w FROM words ORDER BY w)")
            select.append(f"CAST({quote(column)} AS {quote('known_' + base)}) AS {quote(column)}")
        else:
            select.append(quote(column))
    engine.run(f"CREATE OR REPLACE TABLE raw AS SELECT {', '.join(select)} FROM owned")
    engine.run("DROP VIEW owned")
    for table in ("words", "raw_events"):
        engine.run(f"DROP TABLE {table}")

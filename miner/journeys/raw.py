"""The table `raw`: events with their journey, their own owner and their silo, in the engine's compact types."""

from __future__ import annotations

from collections.abc import Collection

from miner.events.engine import Engine, literal, quote
from miner.events.schema import ANSWERS, EVENT_TYPES, NEVER_OWNERS, NO_TEAM, RAW_EVENTS, nobodies
from miner.journeys.rename import NOT_PEOPLE

# Texts that repeat are dictionary-encoded: the same SQL runs in half the time (docs/benchmarks.md).
_ENCODED = (
    "interaction_id",
    "activity",
    "event_type",
    "channel",
    "source_system",
    "actor_type",
    "actor",
    "agent",
    "team",
    "silo",
    "customer",
    "intent",
    "outcome",
    "handoff_kind",
    "source",
)

# Where the names of people come from: those in the tables of names, and those that need none.
_NAMED = {
    "customer": ("SELECT name FROM customer_names", "SELECT customer FROM persons"),
    "agent": (
        "SELECT name FROM agent_names",
        "SELECT agent FROM raw_events WHERE actor_type = 'bot'",
        "SELECT agent FROM raw_events ANTI JOIN agent_names n ON n.raw = raw_events.agent",
    ),
    "actor": (
        "SELECT name FROM agent_names",
        "SELECT name FROM customer_names",
        "SELECT customer FROM persons",
        f"SELECT actor FROM raw_events WHERE actor_type IN {NOT_PEOPLE}",
        "SELECT actor FROM raw_events ANTI JOIN customer_names n ON n.raw = raw_events.actor "
        "WHERE actor_type = 'customer'",
        "SELECT actor FROM raw_events ANTI JOIN agent_names n ON n.raw = raw_events.actor "
        "WHERE actor_type IS DISTINCT FROM 'customer'",
    ),
}

# Contacts that somebody answered whose team is not known.
_TEAMLESS = (
    "SELECT interaction_id FROM raw_events WHERE event_type = 'agent_connected' AND team IS NULL AND agent IS NOT NULL"
)


def make_raw(engine: Engine, linked: bool, silos: dict[str, str], owners: Collection[str] = ()) -> str | None:
    """Make `raw` from raw_events and membership, which it uses up; returns the owner level.

    People are called as the tables of names say (`rename`). A name that stands for nobody owns nothing and is no
    agent, unless it is among `owners`; as `actor` and `team` it is kept.
    """
    said = _said(engine)
    known = engine.one(f"SELECT {', '.join(f'count({quote(c)}) > 0' for c in RAW_EVENTS)} FROM raw_events")
    filled = {c for c, there in zip(RAW_EVENTS, known, strict=True) if there}
    level = "team" if "team" in filled else "agent" if "agent" in filled else None
    values = {c: f"e.{quote(c)}" for c in RAW_EVENTS if c != "text"}
    values |= {c: f"coalesce(e.{c}, i.{c})" for c in said}
    values["silo"] = "coalesce(s.silo, e.silo)" if silos else "e.silo"
    values["event_type"] = "coalesce(e.event_type, a.event_type)"
    values["is_resolved"] = "coalesce(e.event_type = 'resolved', false)"  # said by the source, not by a word of a log
    values["journey_id"] = "m.journey_id" if linked else "e.interaction_id"
    if "text" in filled:  # the number that `facts` has put in the place of the text
        values["message_no"] = "CAST(e.text AS BIGINT)"
    named = _name(engine, values, filled, said)
    values["own_owner"] = _own(engine, level, values, owners)
    if nobody := _nobodies(engine, "e.agent", owners) if "agent" in filled else []:
        values["agent"] = f"CASE WHEN {_among('e.agent', nobody)} THEN NULL ELSE {values['agent']} END"
    encoded = {c for c in _ENCODED if c in filled or c in said or c in ("silo", "event_type")}
    _make_types(engine, encoded, values, level, silos)
    select = ", ".join(f"{_compact(c, sql, encoded, level)} AS {quote(c)}" for c, sql in values.items())
    engine.run("SET preserve_insertion_order = false")  # from here on rows know their place; memory stays small
    joins = " ".join([_joins(engine, linked, bool(said), silos), *named])
    # The one wide sort: what is made of `raw` row by row later is nearly in this order, and quickly sorted again.
    engine.run(
        f"CREATE OR REPLACE TABLE raw AS SELECT {select}, CAST(NULL AS BIGINT) AS event_no FROM raw_events e {joins} "
        f"ORDER BY journey_id, e.started_us, e.sequence NULLS FIRST, e.source_no, e.line NULLS FIRST"
    )
    engine.run("UPDATE raw SET event_no = rowid")
    engine.run("DROP TABLE raw_events")
    return level


def _name(engine: Engine, values: dict[str, str], filled: set[str], said: list[str]) -> list[str]:
    """Let events call people by their names; returns the joins that this needs."""
    joins = []
    (persons,) = engine.one("SELECT count(customer) FROM persons")
    if persons:
        filled.add("customer")  # known by a number or an address, if not by a key
    if "customer" in filled or "customer" in said:
        joins.append(f"LEFT JOIN customer_names cn ON cn.raw = {values['customer']}")
        customer = "cn.name"
        if persons:
            joins.append("LEFT JOIN persons p ON p.interaction_id = e.interaction_id")
            customer = "CASE WHEN p.interaction_id IS NULL THEN cn.name ELSE p.customer END"
        same, values["customer"] = f"e.actor = {values['customer']}", customer
    else:
        same, customer = "FALSE", "NULL"
    (agents,) = engine.one("SELECT count(*) FROM agent_names")
    if agents:
        if "agent" in filled:
            joins.append("LEFT JOIN agent_names an ON an.raw = e.agent AND e.actor_type IS DISTINCT FROM 'bot'")
            values["agent"] = "coalesce(an.name, e.agent)"
        others = ("customer", *NOT_PEOPLE)
        known = f"coalesce(e.actor_type, 'unknown') NOT IN {others}"
        joins.append(f"LEFT JOIN agent_names aa ON aa.raw = e.actor AND {known}")
        values["actor"] = "coalesce(aa.name, e.actor)"
    if "actor" in filled and engine.rows("SELECT 1 FROM raw_events WHERE actor_type = 'customer' LIMIT 1"):
        joins.append("LEFT JOIN customer_names ca ON ca.raw = e.actor AND e.actor_type = 'customer'")
        own = f"WHEN {same} THEN coalesce({customer}, ca.name) ELSE coalesce(ca.name, e.actor) END"
        values["actor"] = f"CASE WHEN e.actor_type IS DISTINCT FROM 'customer' THEN {values['actor']} {own}"
    if "attributes" in filled:
        joins.append("LEFT JOIN attribute_names tn ON tn.raw = e.attributes")
        values["attributes"] = "tn.name"
    return joins


def _said(engine: Engine) -> list[str]:
    """What sources say of whole interactions fills their events; the columns in which any of them says something."""
    columns = ("customer", "intent", "channel")
    engine.run(
        "CREATE OR REPLACE TABLE said AS SELECT interaction_id, max(customer) AS customer, max(intent) AS intent, "
        "max(channel) AS channel FROM raw_interactions GROUP BY 1"
    )
    known = engine.one(f"SELECT {', '.join(f'count({c})' for c in columns)} FROM said")
    return [c for c, n in zip(columns, known, strict=True) if n]


def _joins(engine: Engine, linked: bool, said: bool, silos: dict[str, str]) -> str:
    """What the events are completed with: journeys, what is said of interactions, silos, canonical event types."""
    import pyarrow as pa

    engine.create("silos", {"team": "VARCHAR", "silo": "VARCHAR"})
    if silos:
        engine.insert_arrow("silos", pa.table({"team": list(silos), "silo": list(silos.values())}))
    return " ".join(
        [
            "LEFT JOIN event_words a ON a.activity = e.activity",
            "JOIN membership m ON m.interaction_id = e.interaction_id" if linked else "",
            "LEFT JOIN said i ON i.interaction_id = e.interaction_id" if said else "",
            "LEFT JOIN silos s ON s.team = coalesce("
            "e.team, CASE WHEN e.actor_type = 'bot' THEN coalesce(e.actor, e.agent) END)"
            if silos
            else "",
        ]
    )


def _own(engine: Engine, level: str | None, values: dict[str, str], owners: Collection[str]) -> str:
    """An event's own owner: never a customer, system, rule or IVR, never a pseudo-owner; a bot owns by its name.

    Who answers a contact owns it, also where everybody else has a team and theirs is not known.
    """
    if level is None:
        return "CAST(NULL AS VARCHAR)"
    types = {row[0] for row in engine.rows("SELECT DISTINCT actor_type FROM raw_events")}
    whens = []
    if never := sorted(types & NEVER_OWNERS):
        whens.append(f"WHEN e.actor_type IN ({', '.join(map(repr, never))}) THEN NULL")
    own = f"e.{level}"
    if nobody := _nobodies(engine, own, owners):
        whens.append(f"WHEN {_among(own, nobody)} THEN NULL")
    if "bot" in types:
        named = f"coalesce({own}, e.actor, e.agent)"
        nobody = _nobodies(engine, f"CASE WHEN e.actor_type = 'bot' THEN {named} END", owners)
        owns = f"CASE WHEN {_among(named, nobody)} THEN NULL ELSE {named} END" if nobody else named
        whens.append(f"WHEN e.actor_type = 'bot' THEN {owns}")
    if level == "team" and engine.rows(f"{_TEAMLESS} LIMIT 1"):
        nobody = _nobodies(engine, "e.agent", owners)
        known = f" AND NOT {_among('e.agent', nobody)}" if nobody else ""
        whens.append(
            f"WHEN e.team IS NULL AND e.agent IS NOT NULL{known} AND e.event_type IN {ANSWERS} "
            f"AND e.interaction_id IN ({_TEAMLESS}) THEN {literal(NO_TEAM)}"
        )
    return f"CASE {' '.join(whens)} ELSE {values[level]} END" if whens else values[level]


def _nobodies(engine: Engine, sql: str, owners: Collection[str]) -> list[str]:
    """The values of an SQL expression over raw_events `e` that stand for nobody."""
    names = [row[0] for row in engine.rows(f"SELECT DISTINCT {sql} FROM raw_events e WHERE {sql} IS NOT NULL")]
    return sorted(name for name in names if name.lower() in nobodies(owners))


def _among(sql: str, names: list[str]) -> str:
    return f"{sql} IN ({', '.join(map(literal, names))})"


def _make_types(
    engine: Engine, encoded: set[str], values: dict[str, str], level: str | None, silos: dict[str, str]
) -> None:
    """A dictionary type a column; owners share one with the column they come from, journeys with interactions."""
    simple = "replace(replace(lower(activity), ' ', '_'), '-', '_')"
    engine.run(
        f"CREATE OR REPLACE TABLE event_words AS SELECT activity, "
        f"CASE WHEN {simple} IN ({', '.join(map(repr, sorted(EVENT_TYPES)))}) "
        f"THEN {simple} END AS event_type FROM (SELECT DISTINCT activity FROM raw_events)"
    )
    more = {"event_type": "SELECT event_type FROM event_words", "silo": "SELECT unnest(CAST(? AS VARCHAR[]))"}
    for column in sorted(encoded):
        words = f"SELECT DISTINCT {quote(column)} FROM raw_events"
        if column in _NAMED:
            words = " UNION ".join(_NAMED[column])  # a few words too many, of people, do no harm
        elif values[column].startswith("coalesce(e.") and column not in more:
            words += f" UNION SELECT {quote(column)} FROM said"
        if column == level and values["own_owner"] != f"e.{level}":
            words += f" UNION SELECT coalesce({level}, actor, agent) FROM raw_events WHERE actor_type = 'bot'"
        if column == level and NO_TEAM in values["own_owner"]:
            words += f" UNION SELECT {literal(NO_TEAM)}"
        words += f" UNION {more[column]}" if column in more else ""
        parameters: list[list[str]] = [list(silos.values())] if column == "silo" else []
        engine.run(
            f"CREATE OR REPLACE TABLE words AS SELECT w FROM ({words}) AS t(w) WHERE w IS NOT NULL ORDER BY w",
            parameters,
        )
        engine.run(f"CREATE TYPE {quote('known_' + column)} AS ENUM (SELECT w FROM words)")
    engine.run("DROP TABLE words")


def _compact(column: str, sql: str, encoded: set[str], level: str | None) -> str:
    kind = {"own_owner": level, "journey_id": "interaction_id"}.get(column, column)
    return f"CAST({sql} AS {quote(f'known_{kind}')})" if kind in encoded else sql

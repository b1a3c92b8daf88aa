"""The tables of contacts: `contacts`, one row an interaction, and `conversations`, which the measures count.

Both are made by the same SQL, over the contacts of the log keyed by interaction and by conversation (definitions:
Interaction; Conversation). What concerns the whole conversation, each of its interactions says.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from importlib.resources import files

from miner.events.engine import Engine
from miner.events.schema import PEOPLE

# The contacts and their events under one key.
_KEYED_EVENTS = """
SELECT i.{key} AS contact_id, {seq} AS seq, e.journey_id, e.seq AS journey_seq,
  e.* EXCLUDE (interaction_id, journey_id, seq)
FROM events e JOIN interactions i ON i.interaction_id = e.interaction_id WHERE i.kind = 'contact'
"""
# Legs are put in one order, whichever journey they are in.
_LEGS_SEQ = "row_number() OVER (PARTITION BY conversation_id ORDER BY e.started_at, e.journey_id, e.seq)"
_FIRST = "min_by({0}, (started_at, interaction_id)) FILTER (WHERE {0} IS NOT NULL) AS {0}"
_KEYED_CONTACTS = f"""
SELECT {{key}} AS contact_id, count(*) AS interactions,
  {", ".join(_FIRST.format(column) for column in ("journey_id", "source_system", "channel", "customer", "intent"))},
  CASE WHEN bool_or(customer_type = 'machine') THEN 'machine' WHEN bool_or(customer_type = 'human') THEN 'human'
       ELSE 'unknown' END AS customer_type,
  min(started_at) AS started_at, max(ended_at) AS ended_at, max(contact_until_at) AS contact_until_at
FROM interactions WHERE kind = 'contact' GROUP BY {{key}}
"""
# What the handling of each contact costs: unknown as soon as a span of a person is, while bots, menus and third
# parties count where a rate for them is given.
_HANDLING = f"""
SELECT contact_id, CASE WHEN NOT bool_or(unpriced AND by_person) THEN total(handled_price) END AS cost,
       NOT bool_or(unpriced) AND count(handled_price) > 0 AS complete
FROM (
  SELECT e.contact_id, t.handled_price, coalesce(t.handled_s > 0, false) AND t.handled_price IS NULL AS unpriced,
         coalesce(e.actor_type, 'unknown') IN {PEOPLE} AS by_person
  FROM transitions t JOIN keyed_events e ON e.journey_id = t.journey_id AND e.journey_seq = t.seq
) GROUP BY contact_id
"""
_NOT_PRICED = (
    "SELECT CAST(NULL AS VARCHAR) AS contact_id, CAST(NULL AS DOUBLE) AS cost, "
    "CAST(NULL AS BOOLEAN) AS complete WHERE false"
)
# The columns of both tables, in order: `a` is what was done, `r` and `d` are of the whole conversation.
_COLUMNS = """
a.journey_id, a.source_system, a.channel, a.team, a.customer_type, a.intent, a.region, a.language, r.is_repeat,
a.started_at, a.ended_at, a.first_actor, a.has_bot, a.has_human, a.queued, a.abandoned, a.handled, a.answer_wait_s,
a.human_handle_s, a.bot_handle_s, a.transfers, a.escalated, a.finished, a.reopens, a.replies, a.waited, d.resolved,
a.score, a.score_scale, a.rating, a.sentiment, a.tone, a.value, a.cost, a.cost_complete, r.recontact_1d,
r.recontact_7d, r.recontact_14d, r.recontact_30d, r.repeats_caused
"""
_WHOLE = "LEFT JOIN recontacts r ON r.contact_id = {0} LEFT JOIN resolved d ON d.contact_id = {0}"
_CONTACTS = f"""
SELECT i.interaction_id, {_COLUMNS}, i.conversation_id FROM acts a
JOIN interactions i ON i.interaction_id = a.contact_id {_WHOLE.format("i.conversation_id")}
"""
_CONVERSATIONS = f"""
SELECT k.contact_id AS conversation_id, {_COLUMNS}, k.interactions FROM acts a
JOIN keyed_contacts k ON k.contact_id = a.contact_id {_WHOLE.format("a.contact_id")}
"""


def make_contacts(
    engine: Engine, good: Iterable[str], tiers: Mapping[str, int], declared: Mapping[str, Iterable[str]]
) -> None:
    """Make the engine tables `good`, `outcomes_shown`, `journey_outcomes`, `contacts` and `conversations`.

    Needs events, interactions and transitions. `declared` has the outcomes that the reader of each source declares.
    """
    _declare(engine, good, tiers, declared)
    _run(engine, "outcomes_shown")
    _run(engine, "journey_outcomes")
    _key(engine, "conversation_id")
    for name in ("recontacts", "resolved", "acts"):
        _run(engine, name)
    engine.run(f"CREATE OR REPLACE TABLE conversations AS {_CONVERSATIONS}")
    if _has_legs(engine):
        _key(engine, "interaction_id")
        _run(engine, "acts")
    engine.run(f"CREATE OR REPLACE TABLE contacts AS {_CONTACTS}")


def _declare(
    engine: Engine, good: Iterable[str], tiers: Mapping[str, int], declared: Mapping[str, Iterable[str]]
) -> None:
    engine.create("good", {"outcome": "VARCHAR"})
    engine.run("INSERT INTO good SELECT unnest(CAST(? AS VARCHAR[]))", [sorted({word.lower() for word in good})])
    engine.create("tiers", {"team": "VARCHAR", "tier": "INTEGER"})
    engine.run(
        "INSERT INTO tiers SELECT unnest(CAST(? AS VARCHAR[])), unnest(CAST(? AS INTEGER[]))",
        [list(tiers), list(tiers.values())],
    )
    engine.create("declared_outcomes", {"source": "VARCHAR", "outcome": "VARCHAR"})
    pairs = [(source, word.lower()) for source, words in declared.items() for word in words]
    engine.run(
        "INSERT INTO declared_outcomes SELECT unnest(CAST(? AS VARCHAR[])), unnest(CAST(? AS VARCHAR[]))",
        [[source for source, _ in pairs], [word for _, word in pairs]],
    )


def _key(engine: Engine, key: str) -> None:
    """The views keyed_events, keyed_contacts and handling, with one contact for each value of `key`."""
    seq = _LEGS_SEQ if key == "conversation_id" and _has_legs(engine) else "e.seq"
    engine.run(f"CREATE OR REPLACE VIEW keyed_events AS {_KEYED_EVENTS.format(key=key, seq=seq)}")
    engine.run(f"CREATE OR REPLACE VIEW keyed_contacts AS {_KEYED_CONTACTS.format(key=key)}")
    priced = any(row[0] == "handled_price" for row in engine.rows("DESCRIBE transitions"))
    engine.run(f"CREATE OR REPLACE VIEW handling AS {_HANDLING if priced else _NOT_PRICED}")


def _has_legs(engine: Engine) -> bool:
    """Whether any conversation has several interactions; where none has, both tables have the same rows."""
    (there,) = engine.one("SELECT count(*) > 0 FROM interactions WHERE conversation_id <> interaction_id")
    return bool(there)


def _run(engine: Engine, name: str) -> None:
    sql = files("miner.performance").joinpath(f"{name}.sql").read_text(encoding="utf-8")
    engine.run(f"CREATE OR REPLACE TABLE {name} AS {sql}")

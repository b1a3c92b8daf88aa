"""Pseudonyms for everybody before anything is written: on the distinct values, which the events then take over.

Makes the tables that `raw` is made with: `customer_names`, `agent_names` and `attribute_names` (raw, name), and
renames customers, and ids that are somebody's number or address, where few rows have them.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Collection, Sequence
from typing import Any

from miner.events.engine import Engine, quote
from miner.events.notes import NoteTaker
from miner.events.schema import ACTOR_TYPES, AGENT_ATTRIBUTES, SAFE_ATTRIBUTES, nobodies
from miner.events.values import email_key, phone_key
from miner.journeys.identity import Who
from miner.privacy import Pseudonyms
from miner.privacy.hide import clearly_hidden

_TEAMS = ("team", "silo", "source_system")
NOT_PEOPLE = ("bot", "ivr", "rule")  # what is called by its name
PARTS = frozenset({*ACTOR_TYPES, "external party", "customer service", "queue"})  # words for a part, nobody's name
_ADDRESS = re.compile(r"[^\s@:/]+@[\w-]+(?:\.[\w-]+)+|\+\d[\d ()./-]{5,}\d")
_MARKED = re.compile(r"‹([^›]*)›")  # what a reader knows to be somebody's name in an id
_HOLDERS = {
    "raw_events": ("interaction_id",),
    "raw_interactions": ("interaction_id",),
    "raw_openings": ("interaction_id",),
    "persons": ("interaction_id",),
    "membership": ("interaction_id", "journey_id"),
    "surely": ("interaction_id", "journey_id"),
    "links": ("from_interaction", "to_interaction"),
    "interaction_conversations": ("interaction_id", "conversation_id"),
}


def rename(
    engine: Engine,
    who: Who,
    pseudonyms: Pseudonyms | None,
    keep: Collection[str],
    note: NoteTaker,
    owners: Collection[str] = (),
) -> None:
    """Make the tables of names; without `pseudonyms` people keep theirs, and attributes are still chosen."""
    customers = dict(who.customers)
    acted = engine.rows(
        "SELECT DISTINCT actor FROM raw_events WHERE actor_type = 'customer' AND actor IS NOT NULL ORDER BY 1"
    )
    customers |= {actor: actor for (actor,) in acted if actor not in customers and actor not in PARTS}
    agents = _agents(engine, nobodies(owners)) if pseudonyms else []
    aliases = who.aliases()
    if pseudonyms:
        _rename_ids(engine, who, pseudonyms)
        names = {raw: key and pseudonyms.customer(key) for raw, key in customers.items()}
        _rename_column(engine, "persons", "customer", pseudonyms)
        _rename_column(engine, "persons", "surely", pseudonyms)
        aliases = {pseudonyms.customer(alias): pseudonyms.customer(name) for alias, name in aliases.items()}
        _hide_words(engine)
    else:
        names = dict(customers)
    _table(engine, "customer_names", list(names.items()))
    _table(engine, "agent_names", [(agent, pseudonyms.agent(agent)) for agent in agents] if pseudonyms else [])
    _table(engine, "aliases", sorted(aliases.items()), ("alias", "customer"))
    _choose_attributes(engine, pseudonyms, keep, note)


def _agents(engine: Engine, nobody: Collection[str]) -> list[str]:
    """Names of people who serve, wherever they stand; what stands for nobody is no name.

    What a system does is often told of somebody (a phone that rings): only names of teams, queues and systems stay.
    """
    rows = engine.rows(
        "SELECT agent FROM raw_events WHERE agent IS NOT NULL AND actor_type IS DISTINCT FROM 'bot' UNION "
        "SELECT actor FROM raw_events WHERE actor IS NOT NULL "
        f"AND coalesce(actor_type, 'unknown') NOT IN {('customer', 'system', *NOT_PEOPLE)} UNION "
        "SELECT actor FROM raw_events WHERE actor_type = 'system' AND actor NOT IN ("
        f"{' UNION '.join(f'SELECT {c} FROM raw_events WHERE {c} IS NOT NULL' for c in _TEAMS)} UNION "
        "SELECT actor FROM raw_events WHERE event_type LIKE 'queue_%' AND actor IS NOT NULL) ORDER BY 1"
    )
    return [name for (name,) in rows if name.lower() not in nobody and name not in PARTS]


def _rename_ids(engine: Engine, who: Who, pseudonyms: Pseudonyms) -> None:
    """Interactions called by somebody's number, address, marked name or customer key get a pseudonym in its place."""
    rows = engine.rows(
        "SELECT DISTINCT interaction_id FROM raw_events WHERE contains(interaction_id, '@') "
        r"OR regexp_matches(interaction_id, '\+\d') OR contains(interaction_id, '‹') OR interaction_id = customer "
        "UNION SELECT DISTINCT interaction_id FROM raw_interactions WHERE interaction_id = customer ORDER BY 1"
    )
    changed: dict[str, str] = {}
    for (name,) in rows:
        key = who.customers.get(name)
        marked = _MARKED.sub(lambda m: pseudonyms.customer(_key(m[1])), name)
        new = pseudonyms.customer(key) if key else without_addresses(marked, pseudonyms)
        if new != name:
            changed[name] = new
    if changed:
        _table(engine, "renamed", list(changed.items()))
        for table, columns in _HOLDERS.items():
            for column in columns:
                engine.run(f"UPDATE {table} SET {column} = r.name FROM renamed r WHERE r.raw = {table}.{column}")
        engine.run("DROP TABLE renamed")


def without_addresses(name: str, pseudonyms: Pseudonyms) -> str:
    """An id with pseudonyms in the place of the numbers and addresses in it."""
    return _ADDRESS.sub(lambda match: pseudonyms.customer(_key(match[0])), name)


def _key(text: str) -> str:
    """A number or address as the keys of customers are."""
    return email_key(text) or phone_key(text) or text


def _rename_column(engine: Engine, table: str, column: str, pseudonyms: Pseudonyms) -> None:
    values = [row[0] for row in engine.rows(f"SELECT DISTINCT {column} FROM {table} WHERE {column} IS NOT NULL")]
    if values:
        _table(engine, "renamed", list(zip(values, pseudonyms.customers(values), strict=True)))
        engine.run(f"UPDATE {table} SET {column} = r.name FROM renamed r WHERE r.raw = {table}.{column}")
        engine.run("DROP TABLE renamed")


def _hide_words(engine: Engine) -> None:
    """Addresses and international numbers in activities, outcomes, intents and the sources' own totals."""
    places = (
        ("raw_events", "activity"),
        ("raw_events", "outcome"),
        ("raw_events", "intent"),
        ("raw_interactions", "intent"),
        ("raw_interactions", "declared"),
    )
    for table, column in places:
        rows = engine.rows(
            f"SELECT DISTINCT {column} FROM {table} WHERE contains({column}, '@') "
            rf"OR regexp_matches({column}, '\+\d[\d ()./-]{{5,}}\d')"
        )
        changed = [(value, new) for (value,) in rows if (new := clearly_hidden(value)) != value]
        if changed:
            _table(engine, "renamed", changed)
            engine.run(f"UPDATE {table} SET {column} = r.name FROM renamed r WHERE r.raw = {table}.{column}")
            engine.run("DROP TABLE renamed")


def _choose_attributes(engine: Engine, pseudonyms: Pseudonyms | None, keep: Collection[str], note: NoteTaker) -> None:
    """Of the attributes the safe ones and those the user asked for stay; agents in them get their pseudonyms."""
    rows = engine.rows("SELECT attributes, count(*) FROM raw_events WHERE attributes IS NOT NULL GROUP BY 1 ORDER BY 1")
    dropped: Counter[str] = Counter()
    made = [(text, _chosen(text, count, pseudonyms, set(keep), dropped)) for text, count in rows]
    for name, count in sorted(dropped.items()):
        note("dropped_attributes", f"the attribute {name!r} was dropped (keep it with --keep {name})", count, None)
    _table(engine, "attribute_names", made)


def _chosen(text: str, count: int, pseudonyms: Pseudonyms | None, keep: set[str], dropped: Counter[str]) -> str | None:
    try:
        said = json.loads(text)
    except ValueError:
        said = None
    if not isinstance(said, dict):
        return None
    kept: dict[str, Any] = {}
    for name, value in said.items():
        if name in keep:
            kept[name] = value
        elif name in AGENT_ATTRIBUTES:
            kept[name] = pseudonyms.agent(str(value)) if pseudonyms and value is not None else value
        elif name in SAFE_ATTRIBUTES:
            kept[name] = clearly_hidden(value) if pseudonyms and isinstance(value, str) else value
        else:
            dropped[name] += count
    return json.dumps(kept, ensure_ascii=False) if kept else None


def _table(
    engine: Engine, name: str, rows: Sequence[tuple[str, str | None]], columns: tuple[str, str] = ("raw", "name")
) -> None:
    import pyarrow as pa

    engine.create(name, dict.fromkeys(columns, "VARCHAR"))
    if rows:
        arrays = [pa.array(column, pa.string()) for column in zip(*rows, strict=True)]
        engine.insert_arrow(quote(name).strip('"'), pa.table(arrays, names=list(columns)))

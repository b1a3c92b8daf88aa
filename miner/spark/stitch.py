"""Journeys of a plain log: each case is one, people are called by their pseudonyms, and events have owners."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from typing import TYPE_CHECKING

from miner.errors import UsageError
from miner.events.schema import EVENT_TYPES, NEVER_OWNERS, nobodies
from miner.journeys.keys import Reading
from miner.journeys.rename import NOT_PEOPLE, PARTS, without_addresses
from miner.privacy import Pseudonyms
from miner.privacy.hide import clearly_hidden
from miner.spark.engine import SparkEngine
from miner.spark.logs import literal, replaced

if TYPE_CHECKING:
    from pyspark.sql import DataFrame

Rename = Callable[[str], str | None]
_KNOWN = """
SELECT count(team) > 0, count(agent) > 0, coalesce(bool_or(interaction_id = customer), false) FROM logs
"""
_TEAMS = """
SELECT team FROM logs WHERE team IS NOT NULL UNION SELECT silo FROM logs WHERE silo IS NOT NULL
UNION SELECT source_system FROM logs
"""
_WORDS = ("activity", "outcome", "intent", "interaction_id")
_NUMBER_OR_ADDRESS = r"contains({0}, '@') OR {0} RLIKE '[+][0-9]'"
# The places of people in the log, told apart by who acts.
_PLACES = f"""
SELECT *,
  CASE WHEN actor_type <> 'bot' THEN agent END AS person,
  CASE WHEN actor_type NOT IN {("customer", "system", *NOT_PEOPLE)} THEN actor END AS acting_person,
  CASE WHEN actor_type = 'system' THEN actor END AS acting_system,
  CASE WHEN actor_type = 'customer' THEN actor END AS acting_customer
FROM (SELECT *, agent AS actor FROM logs)
"""
_RAW = """
SELECT
  e.source, e.source_no, e.line, CAST(NULL AS BIGINT) AS sequence, e.interaction_id, e.started_us, e.ended_us,
  CAST(NULL AS BIGINT) AS hold_us, e.activity, CASE WHEN {word} IN ({types}) THEN {word} END AS event_type, e.channel,
  e.source_system, e.actor_type,
  CASE WHEN e.actor_type = 'customer' THEN coalesce(acting_customer, e.actor)
       ELSE coalesce(acting_person, acting_system, e.actor) END AS actor,
  CASE WHEN lower(e.agent) IN ({nobody}) THEN NULL WHEN e.actor_type = 'bot' THEN e.agent
       ELSE coalesce(person, e.agent) END AS agent,
  e.team, {silo} AS silo, e.customer, e.intent, e.outcome, e.value, CAST(NULL AS STRING) AS handoff_kind,
  CAST(NULL AS STRING) AS attributes, false AS is_resolved, e.interaction_id AS journey_id, {owner} AS own_owner,
  shiftleft(CAST(e.source_no AS BIGINT), 40) | e.line AS event_no
FROM named e
"""


def stitch(
    spark: SparkEngine,
    silos: Mapping[str, str],
    owners: Collection[str],
    reading: Reading | None,
    pseudonyms: Pseudonyms | None,
) -> str | None:
    """Make `raw` and `interaction_conversations` of the table `logs`; returns the owner level, as `journeys.stitch`."""
    session = spark.session
    has_teams, has_agents, is_person = session.sql(_KNOWN).collect()[0]
    if is_person and pseudonyms:
        raise UsageError(
            "the cases are called as their customers, which is not hidden with --engine spark",
            fix="map another column as the case, or read the log on one machine",
        )
    level = "team" if has_teams else "agent" if has_agents else None
    nobody = nobodies(owners)
    named = session.sql(_PLACES)
    teams = {row[0] for row in session.sql(_TEAMS).collect()} if pseudonyms else set()
    for column, rename in _renames(reading, pseudonyms, nobody, teams).items():
        named = _renamed(named, column, rename)
    named.createOrReplaceTempView("named")
    word = "replace(replace(lower(e.activity), ' ', '_'), '-', '_')"
    bot = "CASE WHEN e.actor_type = 'bot' THEN coalesce(e.actor, e.agent) END"
    select = _RAW.format(
        word=word,
        types=_listed(EVENT_TYPES),
        nobody=_listed(nobody),
        silo=_silo(silos, f"coalesce(e.team, {bot})"),
        owner=_owner(level, _listed(nobody)),
    )
    spark.make("raw", select)
    spark.make(
        "interaction_conversations",
        "SELECT DISTINCT interaction_id, 'contact' AS kind, interaction_id AS conversation_id FROM raw",
    )
    return level


def _renames(
    reading: Reading | None, pseudonyms: Pseudonyms | None, nobody: Collection[str], teams: Collection[str]
) -> dict[str, Rename]:
    """Column → what its values become."""

    def customer(value: str) -> str | None:
        key = reading.key(value)[1] if reading else value
        return key and (pseudonyms.customer(key) if pseudonyms else key)

    if pseudonyms is None:
        return {"customer": customer}
    hide = pseudonyms

    def person(value: str) -> str:
        return value if value.lower() in nobody or value in PARTS else hide.agent(value)

    def system(value: str) -> str:
        return value if value in teams else person(value)

    return {
        "customer": customer,
        "acting_customer": lambda value: value if value in PARTS else hide.customer(value),
        "person": person,
        "acting_person": person,
        "acting_system": system,
        "interaction_id": lambda value: without_addresses(value, hide),
        **dict.fromkeys(("activity", "outcome", "intent"), clearly_hidden),
    }


def _renamed(rows: DataFrame, column: str, rename: Rename) -> DataFrame:
    """With the names of the distinct values of a column; of words only those that may hold a number or an address."""
    distinct = rows.select(column).where(f"{column} IS NOT NULL").distinct()
    if column in _WORDS:
        distinct = distinct.where(_NUMBER_OR_ADDRESS.format(column))
    values = distinct.toArrow().column(0).to_pylist()
    return replaced(rows, column, [(value, new) for value in values if (new := rename(value)) != value])


def _silo(silos: Mapping[str, str], team: str) -> str:
    whens = " ".join(f"WHEN {literal(name)} THEN {literal(silo)}" for name, silo in silos.items())
    return f"coalesce(CASE {team} {whens} END, e.silo)" if whens else "e.silo"


def _owner(level: str | None, nobody: str) -> str:
    """An event's own owner, as in `journeys.raw`."""
    if level is None:
        return "CAST(NULL AS STRING)"
    bot = f"coalesce(e.{level}, e.actor, e.agent)"
    own = "e.team" if level == "team" else "coalesce(person, e.agent)"
    return (
        f"CASE WHEN e.actor_type IN ({_listed(NEVER_OWNERS)}) THEN NULL WHEN lower(e.{level}) IN ({nobody}) THEN NULL "
        f"WHEN e.actor_type = 'bot' THEN CASE WHEN lower({bot}) NOT IN ({nobody}) THEN {bot} END ELSE {own} END"
    )


def _listed(words: Collection[str]) -> str:
    return ", ".join(map(literal, sorted(words)))

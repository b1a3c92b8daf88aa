"""From interactions to journeys: one customer's chain of interactions about one matter."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from miner.events.engine import Engine
from miner.events.notes import NoteKind, NoteTaker
from miner.journeys.conversations import make_conversations
from miner.journeys.facts import keep_places, read_facts
from miner.journeys.identity import SURE, How, Who, identify
from miner.journeys.intents import rename_intents
from miner.journeys.link import Link, link
from miner.journeys.machines import tell_machines
from miner.journeys.raw import make_raw
from miner.journeys.rename import rename
from miner.privacy import Pseudonyms
from miner.sql import create, fill

__all__ = ["SURE", "How", "Link", "link", "stitch"]

DAY_US = 86_400_000_000


def _silent(kind: NoteKind, message: str, count: int, example: object) -> None:
    """Nobody listens."""


def stitch(
    engine: Engine,
    linked: bool,
    window_days: float = 7,
    silos: dict[str, str] | None = None,
    *,
    how: How | None = None,
    pseudonyms: Pseudonyms | None = None,
    keep: Sequence[str] = (),
    intents: Mapping[str, str] | None = None,
    note: NoteTaker = _silent,
    owners: Sequence[str] = (),
) -> str | None:
    """Make the engine tables `membership`, `links`, `referred`, `surely`, `interaction_conversations`, `aliases`,
    `settings` and `raw` from what was read.

    `linked` joins interactions by reference and customer; otherwise the case is the journey.
    `silos` maps teams to silos and goes before a silo column; `intents` maps values and patterns to intents.
    With `pseudonyms` nobody is called by name from here on, and of the attributes only the safe ones and those in
    `keep` stay. Texts, where they were kept, become facts first (`facts`), and go.
    `owners` own although their names look like nobody. Returns the owner level: "team", "agent" or None where
    neither is known.
    """
    _create(engine, linked)
    with_text = read_facts(engine)
    rename_intents(engine, intents or {}, note)
    who = identify(engine, how or How(), note)
    if linked:
        _link(engine, round(window_days * DAY_US), who)
    tell_machines(engine)
    make_conversations(engine)
    rename(engine, who, pseudonyms, keep, note, owners)
    level = make_raw(engine, linked, silos or {}, owners)
    if with_text:
        keep_places(engine)
    return level


def _create(engine: Engine, linked: bool) -> None:
    for table in ("membership", "links", "referred"):
        create(engine, table)
    engine.create("surely", {"interaction_id": "VARCHAR", "journey_id": "VARCHAR"})  # at SURE, where that differs
    fill_settings(engine, linked)


def fill_settings(engine: Engine, linked: bool) -> None:
    """Fill `settings`: what the measures need to know of the run."""
    fill(engine, "settings", [(linked,)])


def _link(engine: Engine, window_us: int, who: Who) -> None:
    engine.run(
        "CREATE OR REPLACE TABLE parts AS WITH read AS (SELECT e.interaction_id, "
        "min(e.started_us) AS started_us, max(e.ended_us) AS ended_us, "
        "coalesce(max(i.customer), "
        "arg_min(e.customer, (e.started_us, e.line)) FILTER (WHERE e.customer IS NOT NULL)) AS customer, "
        "coalesce(max(i.intent), "
        "arg_min(e.intent, (e.started_us, e.line)) FILTER (WHERE e.intent IS NOT NULL)) AS intent "
        "FROM raw_events e LEFT JOIN raw_interactions i USING (interaction_id) GROUP BY 1) "
        "SELECT r.interaction_id, started_us, ended_us, intent, "
        "CASE WHEN p.interaction_id IS NULL THEN k.key ELSE p.customer END AS customer, "
        "CASE WHEN p.interaction_id IS NULL THEN k.key ELSE p.surely END AS surely "
        "FROM read r LEFT JOIN customer_keys k ON k.raw = r.customer LEFT JOIN persons p USING (interaction_id)"
    )
    interactions = (
        engine.sql.sql("SELECT * FROM parts ORDER BY started_us, interaction_id").to_arrow_table().to_pydict()
    )
    references = _references(engine)
    _insert(engine, "referred", tuple(zip(*((one, other) for one, other, _ in references), strict=True)))
    journeys, links = link(interactions, references, window_us, who.same)
    ids = interactions["interaction_id"]
    least = {found.from_interaction: found.probability for found in links}
    _insert(engine, "membership", (ids, journeys, [least.get(name, 1.0) for name in ids]))
    _insert(engine, "links", tuple(zip(*links, strict=True)))
    if any(found.probability < 1 for found in links):
        sure, _ = link({**interactions, "customer": interactions["surely"]}, references, window_us)
        _insert(engine, "surely", (ids, sure))


def _references(engine: Engine) -> list[tuple[str, str, str]]:
    """Explicit references between interactions that are there; a bare id names the one interaction that ends so."""
    return engine.rows(
        "SELECT DISTINCT r.interaction_id, coalesce(x.interaction_id, b.interaction_id), r.basis FROM raw_references r "
        "LEFT JOIN parts x ON x.interaction_id = r.refers_to "
        "LEFT JOIN (SELECT regexp_replace(interaction_id, '^[a-z_]+:', '') AS bare, "
        "                  min(interaction_id) AS interaction_id "
        "           FROM parts GROUP BY 1 HAVING count(*) = 1) b ON b.bare = r.refers_to "
        "WHERE coalesce(x.interaction_id, b.interaction_id) IS NOT NULL "
        "AND r.interaction_id IN (SELECT interaction_id FROM parts) "
        "ORDER BY ALL"
    )


def _insert(engine: Engine, table: str, columns: tuple[Sequence[object], ...]) -> None:
    import pyarrow as pa

    if columns:
        kinds = {
            name: pa.float64() if kind == "DOUBLE" else pa.string()
            for name, kind, *_ in engine.rows(f"DESCRIBE {table}")
        }
        arrays = [pa.array(values, kinds[name]) for values, name in zip(columns, kinds, strict=True)]
        engine.insert_arrow(table, pa.table(arrays, names=list(kinds)))

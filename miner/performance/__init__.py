"""Who does how well: contact-centre measures, competence of people and AI, intent × capability × outcome."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from importlib.resources import files
from typing import Any

from miner.events.engine import Engine
from miner.events.schema import PEOPLE
from miner.performance.competence import competence
from miner.performance.economy import economy
from miner.performance.measures import contact_measures
from miner.performance.routing import gaps
from miner.performance.targets import Target, compare
from miner.workspace import Workspace

__all__ = ["competence", "contact_measures", "economy", "gaps", "make_contacts", "perform"]

TABLES = ("events", "interactions", "journeys", "visits", "transitions")


# What the handling of each interaction costs: unknown as soon as a span of a person is, while bots, menus and third
# parties count where a rate for them is given.
_HANDLING = f"""
SELECT interaction_id, CASE WHEN NOT bool_or(unpriced AND by_person) THEN total(handled_price) END AS cost,
       NOT bool_or(unpriced) AND count(handled_price) > 0 AS complete
FROM (
  SELECT e.interaction_id, t.handled_price, coalesce(t.handled_s > 0, false) AND t.handled_price IS NULL AS unpriced,
         coalesce(e.actor_type, 'unknown') IN {PEOPLE} AS by_person
  FROM transitions t JOIN events e ON e.journey_id = t.journey_id AND e.seq = t.seq
) GROUP BY interaction_id
"""
_NOT_PRICED = ("SELECT CAST(NULL AS VARCHAR) AS interaction_id, CAST(NULL AS DOUBLE) AS cost, "
               "CAST(NULL AS BOOLEAN) AS complete WHERE false")  # fmt: skip


def perform(workspace: Workspace, good: tuple[str, ...], targets: tuple[Target, ...] = (),
            tiers: Mapping[str, int] | None = None) -> None:
    """Write the tables contacts, contact_measures, competence, economy and routing_gaps of a measured workspace.

    `good` are the outcomes that count as good, `tiers` the tier of each team's support, where there are tiers.
    """
    with Engine() as engine:
        for table in TABLES:
            engine.see_parquet(table, workspace.table_path(table))
        _see_paths(engine, workspace)
        make_contacts(engine, good, tiers or {})
        workspace.write("tables/contacts.parquet",
                        partial(engine.copy_parquet, "SELECT * FROM contacts ORDER BY interaction_id"))  # fmt: skip
        made = {
            "contact_measures": compare(contact_measures(engine), targets), "competence": competence(engine),
            "economy": economy(engine), "routing_gaps": gaps(engine),
        }  # fmt: skip
        for table, rows in made.items():
            workspace.write(f"tables/{table}.parquet", partial(_save, rows, COLUMNS[table]))


def _see_paths(engine: Engine, workspace: Workspace) -> None:
    """The view `value_lost_journeys`: which journeys took a found path; empty where no losses were looked for."""
    path = workspace.table_path("value_lost_journeys")
    if path.exists():
        engine.see_parquet("value_lost_journeys", path)
    else:
        engine.create("value_lost_journeys", {"rank": "BIGINT", "journey_id": "VARCHAR"})


def make_contacts(engine: Engine, good: tuple[str, ...], tiers: Mapping[str, int]) -> None:
    """Make the engine tables `good` and `contacts` from events, interactions and transitions (see contacts.sql)."""
    engine.create("good", {"outcome": "VARCHAR"})
    engine.run("INSERT INTO good SELECT unnest(CAST(? AS VARCHAR[]))", [sorted({word.lower() for word in good})])
    engine.create("tiers", {"team": "VARCHAR", "tier": "INTEGER"})
    engine.run("INSERT INTO tiers SELECT unnest(CAST(? AS VARCHAR[])), unnest(CAST(? AS INTEGER[]))",
               [list(tiers), list(tiers.values())])  # fmt: skip
    priced = any(row[0] == "handled_price" for row in engine.rows("DESCRIBE transitions"))
    engine.run(f"CREATE OR REPLACE VIEW handling AS {_HANDLING if priced else _NOT_PRICED}")
    sql = files(__name__).joinpath("contacts.sql").read_text(encoding="utf-8")
    engine.run(f"CREATE OR REPLACE TABLE contacts AS {sql}")


# Column → type of what is made in Python: s text, i integer, f number, b flag.
COLUMNS = {
    "contact_measures": "measure:s title:s layer:s unit:s definition:s by:s key:s value:f n:i low:f high:f "
    "target:s met:b",
    "competence": "aspect:s people:f people_n:i bots:f bots_n:i strata:i overlap:f difference:f low:f high:f verdict:s",
    "economy": "intent:s team:s journeys:i known:i good:i value:f value_lost:f resolution:f shrunk:f capable:b "
    "cost_s:f money:f",
    "routing_gaps": "intent:s known:i resolution:f best:f best_team:s team_known:i gap:f low:f high:f p:f",
}


def _save(rows: list[dict[str, Any]], columns: str, path: Any) -> None:
    import pyarrow as pa
    import pyarrow.parquet as pq

    kinds = {"s": pa.string(), "i": pa.int64(), "f": pa.float64(), "b": pa.bool_()}
    schema = pa.schema([(name, kinds[kind]) for name, kind in (c.split(":") for c in columns.split())])
    pq.write_table(pa.Table.from_pylist(rows, schema=schema), path)

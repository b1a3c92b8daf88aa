"""Who does how well: contact-centre measures, competence of people and AI, intent × capability × outcome."""

from __future__ import annotations

from functools import partial
from importlib.resources import files
from typing import Any

from miner.events.engine import Engine
from miner.performance.competence import competence
from miner.performance.economy import economy, priced
from miner.performance.measures import contact_measures
from miner.performance.targets import Target, compare
from miner.workspace import Workspace

__all__ = ["competence", "contact_measures", "economy", "make_contacts", "perform", "reprice"]

TABLES = ("events", "interactions", "journeys", "visits", "transitions")


def perform(workspace: Workspace, good: tuple[str, ...], targets: tuple[Target, ...] = ()) -> None:
    """Write the tables contacts, contact_measures, competence, economy and routing_gaps of a measured workspace."""
    with Engine() as engine:
        for table in TABLES:
            engine.see_parquet(table, workspace.table_path(table))
        make_contacts(engine, good)
        workspace.write("tables/contacts.parquet",
                        partial(engine.copy_parquet, "SELECT * FROM contacts ORDER BY interaction_id"))  # fmt: skip
        cells, gaps = economy(engine)
        made = {
            "contact_measures": compare(contact_measures(engine), targets), "competence": competence(engine),
            "economy": cells, "routing_gaps": gaps,
        }  # fmt: skip
        for table, rows in made.items():
            workspace.write(f"tables/{table}.parquet", partial(_save, rows, COLUMNS[table]))


def reprice(workspace: Workspace) -> None:
    """Write the costs of `economy` again, after other rates; nothing where the table is not there."""
    if not workspace.table_path("economy").is_file():
        return
    with Engine() as engine:
        for table in ("journeys", "visits", "transitions"):
            engine.see_parquet(table, workspace.table_path(table))
        rows = priced(engine, workspace.arrow("economy").to_pylist())
    workspace.write("tables/economy.parquet", partial(_save, rows, COLUMNS["economy"]))


def make_contacts(engine: Engine, good: tuple[str, ...]) -> None:
    """Make the engine tables `good` and `contacts` from events and interactions (see contacts.sql)."""
    engine.create("good", {"outcome": "VARCHAR"})
    engine.run("INSERT INTO good SELECT unnest(CAST(? AS VARCHAR[]))", [sorted({word.lower() for word in good})])
    sql = files(__name__).joinpath("contacts.sql").read_text(encoding="utf-8")
    engine.run(f"CREATE OR REPLACE TABLE contacts AS {sql}")


# Column → type of what is made in Python: s text, i integer, f number, b flag.
COLUMNS = {
    "contact_measures": "measure:s title:s layer:s unit:s definition:s by:s key:s value:f n:i low:f high:f "
    "target:s met:b",
    "competence": "aspect:s people:f people_n:i bots:f bots_n:i strata:i overlap:f difference:f low:f high:f verdict:s",
    "economy": "intent:s team:s journeys:i known:i good:i value:f value_lost:f resolution:f shrunk:f capable:b "
    "cost_s:f money:f",
    "routing_gaps": "intent:s known:i resolution:f best:f best_team:s gap:f",
}


def _save(rows: list[dict[str, Any]], columns: str, path: Any) -> None:
    import pyarrow as pa
    import pyarrow.parquet as pq

    kinds = {"s": pa.string(), "i": pa.int64(), "f": pa.float64(), "b": pa.bool_()}
    schema = pa.schema([(name, kinds[kind]) for name, kind in (c.split(":") for c in columns.split())])
    pq.write_table(pa.Table.from_pylist(rows, schema=schema), path)

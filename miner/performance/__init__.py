"""Who does how well: contact-centre measures, competence of people and AI, intent × capability × outcome."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import Any

from miner.events.engine import Engine
from miner.performance.competence import competence
from miner.performance.contacts import make_contacts
from miner.performance.economy import economy
from miner.performance.measures import contact_measures
from miner.performance.routing import gaps
from miner.performance.targets import Target, compare
from miner.workspace import Workspace

__all__ = ["competence", "contact_measures", "economy", "gaps", "make_contacts", "perform"]

TABLES = ("events", "interactions", "journeys", "visits", "transitions")
# What is made by SQL, and its order of rows.
SAVED = {"contacts": "interaction_id", "conversations": "conversation_id", "outcomes_shown": "source_system"}


def perform(
    workspace: Workspace,
    good: tuple[str, ...],
    targets: tuple[Target, ...] = (),
    tiers: Mapping[str, int] | None = None,
) -> None:
    """Write the tables of `SAVED` and `COLUMNS` into a measured workspace.

    `good` are the outcomes that count as good, `tiers` the tier of each team's support, where there are tiers.
    """
    with Engine() as engine:
        for table in TABLES:
            engine.see_parquet(table, workspace.table_path(table))
        _see_paths(engine, workspace)
        make_contacts(engine, good, tiers or {}, _declared(workspace))
        for table, key in SAVED.items():
            select = f"SELECT * FROM {table} ORDER BY {key}"
            workspace.write(f"tables/{table}.parquet", partial(engine.copy_parquet, select))
        made = {
            "contact_measures": compare(contact_measures(engine), targets),
            "competence": competence(engine),
            "economy": economy(engine),
            "routing_gaps": gaps(engine),
        }
        for table, rows in made.items():
            workspace.write(f"tables/{table}.parquet", partial(_save, rows, COLUMNS[table]))


def _declared(workspace: Workspace) -> dict[str, list[str]]:
    """The outcomes that the reader of each source declares, as quality.json has them."""
    return {source["file"]: source.get("outcomes", []) for source in workspace.quality.get("sources", [])}


def _see_paths(engine: Engine, workspace: Workspace) -> None:
    """The view `value_lost_journeys`: which journeys took a found path; empty where no losses were looked for."""
    path = workspace.table_path("value_lost_journeys")
    if path.exists():
        engine.see_parquet("value_lost_journeys", path)
    else:
        engine.create("value_lost_journeys", {"rank": "BIGINT", "journey_id": "VARCHAR"})


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

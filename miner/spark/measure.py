"""The measures on Spark: small inputs come from the event engine, the tables go back to it as files that it reads."""

from __future__ import annotations

from collections.abc import Collection
from typing import TYPE_CHECKING

from miner.calendars.engine_tables import fill_calendars
from miner.events.engine import Engine, literal
from miner.measures import fill_settling_words, saved_tables
from miner.spark.dialect import SPARK
from miner.spark.engine import SparkEngine
from miner.sql import create, model, run
from miner.sql.plan import plan

if TYPE_CHECKING:
    from miner.calendars import Calendars

_IN_SPARK = ("raw", "interaction_conversations")
_SPAN = "SELECT own_owner, actor_type, min(started_us) AS started_us, max(ended_us) AS ended_us FROM raw GROUP BY 1, 2"


def measure_on_spark(
    engine: Engine,
    spark: SparkEngine,
    calendars: Calendars | None,
    tz: str | None,
    good: Collection[str],
    ends: Collection[str],
) -> None:
    """Make the tables of the measures of `raw` on Spark; the engine sees them under their names."""
    spans = spark.session.sql(_SPAN).toArrow()
    create(engine, "raw")
    engine.insert_arrow("raw", spans)  # all that calendars ask of it
    fill_calendars(engine, calendars, tz)
    fill_settling_words(engine, good, ends)
    wanted = saved_tables()
    made = {step.model.table for step in plan(wanted)}
    read = {name for table in made for name in model(table).reads}
    for table in sorted(read - made - set(_IN_SPARK)):
        path = spark.folder / f"{table}.input"
        engine.copy_parquet(f"SELECT * FROM {table}", path)
        spark.see(table, path)
    run(spark, wanted, dialect=SPARK)
    engine.drop("raw")
    for table in wanted:
        # Spark counts in narrower types than the header declares.
        casts = [f"CAST({c.name} AS {c.engine_type}) AS {c.name}" for c in model(table).all_columns if not c.sql]
        files = literal(spark.path(table) / "*.parquet")
        engine.run(f"CREATE VIEW {table} AS SELECT * REPLACE ({', '.join(casts)}) FROM read_parquet({files})")

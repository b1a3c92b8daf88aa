"""The same models on DuckDB and on Spark: every row and every column of every table is the same."""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path
from typing import Any

from miner.events.engine import Engine
from miner.spark import SparkEngine
from miner.spark.dialect import SPARK
from miner.sql import model, run
from miner.sql.plan import plan


def same_on_spark(
    engine: Engine, session: Any, folder: Path, wanted: Collection[str], given: Collection[str] = ()
) -> list[str]:
    """Run the models on Spark over the inputs and given tables of an engine, and compare all tables; gives their names.

    The engine keeps its steps.
    """
    spark = SparkEngine(session, folder)
    made = [step.model.table for step in plan(wanted, given)]
    for table in sorted({table for name in made for table in model(name).reads} - set(made)):
        path = folder / f"{table}.input"
        engine.copy_parquet(f"SELECT * FROM {table}", path)
        spark.see(table, path)
    run(spark, wanted, given, keep_steps=True, dialect=SPARK)
    for table in made:
        engine.run(f"CREATE OR REPLACE VIEW on_spark AS SELECT * FROM '{spark.path(table)}/*.parquet'")
        _same(engine, table)
    return made


def _same(engine: Engine, table: str) -> None:
    """Assert that a table and the view `on_spark` hold the same rows."""
    columns = ", ".join(f'"{row[0]}"' for row in engine.rows(f"DESCRIBE {table}"))
    assert columns == ", ".join(f'"{row[0]}"' for row in engine.rows("DESCRIBE on_spark")), table
    here, there = f"SELECT {columns} FROM {table}", f"SELECT {columns} FROM on_spark"
    missing = engine.rows(f"({here} EXCEPT ALL {there}) LIMIT 3")
    more = engine.rows(f"({there} EXCEPT ALL {here}) LIMIT 3")
    assert (missing, more) == ([], []), f"{table} ({columns})"

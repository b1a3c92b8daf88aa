"""Spark as an engine of models: each table is a Parquet folder that all workers reach."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import TYPE_CHECKING

from miner.spark.dialect import FUNCTIONS

if TYPE_CHECKING:
    from pyspark.sql import DataFrame, SparkSession


class SparkEngine:
    """Makes tables in a folder that the driver and all workers see under the same path."""

    def __init__(self, session: SparkSession, folder: Path):
        self.session, self.folder = session, folder
        for function in FUNCTIONS:
            session.sql(f"CREATE OR REPLACE TEMPORARY FUNCTION {function}")

    def path(self, table: str) -> Path:
        """The folder of a table."""
        return self.folder / f"{table}.parquet"

    def see(self, table: str, path: Path | str) -> None:
        """Let Parquet files be read under a name."""
        self.session.read.parquet(str(path)).createOrReplaceTempView(table)

    def make(self, table: str, select: str) -> None:
        """Make a table of the rows of a statement."""
        self.keep(table, self.session.sql(select))

    def keep(self, table: str, rows: DataFrame) -> None:
        """Make a table of rows."""
        rows.write.mode("overwrite").parquet(str(self.path(table)))
        self.see(table, self.path(table))

    def drop(self, table: str) -> None:
        """Remove a table."""
        self.session.catalog.dropTempView(table)
        shutil.rmtree(self.path(table), ignore_errors=True)

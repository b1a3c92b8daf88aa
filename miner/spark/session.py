"""A Spark session for a master: local, a standalone cluster, or a Spark Connect server."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from miner.errors import UsageError
from miner.extras import missing

if TYPE_CHECKING:
    from pyspark.sql import SparkSession

# Times are UTC, a text in double quotes is a name, and a number that overflows is an error.
_NEEDED = {
    "spark.sql.session.timeZone": "UTC",
    "spark.sql.ansi.enabled": "true",
    "spark.sql.timestampType": "TIMESTAMP_NTZ",
    # The command says how far it is; Spark's own lines, hundreds a run, would bury it.
    "spark.log.level": "ERROR",
    "spark.ui.showConsoleProgress": "false",
}


def is_running() -> bool:
    """Whether this process has a session, which is not ours to stop."""
    from pyspark.sql import SparkSession

    return SparkSession.getActiveSession() is not None


def open_session(master: str, settings: dict[str, str] | None = None) -> SparkSession:
    """A session at `local[*]`, `spark://HOST:PORT` or `sc://HOST:PORT`; UsageError where there is none.

    `settings` are Spark's own; what the models need goes before.
    """
    if problem := missing("spark", "--engine spark"):
        raise UsageError([problem])
    from pyspark.sql import SparkSession

    if master.startswith("local"):  # tables of one machine are small: two tasks for each of its cores
        settings = {"spark.sql.shuffle.partitions": str(2 * (os.cpu_count() or 1)), **(settings or {})}
    builder = SparkSession.builder.appName("interaction-miner")
    builder = builder.remote(master) if master.startswith("sc://") else builder.master(master)
    for key, value in {**(settings or {}), **_NEEDED}.items():
        builder = builder.config(key, value)
    try:
        return builder.getOrCreate()
    except Exception as error:  # whatever Java, py4j or gRPC make of an address that nobody answers
        reason = str(error).strip().splitlines()[0] if str(error).strip() else type(error).__name__
        raise UsageError(
            f"no Spark session at {master}: {reason}",
            fix="check the address and that Java 17 is installed; on this machine use: --master 'local[*]'",
        ) from None

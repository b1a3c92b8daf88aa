"""The stages `read`, `stitch` and `measure` with `--engine spark`: the events stay where Spark keeps them."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from miner.errors import InputError, Problem
from miner.events.engine import Engine
from miner.events.sink import EXAMPLES, Sink
from miner.pipeline.job import Job
from miner.pipeline.log import Log
from miner.pipeline.made import Journeys
from miner.readers import Report
from miner.sql import add, create

if TYPE_CHECKING:
    from pyspark.sql import DataFrame

    from miner.spark import SparkEngine

# What linked journeys and texts have, and systems that declare totals.
_EMPTY = (
    "membership",
    "links",
    "referred",
    "aliases",
    "reconciliation",
    "messages",
    "message_facts",
    "message_order",
)
_FOLDER = ".spark"  # in the workspace, which the workers reach as well; gone when the tables are saved
_BAD = "interaction_id IS NULL OR started_us IS NULL"
_REJECTED = f"""
SELECT line, CASE WHEN interaction_id IS NULL THEN 'no case id' WHEN cell_of_time IS NULL THEN 'no time'
  ELSE 'not a time' END AS reason, left(cell_of_time, 200) AS cell
FROM read_log WHERE {_BAD} ORDER BY line LIMIT {EXAMPLES}
"""


@dataclass(frozen=True)
class SparkLog(Log):
    """A log whose events are in the table `logs` of Spark; the engine has what else a run knows of it."""

    spark: SparkEngine
    is_ours: bool  # the session, which is then stopped

    def close(self) -> None:
        """Close both engines."""
        super().close()
        if self.is_ours:
            self.spark.session.stop()
        shutil.rmtree(self.spark.folder, ignore_errors=True)


def read(job: Job) -> SparkLog:
    """Read plain logs with Spark; UsageError for what it cannot do, with the way that can."""
    from miner.spark import SparkEngine, is_running, open_session
    from miner.spark.logs import read_log

    settings = job.settings
    is_ours = not is_running()
    folder = job.workspace.path.resolve() / _FOLDER
    own = {"spark.ui.enabled": "false", "spark.sql.warehouse.dir": str(folder / "warehouse")}
    session = open_session(settings.master, own)
    shutil.rmtree(folder, ignore_errors=True)
    engine = Engine()
    try:
        spark, sink = SparkEngine(session, folder), Sink(engine)
        parts, reports = [], []
        for number, source in enumerate(job.sources.files):
            sink.begin(source.name)
            events, report = read_log(session, source.name, number, settings.options_for(source.name))
            parts.append(_checked(spark, sink, events, report))
            reports.append(report)
        whole = parts[0]
        for part in parts[1:]:
            whole = whole.unionByName(part)
        whole.createOrReplaceTempView("logs")
        sink.source = "all sources"
        sink.note("left out", "read by Spark: software is not told from people by the beat of its contacts")
        sink.flush()
        return SparkLog(engine, sink, reports, job.sources.passed_over, False, spark, is_ours)
    except BaseException:
        engine.close()
        if is_ours:
            session.stop()
        raise


def _checked(spark: SparkEngine, sink: Sink, events: DataFrame, report: Report) -> DataFrame:
    """The events with a case and a time, kept in a table; the others are counted and the first of them shown."""
    table = f"log_{sink.source_no}"
    spark.keep(table, events)
    kept = spark.session.table(table)
    kept.createOrReplaceTempView("read_log")
    report.rows, bad = kept.selectExpr("count(*)", f"count_if({_BAD})").collect()[0]
    report.events, report.rejected = report.rows - bad, bad
    for line, reason, cell in spark.session.sql(_REJECTED).collect():
        sink.reject(line, report.columns["case" if reason == "no case id" else "time"], cell, reason)
    sink.rejected[sink.source] = bad
    if not report.events:
        raise InputError(Problem("no usable row", report.file, fix="check the mapping and --time-format"))
    return kept.where(f"NOT ({_BAD})").drop("cell_of_time")


def stitch(job: Job, log: Log) -> Journeys:
    """Each case is a journey; people get their pseudonyms."""
    from miner.journeys import fill_settings
    from miner.journeys.keys import Reading
    from miner.privacy import Pseudonyms
    from miner.spark.stitch import stitch as stitch_on_spark

    assert isinstance(log, SparkLog)
    settings = job.settings
    fill_settings(log.engine, linked=False)
    for table in _EMPTY:
        create(log.engine, table)
    reading = None if settings.identity == "off" else Reading(settings.phone_region, settings.deny)
    pseudonyms = Pseudonyms(job.keys) if job.keys else None
    return Journeys(stitch_on_spark(log.spark, settings.silos, settings.owners, reading, pseudonyms))


def measure(log: Log, **how: Any) -> None:
    """The tables of the measures, made by Spark and seen by the engine."""
    from miner.spark.measure import measure_on_spark

    assert isinstance(log, SparkLog)
    measure_on_spark(log.engine, log.spark, **how)
    add(log.engine, "text_facts")

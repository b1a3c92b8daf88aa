"""The stage `measure`: the tables of the contract, quality.json, and the counts of summary.json."""

from __future__ import annotations

from typing import Any, cast

from miner.pipeline.job import Job
from miner.pipeline.log import Log, rejected, write_quality
from miner.pipeline.made import Journeys, Tables
from miner.summary import Counts, FragmentationCost, Summary


def measure(job: Job, log: Log, journeys: Journeys) -> Tables:
    """Compute the measures, and save all that the workspace keeps of reading and measuring."""
    from miner import measures
    from miner.pipeline.closing import ask_of_closing
    from miner.pipeline.on_spark import measure as measure_on_spark
    from miner.pipeline.summary import by_probability

    settings, engine = job.settings, log.engine
    how: dict[str, Any] = {
        "calendars": settings.calendar,
        "tz": settings.tz,
        "good": settings.good,
        "ends": settings.ends,
    }
    if settings.engine == "spark":
        measure_on_spark(log, **how)
        sure: dict[str, Counts] = {}
    else:
        sure = by_probability(engine, journeys.owner_level, settings.min_probability, **how)
        measures.measure(engine, **how, also=("text_facts",))
    if not settings.ends:
        ask_of_closing(engine, log.sink)
    _save_tables(job, log)
    write_quality(job, log)
    _save_counts(job, log, journeys, sure)
    return Tables(job.workspace)


def _save_tables(job: Job, log: Log) -> None:
    from miner.measures import saved_tables
    from miner.sql import save

    engine, tables = log.engine, [*saved_tables(), "text_facts", "links", "aliases", "reconciliation"]
    engine.run("SET preserve_insertion_order = true")  # what is sorted is saved as it is sorted
    for number, table in enumerate(tables):
        job.progress.detail(table)
        job.progress.count(number, len(tables), "tables")
        save(engine, job.workspace, table)


def _save_counts(job: Job, log: Log, journeys: Journeys, sure: dict[str, Counts]) -> None:
    """Write summary.json; what later stages compute is unknown in it, never 0."""
    from miner.pipeline.summary import headline
    from miner.summary import COMPONENTS

    counts = headline(log.engine, journeys.owner_level)
    unpriced = dict.fromkeys(COMPONENTS, "the stage `cost` has not run")
    cost: FragmentationCost = {"hours": None, "money": None, "components": {}, "not_computed": unpriced}
    summary: Summary = {**cast(Summary, counts), "fragmentation_cost": cost, "rejected_rows": rejected(log)}
    summary["findings"] = []
    if sure:
        summary["by_probability"] = {**sure, f"{job.settings.min_probability:g}": counts}
    job.workspace.change_summary(summary, without=job.workspace.summary.keys() - summary.keys())

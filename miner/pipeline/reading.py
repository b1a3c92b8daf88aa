"""The stage `read`: all sources into the engine, and the options that name something in them checked against it."""

from __future__ import annotations

import difflib
from collections.abc import Iterator

from miner.errors import Problem, UsageError
from miner.events.engine import Engine
from miner.events.sink import Sink
from miner.pipeline.hiding import hide
from miner.pipeline.job import Job
from miner.pipeline.log import Log
from miner.pipeline.settings import is_named
from miner.pipeline.teams import note_absent


def read(job: Job) -> Log:
    """Read all sources into the engine, without identifiers in rejects and notes; InputError writes nothing."""
    if job.settings.engine == "spark":
        from miner.pipeline.on_spark import read as read_on_spark

        return read_on_spark(job)
    engine = Engine()
    try:
        log = _log(job, engine)
        _check(job, log)
        return hide(log) if job.keys is not None else log
    except BaseException:
        engine.close()
        raise


def _log(job: Job, engine: Engine) -> Log:
    from miner.pipeline.reconcile import reconcile
    from miner.readers import readers
    from miner.readers.reading import read_all

    def report(name: str, done: int, total: int) -> None:
        job.progress.detail(name)
        job.progress.count(done, total, "bytes")

    settings = job.settings
    sink = Sink(engine, job.progress.rows, keep_text=settings.text == "use")
    if sink.keep_text:  # what does not fit into memory is on disk for a while, and nobody's to read
        engine.run("SET temp_file_encryption = true")
    reading = read_all(job.sources.files, settings.options_for, sink, report)
    reconcile(engine, settings.owners)
    own_exports = any(readers()[each.reader].LINKED for each in reading.reports)
    linked = settings.journeys == "linked" or (settings.journeys is None and own_exports)
    return Log(engine, sink, reading.reports, [*job.sources.passed_over, *reading.passed_over], linked)


def _check(job: Job, log: Log) -> None:
    """UsageError with every option that names what the log does not have; notes on what may be meant otherwise."""
    problems = [*_unknown_records(job, log), *_unknown_ends(job, log)]
    if problems:
        raise UsageError(problems)
    _note_possible_records(job, log)
    note_absent(log.sink, "silos", job.settings.silos)
    note_absent(log.sink, "tiers", job.settings.tiers)


def _unknown_records(job: Job, log: Log) -> Iterator[Problem]:
    """What --records names and is no source: its cases would be contacts without a word."""
    files = [report.file for report in log.reports]
    for name in job.settings.records:
        if not any(is_named(file, name) for file in files):
            yield Problem(f"--records {name}: no such source", fix=f"sources are: {', '.join(files[:9])}")


def _unknown_ends(job: Job, log: Log) -> Iterator[Problem]:
    """What --ends names and no event is called."""
    if not job.settings.ends:
        return
    rows = log.engine.rows("SELECT DISTINCT activity FROM raw_events WHERE activity IS NOT NULL")
    names = {name.lower(): name for (name,) in rows}
    for name in job.settings.ends:
        if name.lower() not in names:
            near = difflib.get_close_matches(name.lower(), names, 1)
            yield Problem(
                f"--ends {name}: no activity is called that",
                fix=(f"did you mean {names[near[0]]!r}?" if near else "list them with: miner inspect SOURCE"),
            )


def _note_possible_records(job: Job, log: Log) -> None:
    """Note plain logs beside systems' exports that name no channel: their cases may be orders and no contacts."""
    from miner.readers import readers

    plain = [report for report in log.reports if not readers()[report.reader].LINKED]
    if len(plain) == len(log.reports):
        return
    for report in plain:
        if "channel" not in report.columns and job.settings.options_for(report.file).kind is None:
            log.sink.source = report.file
            log.sink.note(
                "assumed_contacts",
                "its cases count as customer contacts; if they are orders, "
                f"shipments or other records, use --records {report.file}",
            )

"""The stage `stitch`: interactions into journeys, people into pseudonyms."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from miner.events.notes import NoteKind
from miner.events.sink import Sink
from miner.pipeline.job import Job
from miner.pipeline.log import Log
from miner.pipeline.made import Journeys
from miner.privacy import Keys, Pseudonyms


def stitch(job: Job, log: Log) -> Journeys:
    """Join the interactions of a log to journeys, and replace people by pseudonyms."""
    if job.settings.engine == "spark":
        from miner.pipeline.on_spark import stitch as stitch_on_spark

        return stitch_on_spark(job, log)
    from miner.journeys import How
    from miner.journeys import stitch as join
    from miner.readers import readers

    settings, keys = job.settings, job.keys
    modules = [readers()[report.reader] for report in log.reports]
    safe = {name for module in modules for name in getattr(module, "SAFE_ATTRIBUTES", ())}
    note = partial(_note, log.sink)
    for kind, message in _doubts_of_people(keys):
        note(kind, message, 1, None)
    level = join(
        log.engine,
        log.linked,
        settings.window,
        settings.silos,
        how=How(settings.identity, settings.min_probability, settings.phone_region, settings.deny),
        pseudonyms=Pseudonyms(keys) if keys else None,
        keep=(*settings.keep, *sorted(safe)),
        intents=settings.intents,
        note=note,
        owners=settings.owners,
    )
    return Journeys(level)


def _note(sink: Sink, kind: NoteKind, message: str, count: int, example: object) -> None:
    sink.source = "all sources"
    sink.note(kind, message, count, example)


def _doubts_of_people(keys: Keys | None) -> Iterator[tuple[NoteKind, str]]:
    """What a reader of the workspace should know of the people in it."""
    if keys is None:
        yield "identifiers_kept", "customers and agents appear under their real names and numbers (--identifiers keep)"
    elif keys.path is None:
        yield "keys", "the keys could not be saved: the pseudonyms of this run fit no other run (use --keys FILE)"

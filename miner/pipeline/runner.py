"""Runs the stages, in order, from the first that is not done; `look` only reads."""

from __future__ import annotations

import time
from collections.abc import Iterable, Sequence
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self

from miner.errors import UsageError
from miner.events.engine import TooLittle, too_little
from miner.pipeline.job import Job
from miner.pipeline.log import quality
from miner.pipeline.made import Made, Saved
from miner.pipeline.manifest import Manifest, refuse_foreign_folder
from miner.pipeline.people import keys_of, safe_options, saved_keys
from miner.pipeline.progress import Progress, Silent
from miner.pipeline.reading import read
from miner.pipeline.settings import STAGES, Settings
from miner.pipeline.sources import named, prepare
from miner.pipeline.stages import Stage, stages
from miner.pipeline.summary import versions
from miner.readers import Report
from miner.workspace import Workspace

if TYPE_CHECKING:
    from miner.graph.neo4j import Login


def run(
    sources: Iterable[str],
    workspace: str | Path = "workspace",
    settings: Settings | None = None,
    progress: Progress | None = None,
    server: Login | None = None,
) -> Workspace:
    """Read exports and make a workspace of them, up to the stage `settings.until`.

    A workspace made from the same inputs and settings is resumed after its last finished stage. `server` is the login
    of a graph on a server, else taken from the environment. Raises InputError (nothing is written), UsageError,
    ServerError.
    """
    asked = settings or Settings()
    prepared = (named if asked.engine == "spark" else prepare)(sources, asked)
    target = Workspace(workspace)
    refuse_foreign_folder(target)
    keys = keys_of(prepared.settings, target.path)
    job = Job(target, prepared, progress or Silent(), keys, server)
    manifest = Manifest(target, prepared.files, prepared.settings, safe_options(prepared.settings, keys))
    try:
        _run_stages(job, manifest)
    except TooLittle as error:
        raise too_little() from error
    except OSError as error:
        raise UsageError(
            f"{target.path} cannot be written: {error.strerror or error}", fix="name another folder with -o"
        ) from error
    return target


def _run_stages(job: Job, manifest: Manifest) -> None:
    waiting = unfinished(manifest)
    manifest.forget(stage.name for stage in waiting)
    now = [stage for stage in waiting if STAGES.index(stage.name) <= STAGES.index(job.settings.until)]
    with Results(job) as results:
        for stage in now:
            job.progress.stage(stage.name)
            began = time.perf_counter()
            if stage.is_saved:
                manifest.begin()
            results.add(stage)
            manifest.done(stage.name, time.perf_counter() - began)
            waiting.remove(stage)
            results.close_unneeded(waiting)
            if stage.is_saved:
                manifest.save()
        if now and not now[-1].is_saved:
            manifest.begin()
            results.keep()
            manifest.save()
    _add_versions(job.workspace, manifest)


def unfinished(manifest: Manifest) -> list[Stage]:
    """The stages to run: those not done, and before them those whose results they need and nobody saved."""
    waiting: list[Stage] = []
    for stage in reversed(stages()):
        is_needed = not stage.is_saved and any(stage.makes in later.needs for later in waiting)
        if is_needed or not manifest.is_done(stage.name):
            waiting.insert(0, stage)
    return waiting


class Results:
    """What the stages have made so far; a saved result that no stage has made is the workspace's."""

    def __init__(self, job: Job) -> None:
        self._job = job
        self._made: dict[type[Made], Made] = {}

    def __enter__(self) -> Self:
        return self

    def __exit__(self, _: type[BaseException] | None, __: BaseException | None, ___: TracebackType | None) -> None:
        self.close_unneeded(())

    def add(self, stage: Stage) -> None:
        """Run a stage on the results that it needs."""
        needed: list[Any] = [self._job] if stage.for_job else []
        needed += map(self._result, stage.needs)
        self._made[stage.makes] = stage.work(*needed)

    def _result(self, kind: type[Made]) -> Made:
        return kind(self._job.workspace) if issubclass(kind, Saved) and kind not in self._made else self._made[kind]

    def keep(self) -> None:
        """Write down what the workspace keeps of results that were not used up."""
        for result in self._made.values():
            result.keep(self._job)

    def close_unneeded(self, waiting: Sequence[Stage]) -> None:
        """Let go of the results that none of the stages that wait needs."""
        for kind in [kind for kind in self._made if not any(kind in stage.needs for stage in waiting)]:
            self._made.pop(kind).close()


def look(sources: Iterable[str], settings: Settings) -> tuple[dict[str, Any], list[Report]]:
    """What a run would read: quality.json as it would be, and the report of each file. Writes nothing."""
    prepared = prepare(sources, settings)
    job = Job(Workspace(""), prepared, keys=saved_keys(prepared.settings))
    try:
        log = read(job)
        try:
            return quality(job, log), log.reports
        finally:
            log.close()
    except TooLittle as error:
        raise too_little() from error


def _add_versions(workspace: Workspace, manifest: Manifest) -> None:
    """The summary names versions and seconds of every stage."""
    if workspace.summary:
        seconds = {name: stage["seconds"] for name, stage in manifest.stages.items()}
        workspace.change_summary({"versions": versions(), "seconds": seconds})

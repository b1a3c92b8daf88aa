"""The list of stages: read, stitch, measure, cost, model, graph, query, report; run, resumed, shown."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

from miner.errors import UsageError
from miner.events.engine import TooLittle, too_little
from miner.pipeline import stages
from miner.pipeline.manifest import TOGETHER, Manifest, refuse_foreign_folder
from miner.pipeline.private import keys_of, keys_there, told
from miner.pipeline.progress import Progress, Silent
from miner.pipeline.settings import STAGES, Settings
from miner.pipeline.sources import prepare
from miner.pipeline.state import Run
from miner.pipeline.summary import versions
from miner.readers import Report
from miner.workspace import Workspace

_WORK: dict[str, Callable[[Run], None]] = {
    "read": stages.read,
    "stitch": stages.stitch,
    "measure": stages.measure,
    "cost": stages.cost,
    "model": stages.model,
    "graph": stages.graph,
    "query": stages.query,
    "report": stages.report,
}


def run(
    sources: Iterable[str],
    workspace: str | Path = "workspace",
    settings: Settings | None = None,
    progress: Progress | None = None,
) -> Workspace:
    """Read exports and make a workspace of them, up to the stage `settings.until`.

    A workspace made from the same inputs and settings is resumed after its last finished stage.
    Raises InputError (nothing is written), UsageError, ServerError.
    """
    found = prepare(sources, settings or Settings())
    target = Workspace(workspace)
    refuse_foreign_folder(target)
    current = Run(target, found, progress or Silent(), keys=keys_of(found.settings, target.path))
    manifest = Manifest(target, found.files, found.settings, told(found.settings, current.keys))
    try:
        _run_stages(current, manifest)
    except TooLittle as error:
        raise too_little() from error
    except OSError as error:
        raise UsageError(
            f"{target.path} cannot be written: {error.strerror or error}", fix="name another folder with -o"
        ) from error
    finally:
        current.close()
    return target


def _run_stages(current: Run, manifest: Manifest) -> None:
    until = current.settings.until
    for name in STAGES[: STAGES.index(until) + 1]:
        if manifest.is_done(name):
            continue
        current.progress.stage(name)
        began = time.perf_counter()
        if name == "measure":
            manifest.begin()
        _WORK[name](current)
        manifest.done(name, time.perf_counter() - began)
        if name == until and name in TOGETHER[:-1]:
            manifest.begin()
            stages.write_quality(current)
        if name == until or name not in TOGETHER[:-1]:
            manifest.save()
    _tell(current.workspace, manifest)


def look(sources: Iterable[str], settings: Settings) -> tuple[dict[str, Any], list[Report]]:
    """What a run would read: quality.json as it would be, and the report of each file. Writes nothing."""
    current = Run(Workspace(""), prepare(sources, settings), Silent())
    try:
        current.keys = keys_there(current.settings)
        stages.read(current)
        return stages.quality(current), current.reports
    except TooLittle as error:
        raise too_little() from error
    finally:
        current.close()


def _tell(workspace: Workspace, manifest: Manifest) -> None:
    """The summary names versions and seconds of every stage."""
    if summary := workspace.summary:
        told = {"versions": versions(), "seconds": {name: stage["seconds"] for name, stage in manifest.stages.items()}}
        if {**summary, **told} != summary:
            workspace.write_json("summary.json", {**summary, **told})

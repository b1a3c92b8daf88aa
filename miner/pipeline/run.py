"""The list of stages: read, stitch, measure, cost, model, graph, query, report; run, resumed, shown."""

from __future__ import annotations

import hashlib
import json
import time
from collections.abc import Callable, Iterable
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, Protocol

from miner.pipeline import stages
from miner.errors import UsageError
from miner.readers import Report, find
from miner.readers.files import digest
from miner.pipeline.settings import STAGES, Settings, with_mapping_file
from miner.pipeline.summary import versions
from miner.workspace import Workspace

# Stages that share the engine's tables: they are done together or again.
_TOGETHER = ("read", "stitch", "measure")


class Progress(Protocol):
    """Who is told what happens."""

    def stage(self, name: str) -> None:
        """A stage begins."""

    def detail(self, text: str) -> None:
        """What it works on now."""


class Silent:
    """Tells nobody."""

    def stage(self, name: str) -> None:
        """Nothing."""

    def detail(self, text: str) -> None:
        """Nothing."""


@dataclass
class Run:
    """What the stages share."""

    workspace: Workspace
    sources: list[tuple[str | None, Path, str]]
    passed_over: list[str]
    settings: Settings
    progress: Progress
    engine: Any = None
    sink: Any = None
    reports: list[Any] = field(default_factory=list)
    owner_level: str | None = None
    linked: bool = False


_WORK: dict[str, Callable[[Run], None]] = {
    "read": stages.read, "stitch": stages.stitch, "measure": stages.measure, "cost": stages.cost, "model": stages.model,
    "graph": stages.graph, "query": stages.query, "report": stages.report,
}  # fmt: skip


def prepare(sources: Iterable[str], settings: Settings) -> tuple[list[tuple[str | None, Path, str]], list[str], Settings]:
    """The files to read, what folders hold besides, and the settings with a folder's own mapping.yaml."""
    named = [str(s) for s in sources]
    if not named:
        raise UsageError("nothing to read", fix="name a file or a folder: miner run SOURCE...")
    for name in named:
        own = Path(name) / "mapping.yaml"
        if own.is_file():
            settings = with_mapping_file(settings, own)
    files, passed = find(named, settings.ignore)
    silo_files = {p.name for _, p, _ in files if p.suffix == ".csv" and settings.silos and _is_silos(p)}
    passed += sorted(silo_files)
    files = [(kind or settings.kind_of(name), path, name) for kind, path, name in files if name not in silo_files]
    return files, passed, settings


def _is_silos(path: Path) -> bool:
    with path.open(encoding="utf-8-sig", errors="replace") as f:
        return f.readline().strip().lower().replace(";", ",") == "team,silo"


def run(sources: Iterable[str], workspace: str | Path = "workspace", settings: Settings | None = None,
        progress: Progress | None = None) -> Workspace:  # fmt: skip
    """Read exports and make a workspace of them, up to the stage `settings.until`.

    A workspace made from the same inputs and settings is resumed after its last finished stage.
    Raises InputError (nothing is written), UsageError, ServerError.
    """
    files, passed, settings = prepare(sources, settings or Settings())
    target = Workspace(workspace)
    _refuse_foreign_folder(target)
    current = Run(target, files, passed, settings, progress or Silent())
    manifest = _manifest(current)
    try:
        for name in STAGES[: STAGES.index(settings.until) + 1]:
            if manifest["stages"].get(name, {}).get("state") == "done":
                continue
            current.progress.stage(name)
            began = time.perf_counter()
            _WORK[name](current)
            manifest["stages"][name] = {"state": "done", "seconds": round(time.perf_counter() - began, 3)}
            if name not in _TOGETHER[:-1] or name == settings.until:
                target.write_json("manifest.json", manifest)
    finally:
        if current.engine is not None:
            current.engine.close()
    _finish(target, manifest)
    return target


def look(sources: Iterable[str], settings: Settings) -> tuple[dict[str, Any], list[Report]]:
    """What a run would read: quality.json as it would be, and the report of each file. Writes nothing."""
    files, passed, settings = prepare(sources, settings)
    current = Run(Workspace(""), files, passed, settings, Silent())
    try:
        stages.read(current)
        return stages.quality(current), current.reports
    finally:
        if current.engine is not None:
            current.engine.close()


def _refuse_foreign_folder(workspace: Workspace) -> None:
    path = workspace.path
    if path.is_file():
        raise UsageError(f"{path} is a file", fix="name a folder for the workspace with -o")
    if path.is_dir() and any(p for p in path.iterdir() if not p.name.startswith(".")) and not (path / "manifest.json").exists():
        raise UsageError(f"{path} holds other files and is no workspace", fix="name an empty or new folder with -o")


def _manifest(current: Run) -> dict[str, Any]:
    """The manifest to go on with: the one there is where inputs and settings are the same, else a new one."""
    inputs = [{"name": name, "kind": kind, "bytes": path.stat().st_size, "sha256": digest(path)}
              for kind, path, name in current.sources]  # fmt: skip
    options = {k: v for k, v in asdict(current.settings).items() if k != "until"}
    made = {"inputs": inputs, "options": json.loads(json.dumps(options)), "versions": versions()}
    key = hashlib.sha256(json.dumps(made, sort_keys=True).encode()).hexdigest()
    old = current.workspace.manifest
    if old.get("key") == key:
        done = old["stages"]
        if done.get("measure", {}).get("state") != "done":
            done = {k: v for k, v in done.items() if k not in _TOGETHER}
        return {**old, "stages": done}
    return {"key": key, **made, "stages": {}}


def _finish(workspace: Workspace, manifest: dict[str, Any]) -> None:
    """The summary names versions and seconds of every stage."""
    if summary := workspace.summary:
        summary["versions"] = manifest["versions"]
        summary["seconds"] = {name: stage["seconds"] for name, stage in manifest["stages"].items()}
        workspace.write_json("summary.json", summary)

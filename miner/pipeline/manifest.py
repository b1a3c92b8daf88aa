"""manifest.json: what a workspace was made of, and which stages are done."""

from __future__ import annotations

import hashlib
import json
import shutil
import uuid
from collections.abc import Iterable
from dataclasses import asdict
from typing import Any

from miner.errors import UsageError
from miner.events.schema import GOOD
from miner.pipeline.settings import Settings
from miner.pipeline.summary import versions
from miner.privacy import file_name
from miner.readers.files import Source, digest
from miner.workspace import TABLES, Workspace

_MADE = (
    "tables",
    "graph",
    "models",
    "results",
    "assumptions.json",
    "summary.json",
    "quality.json",
    "rejects.csv",
    "report.html",
)


class Manifest:
    """The manifest of a run: the one there is where inputs, options and versions are the same, else a new one.

    The folder's `id` stays: by it the workspace is known in a Neo4j database.
    """

    def __init__(self, workspace: Workspace, files: list[Source], settings: Settings, safe: dict[str, Any]):
        self._workspace = workspace
        shown = file_name if settings.identifiers == "hide" else str
        inputs = [{"name": shown(f.name), "kind": f.kind, **_content(f)} for f in files]
        # `safe` stands for the options that would give people or keys away.
        options = {k: v for k, v in asdict(settings).items() if k != "until"} | safe
        made = {
            "inputs": inputs,
            "options": json.loads(json.dumps(options, default=str)),
            "versions": versions(),
            "tables": TABLES,
        }
        key = hashlib.sha256(json.dumps(made, sort_keys=True).encode()).hexdigest()
        old = workspace.manifest
        self.resumed = old.get("key") == key
        self.stages: dict[str, Any] = dict(old.get("stages", {})) if self.resumed else {}
        known = old.get("id") or workspace.read_json("identity.json").get("id")
        self._content = {"id": known or uuid.uuid4().hex, "key": key, **made}

    def is_done(self, stage: str) -> bool:
        """Whether a stage was finished, with the same inputs and options."""
        return self.stages.get(stage, {}).get("state") == "done"

    def forget(self, stages: Iterable[str]) -> None:
        """Keep no longer that these stages are done."""
        for name in stages:
            self.stages.pop(name, None)

    def done(self, stage: str, seconds: float) -> None:
        """Keep that a stage is finished; `save` writes it down."""
        self.stages[stage] = {"state": "done", "seconds": round(seconds, 3)}

    def save(self) -> None:
        """Write it, whole or not at all."""
        self._workspace.write_json("manifest.json", {**self._content, "stages": self.stages})

    def begin(self) -> None:
        """Make the workspace this run's own, before its first file is written: what another run left goes."""
        if self.resumed:
            return
        # First the manifest, without any stage: killed from here on, nothing old passes for new.
        self._workspace.write_json("manifest.json", {**self._content, "stages": {}})
        self.resumed = True
        for name in _MADE:
            path = self._workspace.path / name
            if path.is_dir():
                shutil.rmtree(path)
            else:
                path.unlink(missing_ok=True)


def _content(source: Source) -> dict[str, Any]:
    """What tells whether a source has changed; of one that only Spark's workers reach nothing does."""
    if source.path.is_file():
        return {"bytes": source.path.stat().st_size, "sha256": digest(source.path)}
    parts = [part.stat() for part in sorted(source.path.rglob("*"))] if source.path.is_dir() else []
    return {
        "bytes": sum(part.st_size for part in parts),
        "changed": max((part.st_mtime for part in parts), default=None),
    }


def saved_settings(workspace: Workspace) -> Settings:
    """What a workspace is made again with: the options of its run that its tables do not hold, and its last rates."""
    from miner.costs import saved_rates
    from miner.kpis.targets import Target

    options = workspace.manifest.get("options", {})
    return Settings(
        good=tuple(options.get("good", GOOD)),
        graph=options.get("graph", "none"),
        tz=options.get("tz"),
        agents=options.get("agents", False),
        rates=saved_rates(workspace),
        tiers=options.get("tiers", {}),
        targets=tuple(Target(**target) for target in options.get("targets", ())),
    )


def refuse_foreign_folder(workspace: Workspace) -> None:
    """UsageError where the place of a workspace holds anything else."""
    path = workspace.path
    if path.exists() and not path.is_dir():
        raise UsageError(f"{path} is a file", fix="name a folder for the workspace with -o")
    if path.is_dir() and any(p for p in path.iterdir() if not p.name.startswith(".")) and not _is_ours(workspace):
        raise UsageError(
            f"{path} contains other files and is not a workspace", fix="name an empty or new folder with -o"
        )


def _is_ours(workspace: Workspace) -> bool:
    try:
        manifest = workspace.manifest
    except (ValueError, OSError):
        return False
    return isinstance(manifest, dict) and {"key", "stages"} <= manifest.keys()

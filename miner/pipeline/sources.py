"""From the sources that were named to the files to read, and the settings completed by a folder's own mapping."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import Path

from miner.errors import UsageError
from miner.pipeline.settings import Settings, with_mapping_file
from miner.readers.files import Found, find


@dataclass(frozen=True)
class Sources:
    """The files to read, what was passed over, and the settings to read them with."""

    files: list[Found]
    passed_over: list[str]
    settings: Settings


def prepare(sources: Iterable[str], settings: Settings) -> Sources:
    """Find the files; a `mapping.yaml` in a folder is picked up with it. InputError lists all that is missing."""
    named = [str(s) for s in sources]
    if not named:
        raise UsageError("nothing to read", fix="name a file or a folder: miner run SOURCE...")
    for name in named:
        own = Path(name) / "mapping.yaml"
        if own.is_file():
            settings = with_mapping_file(settings, own)
    files, passed = find(named, settings.ignore)
    lists = [f for f in files if not f.named and f.path.suffix.lower() == ".csv" and _is_silos(f.path)]
    passed += [f.name + ("" if settings.silos else " (teams and silos: give it with --silos)") for f in lists]
    kept = [replace(f, kind=f.kind or settings.kind_of(f.name)) for f in files if f not in lists]
    if not kept:
        raise UsageError("nothing to read but a list of silos", fix="name a log: miner run SOURCE...")
    return Sources(kept, passed, settings)


def _is_silos(path: Path) -> bool:
    with path.open(encoding="utf-8-sig", errors="replace") as f:
        head = f.readline(1000).strip().lower().replace(";", ",").replace("\t", ",").replace('"', "")
    return {name.strip() for name in head.split(",")} == {"team", "silo"}

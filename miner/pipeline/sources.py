"""From the sources that were named to the files to read, and the settings completed by a folder's own mapping."""

from __future__ import annotations

import os
import shutil
import sys
import tempfile
import weakref
from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import Path

from miner.errors import UsageError
from miner.pipeline.mapping import with_mapping_file
from miner.pipeline.settings import Settings
from miner.readers.databases import Address, address_of, fetch
from miner.readers.files import Source, find

_PIPED = "stdin"  # what standard input is called


@dataclass(frozen=True)
class Sources:
    """The files to read, what was passed over, and the settings to read them with."""

    files: list[Source]
    passed_over: list[str]
    settings: Settings


def prepare(sources: Iterable[str], settings: Settings) -> Sources:
    """Find the files; a `mapping.yaml` in a folder is picked up with it. InputError lists all that is missing."""
    named = [str(s) for s in sources]
    if not named:
        raise UsageError("nothing to read", fix="name a file or a folder: miner run SOURCE...")
    piped = [name for name in named if name == "-" or name.endswith(":-")]
    address_by_name = {name: address_of(name) for name in named if name not in piped}
    addresses = [address for address in address_by_name.values() if address is not None]
    paths = [name for name, address in address_by_name.items() if address is None]
    for name in list(paths):
        own = Path(name) / "mapping.yaml"
        if os.path.isfile(own):  # what cannot be looked into is told by `find`
            before = settings.per_source.keys()
            settings = with_mapping_file(settings, own)
            own_addresses = [address_of(source, own.parent) for source in settings.per_source.keys() - before]
            addresses += sorted(filter(None, own_addresses), key=lambda address: address.name)
            if any(own_addresses) and not any(path.is_file() for path in own.parent.iterdir() if path != own):
                paths.remove(name)
    files, passed = find(paths, settings.ignore)
    copies, folder = _copies(addresses, piped)
    files += copies
    lists = [f for f in files if not f.named and f.path.suffix.lower() == ".csv" and _is_silos(f.path)]
    passed += [f.name + ("" if settings.silos else " (teams and silos: give it with --silos)") for f in lists]
    logs = [replace(f, kind=f.kind or settings.kind_of(f.name)) for f in files if f not in lists]
    if not logs:
        raise UsageError("nothing to read except a list of silos", fix="name a log: miner run SOURCE...")
    made = Sources(logs, passed, settings)
    if folder:
        weakref.finalize(made, shutil.rmtree, folder, ignore_errors=True)
    return made


def named(sources: Iterable[str], settings: Settings) -> Sources:
    """Logs that Spark reads, as they are named: it may be that only its workers reach them."""
    files = [Source("eventlog", Path(name), name) for name in map(str, sources)]
    if not files:
        raise UsageError("nothing to read", fix="name a log: miner run LOG.parquet --engine spark")
    return Sources(files, [], settings)


def _copies(addresses: list[Address], piped: list[str]) -> tuple[list[Source], Path | None]:
    """What the addresses name, and what is piped in, copied into a folder of its own."""
    if not addresses and not piped:
        return [], None
    folder = Path(tempfile.mkdtemp(prefix="miner-"))
    try:
        web = ("https", "http")
        copies = [
            Source(a.kind or (None if a.scheme in web else "database"), fetch(a, folder), a.name) for a in addresses
        ]
        return [*copies, *([_piped(piped, folder)] if piped else [])], folder
    except BaseException:
        shutil.rmtree(folder, ignore_errors=True)
        raise


def _piped(names: list[str], folder: Path) -> Source:
    """Standard input as a file; UsageError where it is named twice, or nothing is piped in."""
    if len(set(names)) > 1:
        raise UsageError("standard input (-) is named twice", fix="name it once, and use files for the rest")
    if sys.stdin is None or sys.stdin.isatty():
        raise UsageError("nothing is piped in", fix="pipe a file in, as in: miner run - < tickets.csv; or name one")
    path = folder / _PIPED
    with path.open("wb") as out:
        shutil.copyfileobj(sys.stdin.buffer, out)
    return Source(names[0].rpartition(":")[0] or None, path, _PIPED)


def _is_silos(path: Path) -> bool:
    with path.open(encoding="utf-8-sig", errors="replace") as f:
        head = f.readline(1000).strip().lower().replace(";", ",").replace("\t", ",").replace('"', "")
    return {name.strip() for name in head.split(",")} == {"team", "silo"}

"""Readers: one module a source system, found by itself when it is put into this folder or a room of it."""

from __future__ import annotations

import pkgutil
from functools import cache
from importlib import import_module
from typing import cast

from miner.errors import Problem, UsageError
from miner.readers.base import Match, Options, Reader, Report, SourceFile
from miner.readers.plugins import plugins
from miner.readers.unknown import Unknown

__all__ = ["Match", "Options", "Reader", "Report", "SourceFile", "Unknown", "choose", "readers"]


@cache
def readers() -> dict[str, Reader]:
    """All readers by name, with those of other packages that are installed."""
    found: dict[str, Reader] = {}
    for info in pkgutil.walk_packages(__path__, f"{__name__}."):
        module = import_module(info.name)
        if hasattr(module, "sniff") and hasattr(module, "read"):
            found[module.NAME] = cast("Reader", module)
    return {**found, **plugins(found)}


def choose(file: SourceFile) -> tuple[Reader, str]:
    """The reader of a file and why; the one asked for, else the surest. Unknown where none knows it."""
    if file.kind is not None:
        if file.kind not in readers():
            raise UsageError(f"unknown kind of source {file.kind!r}", fix=f"kinds are: {' '.join(sorted(readers()))}")
        return _named(file, readers()[file.kind]), "named in the command"
    claims = [(match.score, name, match.why) for name, reader in readers().items() if (match := reader.sniff(file))]
    if not claims:
        raise Unknown(
            Problem(
                "no reader knows this format",
                file.name,
                fix=f"say what it is (KIND:{file.name}); kinds are: {' '.join(sorted(readers()))}",
            )
        )
    _, name, why = max(claims, key=lambda claim: (claim[0], claim[1]))
    return readers()[name], why


def _named(file: SourceFile, named: Reader) -> Reader:
    """The reader that was named, or the one that takes off the envelopes in which the other's records lie."""
    own = named.sniff(file)
    around = [reader for reader in readers().values() if getattr(reader, "ENVELOPE", False) and reader is not named]
    outer = ((match.score, reader) for reader in around if (match := reader.sniff(file)))
    return next((reader for score, reader in outer if own is None or own.score < score), named)

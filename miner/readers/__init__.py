"""Readers: one module a source system, found by itself when it is put into this folder or a room of it."""

from __future__ import annotations

import pkgutil
from functools import cache
from importlib import import_module
from typing import cast

from miner.errors import InputError, Problem, UsageError
from miner.readers.base import Match, Options, Reader, Report, SourceFile, UnknownFormat
from miner.readers.plugins import plugins

__all__ = ["Match", "Options", "Reader", "Report", "SourceFile", "UnknownFormat", "choose", "readers"]

SURE = 80  # the least score of a claim that stands against what the user says


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
    """The reader of a file and why; the one asked for, else the surest. UnknownFormat where none knows it.

    InputError where the one asked for does not know the file and another is sure that it is its own.
    """
    if file.kind is not None:
        if file.kind not in readers():
            raise UsageError(f"unknown kind of source {file.kind!r}", fix=f"kinds are: {' '.join(sorted(readers()))}")
        return _named(file, readers()[file.kind]), "named on the command line"
    claims = _claims(file)
    if not claims:
        raise UnknownFormat(
            Problem(
                "no reader recognises this format",
                file.name,
                fix=f"name its type (KIND:{file.name}); kinds are: {' '.join(sorted(readers()))}",
            )
        )
    _, name, why = max(claims)
    return readers()[name], why


def _claims(file: SourceFile) -> list[tuple[int, str, str]]:
    """Score, name and reason of each reader that knows a file."""
    return [(match.score, name, match.why) for name, reader in readers().items() if (match := reader.sniff(file))]


def _refuse_what_is_anothers(file: SourceFile, named: Reader) -> None:
    """Refuse a file that another reader surely knows, unless that takes off envelopes; any table may be a plain log."""
    from miner.readers.tabular.read import is_table

    if named.NAME == "database" or (named.NAME == "eventlog" and is_table(file)):
        return
    score, name, why = max(_claims(file), default=(0, "", ""))
    if score >= SURE and not getattr(readers()[name], "ENVELOPE", False):
        raise InputError(
            Problem(
                f"it is not what was said ({named.TITLE}): {why}",
                file.name,
                fix=f"leave the kind out, or say {name}:{file.name}",
            )
        )


def _named(file: SourceFile, named: Reader) -> Reader:
    """The reader that was named, or the one that takes off the envelopes in which the other's records lie."""
    own = named.sniff(file)
    if own is None:
        _refuse_what_is_anothers(file, named)
    around = [reader for reader in readers().values() if getattr(reader, "ENVELOPE", False) and reader is not named]
    outer = ((match.score, reader) for reader in around if (match := reader.sniff(file)))
    return next((reader for score, reader in outer if own is None or own.score < score), named)

"""Readers: one module a source system, found by itself when it is put into this folder."""

from __future__ import annotations

import pkgutil
from collections.abc import Callable
from dataclasses import replace
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import cast

from miner.errors import InputError, Problem, UsageError
from miner.events.sink import Sink
from miner.readers.base import Match, Options, Reader, Report, SourceFile
from miner.readers.files import digest, find, unpack

__all__ = ["Match", "Options", "Reader", "Report", "SourceFile", "choose", "find", "read_all", "readers"]


@cache
def readers() -> dict[str, Reader]:
    """All readers by name."""
    found: dict[str, Reader] = {}
    for info in pkgutil.iter_modules(__path__, f"{__name__}."):
        module = import_module(info.name)
        if hasattr(module, "sniff") and hasattr(module, "read"):
            found[module.NAME] = cast("Reader", module)
    return found


def choose(file: SourceFile) -> tuple[Reader, str]:
    """The reader of a file and why; the one asked for, else the surest. InputError where none knows it."""
    if file.kind is not None:
        if file.kind not in readers():
            raise UsageError(f"unknown kind of source {file.kind!r}", fix=f"kinds are: {' '.join(sorted(readers()))}")
        return readers()[file.kind], "named in the command"
    claims = [(match.score, name, match.why) for name, reader in readers().items() if (match := reader.sniff(file))]
    if not claims:
        raise InputError(Problem("no reader knows this format", file.name,
                                 fix=f"say what it is (KIND:{file.name}); kinds are: {' '.join(sorted(readers()))}"))  # fmt: skip
    _, name, why = max(claims, key=lambda claim: (claim[0], claim[1]))
    return readers()[name], why


def read_all(sources: list[tuple[str | None, Path, str]], options_for: Callable[[str], Options], sink: Sink,
             progress: Callable[[str], None] = lambda _: None) -> list[Report]:  # fmt: skip
    """Read all files into the sink; the problems of all bad files are raised together, after the last."""
    reports: list[Report] = []
    problems: list[Problem] = []
    seen: dict[str, str] = {}
    for kind, path, name in sources:
        mark = digest(path)
        if mark in seen:
            sink.begin(name)
            sink.note("same_file", f"is the same as {seen[mark]} and was read once")
            continue
        seen[mark] = name
        progress(name)
        try:
            reports += _read_file(kind, path, name, options_for, sink)
        except InputError as error:
            problems += [replace(p, file=p.file or name) for p in error.problems]
    if problems:
        raise InputError(problems)
    return reports


def _read_file(kind: str | None, path: Path, name: str, options_for: Callable[[str], Options], sink: Sink) -> list[Report]:
    reports = []
    for unpacked in unpack(kind, path, name, sink.engine):
        file = unpacked.file
        sink.begin(file.name)
        if unpacked.encoding != "utf-8":
            sink.note("encoding", f"read as {unpacked.encoding}")
        if unpacked.replaced:
            sink.note("invalid_bytes", "bytes that are no text, replaced by �", unpacked.replaced, f"line {unpacked.replaced_at}")
        reader, why = choose(file)
        report = reader.read(file, options_for(file.name), sink)
        sink.flush()
        report.why = why if not report.why else f"{why}; {report.why}"
        reports.append(report)
    return reports

"""Readers: one module a source system, found by itself when it is put into this folder."""

from __future__ import annotations

import pkgutil
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import cast

from miner.errors import InputError, Problem, UsageError
from miner.events.sink import Sink
from miner.readers.base import AccountReader, Match, Options, Reader, Report, SourceFile
from miner.readers.files import Unpacked, digest, find, unpack

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


@dataclass
class _Batch:
    """Files that one reader reads together: records of one account may be split over them."""

    reader: Reader
    options: Options
    files: list[SourceFile] = field(default_factory=list)
    why: list[str] = field(default_factory=list)


def read_all(sources: list[tuple[str | None, Path, str]], options_for: Callable[[str], Options], sink: Sink,
             progress: Callable[[str], None] = lambda _: None) -> list[Report]:  # fmt: skip
    """Read all files into the sink; the problems of all bad files are raised together, after the last."""
    reports: list[Report] = []
    problems: list[Problem] = []
    for batch in _batches(sources, options_for, sink, problems):
        progress(", ".join(file.name for file in batch.files))
        try:
            reports += _read_batch(batch, sink)
        except InputError as error:
            problems += [replace(p, file=p.file or batch.files[0].name) for p in error.problems]
    if problems:
        raise InputError(problems)
    return reports


def _batches(sources: list[tuple[str | None, Path, str]], options_for: Callable[[str], Options], sink: Sink,
             problems: list[Problem]) -> list[_Batch]:  # fmt: skip
    """The files, unpacked, each with its reader; a file given twice is left out with a note."""
    batches: list[_Batch] = []
    seen: dict[str, str] = {}
    for kind, path, name in sources:
        mark = digest(path)
        if mark in seen:
            sink.begin(name)
            sink.note("same_file", f"is the same as {seen[mark]} and was read once")
            continue
        seen[mark] = name
        try:
            for unpacked in unpack(kind, path, name, sink.engine):
                _note_recoding(unpacked, sink)
                _put(batches, unpacked.file, options_for(unpacked.file.name))
        except InputError as error:
            problems += [replace(p, file=p.file or name) for p in error.problems]
    return batches


def _put(batches: list[_Batch], file: SourceFile, options: Options) -> None:
    reader, why = choose(file)
    batch = next((b for b in batches if b.reader is reader and b.options == options and hasattr(reader, "read_all")), None)
    if batch is None:
        batch = _Batch(reader, options)
        batches.append(batch)
    batch.files.append(file)
    batch.why.append(why)


def _note_recoding(unpacked: Unpacked, sink: Sink) -> None:
    sink.source = unpacked.file.name
    if unpacked.encoding != "utf-8":
        sink.note("encoding", f"read as {unpacked.encoding}")
    if unpacked.replaced:
        sink.note("invalid_bytes", "bytes that are no text, replaced by �", unpacked.replaced, f"line {unpacked.replaced_at}")


def _read_batch(batch: _Batch, sink: Sink) -> list[Report]:
    if len(batch.files) > 1:
        reports = cast("AccountReader", batch.reader).read_all(batch.files, batch.options, sink)
    else:
        sink.begin(batch.files[0].name)
        reports = [batch.reader.read(batch.files[0], batch.options, sink)]
    sink.flush()
    for report, why in zip(reports, batch.why, strict=True):
        report.why = why if not report.why else f"{why}; {report.why}"
    return reports

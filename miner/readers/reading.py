"""All sources of a run into the sink: unpacked, each by its reader, the files of one export together."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Protocol

from miner.errors import InputError, Problem
from miner.events.engine import literal
from miner.events.sink import Sink
from miner.readers import choose, readers
from miner.readers.base import Options, Reader, Report, SourceFile, UnknownFormat
from miner.readers.files import Source, Unpacked, digest, unpack
from miner.readers.mapping_use import TrackedMapping, note_unused_keys
from miner.readers.placeholders import note_placeholders

MOST_NAMED = 10


class Listener(Protocol):
    """Who is told how far it is."""

    def __call__(self, name: str, done: int, total: int) -> None:
        """A file begins; `done` of `total` bytes of all files are behind."""


@dataclass
class Reading:
    """What came of it: a report a file, in order of the sources, and the files that no reader knew."""

    reports: list[Report] = field(default_factory=list)
    passed_over: list[str] = field(default_factory=list)


@dataclass
class _Group:
    """Files of one export that its reader reads together: pages overlap, and names in one are used in another."""

    reader: Reader
    options: Options
    files: list[SourceFile] = field(default_factory=list)
    whys: dict[str, str] = field(default_factory=dict)


def read_all(
    sources: Iterable[Source],
    options_for: Callable[[str], Options],
    sink: Sink,
    progress: Listener = lambda name, done, total: None,
) -> Reading:
    """Read all files into the sink; the problems of all bad files are raised together, after the last."""
    return _All(options_for, sink).read(list(sources), progress)


class _All:
    def __init__(self, options_for: Callable[[str], Options], sink: Sink):
        self._options_for, self._sink = options_for, sink
        self._reading = Reading()
        self._problems: list[Problem] = []
        self._seen: dict[str, str] = {}
        self._groups: dict[str, _Group] = {}
        self._mapped_keys: dict[str, str] = {}
        self._used_keys: set[str] = set()

    def read(self, sources: list[Source], progress: Listener) -> Reading:
        total, done = sum(source.path.stat().st_size for source in sources), 0
        for source in sources:
            progress(source.name, done, total)
            self._guarded(source.name, partial(self._read_source, source), source.named)
            done += source.path.stat().st_size
        for group in self._groups.values():
            progress(", ".join(file.name for file in group.files[:3]), done, total)
            self._guarded(None, partial(self._read_group, group))
        if not self._reading.reports and not self._problems:
            passed = "; ".join(self._reading.passed_over[:MOST_NAMED])
            if more := len(self._reading.passed_over) - MOST_NAMED:
                passed += f"; and {more:,} more" if more > 0 else ""
            self._problems.append(Problem(f"none of the files is a log: {passed}", fix="name the type: KIND:FILE"))
        if self._problems:
            raise InputError(self._problems)
        self._note_placeholders()
        note_unused_keys(self._sink, self._mapped_keys, self._used_keys)
        order = {source.name: i for i, source in enumerate(sources)}
        self._reading.reports.sort(
            key=lambda report: order.get(report.file, order.get(report.file.split("/")[0], len(order)))
        )
        return self._reading

    def _note_placeholders(self) -> None:
        """What systems' own exports call nobody; of tables it is told where their columns are known."""
        for report in self._reading.reports:
            if not {"case", "time"} & report.columns.keys():
                self._sink.source = report.file
                note_placeholders(
                    self._sink,
                    f"source = {literal(report.file)}",
                    {"team": "team"},
                    self._options_for(report.file).owners,
                )

    def _guarded(self, name: str | None, work: Callable[[], None], named: bool = True) -> None:
        try:
            work()
        except InputError as error:
            problems = [replace(p, file=p.file or name) for p in error.problems]
            if not named:
                out = f"or leave it out: `ignore: [{name}]` in the folder's mapping.yaml"
                problems[-1] = replace(problems[-1], fix="; ".join(part for part in (problems[-1].fix, out) if part))
            self._problems += problems

    def _read_source(self, source: Source) -> None:
        if self._is_repeat(digest(source.path), source.name):
            return
        try:
            for unpacked in unpack(source, self._sink.engine):
                self._read_unpacked(source, unpacked)
        except UnknownFormat as unknown:
            self._pass_over(source.name, unknown, source.named)

    def _read_unpacked(self, source: Source, unpacked: Unpacked) -> None:
        file = unpacked.file
        if unpacked.unread:
            if source.named and not unpacked.member:
                raise unpacked.unread
            self._reading.passed_over.append(f"{file.name} ({unpacked.unread.problems[0].what})")
            return
        if not file.path.samefile(source.path) and self._is_repeat(digest(file.path), file.name):
            return
        try:
            reader, why = choose(file)
            self._sink.begin(file.name)
            self._note(unpacked)
            self._read_file(reader, file, why)
        except UnknownFormat as unknown:
            self._pass_over(file.name, unknown, source.named and not unpacked.member)

    def _pass_over(self, name: str, unknown: UnknownFormat, named: bool) -> None:
        """What lies in a folder or an archive among logs need not be one; what was named must."""
        if named:
            raise unknown
        self._reading.passed_over.append(f"{name} ({unknown.problems[0].what})")
        self._sink.forget(name)
        self._sink.source = name
        self._sink.note("passed_over", f"not read: {unknown.problems[0].what}")

    def _is_repeat(self, mark: str, name: str) -> bool:
        if mark in self._seen:
            self._sink.source = name
            self._sink.note("same_file", f"is identical to {self._seen[mark]} and was read once")
            return True
        self._seen[mark] = name
        return False

    def _note(self, unpacked: Unpacked) -> None:
        if unpacked.encoding != "utf-8":
            guess = " (Western European), because it is not UTF-8" if unpacked.encoding == "cp1252" else ""
            self._sink.note("encoding", f"read as {unpacked.encoding}{guess}")
        if unpacked.replaced:
            self._sink.note(
                "invalid_bytes",
                "invalid bytes were replaced by �",
                unpacked.replaced,
                f"line {unpacked.replaced_at}",
            )

    def _read_file(self, reader: Reader, file: SourceFile, why: str) -> None:
        options = self._options_for(file.name)
        self._mapped_keys |= options.columns
        options = replace(options, columns=TrackedMapping(options.columns, self._used_keys))
        if hasattr(reader, "read_all"):
            group = self._groups.setdefault(f"{reader.NAME} {options}", _Group(reader, options))
            group.files.append(file)
            group.whys[file.name] = why
        else:
            self._keep(reader.read(file, options, self._sink), why)

    def _read_group(self, group: _Group) -> None:
        if len(group.files) == 1:
            self._sink.begin(group.files[0].name)
            reports = [group.reader.read(group.files[0], group.options, self._sink)]
        else:
            reports = group.reader.read_all(group.files, group.options, self._sink)  # type: ignore[attr-defined]
        for report in reports:
            self._keep(report, group.whys.get(report.file, ""))

    def _keep(self, report: Report, why: str) -> None:
        self._sink.flush()
        if kind := self._options_for(report.file).kind:
            self._sink.declare(report.file, kind)
        report.outcomes = getattr(readers()[report.reader], "OUTCOMES", ()) if report.reader in readers() else ()
        report.why = "; ".join(part for part in (why, report.why) if part)
        self._reading.reports.append(report)

"""The skeleton of a reader whose records are split over the files of one account."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Protocol, TypeVar

from miner.events.sink import Sink
from miner.readers.base import Options, Report, SourceFile
from miner.readers.shared.clock import Clock
from miner.readers.shared.records import Record, paged_records
from miner.readers.shared.staging import Staged, Staging, no_interactions, read_files, usable

T = TypeVar("T")


class ReadInteraction(Protocol):
    """An interaction whose records have been understood."""

    def hand_over(self, reports: dict[int, Report]) -> int:
        """Give its events and the interaction to the sink; returns 0 where there was nothing to give."""


class AccountFiles:
    """The files of one account, read together: pages overlap, and names in one are used in another.

    A reader's own class says how a file is staged and what the records of one interaction are, and its module gives
    the two functions of a reader: `read, read_all = _Files.read, _Files.read_all`.
    """

    name: str  # of the reader
    keys: tuple[str, ...] = ("intent", "customer", "outcome", "value")  # that a mapping may have
    pages: tuple[str, ...] = ()  # the lists in a page of JSON that hold records
    unit = "s"  # of epoch numbers: s, ms, us
    time_words = "ISO-8601"
    # The error where nothing could be told, and what to do; None: files that only name things are fine.
    nothing: str | None = "there is no interaction with a time"
    fix: str | None = None

    several: bool  # whether there is more than one file
    staging: Staging  # while files are staged: where their records go,
    report: Report  # what is reported of the present file,
    clock: Clock  # and how its times are read

    def __init__(self, options: Options, sink: Sink):
        self.options, self.sink = options, sink
        self.mapping = options.mapped(self.keys)

    @classmethod
    def read(cls, file: SourceFile, options: Options, sink: Sink) -> Report:
        """Read one file; for several of an account see `read_all`."""
        return cls.read_all([file], options, sink)[0]

    @classmethod
    def read_all(cls, files: list[SourceFile], options: Options, sink: Sink) -> list[Report]:
        """Read the files of one account together; one report a file."""
        account = cls(options, sink)
        account.several = len(files) > 1
        return read_files(files, options, sink, cls.name, account._stage_file, account._emit)

    def stage(self, file: SourceFile) -> None:
        """Lay down what happened, and remember names: by default from each record of a JSON file."""
        for record in paged_records(file, self.sink, self.pages):
            with usable(self.sink, self.report, record.line):
                self.take(record)

    def take(self, record: Record) -> None:
        """Stage a record of JSON, or remember what it says; Malformed where it cannot be used."""
        raise NotImplementedError

    def complete(self) -> None:
        """What follows from all records together; called once, after the last file."""

    def conclude(self) -> None:
        """What is to be noted of all interactions together; called once, after the last one."""

    def interaction(self, key: str, records: list[Staged]) -> ReadInteraction | None:
        """The interaction that the records of a topic are, None where they are none."""
        raise NotImplementedError

    def interactions(self, key: str, records: list[Staged]) -> Iterable[ReadInteraction | None]:
        """The same where a topic may be several."""
        return (self.interaction(key, records),)

    def take_each(self, records: Iterable[tuple[int, T]], take: Callable[[int, T], None]) -> None:
        """Give each record with its line to `take`: it counts as read, or is rejected where it is Malformed."""
        for line, record in records:
            with usable(self.sink, self.report, line):
                take(line, record)

    def _stage_file(self, file: SourceFile, staging: Staging, report: Report) -> None:
        self.staging, self.report, self.clock = staging, report, self.make_clock(file)
        report.columns, report.time = dict(self.mapping), self.time_words
        self.stage(file)

    def make_clock(self, file: SourceFile) -> Clock:
        """How the times of a file are read."""
        return Clock(self.options, self.sink, self.unit)

    def _emit(self, staging: Staging, reports: dict[int, Report]) -> None:
        self.complete()
        count = 0
        for key, records in staging.topics():
            for interaction in self.interactions(key, records):
                count += interaction.hand_over(reports) if interaction else 0
        if not count and self.nothing:
            raise no_interactions(reports, self.nothing, self.fix)
        self.conclude()

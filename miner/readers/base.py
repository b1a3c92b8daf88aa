"""What a reader is: a module with NAME, TITLE, `sniff` and `read`.

A reader module knows one source system and nothing of the others. It is found by itself
when it is put into this folder or a room of it. See docs/add-a-source.md.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from miner.errors import InputError

if TYPE_CHECKING:
    from miner.events.sink import Sink

HEAD = 1 << 18


@dataclass(frozen=True)
class SourceFile:
    """One file to read, already unpacked: `name` is what the user knows it as."""

    name: str
    path: Path
    kind: str | None = None  # the reader the user asked for with "kind:path"

    @cached_property
    def head(self) -> bytes:
        """The first 256 KiB."""
        with self.path.open("rb") as f:
            return f.read(HEAD)

    @cached_property
    def whole(self) -> bool:
        """Whether `head` is the whole file."""
        return self.path.stat().st_size <= HEAD

    @property
    def suffix(self) -> str:
        """The last ending of the name in lower case, with the dot."""
        return Path(self.name).suffix.lower()


class UnknownFormat(InputError):
    """A file that no reader knows: an error where it was named, passed over where it lay in a folder or archive."""


@dataclass(frozen=True)
class Match:
    """A reader's claim on a file: how sure (0 to 100) and why, in words for the user."""

    score: int
    why: str


@dataclass(frozen=True)
class Options:
    """What the user declared about a source; everything left out is found or an error."""

    columns: dict[str, str] = field(default_factory=dict)  # --map KEY=COLUMN
    tz: str | None = None
    time_format: str | None = None
    dayfirst: bool | None = None
    missing: tuple[str, ...] = ()  # further markers, beside the built-in ones
    keep: tuple[str, ...] = ()  # columns of a table to keep as attributes
    owners: tuple[str, ...] = ()  # names that own although they look like nobody
    kind: str | None = None  # contact or record, what all its interactions are
    records_at: str | None = None  # the path of the list that holds the records of a JSON file

    def mapped(self, keys: Iterable[str]) -> dict[str, str]:
        """The columns that the user named for these keys, in their order."""
        return {key: self.columns[key] for key in keys if key in self.columns}


@dataclass
class Report:
    """What was understood of one file, for `inspect` and quality.json."""

    file: str
    reader: str
    why: str
    columns: dict[str, str] = field(default_factory=dict)  # key → column
    reasons: dict[str, str] = field(default_factory=dict)  # key → why this column
    unmapped: list[str] = field(default_factory=list)
    time: str | None = None  # format and zone in words
    rows: int = 0  # rows or records in the file
    events: int = 0
    rejected: int = 0
    outcomes: tuple[str, ...] = ()  # what its system itself can say of how an interaction ended


class Reader(Protocol):
    """The shape of a reader module."""

    NAME: str  # as in "kind:path", and the source_system where no column says it
    TITLE: str  # for people
    LINKED: bool  # True: interactions are joined into journeys; False: the case is the journey
    # Optional: OUTCOMES, the outcomes that the system's own states give. Where a system can name failures only, or
    # successes only, no rate is made of them; outcomes of a column that the user mapped are seen in the log.

    def sniff(self, file: SourceFile) -> Match | None:
        """Say whether this file looks like ours, from `file.head` and `file.name` only."""

    def read(self, file: SourceFile, options: Options, sink: Sink) -> Report:
        """Read the whole file into the sink; raise InputError with all problems found."""


class AccountReader(Reader, Protocol):
    """A reader whose records may be split over several files of one account."""

    def read_all(self, files: list[SourceFile], options: Options, sink: Sink) -> list[Report]:
        """Read the files together, calling `sink.begin` for each; one report a file, in order."""

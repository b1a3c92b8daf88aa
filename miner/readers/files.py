"""From what the user names (file, folder, archive, kind:path) to plain UTF-8 files on disk."""

from __future__ import annotations

import gzip
import hashlib
import os
import re
import stat
import zipfile
import zlib
from collections import Counter
from collections.abc import Collection, Iterator
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path
from typing import IO, TYPE_CHECKING

from miner.errors import InputError, Problem
from miner.readers.base import HEAD, SourceFile, UnknownFormat
from miner.readers.encodings import as_utf8
from miner.readers.not_exports import not_an_export
from miner.readers.paths import readable, wrong_with

if TYPE_CHECKING:
    from miner.events.engine import Engine

MAX_UNPACKED = 200 << 30
MAX_RATIO = 200  # a log unpacks to less than this many times its size; a bomb to far more
_KIND = re.compile(r"^([a-z][a-z0-9_]+):(?![\\/]{2})(.+)$")
_GZIP, _ZIPS = b"\x1f\x8b", (b"PK\x03\x04", b"PK\x05\x06")
_BOOKS = (".xlsx", ".xlsm", ".xlsb", ".ods")
_DAY = re.compile(r"\d{4}-\d\d-\d\d\.json")  # in chat exports a file a day; its folder says of which channel
_NOT_LOGS = frozenset(
    ".md .txt~ .py .yaml .yml .toml .cfg .ini .license .html .css .js .png .jpg .svg .pdf .sql .sh .lock .log~".split()
)


@dataclass(frozen=True)
class Source:
    """A file to read: the kind asked for, where it is, what to call it, and whether it was named or lay in a folder."""

    kind: str | None
    path: Path
    name: str
    named: bool = True


@dataclass(frozen=True)
class Unpacked:
    """A plain file with what was done to get it; a `member` came out of an archive of several.

    `unread` is why a member of an archive is not to be read.
    """

    file: SourceFile
    member: bool = False
    encoding: str = "utf-8"
    replaced: int = 0  # bytes that were no text in the encoding
    replaced_at: int | None = None  # the line of the first of them
    unread: UnknownFormat | None = None


def find(sources: list[str], ignore: Collection[str] = ()) -> tuple[list[Source], list[str]]:
    """The files named by the sources, and what was passed over in folders.

    Names are those of the files, in subfolders with the way there; where two are the same, what tells them apart
    comes before.
    """
    found: list[Source] = []
    passed: list[str] = []
    problems: list[Problem] = []
    for source in sources:
        kind, path = _split_kind(source)
        if trouble := wrong_with(path):
            problems.append(Problem(trouble[0], readable(source), fix=trouble[1]))
        elif path.is_dir():
            logs, over = _inside(path, ignore)
            found += [Source(kind, p, readable(p.relative_to(path).as_posix()), named=False) for p in logs]
            passed += map(readable, over)
            bad = [(p, wrong) for p in logs if (wrong := wrong_with(p))]
            problems += [Problem(what, readable(str(p)), fix=fix) for p, (what, fix) in bad]
            if not logs:
                problems.append(Problem("no log files in this folder", readable(source), fix="name the files to read"))
        else:
            found.append(Source(kind, path, readable(path.name)))
    if problems:
        raise InputError(problems)
    return _told_apart(found), passed


def _inside(folder: Path, ignore: Collection[str]) -> tuple[list[Path], list[str]]:
    """The logs of a folder, and what is passed over in it.

    Its subfolders are looked into, all the way down, where it holds no log of its own; else only for files that are
    one a day, as exports of chats have them.
    """
    inside = sorted(folder.iterdir())
    own = [p for p in inside if p.is_file() and not _is_no_log(p) and p.name not in ignore]
    logs, passed = list(own), [p.name for p in sorted({*inside} - {*own}) if not p.is_dir()]
    for below in (p for p in inside if p.is_dir()):
        hidden = below.name.startswith(".") or below.name in ignore
        files = [] if hidden else sorted(below.iterdir()) if own else _all_files(below)
        taken = [p for p in files if not _is_no_log(p) and p.name not in ignore and (not own or _is_day(p))]
        logs += taken
        left = [p.relative_to(folder).as_posix() + "/" * p.is_dir() for p in sorted({*files} - {*taken})]
        passed += left if taken else [f"{below.name}/"]
    return logs, passed


def _is_day(path: Path) -> bool:
    return path.is_file() and _DAY.fullmatch(path.name) is not None


def _all_files(folder: Path) -> list[Path]:
    """The files of a folder and its subfolders; links to folders are not followed, hidden folders left out."""
    found: list[Path] = []
    for at, folders, files in os.walk(folder):
        folders[:] = sorted(f for f in folders if not f.startswith("."))
        found += [Path(at) / name for name in sorted(files) if not name.startswith(".")]
    return found


def _told_apart(found: list[Source]) -> list[Source]:
    count = Counter(f.name for f in found)
    return [f if count[f.name] == 1 else replace(f, name=readable(str(f.path))) for f in found]


def _split_kind(source: str) -> tuple[str | None, Path]:
    matched = _KIND.match(source)
    if matched and not os.path.exists(source):
        return matched[1], Path(matched[2])
    return None, Path(source)


def _is_no_log(path: Path) -> bool:
    return path.name.startswith(".") or path.suffix.lower() in _NOT_LOGS or path.stem.upper() in ("README", "LICENSE")


def digest(path: Path) -> str:
    """SHA-256 of a file, in hex."""
    seen = path.stat()
    return _digest(path, seen.st_size, seen.st_mtime_ns)


@lru_cache(maxsize=4096)
def _digest(path: Path, size: int, changed: int) -> str:
    with path.open("rb") as f:
        return hashlib.file_digest(f, "sha256").hexdigest()


def unpack(found: Source, engine: Engine) -> Iterator[Unpacked]:
    """The plain files in a file: itself, or what a gz or zip holds, as UTF-8."""
    found = _callable_by_all(found, engine)
    path, name = found.path, found.name
    try:
        with path.open("rb") as f:
            magic = f.read(4)
        if magic[:2] == _GZIP:
            yield _gunzip(found, path, name, _Bound(name, path.stat().st_size), engine)
        elif magic in _ZIPS and path.suffix.lower() not in _BOOKS:
            yield from _unzip(found, engine)
        else:
            yield _plain(found, path, name, engine)
    except (gzip.BadGzipFile, zipfile.BadZipFile, EOFError, zlib.error) as error:
        raise InputError(
            Problem(f"the archive is damaged ({error})", name, fix="export or download it again")
        ) from None
    except (OSError, RuntimeError, NotImplementedError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise InputError(
            Problem(f"cannot be read: {reason}", name, fix="check the permissions; unpack an archive yourself")
        ) from None


def _callable_by_all(found: Source, engine: Engine) -> Source:
    """A file whose path is no UTF-8 gets a link that every library can open."""
    if readable(str(found.path)) == str(found.path):
        return found
    link = engine.new_file(readable(found.path.suffix))
    link.symlink_to(found.path.resolve())
    return replace(found, path=link)


def _unzip(found: Source, engine: Engine) -> Iterator[Unpacked]:
    bound = _Bound(found.name, found.path.stat().st_size)
    with zipfile.ZipFile(found.path) as archive:
        members = [m for m in archive.infolist() if not m.is_dir() and "__MACOSX" not in m.filename]
        logs = [m for m in members if not _is_no_log(Path(m.filename))]
        if not logs:
            raise InputError(Problem("the archive holds no log files", found.name, fix="check its contents"))
        if any(m.flag_bits & 1 for m in logs):
            raise InputError(
                Problem(
                    "the archive is protected by a password",
                    found.name,
                    fix="unpack it yourself and give the files that were in it",
                )
            )
        bases = Counter(Path(m.filename).name for m in members)
        for member in sorted(members, key=lambda m: m.filename):
            base = Path(member.filename).name
            shown = f"{found.name}/{member.filename if bases[base] > 1 or _DAY.fullmatch(base) else base}"
            several, source = len(logs) > 1, SourceFile(shown, found.path, found.kind)
            if member not in logs:
                unread = UnknownFormat(Problem("not a log, by its name", shown, fix="name it directly if it is a log"))
                yield Unpacked(source, True, unread=unread)
            elif stat.S_ISLNK(member.external_attr >> 16):
                unread = UnknownFormat(Problem("links are not followed", shown, fix="name the file it points to"))
                yield Unpacked(source, several, unread=unread)
            else:
                with archive.open(member) as packed:
                    plain = _copy(packed, engine, bound)
                try:
                    yield replace(_member(found, plain, shown, bound, engine), member=several)
                except UnknownFormat as unknown:
                    yield Unpacked(source, several, unread=unknown)


def _member(found: Source, plain: Path, shown: str, bound: _Bound, engine: Engine) -> Unpacked:
    """A member of an archive, which may be packed once more by itself, as log files are before they are sent."""
    with plain.open("rb") as f:
        packed = f.read(2) == _GZIP
    return _gunzip(found, plain, shown, bound, engine) if packed else _plain(found, plain, shown, engine)


def _gunzip(found: Source, path: Path, name: str, bound: _Bound, engine: Engine) -> Unpacked:
    with gzip.open(path, "rb") as packed:
        plain = _copy(packed, engine, bound)
    return _plain(found, plain, name.removesuffix(".gz"), engine)


class _Bound:
    """How much more may come out of an archive, over all its members."""

    def __init__(self, name: str, packed_size: int):
        self._name, self._left = name, min(MAX_UNPACKED, _limit(packed_size))

    def take(self, size: int) -> None:
        """So many bytes came out; InputError where that is no longer believable."""
        self._left -= size
        if self._left < 0:
            raise _bomb(self._name)


def _copy(packed: IO[bytes] | gzip.GzipFile, engine: Engine, bound: _Bound) -> Path:
    """Unpack to the session's folder under a name of our own, within bounds."""
    target = engine.new_file()
    with target.open("wb") as out:
        while chunk := packed.read(1 << 20):
            bound.take(len(chunk))
            out.write(chunk)
    return target


def _refuse_bomb(path: Path, name: str) -> None:
    """A workbook is an archive too; its reader unpacks it by itself."""
    with zipfile.ZipFile(path) as archive:
        if sum(m.file_size for m in archive.infolist()) > _limit(path.stat().st_size):
            raise _bomb(name)


def _limit(packed_size: int) -> int:
    return max(packed_size, 1 << 20) * MAX_RATIO


def _bomb(name: str) -> InputError:
    return InputError(
        Problem(
            f"unpacks to more than {MAX_RATIO} times its size; it looks like a zip bomb",
            name,
            fix="unpack it yourself and give the plain file if you trust it",
        )
    )


def _plain(found: Source, path: Path, name: str, engine: Engine) -> Unpacked:
    with path.open("rb") as f:
        head = f.read(HEAD)
    suffix = Path(name).suffix.lower()
    if reason := not_an_export(head, suffix):
        raise UnknownFormat(Problem(reason[0], name, fix=reason[1]))
    if head.startswith(_ZIPS):
        _refuse_bomb(path, name)
    plain, encoding, replaced, first = as_utf8(path, engine.new_file)
    return Unpacked(SourceFile(name, plain, found.kind), False, encoding, replaced, first)

"""From what the user names (file, folder, archive, kind:path) to plain UTF-8 files on disk."""

from __future__ import annotations

import codecs
import gzip
import hashlib
import re
import shutil
import zipfile
import zlib
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from miner.errors import InputError, Problem
from miner.events.engine import Engine
from miner.readers.base import SourceFile

MAX_UNPACKED = 200 << 30
MAX_RATIO = 200  # a log unpacks to less than this many times its size; a bomb to far more
_KIND = re.compile(r"^([a-z][a-z0-9_]+):(?![\\/]{2})(.+)$")
_NOT_LOGS = frozenset(
    ".md .txt~ .py .yaml .yml .toml .cfg .ini .license .html .css .js .png .jpg .svg .pdf .sql .sh .lock .log~".split()
)
_BOMS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF32_LE, "utf-32"), (codecs.BOM_UTF32_BE, "utf-32"),
         (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))  # fmt: skip


@dataclass(frozen=True)
class Unpacked:
    """A plain file with what was done to get it."""

    file: SourceFile
    origin: Path
    encoding: str = "utf-8"
    replaced: int = 0  # bytes that were no text in the encoding
    replaced_at: int | None = None  # the line of the first of them


def find(sources: list[str], ignore: Collection[str] = ()) -> tuple[list[tuple[str | None, Path, str]], list[str]]:
    """The files named by the sources, as (kind, path, name to show), and what was passed over in folders.

    Folders give their own files, not those of their subfolders, and none that no reader can be meant for.
    """
    found: list[tuple[str | None, Path, str]] = []
    passed: list[str] = []
    problems: list[Problem] = []
    for source in sources:
        kind, path = _split_kind(source)
        if path.is_dir():
            inside = sorted(path.iterdir())
            kept = [p for p in inside if p.is_file() and not _is_no_log(p) and p.name not in ignore]
            passed += [str(p.name) + ("/" if p.is_dir() else "") for p in inside if p not in kept]
            found += [(kind, p, p.name) for p in kept]
            if not kept:
                problems.append(Problem("no log files in this folder", source, fix="name the files to read"))
        elif path.is_file():
            found.append((kind, path, path.name))
        else:
            problems.append(Problem("no such file or folder", source))
    if problems:
        raise InputError(problems)
    return found, passed


def _split_kind(source: str) -> tuple[str | None, Path]:
    matched = _KIND.match(source)
    if matched and not Path(source).exists():
        return matched[1], Path(matched[2])
    return None, Path(source)


def _is_no_log(path: Path) -> bool:
    return path.name.startswith(".") or path.suffix.lower() in _NOT_LOGS or path.stem.upper() in ("README", "LICENSE")


def digest(path: Path) -> str:
    """SHA-256 of a file, in hex."""
    with path.open("rb") as f:
        return hashlib.file_digest(f, "sha256").hexdigest()


def unpack(kind: str | None, path: Path, name: str, engine: Engine) -> Iterator[Unpacked]:
    """The plain files in a file: itself, or what a gz or zip holds, as UTF-8."""
    try:
        with path.open("rb") as f:
            magic = f.read(4)
        if path.stat().st_size == 0:
            raise InputError(Problem("the file is empty", name))
        if magic[:2] == b"\x1f\x8b":
            with gzip.open(path, "rb") as packed:
                plain = _copy(packed, engine, name, path.stat().st_size)
            yield _as_text(kind, plain, name.removesuffix(".gz"), path, engine)
        elif magic == b"PK\x03\x04" and path.suffix.lower() not in (".xlsx", ".xlsm", ".ods"):
            yield from _unzip(kind, path, name, engine)
        else:
            yield _as_text(kind, path, name, path, engine)
    except (gzip.BadGzipFile, zipfile.BadZipFile, EOFError, zlib.error) as error:
        raise InputError(Problem(f"the archive is damaged ({error})", name, fix="export or download it again")) from None
    except (OSError, RuntimeError, NotImplementedError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise InputError(Problem(f"cannot be read: {reason}", name)) from None


def _unzip(kind: str | None, path: Path, name: str, engine: Engine) -> Iterator[Unpacked]:
    with zipfile.ZipFile(path) as archive:
        members = [m for m in archive.infolist() if not m.is_dir() and not _is_no_log(Path(m.filename))
                   and "__MACOSX" not in m.filename]  # fmt: skip
        if not members:
            raise InputError(Problem("the archive holds no log files", name))
        for member in sorted(members, key=lambda m: m.filename):
            shown = f"{name}/{Path(member.filename).name}"
            with archive.open(member) as packed:
                plain = _copy(packed, engine, shown, member.compress_size)
            if plain.stat().st_size == 0:
                raise InputError(Problem("the file is empty", shown))
            yield _as_text(kind, plain, shown, path, engine)


def _copy(packed: IO[bytes], engine: Engine, name: str, packed_size: int) -> Path:
    """Unpack to the session's folder under a name of our own, within bounds."""
    target = engine.spill_file(f"unpacked-{hashlib.sha1(name.encode()).hexdigest()[:16]}")
    limit = min(MAX_UNPACKED, max(packed_size, 1 << 20) * MAX_RATIO)
    written = 0
    with target.open("wb") as out:
        while chunk := packed.read(1 << 20):
            written += len(chunk)
            if written > limit:
                raise InputError(Problem(
                    f"unpacks to more than {MAX_RATIO} times its size; this looks like a bomb", name,
                    fix="unpack it yourself and give the plain file if you trust it"))  # fmt: skip
            out.write(chunk)
    return target


def _as_text(kind: str | None, path: Path, name: str, origin: Path, engine: Engine) -> Unpacked:
    """Recode a text that is no UTF-8; binary formats pass as they are."""
    head = _head(path)
    if head[:4] in (b"PAR1", b"PK\x03\x04") or head[:16].startswith((b"SQLite format 3", b"\xd0\xcf\x11\xe0")):
        return Unpacked(SourceFile(name, path, kind), origin)
    encoding = next((e for bom, e in _BOMS if head.startswith(bom)), None) or _guess_wide(head)
    replaced, first = (0, None) if encoding else _invalid_utf8(path)
    if encoding is None and replaced:
        encoding = "utf-8" if _has_utf8(path) else "cp1252"
    if encoding is None:
        return Unpacked(SourceFile(name, path, kind), origin)
    target = engine.spill_file(f"text-{hashlib.sha1(name.encode()).hexdigest()[:16]}")
    with path.open("r", encoding=encoding, errors="replace", newline="") as source:
        with target.open("w", encoding="utf-8", newline="") as out:
            shutil.copyfileobj(source, out, 1 << 20)
    kept = (replaced, first) if encoding == "utf-8" else (0, None)
    return Unpacked(SourceFile(name, target, kind), origin, encoding, *kept)


def _head(path: Path) -> bytes:
    with path.open("rb") as f:
        return f.read(1 << 16)


def _guess_wide(head: bytes) -> str | None:
    """UTF-16 without a mark: every other byte of Latin text is zero."""
    if len(head) < 8 or b"\0" not in head:
        return None
    even, odd = head[::2].count(0), head[1::2].count(0)
    if odd > len(head) * 0.3:
        return "utf-16-le"
    return "utf-16-be" if even > len(head) * 0.3 else None


def _invalid_utf8(path: Path) -> tuple[int, int | None]:
    """How many places are no UTF-8, and the line of the first."""
    decoder = codecs.getincrementaldecoder("utf-8")("strict")
    try:
        with path.open("rb") as f:
            while chunk := f.read(1 << 24):
                decoder.decode(chunk)
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return _count_invalid(path)
    return 0, None


def _count_invalid(path: Path) -> tuple[int, int | None]:
    count, first = 0, None
    with path.open("rb") as f:
        for number, line in enumerate(f, start=1):
            bad = 0 if line.isascii() else line.decode("utf-8", "replace").count("\ufffd") - line.count(b"\xef\xbf\xbd")
            if bad > 0:
                count, first = count + bad, first or number
    return count, first


def _has_utf8(path: Path) -> bool:
    """Whether some non-ASCII letters are right as UTF-8: then the few that are not are damage."""
    with path.open("rb") as f:
        for line in f:
            try:
                if not line.isascii() and line.decode("utf-8"):
                    return True
            except UnicodeDecodeError:
                continue
    return False

"""Any text file as UTF-8: by its byte order mark, its zeros, or what its bytes can be."""

from __future__ import annotations

import codecs
import re
from collections.abc import Callable
from pathlib import Path

# Byte order marks with the encodings they begin, the longer ones first.
BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_BINARY = (b"PAR1", b"PK\x03\x04", b"SQLite format 3", b"\xd0\xcf\x11\xe0")
_PIECE = 1 << 24
_XML_SAYS = re.compile(r"""(<\?xml[^>]*?)\s+encoding\s*=\s*["'][^"']*["']""")


def as_utf8(path: Path, new_file: Callable[[], Path]) -> tuple[Path, str, int, int | None]:
    """(file in UTF-8, encoding it had, places that were no text, line of the first); binary formats pass as they are.

    A file that is UTF-8 stays where it is; another is recoded into a file of `new_file`.
    """
    with path.open("rb") as f:
        head = f.read(1 << 16)
    if head.startswith(_BINARY) or head[8:12] == b"DUCK":
        return path, "utf-8", 0, None
    encoding = next((e for bom, e in BOMS if head.startswith(bom)), None) or _guess_wide(head)
    bad, good, first = 0, 0, None
    if encoding is None:
        if _is_utf8(path):
            return path, "utf-8", 0, None
        bad, good, first = _damage(path)
        encoding = "utf-8" if good >= bad else "cp1252"  # where most letters are right, the others are damage
    target = new_file()
    with (
        path.open("r", encoding=encoding, errors="replace", newline="") as source,
        target.open("w", encoding="utf-8", newline="") as out,
    ):
        out.write(_XML_SAYS.sub(r"\1", source.read(200)))  # what an XML file says of its encoding is now wrong
        while piece := source.read(1 << 20):
            out.write(piece.replace("\ufeff", ""))  # where files with a mark were put one behind the other
    return (target, encoding, bad, first) if encoding == "utf-8" else (target, encoding, 0, None)


def _guess_wide(head: bytes) -> str | None:
    """UTF-16 or UTF-32 without a mark: of Latin text, every other byte or three of four are zero."""
    if len(head) < 8 or b"\0" not in head:
        return None
    zeros = [head[i::4].count(0) / len(head[i::4]) for i in range(4)]
    if min(zeros[1:]) > 0.6:
        return "utf-32-le" if zeros[0] < 0.4 else None
    if min(zeros[:3]) > 0.6:
        return "utf-32-be" if zeros[3] < 0.4 else None
    if min(zeros[1], zeros[3]) > 0.6 and max(zeros[0], zeros[2]) < 0.4:
        return "utf-16-le"
    return "utf-16-be" if min(zeros[0], zeros[2]) > 0.6 and max(zeros[1], zeros[3]) < 0.4 else None


def _is_utf8(path: Path) -> bool:
    decoder = codecs.getincrementaldecoder("utf-8")("strict")
    try:
        with path.open("rb") as f:
            while chunk := f.read(1 << 24):
                decoder.decode(chunk)
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return False
    return True


def _damage(path: Path) -> tuple[int, int, int]:
    """How many places are no UTF-8, how many letters beyond ASCII are, and the line of the first that is none."""
    bad, good, first = 0, 0, 0
    with path.open("rb") as f:
        number = 1
        while line := f.readline(_PIECE):  # a line may be longer than what can be held
            if not line.isascii():
                text = line.decode("utf-8", "replace")
                here = text.count("\ufffd") - line.count(b"\xef\xbf\xbd")
                good += sum(letter > "\x7f" for letter in text) - here
                bad += here
                first = first or (number if here else 0)
            number += line.endswith(b"\n")
    return bad, good, first or 1

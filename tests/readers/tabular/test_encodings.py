"""Files in other encodings, with marks, and with bytes that are no text."""

from __future__ import annotations

import codecs
from pathlib import Path

import pytest

from tests.readers.tabular.looking import look, text_of

TEXT = text_of("A,Geöffnet,2026-01-02T10:00:00Z,Büro – Süd", "A,Größe €,2026-01-02T11:00:00Z,Büro – Süd")


@pytest.mark.parametrize(
    ("encoding", "mark"),
    [
        ("utf-8", b""),
        ("utf-8", codecs.BOM_UTF8),
        ("utf-16-le", codecs.BOM_UTF16_LE),
        ("utf-16-be", codecs.BOM_UTF16_BE),
        ("utf-16-le", b""),
        ("utf-16-be", b""),
        ("utf-32-le", codecs.BOM_UTF32_LE),
        ("utf-32-be", codecs.BOM_UTF32_BE),
        ("utf-32-le", b""),
        ("utf-32-be", b""),
        ("cp1252", b""),
    ],
)
def test_every_encoding_gives_the_same_letters(tmp_path: Path, encoding: str, mark: bytes) -> None:
    """UTF-8, UTF-16 and UTF-32 with and without a mark, and the old Windows encoding, are read and told."""
    found = look(tmp_path, mark + TEXT.encode(encoding))
    assert found.column("activity") == ["Geöffnet", "Größe €"]
    assert found.column("team") == ["Büro – Süd"] * 2
    note = found.note("encoding")
    assert (note is None) == (encoding == "utf-8" and not mark)


def test_an_invalid_byte_in_the_middle_is_replaced_counted_and_located(tmp_path: Path) -> None:
    """One bad byte in a UTF-8 file does not turn the whole file into another encoding."""
    rows = [f"K{n},Größe,2026-01-02T10:00:00Z,L1".encode() for n in range(50)]
    rows[20] = b"K20,Gr\xffe,2026-01-02T10:00:00Z,L1"
    found = look(tmp_path, b"case,activity,time,team\n" + b"\n".join(rows) + b"\n")
    assert found.column("activity")[19:22] == ["Größe", "Gr�e", "Größe"]
    note = found.note("invalid_bytes")
    assert note and note.count == 1 and note.examples == ["line 22"]


def test_zero_bytes_in_a_cell_are_dropped(tmp_path: Path) -> None:
    """A few zero bytes in a text do not make it binary and are left out of the cells."""
    rows = [f"K{n},Opened,2026-01-02T10:00:00Z,L1" for n in range(20)]
    found = look(tmp_path, text_of(*rows, "B,Clo\0sed,2026-01-02T11:00:00Z,L2"))
    assert found.column("activity")[-1] == "Closed"

"""What all readers of chats hold to: they claim their own files only, and damage never ends in anything but words."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from miner.errors import InputError
from miner.readers import readers
from miner.readers.base import SourceFile
from miner.readers.chats import whatsapp
from tests.readers.reading import FIXTURES, read, write

CHATS = {name: reader for name, reader in readers().items() if ".chats." in reader.__name__}  # type: ignore[attr-defined]
FILES = sorted(
    path for path in FIXTURES.rglob("*") if path.is_file() and path.suffix != ".md" and "published" not in path.parts
)
OWN = [path for path in FILES if path.relative_to(FIXTURES).parts[0] in CHATS]
OPTIONS = {"whatsapp": {"tz": "Europe/Berlin", "dayfirst": True}}


def owner(path: Path) -> str:
    """The reader whose fixture a file is."""
    return path.relative_to(FIXTURES).parts[0]


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.relative_to(FIXTURES).as_posix())
def test_a_file_is_claimed_by_its_reader_only(path: Path) -> None:
    """No reader of chats claims another's file, and each claims its own more surely than a plain table."""
    file = SourceFile(path.name, path)
    claims = {name: match.score for name, reader in CHATS.items() if (match := reader.sniff(file))}
    assert set(claims) == ({owner(path)} if owner(path) in CHATS else set())
    assert all(score > 50 for score in claims.values())


@pytest.mark.parametrize("path", OWN, ids=lambda path: path.relative_to(FIXTURES).as_posix())
def test_a_file_that_was_cut_is_read_or_refused_in_words(path: Path, tmp_path: Path) -> None:
    """Cut at any of many places, a file gives a reading or an InputError that names it."""
    whole = path.read_bytes()
    reader, options = CHATS[owner(path)], OPTIONS.get(owner(path), {})
    for part in range(8):
        cut = tmp_path / path.name
        cut.write_bytes(whole[: len(whole) * part // 8])
        try:
            found = read(reader, cut, **options)  # type: ignore[arg-type]
        except InputError as error:
            assert all(problem.what and problem.file for problem in error.problems)
        else:
            assert found.events


@settings(max_examples=120)
@given(
    st.lists(
        st.sampled_from(
            [
                "[02/03/2026, 09:00:05] Eva: hi",
                "02/03/2026, 09:15 - Ana: x",
                "99/99/2026, 25:61 - Ana: x",
                "\u200e[",
                "[]",
                "\x00",
                "3/2/26, 13:00 PM - Eva: x",
                "0/0/00, 0:00 - : ",
                "٠٢/٠٣/٢٠٢٦, ٠٩:٠٠ - إيفا: مرحبا",
                "no date at all",
                "",
                "[2026/03/02, 9.00.00 p.m.] Eva: \u200eimage omitted",
                "1/1/9999, 00:00 - a: b",
                "\u2028",
                "12/31/99, 23:59 - :: :",
            ]
        ),
        max_size=12,
    ),
    st.booleans(),
)
def test_any_lines_are_read_or_refused(tmp_path: Path, text: list[str], dayfirst: bool) -> None:
    """Whatever lines a chat has, it is read, or what is wrong with it is said."""
    path = write(tmp_path, "\n".join(text), "_chat.txt")
    whatsapp.sniff(SourceFile(path.name, path))
    try:
        assert read(whatsapp, path, tz="America/New_York", dayfirst=dayfirst).events
    except InputError as error:
        assert all(problem.what and problem.file for problem in error.problems)

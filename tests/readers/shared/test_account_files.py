"""The skeleton of readers whose records are split over files."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace

import pytest

from miner.errors import InputError
from miner.readers.shared.account_files import AccountFiles
from miner.readers.shared.conversation import Conversation
from miner.readers.shared.fields import Malformed
from miner.readers.shared.records import Record
from miner.readers.shared.staging import Staged
from tests.readers.reading import read, write

AT = "2026-03-02T10:00:00Z"


class Notes(AccountFiles):
    """A reader of notes, each in a conversation."""

    name, pages, nothing, fix = "notes", ("notes",), "there are no notes", "export the notes"

    def take(self, record: Record) -> None:
        """A note."""
        if "of" not in record.value:
            raise Malformed("of", "of is missing")
        at = self.clock.need(record.value, "at")
        self.staging.add(record.line, str(record.value["of"]), dict(record.value), at=at, id=str(record.value["id"]))

    def interaction(self, key: str, records: list[Staged]) -> Conversation | None:
        """A conversation; those without a number are none."""
        if not key.isdecimal():
            return None
        chat = Conversation(self.sink, f"notes:{key}", "notes", "chat")
        for note in records:
            chat.add(note, note.at, ("agent", "Ana"), "Note", "note")
        return chat


READER = SimpleNamespace(NAME="notes", read=Notes.read, read_all=Notes.read_all)


def note(number: int, of: str = "1", at: str = AT) -> dict[str, object]:
    """A note of a conversation."""
    return {"id": number, "of": of, "at": at}


def test_files_of_one_account_are_read_together(tmp_path: Path) -> None:
    """A note in two files counts once, a bad one is rejected alone, and each file has its report."""
    first = write(tmp_path, {"notes": [note(1), note(2), {"id": 3}]}, "a.json")
    second = write(tmp_path, {"notes": [note(2), note(4, of="x")]}, "b.json")
    found = read(READER, first, second)
    assert [(r.rows, r.events, r.rejected) for r in found.reports] == [(2, 2, 1), (2, 0, 0)]
    assert list(found.interactions) == ["notes:1"]
    assert found.note("duplicates")


def test_nothing_to_tell_is_an_error_with_a_fix(tmp_path: Path) -> None:
    """Where no record is of an interaction, the error says what to export."""
    with pytest.raises(InputError, match="there are no notes") as error:
        read(READER, write(tmp_path, {"notes": [note(1, of="x")]}))
    assert error.value.problems[0].fix == "export the notes"


def test_an_error_of_a_field_names_its_line(tmp_path: Path) -> None:
    """A time without a zone stops the reading, with file, line and column."""
    with pytest.raises(InputError) as error:
        read(READER, write(tmp_path, [note(1), note(2, at="2026-03-02 10:00:00")], "a.jsonl"))
    (problem,) = error.value.problems
    assert (problem.file, problem.line, problem.column) == ("a.jsonl", 2, "at")


def test_a_bare_list_is_read_without_pages(tmp_path: Path) -> None:
    """Records in an array of their own need no page."""
    assert read(READER, write(tmp_path, "[" + '{"id": 1, "of": 1, "at": "2026-03-02T10:00:00Z"}' + "]")).events

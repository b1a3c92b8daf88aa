"""Starts, completes and sub statuses in tables: what is paired, and what is told of what is not."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.readers.tabular.looking import ends, look, starts, text_of

HEAD = "CaseID,Activity,Phase,When,Who\n"
LIVES = text_of(
    "1,Check,START,05.01.2026 10:00,Ann",
    "1,Check,START,05.01.2026 10:01,Bob",
    "1,Check,COMPLETE,05.01.2026 10:30,Bob",
    "1,Check,COMPLETE,05.01.2026 11:00,Ann",
    "1,Note,COMPLETE,05.01.2026 12:00,Bob",
    head=HEAD,
)


def test_a_table_is_paired_as_a_log_of_xes_is(tmp_path: Path) -> None:
    """A column of starts and completes, given as the start, makes spans by case, activity and agent."""
    found = look(tmp_path, LIVES, columns={"start": "phase", "agent": "Who", "case": "CaseID"})
    assert list(zip(found.column("agent"), starts(found), ends(found), strict=True)) == [
        ("Bob", "2026-01-05T10:01:00", "2026-01-05T10:30:00"),
        ("Ann", "2026-01-05T10:00:00", "2026-01-05T11:00:00"),
        ("Bob", "2026-01-05T12:00:00", "2026-01-05T12:00:00"),
    ]
    assert found.column("line") == [4, 5, 6]
    assert found.reports[0].columns["start"] == "Phase"


def test_a_date_and_a_time_joined_are_paired_too(tmp_path: Path) -> None:
    """The start of a pair is read from the joined columns, as its end is."""
    rows = text_of(
        "1,Check,start,2026-01-05,10:00", "1,Check,complete,2026-01-05,10:30", head="case,activity,life,day,clock\n"
    )
    found = look(tmp_path, rows, columns={"start": "life", "time": "day+clock"})
    assert (starts(found), ends(found)) == (["2026-01-05T10:00:00"], ["2026-01-05T10:30:00"])


def test_a_column_of_starts_and_completes_is_told_of(tmp_path: Path) -> None:
    """Where nothing is paired, a note says what would pair them."""
    notes = {note.message: note.count for note in look(tmp_path, LIVES).notes if note.kind == "lifecycle"}
    assert notes == {"log.csv: starts and completes are separate steps; --map start=Phase pairs them into spans": 2}


@pytest.mark.parametrize("name", ["lifecycle:transition", "Problem Sub Status"])
def test_a_sub_status_is_told_of(tmp_path: Path, name: str) -> None:
    """A column that says more of the activity can be joined to it, and the note says how."""
    rows = text_of(
        "1,Queued,Awaiting Assignment,2026-01-05 10:00",
        "1,Accepted,In Progress,2026-01-05 11:00",
        head=f"case,activity,{name},time\n",
    )
    (note,) = (note for note in look(tmp_path, rows).notes if note.kind == "substatus")
    assert f"activity+{name}" in note.message and note.examples == ["awaiting assignment, in progress"]
    joined = look(tmp_path, rows, columns={"activity": f"activity+{name}"})
    assert joined.column("activity") == ["Queued Awaiting Assignment", "Accepted In Progress"]
    assert not [note for note in joined.notes if note.kind == "substatus"]


def test_a_column_that_only_completes_is_not_told_of(tmp_path: Path) -> None:
    """A life cycle of completes alone says nothing, and neither does a status that happens to be `start`."""
    rows = text_of(
        "1,Opened,complete,start,2026-01-05 10:00",
        "1,Closed,complete,won,2026-01-05 11:00",
        head="case,activity,lifecycle:transition,stage,time\n",
    )
    assert {note.kind for note in look(tmp_path, rows).notes} == {"assumed_zone"}

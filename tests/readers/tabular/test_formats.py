"""Tables that are no text: Parquet, spreadsheets, JSON records."""

from __future__ import annotations

import datetime as dt
import json
import zipfile
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from openpyxl import Workbook

from miner.errors import InputError
from tests.readers.tabular.looking import look, look_at, starts

WHEN = dt.datetime(2026, 1, 31, 10, 20, 30)


def parquet(folder: Path, **columns: Any) -> Path:
    """A Parquet file with these columns."""
    path = folder / "log.parquet"
    pq.write_table(pa.table(columns), path)
    return path


@pytest.mark.parametrize(
    ("kind", "tz", "utc"),
    [
        (pa.timestamp("us"), None, "10:20:30"),
        (pa.timestamp("us"), "Europe/Berlin", "09:20:30"),
        (pa.timestamp("ns"), None, "10:20:30"),
        (pa.timestamp("s"), None, "10:20:30"),
        (pa.timestamp("ms", "Asia/Tokyo"), None, "10:20:30"),
        (pa.timestamp("us", "UTC"), "Europe/Berlin", "10:20:30"),
        (pa.string(), "Europe/Berlin", "09:20:30"),
    ],
)
def test_typed_times_of_parquet_keep_their_type(tmp_path: Path, kind: pa.DataType, tz: str | None, utc: str) -> None:
    """Timestamps with a zone are moments, those without are in the declared zone, texts are read as texts."""
    when = pa.array([str(WHEN) if kind == pa.string() else WHEN.replace(tzinfo=dt.UTC) if kind.tz else WHEN], kind)
    found = look_at(parquet(tmp_path, case=["A"], activity=["x"], time=when), tz=tz)
    assert starts(found) == [f"2026-01-31T{utc}"]
    assert bool(found.note("assumed_zone")) == (tz is None and getattr(kind, "tz", None) is None)


def test_other_types_of_parquet_become_texts_and_numbers(tmp_path: Path) -> None:
    """Integers, floats, dates and dictionaries are cells like any other."""
    path = parquet(
        tmp_path,
        case=[7, 8],
        activity=pa.array(["x", "y"]).dictionary_encode(),
        day=[WHEN.date()] * 2,
        epoch=[1769854830, 1769854831],
        value=[1.5, None],
        customer=[1004298.0, 3.0],
    )
    found = look_at(
        path,
        columns={"case": "case", "activity": "activity", "time": "epoch", "value": "value", "customer": "customer"},
    )
    assert found.column("interaction_id") == ["7", "8"] and found.column("value") == [1.5, None]
    assert found.column("customer") == ["1004298", "3"]
    assert starts(found) == ["2026-01-31T10:20:30", "2026-01-31T10:20:31"]
    assert (
        starts(look_at(path, columns={"case": "case", "activity": "activity", "time": "day"}))
        == ["2026-01-31T00:00:00"] * 2
    )


def test_parquet_rows_without_a_time_are_rejected(tmp_path: Path) -> None:
    """A null time in a typed column is a rejected row with its number."""
    found = look_at(
        parquet(tmp_path, case=["A", "B"], activity=["x", "y"], time=pa.array([WHEN, None], pa.timestamp("us"))),
        tz="UTC",
    )
    assert [(r["line"], r["reason"]) for r in found.rejects] == [(2, "no time")]


@pytest.mark.parametrize("content", [b"PAR1", b"PAR1" + b"\0" * 100 + b"PAR1"])
def test_a_broken_parquet_file_is_an_error(tmp_path: Path, content: bytes) -> None:
    """A Parquet file that is cut off or damaged is named as unreadable."""
    with pytest.raises(InputError, match=r"log\.parquet"):
        look(tmp_path, content, "log.parquet")


def book(folder: Path, **sheets: list[list[Any]]) -> Path:
    """A workbook with these sheets."""
    made = Workbook()
    made.remove(made.active)  # type: ignore[arg-type]
    for name, rows in sheets.items():
        sheet = made.create_sheet(name)
        for row in rows:
            sheet.append(row)
    path = folder / "log.xlsx"
    made.save(path)
    return path


def test_the_first_sheet_with_a_table_is_read_and_the_others_are_named(tmp_path: Path) -> None:
    """Cover sheets are passed over, real dates are read, ids keep no `.0`, and a second table is told."""
    rows = [
        ["Export of January"],
        [],
        ["case", "activity", "time", "team"],
        [1004298.0, "Opened", WHEN, "L1"],
        [None] * 4,
        ["007", "Closed", WHEN, "L2"],
    ]
    found = look_at(book(tmp_path, Cover=[["made by"]], Log=rows, More=[["a", "b"], [1, 2]]), tz="Europe/Berlin")
    assert found.column("interaction_id") == ["1004298", "007"]
    assert starts(found) == ["2026-01-31T09:20:30"] * 2
    assert found.column("line") == [4, 6]
    note = found.note("sheets")
    assert note and "'Log'" in note.message and "'More'" in note.message


def test_sheets_tell_lines_and_dates_as_people_see_them(tmp_path: Path) -> None:
    """A hidden sheet is not read first, empty rows above count as lines, and dates of the 1904 calendar are right."""
    from tests.readers.broken.make import make

    found = look_at(make(tmp_path, "hidden_sheet.xlsx"))
    assert found.column("team") == ["L1", "L2"]
    note = found.note("sheets")
    assert note and "'Hidden' (hidden)" in note.message
    far = look_at(make(tmp_path, "table_far_down.xlsx"))
    assert far.column("line") == [103, 104] and far.rejects[0]["line"] == 105
    assert starts(look_at(make(tmp_path, "dates_of_1904.xlsx"))) == ["2026-01-13T10:00:00"] * 2


@pytest.mark.parametrize("sheets", [{"Empty": []}, {"Words": [["nothing here"]]}])
def test_a_workbook_without_a_table_is_an_error(tmp_path: Path, sheets: dict[str, list[list[Any]]]) -> None:
    """Where no sheet holds a table the workbook is refused."""
    with pytest.raises(InputError, match="no sheet holds a table"):
        look_at(book(tmp_path, **sheets))


def test_a_broken_workbook_is_an_error(tmp_path: Path) -> None:
    """A zip that is no workbook, and a workbook that is cut off, are named as unreadable."""
    whole = book(tmp_path, Log=[["case", "activity", "time"], ["A", "x", WHEN]]).read_bytes()
    with pytest.raises(InputError, match=r"cut\.xlsx"):
        look(tmp_path, whole[: len(whole) // 2], "cut.xlsx")
    with zipfile.ZipFile(tmp_path / "other.xlsx", "w") as archive:
        archive.writestr("hello.txt", "hello")
    with pytest.raises(InputError, match=r"other\.xlsx"):
        look_at(tmp_path / "other.xlsx")


def test_a_workbook_that_is_a_bomb_is_refused(tmp_path: Path) -> None:
    """A workbook whose sheets unpack to hundreds of times its size is not opened."""
    with zipfile.ZipFile(tmp_path / "bomb.xlsx", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/worksheets/sheet1.xml", b"<" * (250 << 20))
    with pytest.raises(InputError, match="looks like a zip bomb"):
        look_at(tmp_path / "bomb.xlsx")


RECORDS = [
    {"case": {"id": 7}, "activity": "Opened", "time": "2026-01-31T10:20:30Z", "team": None, "tags": ["a"], "vip": True},
    {"case": {"id": 7}, "activity": "Closed", "time": "2026-01-31T11:20:30Z", "team": "L1", "case.id": "other"},
]


@pytest.mark.parametrize("form", ["lines", "array", "indented", "one_line"])
def test_json_records_become_rows_with_dots_for_nesting(tmp_path: Path, form: str) -> None:
    """Nested objects are columns with dots, in JSON lines and in arrays."""
    text = {
        "lines": "\n".join(map(json.dumps, RECORDS)),
        "array": "[" + ",\n".join(map(json.dumps, RECORDS)) + "]",
        "indented": json.dumps(RECORDS, indent=1),
        "one_line": json.dumps(RECORDS),
    }[form]
    found = look(
        tmp_path, text, "log.json", columns={"case": "case.id", "activity": "activity", "time": "time", "team": "team"}
    )
    assert found.column("activity") == ["Opened", "Closed"]
    assert found.column("team") == [None, "L1"]
    assert found.column("interaction_id")[0] == "7"


def test_bad_rows_of_a_one_line_array_are_rejected_once_each(tmp_path: Path) -> None:
    """Records that share a line do not multiply each other's rejects."""
    records = [{"case": "A", "activity": "x", "time": t} for t in ["2026-01-31T10:20:30Z"] * 3 + ["soon", "later"]]
    found = look(tmp_path, json.dumps(records), "log.json")
    assert len(found.events) == 3
    assert sorted((r["line"], r["value"]) for r in found.rejects) == [(1, "later"), (1, "soon")]
    assert (found.reports[0].rows, found.reports[0].rejected) == (5, 2)


def test_json_keys_that_differ_only_in_case_are_columns_of_their_own(tmp_path: Path) -> None:
    """`Team` beside `team` gets a number, as a second column of a name does."""
    found = look(
        tmp_path,
        '{"case": "A", "activity": "x", "time": 1769854830, "Team": "L1", "team": "L2", "line of the row": 1}\n' * 2,
        "log.jsonl",
    )
    assert found.column("team") == ["L1", "L1"]
    note = found.note("column_names")
    assert note and "team_2" in note.message
    assert look(tmp_path, '{"case": "A", "activity": "x", "time": 1769854830, "é": 1, "": 2}\n' * 2, "log.jsonl").events


def test_a_bad_line_of_json_lines_is_rejected(tmp_path: Path) -> None:
    """A line that is no JSON is left out with its number; the others are read."""
    good = json.dumps({"case": "A", "activity": "x", "time": 1769854830})
    found = look(tmp_path, f"{good}\n{{broken\n[1, 2]\n{good}\n", "log.jsonl")
    assert found.column("line") == [1, 4]
    assert {r["line"] for r in found.rejects} == {2, 3}

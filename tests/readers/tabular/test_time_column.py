"""The column of the time: dates before numbers, names before none, never an id without a word."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from miner.errors import InputError
from tests.readers.reading import Reading
from tests.readers.tabular.looking import ends, look, look_at, starts

BASE = 1_772_442_000  # 2026-03-02 09:00 UTC


def table(folder: Path, head: list[str], *columns: list[object], name: str = "log.csv") -> Reading:
    """The reading of a table of six cases of three rows, by its columns behind case and activity."""
    rows = [",".join(map(str, row)) for row in zip(*columns, strict=True)]
    cases = [f"C{n // 3},a{n % 3}," for n in range(len(rows))]
    text = ",".join(["case", "activity", *head]) + "\n"
    text += "".join(case + row + "\n" for case, row in zip(cases, rows, strict=True))
    return look(folder, text, name, tz="UTC")


def dates(step: int = 3_600, count: int = 18) -> list[object]:
    """ISO dates, one an hour."""
    return [dt.datetime.fromtimestamp(BASE + n * step, dt.UTC).strftime("%Y-%m-%dT%H:%M:%SZ") for n in range(count)]


def uneven(factor: int = 1, base: int = BASE) -> list[object]:
    """Epochs with uneven steps, in seconds times `factor`."""
    return [(base + n * 3_600 + (n * n * 7) % 131) * factor for n in range(18)]


def ids(first: int, count: int = 18) -> list[object]:
    """Numbers that rise as ids do."""
    return [first + n for n in range(count)]


@pytest.mark.parametrize("first", [1_000_000_001, 2_024_011_500, 4_915_112_345_678, 17_724_420_001, 1_772_442_000])
@pytest.mark.parametrize(
    ("head", "time"),
    [
        ("number2", "moment of it"),
        ("phone", "eventTimestamp"),
        ("external_id", "Created Date"),
        ("Message No", "occurred_at"),
        ("seq_id", "x"),
    ],
)
def test_an_id_is_never_the_time_where_dates_stand_beside_it(tmp_path: Path, first: int, head: str, time: str) -> None:
    """Ids and phone numbers of 10 to 13 digits stay what they are, wherever the column of dates stands."""
    for columns in ([head, time], [time, head]):
        cells = {head: ids(first), time: dates()}
        assert table(tmp_path, columns, *(cells[c] for c in columns)).reports[0].columns["time"] == time


@pytest.mark.parametrize("first", [1_000_000_001, 1_772_442_000_000])
def test_numbers_without_a_telling_name_are_no_times(tmp_path: Path, first: int) -> None:
    """A log whose only candidates are numbers says so and asks, instead of dating its events by an id."""
    with pytest.raises(InputError) as error:
        table(tmp_path, ["message"], ids(first))
    assert "'message' holds numbers that may be times or ids" in str(error.value)
    assert "--map time=COLUMN" in str(error.value)


@pytest.mark.parametrize(
    "name",
    [
        "eventTimestamp",
        "EventTimestamp",
        "event_timestamp",
        "EVENT_TIMESTAMP",
        "event timestamp",
        "Created Date",
        "created_date",
        "createdDate",
        "occurred_at",
        "occurredAt",
        "OccurredAt",
        "changed_at",
        "changedAt",
        "CHANGED_AT",
        "ts",
        "TS",
        "ts_ms",
        "eventTs",
        "Timestamp (UTC)",
        "timestamp_utc",
        "Date/Time",
        "DateTime",
        "date time",
        "Last Modified",
        "last_modified_date",
        "Modified On",
        "modifiedon",
        "updated_on",
        "Status Change Time",
        "statusChangedAt",
        "log time",
        "logged_at",
        "Recorded At",
        "epoch",
        "epoch_ms",
        "unix_time",
        "unixTimestamp",
        "when",
        "Transition Date",
        "action_time",
        "entry_date",
        "EntryDateTime",
        "happened_at",
        "Zeitstempel",
        "Datum",
        "tijdstip",
        "fecha",
        "message.createdAt",
        "event[time]",
        "@timestamp",
        "created",
        "Changed",
    ],
)
def test_a_column_named_like_a_time_is_it(tmp_path: Path, name: str) -> None:
    """Names that say time are known however they are written, before dates without such a name, also for epochs."""
    for cells in (dates(), uneven(), uneven(1000)):
        found = table(tmp_path, ["other", name, "ref"], dates(7_200), cells, ids(1_000_000_001))
        assert found.reports[0].columns["time"] == name
        assert found.note("weak_guess") is None


@pytest.mark.parametrize("name", ["due_date", "Birth Date", "dob", "sla_deadline", "valid until", "expiryDate"])
def test_a_date_of_something_else_is_not_the_time(tmp_path: Path, name: str) -> None:
    """A due date or a birthday is passed over for any other dates; where it is alone it is taken with a word."""
    assert table(tmp_path, [name, "x"], dates(), dates(60)).reports[0].columns["time"] == "x"
    alone = table(tmp_path, [name], dates())
    note = alone.note("weak_guess")
    assert note and name in note.message and "something else" in note.message


@pytest.mark.parametrize(
    ("cells", "why"), [(ids(1_772_442_000), "rise evenly"), (ids(9_000_000_000), "outside any log")]
)
def test_odd_numbers_under_a_name_of_a_time_are_told(tmp_path: Path, cells: list[object], why: str) -> None:
    """Numbers that rise like a counter or lie far off are passed over for dates; where they are alone it is told."""
    assert table(tmp_path, ["timestamp", "x"], cells, dates()).reports[0].columns["time"] == "x"
    try:
        note = table(tmp_path, ["timestamp"], cells).note("weak_guess")
        assert note and why in note.message and "--map time=COLUMN" in note.message
    except InputError as error:  # years in which nobody served anybody: every row is rejected, and that is told
        assert "after 2200" in str(error)


def test_a_weak_guess_says_that_it_is_one(tmp_path: Path) -> None:
    """Of several columns of dates without a telling name the first is taken, and the others are named."""
    found = table(tmp_path, ["x", "y"], dates(), dates(60))
    note = found.note("weak_guess")
    assert note and "'y' holds times as well" in note.message and "a weak guess" in note.message
    assert table(tmp_path, ["x", "z"], dates(), ["text"] * 18).note("weak_guess") is None


def test_a_date_of_the_case_is_taken_with_a_word(tmp_path: Path) -> None:
    """A lone date that is the same on all rows of a case is the time of nothing better, and the note says so."""
    found = table(tmp_path, ["created"], [f"2026-03-{1 + n // 3:02} 10:00" for n in range(18)])
    note = found.note("weak_guess")
    assert note and "does not change within cases" in note.message


@pytest.mark.parametrize(
    ("head", "time"),
    [
        (["Date", "Time"], "Date+Time"),
        (["Time", "Date"], "Date+Time"),
        (["Start Date", "Start Time"], None),
        (["event_date", "event_time"], "event_date+event_time"),
        (["Datum", "Uhrzeit"], "Datum+Uhrzeit"),
        (["changeDate", "changeTime"], "changeDate+changeTime"),
        (["day", "clock"], "day+clock"),
    ],
)
@pytest.mark.parametrize(("day", "clock"), [("%Y-%m-%d", "%H:%M"), ("%d.%m.%Y", "%H:%M:%S"), ("%d-%b-%Y", "%I:%M %p")])
def test_a_date_and_a_time_of_day_are_joined(
    tmp_path: Path, head: list[str], time: str | None, day: str, clock: str
) -> None:
    """A column of days and a column of times of day that belong together by their names make one time."""
    moments = [dt.datetime.fromtimestamp(BASE + n * 3_660, dt.UTC) for n in range(18)]
    cells = [
        [m.strftime(clock if name.lower().endswith(("time", "uhrzeit", "clock")) else day) for m in moments]
        for name in head
    ]
    found = table(tmp_path, head, *cells)
    assert found.reports[0].columns["time"] == (time or "Start Date+Start Time")
    assert starts(found)[:2] == ["2026-03-02T09:00:00", "2026-03-02T10:01:00"]


def test_spans_in_four_columns_are_joined(tmp_path: Path) -> None:
    """Start and end with a date and a time of day each make spans."""
    day, at = ["2026-03-02"] * 18, [f"{n % 12 + 8:02}:00" for n in range(18)]
    until = [f"{n % 12 + 8:02}:30" for n in range(18)]
    found = table(tmp_path, ["Start Date", "Start Time", "End Date", "End Time"], day, at, day, until)
    assert starts(found)[0] == "2026-03-02T08:00:00" and ends(found)[0] == "2026-03-02T08:30:00"


@pytest.mark.parametrize("clock", ["talk time", "Handling Time", "duration", "shift"])
def test_a_duration_is_no_time_of_day(tmp_path: Path, clock: str) -> None:
    """Lengths such as 00:05:00 are not joined to a date."""
    found = table(tmp_path, ["date", clock], [f"2026-03-{1 + n:02}" for n in range(18)], ["00:05:00"] * 18)
    assert found.reports[0].columns["time"] == "date"


def test_dates_and_times_of_day_in_parquet_are_joined(tmp_path: Path) -> None:
    """Columns of the types date and time mean the same as their texts in a CSV."""
    moments = [dt.datetime(2026, 3, 1 + n // 3, 9 + n % 3) for n in range(18)]
    path = tmp_path / "log.parquet"
    for kind in (pa.time64("ns"), pa.time64("us"), pa.time32("s")):
        pq.write_table(
            pa.table(
                {
                    "case": [f"C{n // 3}" for n in range(18)],
                    "activity": ["a"] * 18,
                    "time": [m.date() for m in moments],
                    "clock": pa.array([m.time() for m in moments], kind),
                }
            ),
            path,
        )
        found = look_at(path, tz="UTC")
        assert found.reports[0].columns["time"] == "time+clock"
        assert starts(found)[:2] == ["2026-03-01T09:00:00", "2026-03-01T10:00:00"]


def test_a_service_id_with_values_called_case_is_the_case(tmp_path: Path) -> None:
    """A column that no name gives away is the case where its values call themselves one."""
    head = "Service ID,Operation,Start Date,End Date,Agent\n"
    rows = [f"Case {n // 2},Inbound Email,1/{13 + n}/10 9:00,1/{13 + n}/10 9:30,Ann\n" for n in range(6)]
    found = look(tmp_path, head + "".join(rows), tz="UTC")
    assert found.reports[0].columns["case"] == "Service ID"
    assert found.reports[0].reasons["case"] == "its values are called 'Case 0'"
    with pytest.raises(InputError, match="recognised as the case"):
        look(tmp_path, head.replace("Service ID", "x") + "".join(rows).replace("Case ", "v"), tz="UTC")


@pytest.mark.parametrize("factor", [1_000, 1_000_000, 1_000_000_000])
def test_seconds_mixed_with_smaller_units_are_read_each_in_its_own(tmp_path: Path, factor: int) -> None:
    """In a column that counts in several units each row gets its own moment, and the note counts them."""
    cells = [value * factor if n % 3 == 0 else value for n, value in enumerate(map(int, map(str, uneven())))]
    found = table(tmp_path, ["time"], cells)
    assert starts(found) == starts(table(tmp_path, ["time"], uneven()))
    note = found.note("mixed_units")
    assert note and "seconds in 12 rows" in note.message and note.count == 6
    assert table(tmp_path, ["time"], uneven(factor)).note("mixed_units") is None

"""Columns of times: forms, zones, day and month, epochs, placeholders, intervals."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from miner.errors import InputError, UsageError
from miner.events import times
from miner.events.engine import Engine
from miner.readers.tabular.zones import to_utc
from tests.readers.reading import Reading
from tests.readers.tabular.looking import ends, look, starts, text_of


def moments(folder: Path, *cells: str, **options: Any) -> Reading:
    """The reading of a file with one event per cell in its column of times."""
    rows = "".join(f'K{n};Opened;"{cell}"\n' for n, cell in enumerate(cells))
    return look(folder, "case;activity;time\n" + rows, **options)


@pytest.mark.parametrize(
    ("cell", "utc"),
    [
        ("2026-01-31T10:20:30Z", "2026-01-31T10:20:30"),
        ("2026-01-31T10:20:30z", "2026-01-31T10:20:30"),
        ("2026-01-31T10:20:30+0100", "2026-01-31T09:20:30"),
        ("2026-01-31T10:20:30+01:00", "2026-01-31T09:20:30"),
        ("2026-01-31 10:20:30 +0100", "2026-01-31T09:20:30"),
        ("2026-01-31 10:20:30 UTC", "2026-01-31T10:20:30"),
        ("2026-01-31T10:20:30-08", "2026-01-31T18:20:30"),
        ("2026-01-31T10:20:30.125-08:00", "2026-01-31T18:20:30.125000"),
        ("2026-01-31T10:20:30,125Z", "2026-01-31T10:20:30.125000"),
        ("2026-01-31T10:20:30.123456789Z", "2026-01-31T10:20:30.123456"),
        ("2026-01-31T10:20Z", "2026-01-31T10:20:00"),
        ("31-01-2026 10:20:30 +0100", "2026-01-31T09:20:30"),
        ("31/Jan/2026", None),
        ("Sat, 31 Jan 2026 10:20:30 +0100", "2026-01-31T09:20:30"),
        ("Sat, 31 Jan 2026 10:20:30 GMT", "2026-01-31T10:20:30"),
        ("1769854830", "2026-01-31T10:20:30"),
        ("1769854830.25", "2026-01-31T10:20:30.250000"),
        ("1769854830125", "2026-01-31T10:20:30.125000"),
        ("1769854830123456", "2026-01-31T10:20:30.123456"),
        ("1769854830123456789", "2026-01-31T10:20:30.123456"),
    ],
)
def test_times_that_say_their_zone_are_read_exactly(tmp_path: Path, cell: str, utc: str | None) -> None:
    """Offsets with and without colon, Z, fractions and epochs give the moment in UTC, whatever --tz says."""
    if utc is None:
        with pytest.raises(InputError, match="--time-format"):
            moments(tmp_path, cell, columns={"time": "time"})
        return
    for zone in (None, "Europe/Berlin"):
        found = moments(tmp_path, cell, tz=zone)
        assert starts(found) == [utc]
        assert found.note("assumed_zone") is None


@pytest.mark.parametrize(
    "cell",
    [
        "2026-01-31 10:20:30",
        "2026-01-31T10:20:30",
        "2026-1-31 10:20:30",
        "2026/01/31 10:20:30",
        "2026.01.31 10:20:30",
        "31.01.2026 10:20:30",
        "31/01/2026 10:20:30",
        "31-01-2026, 10:20:30",
        "1/31/2026 10:20:30 AM",
        "1/31/2026 10:20:30 am",
        "1/31/26 10:20:30",
        "31-Jan-2026 10:20:30",
        "31-JAN-2026 10:20:30",
        "31 January 2026 10:20:30",
        "Jan 31, 2026 10:20:30",
        "January 31 2026 10:20:30",
        "Sat Jan 31 10:20:30 2026",
        "20260131102030",
        "20260131T102030",
    ],
)
def test_times_without_a_zone_are_those_of_the_declared_one(tmp_path: Path, cell: str) -> None:
    """Every form of a local time is read, in the zone of --tz; without one as UTC, which is noted."""
    assert starts(moments(tmp_path, cell, tz="Europe/Berlin")) == ["2026-01-31T09:20:30"]
    assert starts(moments(tmp_path, cell, tz="+05:30")) == ["2026-01-31T04:50:30"]
    found = moments(tmp_path, cell)
    assert starts(found) == ["2026-01-31T10:20:30"]
    note = found.note("assumed_zone")
    assert note and "--tz" in note.message and note.count == 1


@pytest.mark.parametrize(
    ("cell", "utc"),
    [("2:05 PM", "14:05:00"), ("12:05 AM", "00:05:00"), ("12:05 pm", "12:05:00"), ("2:05PM", "14:05:00")],
)
def test_twelve_hour_clocks_know_noon_and_midnight(tmp_path: Path, cell: str, utc: str) -> None:
    """AM and PM are read in any case, with or without a space."""
    assert starts(moments(tmp_path, f"01/31/2026 {cell}")) == [f"2026-01-31T{utc}"]


def test_two_digits_of_a_year_are_of_this_century(tmp_path: Path) -> None:
    """Years of two digits are read as 1969 to 2068, also beside years of four."""
    assert starts(moments(tmp_path, "31.01.26 10:00", "31.01.2026 10:00")) == ["2026-01-31T10:00:00"] * 2


def test_one_column_may_mix_times_with_and_without_a_zone(tmp_path: Path) -> None:
    """Each time of a mixed column is read by what it says itself, the others in the declared zone."""
    found = moments(
        tmp_path, "2026-01-31T10:00:00Z", "2026-01-31T10:00:00", "2026-01-31T10:00:00+02:00", tz="Europe/Berlin"
    )
    assert starts(found) == ["2026-01-31T10:00:00", "2026-01-31T09:00:00", "2026-01-31T08:00:00"]
    assert moments(tmp_path, "2026-01-31T10:00:00Z", "2026-01-31T10:00:00").note("assumed_zone")


@pytest.mark.parametrize(
    ("option", "utc"), [({"dayfirst": True}, "2026-04-03T00:00:00"), ({"dayfirst": False}, "2026-03-04T00:00:00")]
)
def test_an_ambiguous_day_and_month_is_an_error_that_names_the_options(
    tmp_path: Path, option: dict[str, bool], utc: str
) -> None:
    """Where no date tells day from month the file is refused, and --dayfirst or --monthfirst settles it."""
    with pytest.raises(InputError, match="--dayfirst or --monthfirst") as error:
        moments(tmp_path, "03/04/2026", "05/06/2026")
    assert error.value.problems[0].column == "time"
    assert starts(moments(tmp_path, "03/04/2026", "05/06/2026", **option))[0] == utc


def test_a_fraction_of_a_second_does_not_make_dates_dotted(tmp_path: Path) -> None:
    """Only a dot between day and month means day first; one in the clock means nothing."""
    with pytest.raises(InputError, match="--dayfirst"):
        moments(tmp_path, "03/04/2026 10:00:00.250")
    assert starts(moments(tmp_path, "03.04.2026 10:00")) == ["2026-04-03T10:00:00"]


def test_one_telling_date_settles_the_whole_column(tmp_path: Path) -> None:
    """A day above 12 anywhere in the column, however far down, tells how all of it is read."""
    cells = ["03/04/2026"] * 5_000
    assert starts(moments(tmp_path, *cells, "13/04/2026"))[0] == "2026-04-03T00:00:00"
    assert starts(moments(tmp_path, *cells, "04/13/2026"))[0] == "2026-03-04T00:00:00"


def test_a_column_with_both_orders_is_an_error_with_a_line_of_each(tmp_path: Path) -> None:
    """Dates of both orders in one column are never guessed row by row."""
    with pytest.raises(InputError, match=r"day first \(line 3\), others month first \(line 4\)"):
        moments(tmp_path, "01/02/2026", "13/02/2026", "02/14/2026")
    found = moments(tmp_path, "01/02/2026", "13/02/2026", "02/14/2026", dayfirst=True)
    assert starts(found) == ["2026-02-01T00:00:00", "2026-02-13T00:00:00"]
    assert [(r["line"], r["value"], r["reason"]) for r in found.rejects] == [(4, "02/14/2026", "not a time")]


def test_a_declared_form_is_the_only_one(tmp_path: Path) -> None:
    """With --time-format other forms are rejected, and a form that is none is a usage error."""
    found = moments(tmp_path, "2026|31|01 10h", "2026-01-31", time_format="%Y|%d|%m %Hh")
    assert starts(found) == ["2026-01-31T10:00:00"]
    assert len(found.rejects) == 1
    assert starts(moments(tmp_path, "31.01.2026 10:00 +0100", time_format="%d.%m.%Y %H:%M %z")) == [
        "2026-01-31T09:00:00"
    ]
    with pytest.raises(UsageError, match="not a timestamp format"):
        moments(tmp_path, "2026-01-31", time_format="%Q")


def test_what_is_no_time_is_rejected_with_its_line_and_cell(tmp_path: Path) -> None:
    """Missing markers are `no time`, other texts `not a time`, impossible days are none, far ones say so."""
    found = moments(tmp_path, "2026-01-31 10:00", "?", "", "soon", "2026-02-30 10:00", "0:00:00", "9999-12-31 00:00")
    assert [(r["line"], r["value"], r["reason"]) for r in found.rejects] == [
        (3, "?", "no time"),
        (4, None, "no time"),
        (5, "soon", "not a time"),
        (6, "2026-02-30 10:00", "not a time"),
        (7, "0:00:00", "not a time"),
        (8, "9999-12-31 00:00", "a time before 1900 or after 2200"),
    ]


@pytest.mark.parametrize("cell", ["9" * 19, "99999999999999.5", "1" + "0" * 18])
def test_a_number_too_large_for_a_time_is_rejected(tmp_path: Path, cell: str) -> None:
    """Epochs beyond all plausible years are no times, and break nothing."""
    found = moments(tmp_path, "1769854830", "1769854831", cell)
    assert len(found.events) == 2 and found.rejects[0]["reason"] == "not a time"


def test_a_column_without_times_is_an_error_that_shows_some(tmp_path: Path) -> None:
    """A mapped column that holds no times is refused with examples and the options that help."""
    with pytest.raises(InputError, match=r"contains no readable times \(such as 'later', 'soon'\)") as error:
        moments(tmp_path, "soon", "later", columns={"time": "time"})
    assert "--time-format" in str(error.value)


def test_1970_among_later_dates_stands_for_no_time(tmp_path: Path) -> None:
    """A placeholder is rejected where other rows have dates, and counted."""
    found = moments(tmp_path, "1970-01-01 00:00:00", "2026-01-31 10:00", "2026-01-31 11:00")
    assert starts(found) == ["2026-01-31T10:00:00", "2026-01-31T11:00:00"]
    assert [(r["line"], r["reason"]) for r in found.rejects] == [(2, "no time")]
    assert found.note("placeholder_time")


def test_an_anonymised_log_that_lies_wholly_on_1970_is_read(tmp_path: Path) -> None:
    """Where all events are of 1970-01-01 it is no placeholder, and midnight is a time like any other."""
    found = moments(tmp_path, "1970-01-01 23:59:00", "1970-01-01 0:00:00", "1970-01-01 0:01:00")
    assert starts(found) == ["1970-01-01T23:59:00", "1970-01-01T00:00:00", "1970-01-01T00:01:00"]
    assert not found.rejects


def test_midnight_is_a_time_in_a_clock_column_joined_to_a_date(tmp_path: Path) -> None:
    """`0:00:00` between 23:59 and 0:01 is midnight; an empty clock beside a date is no time."""
    text = "case,activity,day,clock\nA,x,2026-01-30,23:59:00\n"
    text += "A,x,2026-01-31,0:00:00\nA,x,2026-01-31,0:01:00\nA,x,2026-01-31,\n"
    found = look(tmp_path, text, columns={"time": "day+clock"})
    assert starts(found) == ["2026-01-30T23:59:00", "2026-01-31T00:00:00", "2026-01-31T00:01:00"]
    assert [(r["line"], r["column"], r["reason"]) for r in found.rejects] == [(5, "day+clock", "no time")]
    assert found.reports[0].unmapped == []


INTERVALS = "case,activity,began,done\nA,x,2026-01-31T10:00:00Z,2026-01-31T10:30:00Z\n"


@pytest.mark.parametrize(
    ("columns", "end"),
    [
        ({"time": "began", "end": "done"}, "10:30"),
        ({"start": "began", "end": "done"}, "10:30"),
        ({"time": "done", "start": "began"}, "10:30"),
        ({"start": "began"}, "10:00"),
        ({"time": "began"}, "10:00"),
    ],
)
def test_start_end_and_time_in_every_combination(tmp_path: Path, columns: dict[str, str], end: str) -> None:
    """`time` with `end` is the start, with `start` the end, and alone a point."""
    found = look(tmp_path, INTERVALS, columns=columns)
    assert (starts(found), ends(found)) == (["2026-01-31T10:00:00"], [f"2026-01-31T{end}:00"])


def test_time_start_and_end_together_are_one_too_many(tmp_path: Path) -> None:
    """Three times for one event are refused, with what to give instead."""
    with pytest.raises(InputError, match="only two of them"):
        look(tmp_path, INTERVALS, columns={"time": "began", "start": "began", "end": "done"})


@pytest.mark.parametrize(
    "names", ["start,end", "start_timestamp,time:timestamp", "Start Time,Complete Timestamp", "started_at,ended_at"]
)
def test_start_and_end_are_found_by_their_names(tmp_path: Path, names: str) -> None:
    """Without --map, telling names of two columns of times make intervals."""
    found = look(tmp_path, INTERVALS.replace("began,done", names))
    assert (starts(found), ends(found)) == (["2026-01-31T10:00:00"], ["2026-01-31T10:30:00"])


def test_an_end_before_its_start_is_flagged_and_read_as_a_point(tmp_path: Path) -> None:
    """A negative duration is never clamped silently."""
    text = INTERVALS + "A,y,2026-01-31T11:00:00Z,2026-01-31T10:59:59Z\n"
    found = look(tmp_path, text, columns={"time": "began", "end": "done"})
    assert starts(found)[1] == ends(found)[1] == "2026-01-31T11:00:00"
    note = found.note("negative_duration")
    assert note and note.count == 1 and note.examples == ["line 3"]


@pytest.mark.parametrize(
    "end", ["", "?", "0:00:00", "undefined", "1970-01-01T00:00:00Z", "9999-12-31T00:00:00Z", "nonsense"]
)
def test_an_end_that_is_none_makes_a_point(tmp_path: Path, end: str) -> None:
    """Open records keep their start and have no length."""
    found = look(tmp_path, INTERVALS + f"A,y,2026-01-31T11:00:00Z,{end}\n", columns={"time": "began", "end": "done"})
    assert starts(found)[1] == ends(found)[1] == "2026-01-31T11:00:00"


def test_an_end_that_is_no_time_is_counted(tmp_path: Path) -> None:
    """What stands in the column of ends and is no time is noted with its line; an empty cell is not."""
    rows = "A,y,2026-01-31T11:00:00Z,\nA,z,2026-01-31T12:00:00Z,nonsense\n"
    found = look(tmp_path, INTERVALS + rows, columns={"time": "began", "end": "done"})
    note = found.note("no_end")
    assert note and note.count == 1 and note.examples == ["line 4"]


@pytest.mark.parametrize("end", ["", "?", "still open"])
def test_a_column_without_any_end_makes_points(tmp_path: Path, end: str) -> None:
    """A mapped column of ends that is empty from top to bottom is no error, whatever stands for nothing."""
    text = f"case,activity,began,done\nA,x,2026-01-31T10:00:00Z,{end}\nA,y,2026-01-31T11:00:00Z,\n"
    found = look(tmp_path, text, columns={"time": "began", "end": "done"}, missing=("still open",))
    assert ends(found) == starts(found) == ["2026-01-31T10:00:00", "2026-01-31T11:00:00"]


def test_a_column_of_ends_may_begin_empty(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """How ends are written is told by the first of them, however far down it is."""
    monkeypatch.setattr("miner.readers.tabular.times.SAMPLED_ROWS", 2)
    rows = "".join(f"A,x,2026-01-31T{hour}:00:00Z,\n" for hour in (10, 11, 12))
    text = f"case,activity,began,done\n{rows}A,y,2026-01-31T13:00:00Z,31.01.2026 13:30\n"
    found = look(tmp_path, text, columns={"time": "began", "end": "done"})
    assert ends(found)[-1] == "2026-01-31T13:30:00"


def test_all_bad_columns_of_times_are_named_at_once(tmp_path: Path) -> None:
    """An unreadable start and an unreadable end are two problems of one error."""
    with pytest.raises(InputError) as error:
        look(
            tmp_path, "case,activity,began,done\nA,x,03/04/2026,04/05/2026\n", columns={"time": "began", "end": "done"}
        )
    assert [p.column for p in error.value.problems] == ["began", "done"]


@pytest.mark.parametrize(
    "zone",
    ["Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "Asia/Kolkata", "Africa/Casablanca", "UTC", "-03:30"],
)
def test_whole_columns_and_single_times_are_read_alike(zone: str) -> None:
    """Every quarter of an hour around the clock changes of a year is the same moment for tables and for records."""
    begin = datetime(2025, 1, 1)
    local = [begin + timedelta(minutes=15 * n) for n in range(4 * 24 * 365)]
    with Engine() as engine:
        engine.create("t", {"n": "BIGINT"})
        engine.run("INSERT INTO t SELECT range FROM range(?)", [len(local)])
        sql = to_utc("(TIMESTAMP '2025-01-01' + n * INTERVAL 15 MINUTE)", zone)
        found = [row[0] for row in engine.rows(f"SELECT {sql} FROM t ORDER BY n")]
    there = times.zone(zone)
    assert found == [times.parse(moment.isoformat(), there) for moment in local]
    assert isinstance(there, ZoneInfo) or zone == "-03:30"


@settings(max_examples=30)
@given(
    moment=st.datetimes(datetime(1971, 1, 1), datetime(2090, 1, 1)),
    form=st.sampled_from(
        ["%Y-%m-%d %H:%M:%S", "%d.%m.%Y %H:%M:%S", "%d %B %Y %H:%M:%S", "%b %d, %Y %I:%M:%S %p", "%Y/%m/%d %H:%M:%S"]
    ),
)
def test_a_time_written_in_any_form_comes_back(
    moment: datetime, form: str, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """What strftime writes in a known form is read as the same second."""
    moment = moment.replace(microsecond=0)
    found = moments(tmp_path_factory.mktemp("t"), moment.strftime(form))
    assert starts(found) == [moment.isoformat()]


def test_a_time_before_1970_is_a_time(tmp_path: Path) -> None:
    """1970-01-01 stands for nothing, in any zone, but an older time is one."""
    rows = ["1,a,1948-01-26 22:59,", *(f"1,b,2018-02-0{day} 10:00," for day in range(1, 5)), "1,d,1970-01-01 00:00,"]
    found = look(tmp_path, text_of(*rows), tz="Europe/Amsterdam")
    assert starts(found)[0] == "1948-01-26T21:59:00"
    assert [(row["value"], row["reason"]) for row in found.rejects] == [("1970-01-01 00:00", "no time")]

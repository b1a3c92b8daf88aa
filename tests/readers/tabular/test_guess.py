"""Columns told apart by what the cases show of them, and names behind a word."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pytest

from miner.events.engine import Engine
from tests.readers.reading import Reading
from tests.readers.tabular.looking import look, starts, text_of


def guessed(folder: Path, head: str, *rows: str) -> Reading:
    """The reading of a table whose mapping is guessed."""
    return look(folder, text_of(*rows, head=head + "\n"), tz="UTC")


def cases(*rows: str, count: int = 6) -> list[str]:
    """The same rows for several cases; `#` is the number of the case."""
    return [row.replace("#", str(number)) for number in range(1, count + 1) for row in rows]


def test_the_finer_of_two_columns_is_the_team(tmp_path: Path) -> None:
    """Where what is called a silo is a part of what is called a team, they change places."""
    rows = cases("#,Queued,2026-01-0# 10:00,Line A,A#", "#,Queued,2026-01-0# 11:00,Line B,B#")
    found = guessed(tmp_path, "case,activity,time,org:group,organization involved", *rows)
    assert (found.reports[0].columns["team"], found.reports[0].columns["silo"]) == (
        "organization involved",
        "org:group",
    )
    assert found.column("team")[:2] == ["A1", "B1"] and found.column("silo")[:2] == ["Line A", "Line B"]
    assert not [note for note in found.notes if note.kind == "finer_silo"]


def test_a_coarser_silo_stays(tmp_path: Path) -> None:
    """Teams of a few departments are teams."""
    rows = cases("#,Queued,2026-01-0# 10:00,A#,Line A", "#,Queued,2026-01-0# 11:00,B#,Line B")
    found = guessed(tmp_path, "case,activity,time,team,department", *rows)
    assert found.reports[0].columns["team"] == "team" and found.reports[0].columns["silo"] == "department"


def test_a_team_of_the_case_is_no_owner(tmp_path: Path) -> None:
    """A group that never changes in a case, while people do, is left out: the owner is the agent."""
    rows = cases("#,Opened,2026-01-0# 10:00,Desk #,Ann", "#,Closed,2026-01-0# 11:00,Desk #,Bob")
    report = guessed(tmp_path, "case,activity,time,workgroup,resource", *rows).reports[0]
    assert "team" not in report.columns and report.unmapped == ["workgroup"]
    assert "workgroup does not change in a case" in report.reasons["agent"]
    moving = cases("#,Opened,2026-01-0# 10:00,First,Ann", "#,Closed,2026-01-0# 11:00,Second,Bob")
    assert guessed(tmp_path, "case,activity,time,workgroup,resource", *moving).reports[0].columns["team"] == "workgroup"


@pytest.mark.parametrize("head", ["case,activity,created,changed", "case,activity,opened on,changed"])
def test_a_time_of_the_case_is_not_the_time_of_its_events(tmp_path: Path, head: str) -> None:
    """A date that is repeated on every row of a case is passed over for one that changes."""
    rows = cases("#,Opened,2025-12-31,2026-01-0# 10:00", "#,Closed,2025-12-31,2026-01-0# 11:00")
    found = guessed(tmp_path, head, *rows)
    assert found.reports[0].columns["time"] == "changed"
    assert starts(found)[:2] == ["2026-01-01T10:00:00", "2026-01-01T11:00:00"]


def test_start_and_end_dates_of_the_case_make_no_spans(tmp_path: Path) -> None:
    """A start date that is the case's own is no start of its events."""
    rows = cases("#,Opened,2026-01-0# 10:00,2025-01-01,2027-01-01", "#,Closed,2026-01-0# 11:00,2025-01-01,2027-01-01")
    report = guessed(tmp_path, "case,activity,timestamp,start date,end date", *rows).reports[0]
    assert report.columns == {"case": "case", "activity": "activity", "time": "timestamp"}


@pytest.mark.parametrize(
    ("head", "mapped"),
    [
        (
            "SR Number;Change Date+Time;Status;Sub Status;Involved ST Function Div;Involved Org line 3;Involved ST;"
            "Owner First Name",
            {
                "case": "SR Number",
                "activity": "Status",
                "time": "Change Date+Time",
                "team": "Involved ST",
                "silo": "Involved Org line 3",
                "agent": "Owner First Name",
            },
        ),
        (
            "Problem Number;Problem Change Date+Time;Problem Status;Problem Sub Status;Product;"
            "Problem Involved ST Org line 3;Problem Involved Owner ST;Problem Owner First Name",
            {
                "case": "Problem Number",
                "activity": "Problem Status",
                "time": "Problem Change Date+Time",
                "team": "Problem Involved Owner ST",
                "silo": "Problem Involved ST Org line 3",
                "agent": "Problem Owner First Name",
            },
        ),
        (
            "Incident ID;DateStamp;IncidentActivity_Number;IncidentActivity_Type;Assignment Group;KM number;"
            "Interaction ID;x",
            {
                "case": "Incident ID",
                "activity": "IncidentActivity_Type",
                "time": "DateStamp",
                "team": "Assignment Group",
            },
        ),
        (
            "eventID ;case concept:name;event org:resource;event concept:name;event time:timestamp;case channel;"
            "case customer;case group",
            {
                "case": "case concept:name",
                "activity": "event concept:name",
                "time": "event time:timestamp",
                "agent": "event org:resource",
                "channel": "case channel",
                "customer": "case customer",
            },
        ),
        (
            "_CASE_KEY;ACTIVITY_EN;EVENTTIME;_SORTING;USER_NAME;a;b;c",
            {"case": "_CASE_KEY", "activity": "ACTIVITY_EN", "time": "EVENTTIME", "agent": "USER_NAME"},
        ),
    ],
    ids=["service requests", "problems", "incident activities", "prefixes", "keys"],
)
def test_the_names_of_known_exports(tmp_path: Path, head: str, mapped: dict[str, str]) -> None:
    """The columns of exports that are common are known by their names, with and without a word before them."""
    names = head.split(";")
    time = next(n for n, name in enumerate(names) if name in (mapped["time"],))
    row = [f"v{n}" for n in range(len(names))]
    rows = []
    for day in ("13-01-2026 10:00:00", "14-01-2026 11:00:00"):
        row[time] = day
        rows.append(";".join(row))
    assert guessed(tmp_path, head, *rows).reports[0].columns == mapped


def test_a_wide_table_is_told_by_no_more_questions(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Ten times the columns ask the engine no more often: each question is about all of them."""
    asked: list[str] = []
    run = Engine.run

    def told(engine: Engine, sql: str, parameters: Iterable[Any] = ()) -> Any:
        asked.append(sql)
        return run(engine, sql, parameters)

    monkeypatch.setattr(Engine, "run", told)
    questions = {}
    for width in (30, 300):
        names, values = (",".join(f"{word}{n}" for n in range(width)) for word in ("Field ", "text "))
        (tmp_path / str(width)).mkdir()
        asked.clear()
        found = guessed(tmp_path / str(width), f"case,activity,time,{names}", *cases(f"#,Opened,2026-01-0#,{values}"))
        assert len(found.reports[0].unmapped) == width
        questions[width] = len(asked)
    assert questions[30] == questions[300] > 0

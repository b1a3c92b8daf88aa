"""Which column means what: the guess, the mapping, and what is wrong with it."""

from __future__ import annotations

from pathlib import Path

import pytest

from miner.errors import InputError
from tests.readers.tabular.looking import look, look_at, text_of

ROW = "A,Opened,2026-01-02T10:00:00Z,L1"


@pytest.mark.parametrize(
    "head",
    [
        "case,activity,time,team",
        "Case ID,Activity,Complete Timestamp,Resource",
        "case:concept:name,concept:name,time:timestamp,org:group",
        "ticket_id,status,updated_at,assignment_group",
        "Incident Number,State,sys_updated_on,Queue",
        "CaseID,ActivityID,CompleteTimestamp,Agent",
    ],
)
def test_telling_names_are_found_with_a_reason_each(tmp_path: Path, head: str) -> None:
    """Names of columns in real exports are known; each guess says why."""
    found = look(tmp_path, text_of(ROW, head=head + "\n"))
    report = found.reports[0]
    assert found.column("interaction_id") == ["A"] and found.column("activity") == ["Opened"]
    assert set(report.columns) == set(report.reasons) >= {"case", "activity", "time"}
    assert all(report.reasons.values())


def test_a_time_is_also_found_by_what_is_in_its_column(tmp_path: Path) -> None:
    """A column with another name is the time where it is the first that holds times."""
    found = look(tmp_path, text_of(ROW, head="case,activity,mark,team\n"))
    assert found.reports[0].columns["time"] == "mark"
    assert found.reports[0].reasons["time"] == "the first column that holds times"


def test_a_column_named_like_a_time_without_times_is_none(tmp_path: Path) -> None:
    """`time` that holds minutes is passed over for one that holds times."""
    found = look(tmp_path, "case,activity,time,changed\nA,x,12,2026-01-02T10:00:00Z\n")
    assert found.reports[0].columns["time"] == "changed"


def test_a_given_mapping_is_the_whole_mapping(tmp_path: Path) -> None:
    """With --map only case, activity and time are still looked for, and what is not used is told."""
    found = look(tmp_path, text_of(ROW), columns={"case": "case"})
    assert found.column("team") == [None]
    assert found.reports[0].unmapped == ["team"]


def test_names_in_a_mapping_need_not_match_in_case(tmp_path: Path) -> None:
    """A column is found by its name in other case where only one has it."""
    assert look(tmp_path, text_of(ROW), columns={"team": "TEAM"}).column("team") == ["L1"]


def test_columns_can_be_joined(tmp_path: Path) -> None:
    """`a+b` is both cells with a space between; an id of which a part is missing is none."""
    text = "year,no,activity,time,first,last\n"
    text += "2026,7,Opened,2026-01-02T10:00:00Z,Ann,Lee\n,8,Opened,2026-01-02T10:00:00Z,Bo,Ray\n"
    found = look(tmp_path, text, columns={"case": "year+no", "agent": "first+last"})
    assert found.column("interaction_id") == ["2026 7"] and found.column("agent") == ["Ann Lee"]
    assert [(r["line"], r["column"], r["reason"]) for r in found.rejects] == [(3, "year+no", "no case id")]


def test_a_name_with_a_plus_is_first_a_name(tmp_path: Path) -> None:
    """A column that is called `a+b` is meant before the two others."""
    found = look(tmp_path, "case,activity,time,a,b,a+b\nA,x,2026-01-02T10:00:00Z,1,2,3\n", columns={"team": "a+b"})
    assert found.column("team") == ["3"]


def test_all_problems_of_a_mapping_come_at_once_with_near_names(tmp_path: Path) -> None:
    """Every unknown column is named together with those that are near, and what is not recognised too."""
    with pytest.raises(InputError) as error:
        look(
            tmp_path,
            "ticket,what,when\nA,x,2026-01-02T10:00:00Z\n",
            columns={"team": "wen", "case": "tickt", "agent": "zzz"},
        )
    text = str(error.value)
    assert len(error.value.problems) == 4
    assert "no column 'wen'" in text and "did you mean 'when'" in text
    assert "no column 'tickt'" in text and "did you mean 'ticket'" in text
    assert "its columns are: ticket, what, when" in text
    assert "--map activity=COLUMN" in text


def test_a_missing_column_is_an_error_that_shows_the_columns(tmp_path: Path) -> None:
    """Where the activity is not recognised the error gives the option and the names to choose from."""
    with pytest.raises(InputError, match=r"--map activity=COLUMN; the columns are: case, foo, time") as error:
        look(tmp_path, "case,foo,time\nA,x,2026-01-02T10:00:00Z\n")
    assert len(error.value.problems) == 1


def test_a_table_without_anything_of_a_log_is_passed_over_in_a_folder_only(tmp_path: Path) -> None:
    """A list of prices beside a log is not read and told; where it was named it is an error."""
    with pytest.raises(InputError, match="as the case"):
        look(tmp_path, "product,price\nA,12\n", "prices.csv")
    (tmp_path / "log.csv").write_text(text_of(ROW))
    found = look_at(tmp_path)
    assert [r.file for r in found.reports] == ["log.csv"]
    note = found.note("passed_over")
    assert note and "prices.csv" in note.message


def test_an_empty_column_name_says_that_there_is_none(tmp_path: Path) -> None:
    """`--map team=` leaves the team out."""
    assert look(tmp_path, text_of(ROW), columns={"team": "", "case": "case"}).column("team") == [None]

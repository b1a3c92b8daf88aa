"""What a log says against its reading is told, and changes nothing."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from pathlib import Path

from tests.readers.reading import Reading
from tests.readers.tabular.looking import look, text_of

MONDAY = date(2026, 1, 5)
WORKDAYS = [day for day in (MONDAY + timedelta(n) for n in range(720)) if day.weekday() < 5]


def kinds(found: Reading, *wanted: str) -> dict[str, tuple[str, int]]:
    """The notes of these kinds: what they say, and how often."""
    return {note.kind: (note.message, note.count) for note in found.notes if note.kind in wanted}


def days(*given: date) -> str:
    """A log with an event on each of these days."""
    return text_of(*(f"{n},x,{day.isoformat()} 10:00,L1" for n, day in enumerate(given)))


def turned(day: date) -> date:
    """A date as it comes out where day and month are mixed up."""
    return day.replace(month=day.day, day=day.month) if day.day <= 12 else day


def test_swapped_days_and_months_are_told(tmp_path: Path) -> None:
    """Work days whose days and months were mixed up wherever that gave a date fall on weekends, which is told."""
    ambiguous = [day for day in WORKDAYS if day.day <= 12 and day.day != day.month]
    (message, count) = kinds(look(tmp_path, days(*map(turned, WORKDAYS))), "swapped_dates")["swapped_dates"]
    assert count == len(ambiguous) >= 100 and "0% would" in message
    assert not kinds(look(tmp_path, days(*WORKDAYS)), "swapped_dates")


def test_work_on_all_days_is_no_sign(tmp_path: Path) -> None:
    """Who works on weekends too has weekends on both readings."""
    every = [MONDAY + timedelta(n) for n in range(720)]
    assert not kinds(look(tmp_path, days(*every)), "swapped_dates")
    assert not kinds(look(tmp_path, days(*map(turned, every))), "swapped_dates")


def test_few_dates_are_no_sign(tmp_path: Path) -> None:
    """Under a hundred dates that could be swapped nothing is said."""
    assert not kinds(look(tmp_path, days(*map(turned, WORKDAYS[:60]))), "swapped_dates")


def test_the_days_are_those_of_the_declared_zone(tmp_path: Path) -> None:
    """Late work on Fridays is no work on Saturdays, as which it stands in UTC."""
    rows = [f"{n},x,{datetime(d.year, d.month, d.day, 22).isoformat()},L1" for n, d in enumerate(WORKDAYS)]
    assert not kinds(look(tmp_path, text_of(*rows), tz="America/Los_Angeles"), "swapped_dates")


def test_times_far_from_the_others_are_told_and_kept(tmp_path: Path) -> None:
    """An event of 1948 among those of 2026 is read, and said to be far off."""
    found = look(tmp_path, days(date(1948, 1, 26), *WORKDAYS))
    assert kinds(found, "far_time")["far_time"][1] == 1 and len(found.events) == len(WORKDAYS) + 1
    assert not kinds(look(tmp_path, days(*WORKDAYS)), "far_time")


def test_nobodies_are_told_where_they_would_own(tmp_path: Path) -> None:
    """Names that stand for nobody are counted; as agents of a team their events belong to the team."""
    head = "case,activity,time,resource\n"
    rows = ["1,a,2026-01-05 10:00,Siebel", "1,b,2026-01-05 11:00,Ann", "1,c,2026-01-05 12:00,SYSTEM"]
    told = kinds(look(tmp_path, text_of(*rows, head=head)), "nobody", "system_owner")
    assert told["nobody"] == (
        "log.csv: 'Siebel' in 'resource' is a placeholder and owns nothing; --owner Siebel keeps it as an owner",
        1,
    )
    assert "--missing SYSTEM" in told["system_owner"][0]
    found = look(tmp_path, text_of(*(f"{row},L1" for row in rows), head=head[:-1] + ",team\n"))
    told = kinds(found, "nobody", "system_owner")
    assert set(told) == {"nobody"} and "; its events count for the team in their row; --owner" in told["nobody"][0]


def test_a_system_that_is_known_as_one_is_not_doubted(tmp_path: Path) -> None:
    """Who says with actor_type who acts need not be told."""
    rows = text_of("1,a,2026-01-05 10:00,system,rule", head="case,activity,time,agent,actor_type\n")
    assert not kinds(look(tmp_path, rows), "nobody", "system_owner")


def test_a_given_team_that_never_changes_is_told(tmp_path: Path) -> None:
    """A mapped team that is an attribute of the case is used, and told with the option that leaves it out."""
    rows = [f"{n},a,2026-01-05 1{at}:00,Desk {n},{who}" for n in range(20) for at, who in enumerate(("Ann", "Bob"))]
    columns = {"case": "case", "activity": "activity", "time": "time", "team": "team", "agent": "agent"}
    found = look(tmp_path, text_of(*rows, head="case,activity,time,team,agent\n"), columns=columns)
    assert "--map team=" in kinds(found, "still_team")["still_team"][0] and found.column("team")[0] == "Desk 0"


def test_given_silos_that_are_parts_of_teams_are_told(tmp_path: Path) -> None:
    """A mapping with silos finer than teams stands, and the reverse is offered."""
    rows = [f"{n},a,2026-01-05 10:00,Line {n % 2},T{n}" for n in range(10)]
    columns = {"team": "line", "silo": "desk"}
    found = look(tmp_path, text_of(*rows, head="case,activity,time,line,desk\n"), columns=columns)
    assert "--map 'team=desk' --map 'silo=line'" in kinds(found, "finer_silo")["finer_silo"][0]
    assert found.column("team")[0] == "Line 0"


def test_a_list_of_cases_is_told(tmp_path: Path) -> None:
    """A table with one row a case is no log of what happened to them."""
    rows = [f"{n},Closed,2026-01-05 10:00,L1" for n in range(20)]
    assert kinds(look(tmp_path, text_of(*rows)), "list_of_cases")["list_of_cases"][1] == 20
    assert not kinds(look(tmp_path, text_of(*rows, rows[0])), "list_of_cases")

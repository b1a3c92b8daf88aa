"""Waits outside working hours: calendars by team and zone, clock changes, holidays, and the parts that still add up."""

from __future__ import annotations

import random
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest

from miner.calendars import Calendar, Calendars, load_calendars
from miner.calendars.engine_tables import open_spans
from miner.errors import InputError
from miner.events.engine import Engine
from miner.events.sink import Sink
from miner.journeys import stitch
from miner.measures import measure
from tests.drawings import draw
from tests.measures.adapter import arrow
from tests.oracles import Event, ordered, transitions
from tests.oracles.calendar import off_hours, off_us
from tests.oracles.time_split import PARTS
from tests.strategies import random_log

HOUR = 3_600_000_000
OFFICE = Calendar("Europe/Berlin", dict.fromkeys(range(5), ((8 * 60, 17 * 60),)), ("DE", None))
NIGHT = Calendar("America/New_York", {0: ((22 * 60, 30 * 60),), 6: ((0, 1440),)})
BOTH = Calendars({"office": OFFICE, "night": NIGHT}, "office", {"L2": "night"})
GERMAN = {date(2024, 3, 29), date(2024, 4, 1), date(2024, 5, 1)}  # Good Friday, Easter Monday, Labour Day


def at(text: str) -> int:
    """A local time in Berlin as microseconds of UTC."""
    from zoneinfo import ZoneInfo

    return int(datetime.fromisoformat(text).replace(tzinfo=ZoneInfo("Europe/Berlin")).timestamp()) * 1_000_000


def mined(events: list[Event], calendars: Calendars | None) -> dict[tuple[str, int], dict[str, int]]:
    """The parts of each transition, in microseconds, by journey and seq."""
    with Engine() as engine:
        Sink(engine)
        engine.insert_arrow("raw_events", arrow(events))
        stitch(engine, linked=False)
        measure(engine, calendars=calendars)
        rows = engine.rows(f"SELECT journey_id, seq, {', '.join(f'{part}_us' for part in PARTS)} FROM transitions")
    return {(journey, seq): dict(zip(PARTS, values, strict=True)) for journey, seq, *values in rows}


def waits(start: str, end: str, calendars: Calendars = BOTH, names: str = "L1 L3") -> tuple[float, float]:
    """Hours of handoff wait and of off hours of a handoff between two local times of Berlin."""
    events = draw(names)
    for event, moment in zip(events, (start, end), strict=True):
        event["started_us"] = event["ended_us"] = at(moment)
    row = mined(events, calendars)["j1", 1]
    return row["handoff_wait"] / HOUR, row["off_hours"] / HOUR


@pytest.mark.parametrize(
    ("start", "end", "open_h", "off_h"),
    [
        ("2024-03-04T16:00", "2024-03-05T09:00", 2, 15),  # over night
        ("2024-03-08T16:00", "2024-03-11T09:00", 2, 63),  # over a weekend
        ("2024-03-09T10:00", "2024-03-10T10:00", 0, 24),  # nothing but weekend
        ("2024-03-04T09:00", "2024-03-04T10:30", 1.5, 0),  # inside the hours
        ("2024-03-28T16:00", "2024-04-02T09:00", 2, 110),  # over Easter, in which the clock goes forward
        ("2024-10-25T16:00", "2024-10-28T09:00", 2, 64),  # the clock goes back
        ("2024-03-04T08:00", "2024-03-04T17:00", 9, 0),  # the borders belong to the day
    ],
)
def test_hand_worked_waits(start: str, end: str, open_h: float, off_h: float) -> None:
    """A handoff's wait is cut at the working hours of the team that ends it, in its own zone."""
    assert waits(start, end) == (open_h, off_h)


def test_the_team_that_ends_the_wait_decides() -> None:
    """L2 works on Monday nights in New York: what waits for it in a Berlin morning is in its hours."""
    assert waits("2024-03-05T04:00", "2024-03-05T06:00", names="L1 L2") == (2, 0)
    assert waits("2024-03-05T09:00", "2024-03-05T13:00", names="L1 L2") == (3, 1)


def test_a_bot_is_always_open_unless_it_is_said_otherwise() -> None:
    """A bot has no office hours of its own accord."""
    assert waits("2024-03-09T10:00", "2024-03-10T10:00", names="L1 bot:Ada") == (24, 0)
    told = Calendars(BOTH.calendars, "office", {"Ada": "office"})
    assert waits("2024-03-09T10:00", "2024-03-10T10:00", told, "L1 bot:Ada") == (0, 24)


def test_without_a_default_only_named_teams_have_hours() -> None:
    """Teams that no calendar is given for are open at any time."""
    named = Calendars(BOTH.calendars, None, {"L2": "night"})
    assert waits("2024-03-09T10:00", "2024-03-10T10:00", named) == (24, 0)


def test_what_waits_for_the_customer_is_never_off_hours() -> None:
    """The customer has no calendar."""
    events = draw("L1@0 customer@9999 L1@19999")
    rows = mined(events, BOTH)
    assert rows["j1", 1]["off_hours"] == 0 and rows["j1", 2]["off_hours"] > 0


def _spread(seed: int) -> list[Event]:
    """A generated log over weeks around a change of the clock, with times to the minute and to the microsecond."""
    draw_ = random.Random(seed)  # noqa: S311 - not for secrets
    start = int(datetime(2024, 3, 20, tzinfo=UTC).timestamp()) * 1_000_000
    made = []
    for event in random_log(seed, 40, 6):
        length = event["ended_us"] - event["started_us"]
        begin = start + draw_.randrange(20 * 24 * 60) * 60_000_000 + draw_.choice((0, 0, 123_456))
        made.append({**event, "started_us": begin, "ended_us": begin + length})
    return made


@pytest.mark.parametrize("seed", [1, 2])
def test_generated_logs_equal_the_oracle_and_still_add_up(seed: int) -> None:
    """Minute by minute the off hours are the oracle's, and every microsecond stays in exactly one part."""
    events = _spread(seed)
    found, plain, log = mined(events, BOTH), mined(events, None), ordered(events)

    def closed(event: Any, start: int, end: int) -> int:
        if event is not None and event["actor_type"] == "bot" and event["own_owner"] not in BOTH.teams:
            return 0
        name = BOTH.teams.get(event["own_owner"] if event else "", "office")
        hours = {day: list(spans) for day, spans in BOTH.calendars[name].hours.items()}
        return off_us(start, end, BOTH.calendars[name].tz, hours, GERMAN if name == "office" else set())

    some = 0
    for journey, its in log.items():
        expected = {row["seq"]: {part: row[part] for part in PARTS} for row in transitions(its)}
        for seq, part, us in off_hours(its, closed):
            expected[seq][part] -= us
            expected[seq]["off_hours"] += us
            some += us
        for seq, parts in expected.items():
            assert found[journey, seq] == parts
            assert sum(parts.values()) == sum(plain[journey, seq].values())
    assert some > 0


def test_open_spans_of_a_change_of_clock() -> None:
    """A night shift over the change is an hour shorter in spring and longer in autumn."""
    shift = Calendar("Europe/Berlin", {5: ((22 * 60, 30 * 60),)})
    for day, hours in (("2024-03-30", 7), ("2024-10-26", 9), ("2024-06-01", 8)):
        spans = [s for s in open_spans(shift, at(f"{day}T12:00"), at(f"{day}T13:00")) if s[0] > at(f"{day}T12:00")]
        assert (spans[0][1] - spans[0][0]) / HOUR == hours


FILE = """
default: office
calendars:
  office:
    tz: Europe/Berlin
    hours: {mon-fri: "8:00-17:00", sat: ["9:00-11:00", "12:00-13:00"], sun: closed}
    holidays: DE-BE
    closed: [2026-12-24]
    open: [2026-03-08]
  night: {tz: UTC, hours: {fri-mon: "22:00-6:00"}}
teams:
  L2: night
  L3: {tz: America/New_York}
"""


def test_a_calendar_file_is_read(tmp_path: Path) -> None:
    """Days, spans, holidays and exceptions; a team has another calendar, or the default with another zone."""
    path = tmp_path / "calendar.yaml"
    path.write_text(FILE, encoding="utf-8")
    read = load_calendars(path)
    office = read.calendars["office"]
    assert office.hours[0] == ((480, 1020),) and office.hours[5] == ((540, 660), (720, 780)) and office.hours[6] == ()
    assert office.holidays == ("DE", "BE") and office.closed == (date(2026, 12, 24),)
    assert sorted(read.calendars["night"].hours) == [0, 4, 5, 6] and read.calendars["night"].hours[0] == ((1320, 1800),)
    assert read.zone_of("L3") == "America/New_York" and read.zone_of("L2") == "UTC"
    assert read.calendars[read.teams["L3"]].hours == office.hours


def test_all_problems_of_a_calendar_file_are_said(tmp_path: Path) -> None:
    """Every mistake with its line, at once."""
    path = tmp_path / "calendar.yaml"
    path.write_text(
        'default: offic\ncalendars:\n  office:\n    tz: Berlin\n    hours: {mon-fry: "8-17", tue: "25:00-26:00"}\n'
        "    holidays: XX\n    closed: [soon]\n    shifts: 3\n  empty: {}\nteams:\n  L1: nowhere\n",
        encoding="utf-8",
    )
    with pytest.raises(InputError) as caught:
        load_calendars(path)
    assert {problem.line for problem in caught.value.problems} == {1, 4, 5, 6, 7, 8, 9, 11}

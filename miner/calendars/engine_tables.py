"""Calendars as tables of the engine: when each is open, in integer microseconds of UTC, and which is whose."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta

from miner.calendars.calendar_file import Calendar, Calendars
from miner.errors import InputError, Problem
from miner.events.engine import Engine
from miner.events.times import zone
from miner.sql import create, fill
from miner.sql.macros import DAY

LONGEST_YEARS = 400
Spans = list[tuple[int, int]]


def fill_calendars(engine: Engine, calendars: Calendars | None, tz: str | None = None) -> None:
    """Fill the tables of this package's headers from the owners and the span of `raw`; empty where nothing is known.

    A bot is always open unless it has a calendar of its own. An owner without a calendar has the zone `tz`.
    """
    for table in ("open_hours", "team_calendars", "team_zones", "zone_offsets"):
        create(engine, table)
    first, last = engine.one("SELECT min(started_us), max(ended_us) FROM raw")
    if first is None or (calendars is None and tz is None):
        return
    _zones(engine, calendars, tz, first, last)
    if calendars is None:
        return
    if last - first > LONGEST_YEARS * 366 * DAY:
        raise InputError(
            Problem(
                f"the log spans more than {LONGEST_YEARS} years, more than a calendar covers",
                fix="check for wrong times with: miner inspect",
            )
        )
    owners = engine.rows(
        "SELECT CAST(own_owner AS VARCHAR), bool_and(coalesce(actor_type = 'bot', false)) FROM raw "
        "WHERE own_owner IS NOT NULL GROUP BY 1"
    )
    by_owner = {owner: calendars.teams.get(owner, None if is_bot else calendars.default) for owner, is_bot in owners}
    by_owner[""] = calendars.default
    known = {owner: name for owner, name in by_owner.items() if name is not None}
    fill(engine, "team_calendars", known.items())
    spans = {name: open_spans(calendars.calendars[name], first, last) for name in sorted(set(known.values()))}
    days = first // DAY, last // DAY
    fill(engine, "open_hours", ((name, *row) for name, each in spans.items() for row in _rows(each, *days)))


def _zones(engine: Engine, calendars: Calendars | None, tz: str | None, first: int, last: int) -> None:
    owners = ["", *(row[0] for row in engine.rows("SELECT DISTINCT CAST(own_owner AS VARCHAR) FROM raw") if row[0])]
    known = {owner: _zone_of(owner, calendars, tz) for owner in owners}
    zones = {owner: name for owner, name in known.items() if name is not None}
    fill(engine, "team_zones", zones.items())
    names = sorted(set(zones.values()))
    fill(engine, "zone_offsets", ((name, *row) for name in names for row in offsets(name, first, last + 1)))


def _zone_of(owner: str, calendars: Calendars | None, tz: str | None) -> str | None:
    if calendars is not None and (name := calendars.teams.get(owner, calendars.default)):
        return calendars.calendars[name].tz
    return tz


def offsets(name: str, first_us: int, last_us: int) -> list[tuple[int, int, int]]:
    """(from, to, how far ahead of UTC) of a zone, in microseconds, over a span of time."""
    tz = zone(name)

    def ahead(us: int) -> int:
        offset = (datetime(1970, 1, 1, tzinfo=UTC) + timedelta(microseconds=us)).astimezone(tz).utcoffset()
        return 0 if offset is None else offset // timedelta(microseconds=1)

    found = []
    begin = at = first_us
    while at < last_us:
        step = min(at + DAY, last_us)
        if ahead(step) != ahead(at):
            low, high = at, step
            while high - low > 1:
                middle = (low + high) // 2
                low, high = (middle, high) if ahead(middle) == ahead(at) else (low, middle)
            found.append((begin, high, ahead(at)))
            begin = high
        at = step
    return [*found, (begin, last_us, ahead(begin))]


def open_spans(calendar: Calendar, first_us: int, last_us: int) -> Spans:
    """When a calendar is open, from the day before `first_us` to the day after `last_us`: ordered, apart, in UTC."""
    tz = zone(calendar.tz)
    start = _date(first_us) - timedelta(days=2)
    days = [start + timedelta(days=n) for n in range((_date(last_us) - start).days + 3)]
    off = _holidays(calendar, days)
    spans = []
    for day in days:
        if day not in off:
            for begin, end in calendar.hours.get(day.weekday(), ()):
                spans.append((_utc(day, begin, tz), _utc(day, end, tz)))
    return _merged(sorted(spans))


def _date(us: int) -> date:
    return date.fromordinal(date(1970, 1, 1).toordinal() + us // DAY)


def _utc(day: date, minutes: int, tz: object) -> int:
    """Local minutes after midnight in microseconds of UTC; of an hour that a clock change repeats the first."""
    local = datetime.combine(day + timedelta(days=minutes // 1440), time(minutes % 1440 // 60, minutes % 60))
    moment = local.replace(tzinfo=tz).astimezone(UTC)  # type: ignore[arg-type]
    return int(moment.timestamp()) * 1_000_000


def _holidays(calendar: Calendar, days: list[date]) -> set[date]:
    off = set(calendar.closed)
    if calendar.holidays is not None:
        import holidays

        country, subdivision = calendar.holidays
        years = range(days[0].year, days[-1].year + 1)
        off |= set(holidays.country_holidays(country, subdiv=subdivision, years=years))
    return off - set(calendar.open)


def _merged(spans: Spans) -> Spans:
    made: Spans = []
    for begin, end in spans:
        if made and begin <= made[-1][1]:
            made[-1] = (made[-1][0], max(made[-1][1], end))
        elif begin < end:
            made.append((begin, end))
    return made


def _rows(spans: Spans, first_day: int, last_day: int) -> Iterator[tuple[int, int, int, int]]:
    """(day, from, to, open time before) of each span, cut at midnights of UTC, and of each day's begin."""
    pieces: dict[int, Spans] = {}
    for begin, end in spans:
        while begin < end:
            cut = min(end, (begin // DAY + 1) * DAY)
            pieces.setdefault(begin // DAY, []).append((begin, cut))
            begin = cut
    before = 0
    for day in range(first_day, last_day + 1):
        yield day, day * DAY, day * DAY, before
        for begin, end in pieces.get(day, ()):
            yield day, begin, end, before
            before += end - begin

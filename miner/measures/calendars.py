"""Calendars as tables of the engine: when each is open, in integer microseconds of UTC, and which is whose."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta

import pyarrow as pa

from miner.errors import InputError, Problem
from miner.events.engine import Engine
from miner.events.times import zone
from miner.measures.calendar_file import Calendar, Calendars

DAY = 86_400_000_000
LONGEST_YEARS = 400
_OPEN = {"calendar": "VARCHAR", "day": "BIGINT", "from_us": "BIGINT", "to_us": "BIGINT", "before_us": "BIGINT"}
Spans = list[tuple[int, int]]


def prepare(engine: Engine, calendars: Calendars | None, tz: str | None = None) -> None:
    """Make the tables `open_hours` and `team_calendars`, empty without calendars, and those of zones; needs `raw`.

    `open_hours` has the open spans of each calendar by day of UTC, with the open time before each; every day begins
    with a span of no length. `team_calendars` names the calendar of every owner, and of '' (a wait that nobody ends).
    A bot is always open unless it has a calendar of its own. `team_zones` and `zone_offsets` say how far local time
    is ahead of UTC: in the zone of the team's calendar, else in `tz`; of teams without either nothing is said. ''
    stands for every queue that is no owner.
    """
    engine.create("open_hours", _OPEN)
    engine.create("team_calendars", {"owner": "VARCHAR", "calendar": "VARCHAR"})
    engine.create("team_zones", {"owner": "VARCHAR", "zone": "VARCHAR"})
    engine.create("zone_offsets", {"zone": "VARCHAR", "from_us": "BIGINT", "to_us": "BIGINT", "offset_us": "BIGINT"})
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
    whose = {owner: calendars.teams.get(owner, None if is_bot else calendars.default) for owner, is_bot in owners}
    whose[""] = calendars.default
    kept = {owner: name for owner, name in whose.items() if name is not None}
    engine.insert_arrow("team_calendars", pa.table({"owner": list(kept), "calendar": list(kept.values())}))
    for name in sorted(set(kept.values())):
        rows = list(_rows(open_spans(calendars.calendars[name], first, last), first // DAY, last // DAY))
        columns = [pa.array(column, pa.int64()) for column in zip(*rows, strict=True)]
        names = pa.array([name] * len(rows), pa.string())
        engine.insert_arrow("open_hours", pa.table([names, *columns], names=list(_OPEN)))


def _zones(engine: Engine, calendars: Calendars | None, tz: str | None, first: int, last: int) -> None:
    owners = ["", *(row[0] for row in engine.rows("SELECT DISTINCT CAST(own_owner AS VARCHAR) FROM raw") if row[0])]
    known = {owner: _zone_of(owner, calendars, tz) for owner in owners}
    zones = {owner: name for owner, name in known.items() if name is not None}
    if not zones:
        return
    engine.insert_arrow("team_zones", pa.table({"owner": list(zones), "zone": list(zones.values())}))
    rows = [(name, *row) for name in sorted(set(zones.values())) for row in offsets(name, first, last + 1)]
    columns = zip(*rows, strict=True)
    names = ("zone", "from_us", "to_us", "offset_us")
    engine.insert_arrow("zone_offsets", pa.table(dict(zip(names, map(list, columns), strict=True))))


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

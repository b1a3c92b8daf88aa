"""Business calendars from a YAML file: working hours by weekday, holidays by country, a zone, for teams or for all."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path
from typing import Any

from miner.errors import UsageError
from miner.events.times import zone
from miner.yaml_file import Place, YamlFile

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_KEYS = ("tz", "hours", "holidays", "closed", "open")
_TIMES = re.compile(r"(\d\d?):(\d\d)\s*-\s*(\d\d?):(\d\d)", re.ASCII)


@dataclass(frozen=True)
class Calendar:
    """When work is done: spans of minutes after midnight by weekday (0 is Monday), in a zone.

    A span that ends at or before its start ends on the next day. `holidays` is a country and its subdivision, or
    None; `closed` and `open` are single dates that are holidays, or that are none.
    """

    tz: str = "UTC"
    hours: dict[int, tuple[tuple[int, int], ...]] = field(default_factory=dict)
    holidays: tuple[str, str | None] | None = None
    closed: tuple[date, ...] = ()
    open: tuple[date, ...] = ()


@dataclass(frozen=True)
class Calendars:
    """Calendars by name, that of teams without one of their own (None: always open), and those of teams."""

    calendars: dict[str, Calendar]
    default: str | None
    teams: dict[str, str]

    def zone_of(self, team: str | None) -> str:
        """The zone of a team's calendar; UTC without one."""
        name = self.teams.get(team or "", self.default)
        return self.calendars[name].tz if name else "UTC"


def load_calendars(path: Path) -> Calendars:
    """The calendars of a file; InputError lists all that is wrong with it, with lines."""
    read = YamlFile(path)
    read.only(read.content, ("default", "calendars", "teams"))
    own = read.section(read.content.get("calendars"), ("calendars",), "expected names of calendars")
    found = {name: _calendar(read, value, ("calendars", name), Calendar()) for name, value in own.items()}
    if not found:
        read.problem("there is no calendar", fix='calendars: {office: {tz: UTC, hours: {mon-fri: "9:00-17:00"}}}')
    default = read.content.get("default", next(iter(found)) if len(found) == 1 else None)
    if default is not None and default not in found:
        read.problem(f"default: there is no calendar {default!r}", ("default",), f"there are: {', '.join(found)}")
    teams = {}
    for team, value in read.section(read.content.get("teams"), ("teams",), "expected teams with calendars").items():
        if isinstance(value, dict):
            name = f"of {team}"
            found[name] = _calendar(read, value, ("teams", team), found.get(str(default), Calendar()))
            teams[team] = name
        elif value in found:
            teams[team] = str(value)
        else:
            read.problem(f"{team}: there is no calendar {value!r}", ("teams", team), f"there are: {', '.join(found)}")
    read.check()
    return Calendars(found, None if default is None else str(default), teams)


def _calendar(read: YamlFile, content: Any, at: Place, base: Calendar) -> Calendar:
    """A calendar, or what a team says differently of the default one."""
    own = read.section(content, at, "expected hours, and optionally tz, holidays, closed, open")
    read.only(own, _KEYS, at)
    made = base
    if "tz" in own:
        try:
            zone(str(own["tz"]))
            made = replace(made, tz=str(own["tz"]))
        except UsageError as error:
            read.problem(error.problems[0].what, (*at, "tz"), error.problems[0].fix)
    if "hours" in own:
        made = replace(made, hours=_hours(read, own["hours"], (*at, "hours")))
    elif not base.hours:
        read.problem(f"{at[-1]} has no hours", at, 'hours: {mon-fri: "9:00-17:00"}')
    if own.get("holidays") is not None:
        made = replace(made, holidays=_holidays(read, own["holidays"], (*at, "holidays")))
    closed = _dates(read, own["closed"], (*at, "closed")) if "closed" in own else made.closed
    worked = _dates(read, own["open"], (*at, "open")) if "open" in own else made.open
    return replace(made, closed=closed, open=worked)


def _dates(read: YamlFile, content: Any, at: Place) -> tuple[date, ...]:
    dates = content if isinstance(content, list) else [content]
    if not all(type(day) is date for day in dates):
        read.problem(f"{at[-1]}: expected dates", at, f"{at[-1]}: [2026-12-24]")
        return ()
    return tuple(dates)


def _hours(read: YamlFile, content: Any, at: Place) -> dict[int, tuple[tuple[int, int], ...]]:
    made: dict[int, tuple[tuple[int, int], ...]] = {}
    for key, value in read.section(content, at, "expected weekdays").items():
        days = _days(key)
        texts = value if isinstance(value, list) else [] if value in (None, "closed") else [value]
        spans = [_span(str(text)) for text in texts]
        if not days:
            read.problem(f"{key!r} is not a weekday", (*at, key), "mon, mon-fri, or sat,sun")
        if None in spans:
            read.problem(f"{key}: {value!r} are not hours", (*at, key), '"8:00-12:00", or a list of such')
        for day in days:
            made[day] = (*made.get(day, ()), *(span for span in spans if span is not None))
    return made


def _days(text: str) -> list[int]:
    days: list[int] = []
    for part in text.lower().replace(" ", "").split(","):
        first, _, last = part.partition("-")
        last = last or first
        if first[:3] not in DAYS or last[:3] not in DAYS:
            return []
        start, end = DAYS.index(first[:3]), DAYS.index(last[:3])
        days += [day % 7 for day in range(start, end + 1 if end >= start else end + 8)]
    return days


def _span(text: str) -> tuple[int, int] | None:
    """Minutes after midnight; an end at or before the start is on the next day."""
    found = _TIMES.fullmatch(text.strip())
    if not found:
        return None
    h1, m1, h2, m2 = map(int, found.groups())
    start, end = h1 * 60 + m1, h2 * 60 + m2
    if m1 > 59 or m2 > 59 or start >= 1440 or end > 1440:
        return None
    return start, end if end > start else end + 1440


def _holidays(read: YamlFile, value: Any, at: Place) -> tuple[str, str | None] | None:
    import holidays

    country, _, subdivision = str(value).partition("-")
    known = holidays.list_supported_countries(include_aliases=True)
    if country not in known:
        read.problem(
            f"holidays: no country {country!r} is known",
            at,
            "use two letters, optionally with a subdivision: DE or DE-BE",
        )
        return None
    try:
        holidays.country_holidays(country, subdiv=subdivision or None)
    except NotImplementedError:
        fix = f"{country} has: {' '.join(known[country])}"
        read.problem(f"holidays: {country} has no subdivision {subdivision!r}", at, fix)
        return None
    return country, subdivision or None

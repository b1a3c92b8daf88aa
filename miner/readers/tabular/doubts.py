"""What the events of a table say against the way it was read: notes that people should know of, never a change."""

from __future__ import annotations

from datetime import datetime, timedelta

from miner.events.sink import Sink
from miner.events.times import zone
from miner.readers.placeholders import events_with, note_placeholders
from miner.readers.tabular.guess import finer

YEAR_US = 365 * 86_400_000_000
FAR_YEARS, ENOUGH = 10, 100
_WINTER = datetime(2026, 1, 1)
_SYSTEMS = ("system", "batch", "automatic", "automation", "workflow", "scheduler")


def doubt(columns: dict[str, str], tz: str | None, sink: Sink, owners: tuple[str, ...] = ()) -> None:
    """Note dates swapped or far off, lists of cases, names of nobody, and teams that never change in a case."""
    _swapped(columns["time"], tz, sink)
    _far_off(columns["time"], sink)
    _single(sink)
    note_placeholders(sink, _own(sink), columns, owners)
    _systems(columns, sink)
    if "team" in columns:
        _still(columns, sink)
        if "silo" in columns:
            _finer(columns, sink)


def _own(sink: Sink) -> str:
    return f"source_no = {sink.source_no}"


def _swapped(column: str, tz: str | None, sink: Sink) -> None:
    """Dates whose day could be a month lie on weekends far more often than the others, but not once they are swapped.

    So an export looks that was written month first and read day first, or the reverse, where that gave a date.
    """
    ahead = zone(tz).utcoffset(_WINTER) if tz else None  # summer time does not move work to another day
    local = f"make_timestamp(started_us + {(ahead or timedelta()) // timedelta(microseconds=1)})"
    swapped = "make_date(year(d), day(d), month(d))"
    either, rest, as_read, turned = sink.engine.one(
        "SELECT count(*) FILTER (WHERE either), avg(CAST(isodow(d) > 5 AS INTEGER)) FILTER (WHERE day(d) > 12), "
        "avg(CAST(isodow(d) > 5 AS INTEGER)) FILTER (WHERE either), "
        f"avg(CASE WHEN either THEN CAST(isodow({swapped}) > 5 AS INTEGER) END) FROM ("
        f"SELECT {local} AS d, day(d) <= 12 AND day(d) <> month(d) AS either "
        f"FROM raw_events WHERE {_own(sink)})"
    )
    if either < ENOUGH or rest is None or as_read - turned < 0.1 or as_read < 2 * max(turned, rest):
        return
    sink.note(
        "swapped_dates",
        f"day and month look swapped in {column!r} wherever the day is 12 or less: "
        f"{as_read:.0%} of these times lie on weekends, {turned:.0%} would after swapping, like "
        f"{rest:.0%} of the other times; get another copy of the log: the times and waits of this one are wrong",
        either,
    )


def _far_off(column: str, sink: Sink) -> None:
    """Times many years from nearly all others."""
    low, high = sink.engine.one(
        f"SELECT quantile_disc(started_us, 0.01), quantile_disc(started_us, 0.99) FROM raw_events WHERE {_own(sink)}"
    )
    if low is None:
        return
    beyond = FAR_YEARS * YEAR_US
    count, first, last = sink.engine.one(
        "SELECT count(*), min(make_timestamp(started_us)), max(make_timestamp(started_us)) FROM raw_events "
        f"WHERE {_own(sink)} AND NOT started_us BETWEEN {low - beyond} AND {high + beyond}"
    )
    if count:
        sink.note(
            "far_time",
            f"times of {column!r} more than {FAR_YEARS} years from nearly all others are kept, and stretch their cases",
            count,
            f"{first:%Y-%m-%d} to {last:%Y-%m-%d}",
        )


def _single(sink: Sink) -> None:
    """A row for each case: a list of cases as they are, not of what happened to them."""
    rows, cases = sink.engine.one(f"SELECT count(*), count(DISTINCT interaction_id) FROM raw_events WHERE {_own(sink)}")
    if rows == cases >= ENOUGH // 5:
        sink.note(
            "list_of_cases",
            "each case has one row: this is a list of cases, not of events, and has no "
            "handoffs. "
            "If another file has the events of these cases, leave this one out",
            rows,
        )


def _systems(columns: dict[str, str], sink: Sink) -> None:
    """Names of systems that own what they do."""
    key = next((key for key in ("team", "agent") if key in columns), None)
    if key is None:
        return
    for name, count in events_with(sink, key, _SYSTEMS, f"{_own(sink)} AND actor_type = 'unknown'"):
        sink.note(
            "system_owner",
            f"{name!r} in {columns[key]!r} is treated as a person; if it is not one, "
            f"--missing {name} makes it own nothing",
            count,
        )


def _still(columns: dict[str, str], sink: Sink) -> None:
    """A team that (nearly) never changes in a case while people do is an attribute of the case."""
    if "agent" not in columns:
        return
    cases, moved, people = sink.engine.one(
        "SELECT count(*), count(*) FILTER (WHERE teams > 1), count(*) FILTER (WHERE agents > 1) FROM (SELECT "
        "count(DISTINCT team) AS teams, count(DISTINCT agent) AS agents FROM raw_events "
        f"WHERE {_own(sink)} GROUP BY interaction_id)"
    )
    if cases >= ENOUGH // 5 and moved * 100 < cases and people > 10 * max(moved, 1):
        sink.note(
            "still_team",
            f"{columns['team']!r} changes in {moved:,} of {cases:,} cases, {columns['agent']!r} in "
            f"{people:,}: it may be an attribute of the case; --map team= makes the agent the owner",
        )


def _finer(columns: dict[str, str], sink: Sink) -> None:
    """Silos that are finer than the teams are the teams."""
    pairs, teams, silos = sink.engine.one(
        "SELECT count(*), count(DISTINCT team), count(DISTINCT silo) FROM (SELECT DISTINCT team, silo FROM raw_events "
        f"WHERE {_own(sink)} AND team IS NOT NULL AND silo IS NOT NULL)"
    )
    if finer(pairs, teams, silos):
        team, silo = columns["silo"], columns["team"]
        sink.note(
            "finer_silo",
            f"the {silos:,} silos of {team!r} subdivide the {teams:,} teams of {silo!r}: "
            f"swap them? (--map 'team={team}' --map 'silo={silo}')?",
        )

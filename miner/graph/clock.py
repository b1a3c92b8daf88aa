"""The clock of a run: SQL macros that give local hours and weeks, in the zone of the run or in UTC."""

from __future__ import annotations

from miner.calendars.engine_tables import offsets
from miner.events.engine import Engine
from miner.events.times import EARLIEST
from miner.sql.macros import DAY, HOUR, WEEK

_FIRST_MONDAY = -3 * DAY  # the first of January 1970 was a Thursday


def create(engine: Engine, tz: str | None) -> None:
    """Make `local_hour(t)`, whole hours since 1970 on the local clock, and `week_ms(t)`, the begin of the local Monday.

    That is in milliseconds of UTC, as all times of the graph. Needs the table `events`.
    """
    first, last = engine.one("SELECT min(epoch_us(started_at)), max(epoch_us(ended_at)) FROM events")
    spans = [] if tz is None or first is None else offsets(tz, max(first - WEEK - DAY, EARLIEST + DAY), last + 1)
    engine.run(f"CREATE MACRO local_us(t) AS epoch_us(t) + {_ahead('epoch_us(t)', spans, local=False)}")
    engine.run(f"CREATE MACRO local_hour(t) AS {_floor('local_us(t)', HOUR)} // {HOUR}")
    monday = f"{_floor(f'(local_us(t) - {_FIRST_MONDAY})', WEEK)} + {_FIRST_MONDAY}"
    engine.run(f"CREATE MACRO local_monday_us(t) AS {monday}")
    ahead = _ahead("local_monday_us(t)", spans, local=True)
    engine.run(f"CREATE MACRO week_ms(t) AS (local_monday_us(t) - {ahead}) // 1000")


def _ahead(us: str, spans: list[tuple[int, int, int]], local: bool) -> str:
    """SQL of how far the clock is ahead at a time of UTC, or of its own; of a repeated hour the first is meant."""
    if not spans:
        return "0"
    ends = [f"WHEN {us} < {end + ahead * local} THEN {ahead}" for _, end, ahead in spans[:-1]]
    return f"CASE {' '.join(ends)} ELSE {spans[-1][2]} END" if ends else str(spans[0][2])


def _floor(us: str, unit: int) -> str:
    return f"({us} - ({us} % {unit} + {unit}) % {unit})"

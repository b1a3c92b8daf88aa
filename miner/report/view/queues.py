"""Where work waits: teams by the total time that waits for them, and the worst one by weekday and hour."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

from miner.events.engine import Engine
from miner.report import words
from miner.report.view.base import Column, Table

DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_QUARTER_US = 900_000_000

# What is waited for, a team or a queue; few people stand together under one name, and their waits with them.
_BEFORE = """
CREATE OR REPLACE TEMP TABLE waiting AS
SELECT coalesce(o.shown, w.team) AS team, w.journey_id, w.wait_s, epoch_us(w.joined_at) AS from_us,
       CASE WHEN w.queued THEN CAST(w.ending = 'gave_up' AS INTEGER) END AS gave_up
FROM waits w LEFT JOIN owners o ON o.owner = w.team
"""
# Where nothing waits before a visit: every wait for the owner whose event ends it.
_INSIDE = """
CREATE OR REPLACE TEMP TABLE waiting AS
SELECT o.shown AS team, e.journey_id, t.queue_wait_s + t.off_hours_s AS wait_s,
       epoch_us(e.started_at) - CAST(t.gap_s * 1e6 AS BIGINT) AS from_us, CAST(NULL AS INTEGER) AS gave_up
FROM transitions t JOIN events e USING (journey_id, seq) JOIN owners o ON o.owner = e.owner
WHERE e.owned AND t.queue_wait_s + t.off_hours_s > 0
"""
_TEAMS = """
SELECT team, count(*), count(DISTINCT journey_id), total(wait_s), nearest50(wait_s), nearest95(wait_s),
       avg(gave_up)
FROM waiting GROUP BY team ORDER BY total(wait_s) DESC, team LIMIT 10
"""
_BY_QUARTER = f"""
SELECT from_us // {_QUARTER_US} AS quarter, count(*), total(wait_s)
FROM waiting WHERE team = ? AND wait_s > 0 GROUP BY quarter
"""


@dataclass(frozen=True, slots=True)
class Cell:
    """One weekday and hour: waits that begin then; `shade` is 0 (nothing) to 8 (the most)."""

    count: int
    total_s: float
    shade: int


@dataclass(frozen=True, slots=True)
class Queues:
    """The teams ranked, and seven rows of 24 cells for the first of them."""

    sentence: str
    table: Table
    team: str | None
    zone: str
    heat_sentence: str
    heat: tuple[tuple[Cell, ...], ...]
    heat_table: Table


def queues(engine: Engine, zone: str | None) -> Queues:
    """The waits before visits, else those inside; weekday and hour are those of `zone`, else UTC."""
    (before,) = engine.one("SELECT coalesce(total(wait_s), 0) > 0 FROM waits")
    engine.run(_BEFORE if before else _INSIDE)
    teams = engine.rows(_TEAMS)
    (all_s,) = engine.one("SELECT coalesce(total(wait_s), 0) FROM waiting")
    (span_s,) = engine.one("SELECT (epoch_us(max(ended_at)) - epoch_us(min(started_at))) / 1e6 FROM events")
    rows = tuple(
        (words.label(t), n, j, s, s / all_s if all_s else 0.0, m, p, s / span_s if span_s else None, gone)
        for t, n, j, s, m, p, gone in teams
    )
    table = Table("queues", _COLUMNS, rows)
    if not all_s:
        (visits,) = engine.one("SELECT count(*) FROM visits")
        return Queues(_nothing(bool(visits)), table, None, zone or "UTC", "", (), Table("heat", ()))
    worst = teams[0][0]
    heat = _heat(engine, worst, zone)
    cells = tuple((DAYS[d], h, c.count, c.total_s) for d, row in enumerate(heat) for h, c in enumerate(row) if c.count)
    columns = (
        Column("Weekday"),
        Column("Hour", "count"),
        Column("Waits that begin", "count"),
        Column("Time waited", "hours"),
    )
    return Queues(
        _sentence(rows[0]),
        table,
        words.label(worst),
        zone or "UTC",
        _peak(heat, worst),
        heat,
        Table("heat", columns, cells),
    )


_COLUMNS = (
    Column("Team"),
    Column("Waits", "count"),
    Column("Journeys", "count"),
    Column("Time waited", "hours"),
    Column("Share of all waiting", "percent"),
    Column("Median", "duration"),
    Column("95 % within", "duration"),
    Column("Waiting at any time, on average", "decimal"),
    Column("Abandoned, of those queued", "percent"),
)


def _heat(engine: Engine, team: str, zone: str | None) -> tuple[tuple[Cell, ...], ...]:
    """Quarters of an hour are moved to local time here, for zones may be off by half an hour and have summer time."""
    local = ZoneInfo(zone) if zone else UTC
    counts = [[0] * 24 for _ in DAYS]
    totals = [[0.0] * 24 for _ in DAYS]
    for quarter, count, total in engine.rows(_BY_QUARTER, [team]):
        moment = datetime.fromtimestamp(quarter * 900, local)
        counts[moment.weekday()][moment.hour] += count
        totals[moment.weekday()][moment.hour] += total
    most = max(max(row) for row in totals) or 1.0
    return tuple(
        tuple(Cell(n, s, 0 if not n else 1 + min(7, int(8 * s / most))) for n, s in zip(*day, strict=True))
        for day in zip(counts, totals, strict=True)
    )


def _nothing(known: bool) -> str:
    if known:
        return "Nothing waits for a team in this log: each step begins when the previous one ends."
    return "The log does not name teams, so it shows no queues. Map a team column to see them."


def _sentence(row: tuple[Any, ...]) -> str:
    team, waits, _, total, share, median, p95, _, gone = row
    gave_up = f" {words.percent(gone, 1)} of queued customers gave up." if gone else ""
    return (
        f"Of all time waiting for us, {words.percent(share, 1)} of it is for {words.quoted(team)}: "
        f"{words.hours(total)} in {words.plural(waits, 'wait')}; half are over within {words.duration(median)}, "
        f"one in twenty takes longer than {words.duration(p95)}.{gave_up}"
    )


def _peak(heat: tuple[tuple[Cell, ...], ...], team: str) -> str:
    total = sum(cell.total_s for row in heat for cell in row)
    by_day = [sum(cell.total_s for cell in row) for row in heat]
    worst = max(range(7), key=lambda d: by_day[d])
    hour = max(range(24), key=lambda h: heat[worst][h].total_s)
    return (
        f"When the waits for {words.quoted(team)} begin: "
        f"{DAYS[worst]}s account for {words.percent(by_day[worst], total)} of the hours, "
        f"mostly {DAYS[worst]} from {hour} to {hour + 1} o’clock ({words.hours(heat[worst][hour].total_s)})."
    )

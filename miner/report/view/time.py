"""Where does the time go? The split, the worst queue by weekday and hour, and how long journeys take."""

from __future__ import annotations

from dataclasses import dataclass

from miner.events.engine import Engine
from miner.report import words
from miner.report.view.base import Bar, Column, Part, Table
from miner.report.view.queues import Queues, queues
from miner.summary import Summary

PARTS = {
    "work": "Work",
    "rework": "Rework",
    "hold": "On hold",
    "customer_wait": "Waiting for the customer",
    "queue_wait": "Waiting in a queue",
    "handoff_wait": "Waiting for the next team",
    "off_hours": "Outside working hours",
    "between": "Between two contacts",
    "tail": "After the matter was settled",
}
_UNKNOWN: tuple[str, ...] = ("work", "rework", "hold")  # in a log of moments
_PASSED = {
    "work": "with someone working on it",
    "rework": "with work done again",
    "hold": "on hold",
    "customer_wait": "waiting for the customer",
    "queue_wait": "waiting in a queue",
    "handoff_wait": "waiting for the next team",
    "off_hours": "outside working hours",
    "between": "between two contacts",
    "tail": "after the matter was settled",
}
_MOST = 8
_SUMS = ", ".join(f"sum(t.{p}_s)" for p in PARTS)
_BY = {
    "intent": f"""
        SELECT coalesce(j.intent, ''), {_SUMS} FROM transitions t JOIN journeys j USING (journey_id) GROUP BY 1""",
    "channel": f"""
        SELECT coalesce(e.channel, ''), {_SUMS} FROM transitions t JOIN events e USING (journey_id, seq) GROUP BY 1""",
}
_DAY = 86400
BANDS = (
    (60, "under 1 min"),
    (300, "1 to 5 min"),
    (900, "5 to 15 min"),
    (3600, "15 min to 1 h"),
    (4 * 3600, "1 to 4 h"),
    (8 * 3600, "4 to 8 h"),
    (_DAY, "8 h to 1 d"),
    (2 * _DAY, "1 to 2 d"),
    (3 * _DAY, "2 to 3 d"),
    (7 * _DAY, "3 to 7 d"),
    (14 * _DAY, "1 to 2 weeks"),
    (28 * _DAY, "2 to 4 weeks"),
    (91 * _DAY, "1 to 3 months"),
    (1e18, "over 3 months"),
)


@dataclass(frozen=True, slots=True)
class Spread:
    """How long something takes: counts by band, median and p95 with the bands they lie in."""

    name: str
    sentence: str
    n: int
    median_s: float
    p95_s: float
    median_band: int
    p95_band: int
    counts: tuple[tuple[str, int], ...]


@dataclass(frozen=True, slots=True)
class Time:
    """All pictures of the part, each with its sentence."""

    sentence: str
    split: Bar
    not_known: str | None
    question: str | None
    by: tuple[tuple[str, tuple[Bar, ...]], ...]
    table: Table
    queues: Queues
    spreads: tuple[Spread, ...]


def time(engine: Engine, summary: Summary, zone: str | None, question: str | None = None) -> Time:
    """From summary.json's split, and transitions, events, journeys and handoffs for the rest.

    `question` is what the reader is asked of it.
    """
    split = bar("All journeys", [summary["time_s"][part] for part in PARTS])
    by = tuple((kind, bars) for kind in _BY if len(bars := _bars(engine, kind)) > 1)
    unknown = _UNKNOWN if _not_known(summary) else ()
    unknown += () if summary["time_s"]["off_hours"] else ("off_hours",)  # no calendar, or nothing outside of it
    rows = [
        (bar.name, *(None if part.key in unknown else part.seconds for part in bar.parts))
        for bar in (split, *(b for _, bars in by for b in bars))
    ]
    columns = (Column("Of"), *(Column(name, "hours") for name in PARTS.values()))
    return Time(
        _sentence(split),
        split,
        _not_known(summary),
        words.label(question) if question else None,
        by,
        Table("time", columns, tuple(rows)),
        queues(engine, zone),
        tuple(s for s in (_journeys(engine), _handoffs(engine)) if s),
    )


def bar(name: str, seconds: list[float]) -> Bar:
    """A bar whose parts add up to it."""
    total = sum(seconds)
    parts = (Part(key, PARTS[key], s, s / total if total else 0.0) for key, s in zip(PARTS, seconds, strict=True))
    return Bar(name, total, tuple(parts))


def _bars(engine: Engine, kind: str) -> tuple[Bar, ...]:
    bars = [
        bar(words.label(name.replace("_", " ")) if name else f"no {kind} known", list(sums))
        for name, *sums in engine.rows(_BY[kind])
    ]
    if all(b.name == f"no {kind} known" for b in bars):
        return ()
    bars.sort(key=lambda b: (-b.seconds, b.name))
    if len(bars) > _MOST:
        rest = bars[_MOST - 1 :]
        sums = [sum(b.parts[i].seconds for b in rest) for i in range(len(PARTS))]
        bars = [*bars[: _MOST - 1], bar(f"{len(rest)} others", sums)]
    return tuple(bars)


def _sentence(split: Bar) -> str:
    if not split.seconds:
        return "No time passes in these journeys: all events of a journey have the same timestamp."
    parts = sorted((p for p in split.parts if p.seconds), key=lambda p: -p.seconds)
    shares = [f"{words.percent(p.seconds, split.seconds)} passed {_PASSED[p.key]}" for p in parts[:2]]
    return f"Of {words.hours(split.seconds)} that journeys took, {' and '.join(shares)}."


def _not_known(summary: Summary) -> str | None:
    time_s = summary["time_s"]
    if any(time_s[p] for p in _UNKNOWN):
        return None
    return (
        "The log has no end times, so work, rework and hold are unknown. "
        "Map a column with end times (--map end=COLUMN) to see them."
    )


def _journeys(engine: Engine) -> Spread | None:
    return _spread(
        engine,
        "How long journeys take",
        "journeys",
        "SELECT (epoch_us(ended_at) - epoch_us(started_at)) / 1e6 AS s FROM journeys",
    )


def _handoffs(engine: Engine) -> Spread | None:
    title = "How long journeys wait for the next team"
    return _spread(engine, title, "handoffs", "SELECT own_wait_s AS s FROM handoffs")


def _spread(engine: Engine, name: str, noun: str, select: str) -> Spread | None:
    n, median, p95 = engine.one(f"SELECT count(*), nearest50(s), nearest95(s) FROM ({select})")
    if not n:
        return None
    cases = " ".join(f"WHEN s < {limit:.0f} THEN {i}" for i, (limit, _) in enumerate(BANDS))
    bands = dict(engine.rows(f"SELECT CASE {cases} END AS band, count(*) FROM ({select}) GROUP BY band"))
    first, last = min(bands), max(bands)
    counts = tuple((BANDS[i][1], bands.get(i, 0)) for i in range(first, last + 1))
    half = "Half end within" if noun == "journeys" else "Half are picked up within"
    sentence = f"{half} {words.duration(median)}; one in twenty takes longer than {words.duration(p95)}."
    if median == p95:
        sentence = f"{'Nearly all are' if n > 1 else 'The only one is'} {half.split(' ', 2)[2]} {words.duration(p95)}."
    return Spread(name, sentence, n, median, p95, _band(median) - first, _band(p95) - first, counts)


def _band(seconds: float) -> int:
    return next(i for i, (limit, _) in enumerate(BANDS) if seconds < limit)

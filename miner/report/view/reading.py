"""Can I trust it? What was read, rejected, guessed and assumed, and what each number means."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

from miner.events.engine import Engine
from miner.report import words
from miner.report.view.base import Column, Table
from miner.summary import Summary

DEFINITIONS = (
    (
        "Journey",
        "All contacts of one customer about one issue. In a plain event log, one case.",
    ),
    (
        "Team, visit",
        "A visit is an unbroken run of one team’s steps in a journey; steps without a team do not interrupt it.",
    ),
    (
        "Handed over",
        "Two consecutive visits of different teams. Initial routing from a queue is not a handover.",
    ),
    (
        "Wait of a handover",
        "From the latest end of the first team’s steps to the next team’s first step; never below zero.",
    ),
    (
        "Came back",
        "A visit of a team that had the journey before, with another team in between.",
    ),
    (
        "Loop, bounce",
        "A → B → A. An alternating run between two teams bounces once for every visit after the second.",
    ),
    (
        "Elapsed time",
        "From a journey’s first start to its latest end, nights and weekends included. Every second belongs "
        "to exactly one part, so the parts add up to 100 %.",
    ),
    (
        "Waiting in a queue",
        "Time that no step covers, before the next step of the same team or the first one, and the tail.",
    ),
    (
        "Waiting for the next team",
        "Time that no step covers, before the first step of another team.",
    ),
    (
        "Median, 95 % within",
        "Half of the cases are no longer than the median, 95 of 100 no longer than the other: actual values of the "
        "log (nearest rank), not averages.",
    ),
    (
        "Waiting at any time, on average",
        "All time waited, divided by the time from the log’s first to its last event.",
    ),
)


@dataclass(frozen=True, slots=True)
class Source:
    """One file: what it was taken for, how its columns and times were understood, and the rows in and out."""

    file: str
    reader: str
    why: str
    time: str
    rows: int
    events: int
    rejected: int
    columns: tuple[tuple[str, str, str], ...]
    unmapped: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Reading:
    """Everything of the part “What was read”."""

    sentence: str
    zone: str
    sources: tuple[Source, ...]
    sources_table: Table
    rejects: Table
    rejected: int
    reconciled: Table
    notes: tuple[tuple[str, int, tuple[str, ...]], ...]
    assumptions: tuple[str, ...]
    definitions: tuple[tuple[str, str], ...]
    versions: tuple[tuple[str, str], ...]
    options: tuple[tuple[str, str], ...]


def reading(engine: Engine, summary: Summary, quality: dict[str, Any], manifest: dict[str, Any]) -> Reading:
    """From quality.json, manifest.json and the span of the events."""
    sources = tuple(_source(s) for s in quality.get("sources") or ())
    rejects = quality.get("rejects") or {}
    zone = zone_of(manifest)
    rows = tuple((s.file, s.reader, s.rows, s.events, s.rejected) for s in sources)
    columns = (
        Column("Source"),
        Column("Read as"),
        Column("Rows", "count"),
        Column("Events", "count"),
        Column("Rejected", "count"),
    )
    notes = (
        (words.label(n.get("message")), int(n.get("count") or 0), tuple(map(words.label, n.get("examples") or ())))
        for n in quality.get("notes") or ()
    )
    return Reading(
        _sentence(engine, summary, sources, zone),
        zone or "UTC",
        sources,
        Table("sources", columns, rows),
        _rejects(rejects),
        int(rejects.get("count") or summary.get("rejected_rows") or 0),
        _reconciled(quality.get("reconciled") or ()),
        tuple(notes),
        tuple(map(words.label, quality.get("assumptions") or ())),
        DEFINITIONS,
        tuple((k, str(v)) for k, v in sorted((manifest.get("versions") or summary.get("versions") or {}).items())),
        _options(manifest),
    )


def _reconciled(totals: Sequence[dict[str, Any]]) -> Table:
    """Systems' own totals beside what their events give; totals without a meaning are left to quality.json."""
    columns = (
        Column("System"),
        Column("Exported total"),
        Column("Compared with"),
        Column("Compared", "count"),
        Column("Equal", "count"),
        Column("Different", "count"),
        Column("Sum declared", "count"),
        Column("Sum derived", "count"),
    )
    rows = tuple(
        (
            words.label(t["source_system"]),
            words.label(t["total"]),
            t["meaning"],
            t["interactions"],
            t["equal"],
            t["different"],
            round(t["sum_declared"]),
            t["sum_derived"],
        )
        for t in totals
        if t["compared_with"]
    )
    return Table("reconciled", columns, rows)


def zone_of(manifest: dict[str, Any]) -> str | None:
    """The zone in which weekdays and hours are told: the one declared for the sources."""
    name = (manifest.get("options") or {}).get("tz")
    try:
        return str(ZoneInfo(name)) if name else None
    except (KeyError, ValueError, OSError):
        return None


def _source(source: dict[str, Any]) -> Source:
    reasons = source.get("reasons") or {}
    text = {key: words.label(source.get(key)) for key in ("file", "reader")}
    columns = (source.get("columns") or {}).items()
    return Source(
        why=words.label(source.get("why") or "given by you"),
        time=words.label(source.get("time") or "as written in the source"),
        rows=int(source.get("rows") or 0),
        events=int(source.get("events") or 0),
        rejected=int(source.get("rejected") or 0),
        columns=tuple((words.label(k), words.label(v), words.label(reasons.get(k) or "given")) for k, v in columns),
        unmapped=tuple(map(words.label, source.get("unmapped") or ())),
        **text,
    )


def _rejects(rejects: dict[str, Any]) -> Table:
    columns = (Column("Source"), Column("Line"), Column("Column"), Column("Value"), Column("Reason"))
    rows = tuple(
        tuple("" if r.get(k) is None else words.label(r[k]) for k in ("source", "line", "column", "value", "reason"))
        for r in rejects.get("examples") or ()
    )
    return Table("rejected-rows", columns, rows)


def _sentence(engine: Engine, summary: Summary, sources: tuple[Source, ...], zone: str | None) -> str:
    first, last = engine.one("SELECT epoch_us(min(started_at)), epoch_us(max(ended_at)) FROM events")
    files = words.plural(len(sources), "source")
    rejected = summary.get("rejected_rows") or 0
    rows = sum(s.rows for s in sources)
    left_out = f"{words.number(rejected)} of {words.plural(rows, 'row')} left out" if rejected else "no rows rejected"
    days = [_day(us, zone) for us in (first, last)]
    when = f"on {days[0]}" if days[0] == days[1] else f"from {days[0]} to {days[1]}"
    return f"{files}, {words.plural(summary['events'], 'event')} {when}; {left_out}."


def _day(us: int | None, zone: str | None) -> str:
    local = ZoneInfo(zone) if zone else UTC
    return "nowhen" if us is None else f"{datetime.fromtimestamp(us / 1e6, local):%-d %B %Y}"


def _options(manifest: dict[str, Any]) -> tuple[tuple[str, str], ...]:
    options = manifest.get("options") or {}
    return tuple(
        (words.label(k.replace("_", " ")), words.label(_in_words(v)))
        for k, v in options.items()
        if v not in (None, {}, [], "")
    )


def _in_words(value: Any) -> str:
    if isinstance(value, dict):
        return ", ".join(f"{k}: {_in_words(v)}" for k, v in value.items())
    return ", ".join(map(_in_words, value)) if isinstance(value, list) else str(value)

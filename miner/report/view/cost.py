"""What does fragmentation cost? The components as a waterfall, where they fall, and what the money assumes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from miner.events.engine import Engine
from miner.report import words
from miner.report.tables import has
from miner.report.view.base import Column, Table

COMPONENTS = {
    "delay": ("Delay", "waiting for the next team beyond what waiting inside a team takes"),
    "handoff": ("Handoff", "handling time of who takes over beyond what a journey without handoffs takes"),
    "rework": ("Rework", "handling time in returns, after re-openings and in repeated steps"),
    "information_gap": ("Information gap", "handling time of asking again what was already settled"),
    "system_boundary": ("System boundary", "seconds set for each change of system"),
    "context_shift": ("Context shift", "seconds set for each change of channel, matter or person"),
    "repeat_contact": ("Repeat contact", "handling time of contacts about the same within a week"),
    "consequence": ("Consequence", "value lost on paths across silos, an association"),
}
_WAITED = ("delay",)  # elapsed hours; the others are hours of people
_MOST = 10
_BY = {"team": "Between teams", "silo": "Between silos", "intent": "By intent", "channel": "By channel"}


@dataclass(frozen=True, slots=True)
class Step:
    """A component: its hours (None where not computed, with the reason), where its bar begins (0 to 1), its money."""

    key: str
    name: str
    meaning: str
    hours: float | None
    start: float
    share: float
    money: float | None
    reason: str | None


@dataclass(frozen=True, slots=True)
class Cost:
    """The part: a sentence, the waterfall, what it adds up to by several things, and the assumptions."""

    sentence: str
    steps: tuple[Step, ...]
    hours: float | None
    money: str | None
    table: Table
    by: tuple[tuple[str, Table], ...]
    assumptions: Table | None
    assumed: str


def cost(engine: Engine, summary: dict[str, Any], assumptions: dict[str, Any], shown: dict[str, str]) -> Cost:
    """From summary.json, `cost_rollups` and assumptions.json."""
    found = summary.get("fragmentation_cost") or {}
    steps = _steps(found)
    rows = tuple(
        (s.name, s.meaning, None if s.hours is None else s.hours * 3600, s.money, s.reason or "") for s in steps
    )
    columns = (Column("Component"), Column("What it is"), Column("Hours", "hours"), Column("Money", "count"),
               Column("Not computed because"))  # fmt: skip
    money = found.get("money")
    currency = found.get("currency") or ""
    return Cost(
        _sentence(steps, found), steps, found.get("hours"),
        None if money is None else f"{words.number(money)} {currency}".strip(),
        Table("cost", columns, rows),
        tuple(_by(engine, shown, money is not None)) if has(engine, "cost_rollups") else (),
        _assumptions(assumptions), _assumed(found),
    )  # fmt: skip


def _steps(found: dict[str, Any]) -> tuple[Step, ...]:
    hours, money, not_computed = (found.get(k) or {} for k in ("components", "components_money", "not_computed"))
    whole = sum(h for h in hours.values() if h) or 1.0
    made, start = [], 0.0
    for key, (name, meaning) in COMPONENTS.items():
        own = hours.get(key)
        share = (own or 0.0) / whole
        made.append(Step(key, name, meaning, own, start, share, money.get(key), not_computed.get(key)))
        start += share
    return tuple(made)


def _sentence(steps: tuple[Step, ...], found: dict[str, Any]) -> str:
    if found.get("hours") is None:
        return "Nothing of the cost could be computed from this log; the table says what is missing."
    ranked = sorted((s for s in steps if s.hours), key=lambda s: -(s.hours or 0))
    text = f"{words.hours(found['hours'] * 3600)} went into fragmentation"
    if ranked:
        parts = [f"{words.hours((s.hours or 0) * 3600)} of {s.name.lower()}" for s in ranked[:2]]
        text += f", first of all {' and '.join(parts)}"
    waited = sum(s.hours or 0 for s in steps if s.key in _WAITED)
    people = found["hours"] - waited
    text += f": {words.hours(waited * 3600)} that journeys waited and {words.hours(people * 3600)} of people’s work."
    missing = [s.name.lower() for s in steps if s.reason]
    return text + (f" Not computed: {', '.join(missing)}." if missing else "")


_ROLLED = """
SELECT from_name, name, journeys, delay_cost_s, cost_s - coalesce(delay_cost_s, 0), cost_s, money
FROM cost_rollups WHERE "by" = ? AND cost_s > 0 ORDER BY cost_s DESC, from_name, name LIMIT ?
"""


def _by(engine: Engine, shown: dict[str, str], priced: bool) -> list[tuple[str, Table]]:
    made = []
    for by, title in _BY.items():
        pair = by in ("team", "silo")
        rows = engine.rows(_ROLLED, [by, _MOST])
        names = [Column("From"), Column("To")] if pair else [Column(by.capitalize())]
        columns = (*names, Column("Journeys", "count"), Column("Waited", "hours"), Column("Work of people", "hours"),
                   Column("All", "hours"), *([Column("Money", "count")] if priced else []))  # fmt: skip
        table = tuple(
            (*((_name(a, shown), _name(b, shown)) if pair else (_name(b, shown),)), n, waited, work, all_s,
             *([money] if priced else []))
            for a, b, n, waited, work, all_s, money in rows
        )
        if table:
            made.append((title, Table(f"cost-by-{by}", columns, table)))
    return made


def _name(name: str | None, shown: dict[str, str]) -> str:
    return "unknown" if name is None else words.label(shown.get(name, name))


def _assumptions(found: dict[str, Any]) -> Table | None:
    values = found.get("values") or {}
    if not values:
        return None
    columns = (Column("Assumption"), Column("Low", "decimal"), Column("Base", "decimal"), Column("High", "decimal"),
               Column("Unit"), Column("Source"), Column("Year"))  # fmt: skip
    rows = tuple(
        (words.label(name), v.get("low"), v.get("base"), v.get("high"), words.label(v.get("unit")),
         words.label(v.get("source")), "" if v.get("year") is None else str(v["year"]))
        for name, v in values.items()
    )  # fmt: skip
    return Table("assumptions", columns, rows)


def _assumed(found: dict[str, Any]) -> str:
    if found.get("money") is None:
        return "No rates were given, so there are hours and no money: miner cost --rates FILE.yaml --save adds it."
    case = found.get("case") or "base"
    return f"Money follows the assumption set {words.said(found.get('assumptions'))}, {case} case."

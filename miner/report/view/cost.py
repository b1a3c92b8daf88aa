"""What does fragmentation cost? The components as a waterfall, where they fall, and what the money assumes."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Literal

from miner.events.engine import Engine
from miner.report import words
from miner.report.tables import has
from miner.report.view.base import Column, Table
from miner.summary import COMPONENTS, FragmentationCost, Summary

_TEXTS = {
    "delay": ("Delay", "waiting for the next team, beyond the usual wait inside a team"),
    "handoff": ("Handoff", "handling time of the receiving team, beyond that of journeys without handoffs"),
    "rework": ("Rework", "handling time in returns, after reopenings and in repeated steps"),
    "information_gap": ("Information gap", "handling time of steps that ask for known information again"),
    "system_boundary": ("System boundary", "seconds assumed per change of system"),
    "context_shift": ("Context shift", "seconds assumed per change of channel, intent or person"),
    "repeat_contact": ("Repeat contact", "handling time of repeat contacts with the same intent within a week"),
    "consequence": ("Consequence", "value lost on paths across silos (an association)"),
}
_WAITED = ("delay",)  # elapsed hours; the others are hours of people
_MOST = 10
_BY = {"team": "Between teams", "silo": "Between silos", "intent": "By intent", "channel": "By channel"}


@dataclass(frozen=True, slots=True)
class Step:
    """A component: its hours and its money (None where not computed, with the reason), each with the place of its bar.

    `start` and `share` (0 to 1) are of all hours, `money_start` and `money_share` of all money.
    """

    key: str
    name: str
    meaning: str
    hours: float | None
    start: float
    share: float
    money: float | None
    money_start: float
    money_share: float
    reason: str | None


@dataclass(frozen=True, slots=True)
class Rollup:
    """What the cost adds up to by one thing: the largest `rows` of `all` together."""

    title: str
    sentence: str
    table: Table


@dataclass(frozen=True, slots=True)
class Cost:
    """The part: a sentence, the waterfall, what it adds up to by several things, and the assumptions.

    `money` is the total with its currency, `left_out` what it leaves out (empty for nothing), `currency` alone is for
    the single sums; `span` says what the low and the high assumptions would make of the total.
    """

    sentence: str
    steps: tuple[Step, ...]
    hours: float | None
    money: str | None
    left_out: str
    currency: str
    span: str | None
    table: Table
    by: tuple[Rollup, ...]
    assumptions: Table | None
    assumed: str


def cost(engine: Engine, summary: Summary, assumptions: dict[str, Any], shown: dict[str, str]) -> Cost:
    """From summary.json, `cost_rollups` and assumptions.json."""
    fragmentation = summary.get("fragmentation_cost", {})
    steps = _steps(fragmentation)
    rows = tuple(
        (s.name, s.meaning, None if s.hours is None else s.hours * 3600, s.money, s.reason or "") for s in steps
    )
    columns = (
        Column("Component"),
        Column("What it is"),
        Column("Hours", "hours"),
        Column("Money", "count"),
        Column("Not computed because"),
    )
    priced = fragmentation.get("money") is not None
    by = dict(_BY, team="Between people") if summary.get("owner_level") == "agent" else _BY
    return Cost(
        _sentence(steps, fragmentation),
        steps,
        fragmentation.get("hours"),
        money(fragmentation, "money"),
        left_out(fragmentation),
        currency(fragmentation),
        span(fragmentation),
        Table("cost", columns, rows),
        tuple(_by(engine, by, shown, priced)) if has(engine, "cost_rollups") else (),
        _assumptions(assumptions),
        _assumed(fragmentation),
    )


def currency(fragmentation: FragmentationCost) -> str:
    """The currency of the rates; without one, money is said to be money."""
    return words.label(fragmentation["currency"]) if fragmentation.get("currency") else ""


def money(fragmentation: FragmentationCost, key: Literal["money", "money_low", "money_high"]) -> str | None:
    """A sum of `fragmentation_cost` with its currency: 67,287 EUR."""
    value = fragmentation.get(key)
    return (
        None if value is None else f"{words.number(value)} {currency(fragmentation)}".strip().replace(" ", words.NBSP)
    )


def left_out(fragmentation: FragmentationCost) -> str:
    """What the money of the total leaves out: "without 703 hours that have no rate, over 99 % of all"."""
    hours, of_all = fragmentation.get("hours_without_money"), fragmentation.get("hours")
    if not hours or not of_all:
        return ""
    return f"without {words.hours(hours * 3600)} that have no rate, {words.percent(hours, of_all)} of all"


def span(fragmentation: FragmentationCost) -> str | None:
    """What the total would be with all assumptions at their low and at their high; None where that is the same."""
    low, high = money(fragmentation, "money_low"), money(fragmentation, "money_high")
    if low is None or high is None or low == high:
        return None
    return f"{low} with the low assumptions, {high} with the high"


def _steps(fragmentation: FragmentationCost) -> tuple[Step, ...]:
    hours, paid = fragmentation.get("components", {}), fragmentation.get("components_money", {})
    whole = sum(h for h in hours.values() if h) or 1.0
    all_paid = sum(m for m in paid.values() if m) or 1.0
    made, start, paid_start = [], 0.0, 0.0
    for key in COMPONENTS:
        name, meaning = _TEXTS[key]
        share, paid_share = (hours.get(key) or 0.0) / whole, (paid.get(key) or 0.0) / all_paid
        made.append(
            Step(
                key,
                name,
                meaning,
                hours.get(key),
                start,
                share,
                paid.get(key),
                paid_start,
                paid_share,
                fragmentation.get("not_computed", {}).get(key),
            )
        )
        start, paid_start = start + share, paid_start + paid_share
    return tuple(made)


def _sentence(steps: tuple[Step, ...], fragmentation: FragmentationCost) -> str:
    hours = fragmentation.get("hours")
    if hours is None:
        return "No component of the cost could be computed from this log; the table shows what is missing."
    text = f"{words.hours(hours * 3600)} went into fragmentation"
    waited = sum(s.hours or 0 for s in steps if s.key in _WAITED)
    worked = sorted((s for s in steps if s.hours and s.key not in _WAITED), key=lambda s: -(s.hours or 0))
    if not worked:
        text += ", all of it spent waiting for the next team." if waited else "."
    else:
        work = f"{words.hours((hours - waited) * 3600)} of people’s work, most of it {worked[0].name.lower()}"
        waits = f"{words.hours(waited * 3600)} of journeys waiting for the next team, and " if waited else ""
        text += f": {waits}{work} ({words.hours((worked[0].hours or 0) * 3600)})."
    missing = [s.name.lower() for s in steps if s.reason]
    return text + (f" Not computed (see the table for reasons): {', '.join(missing)}." if missing else "")


_ROLLED = """
SELECT from_name, name, journeys, delay_cost_s,
       CASE WHEN coalesce(handoff_cost_s, rework_cost_s, information_gap_cost_s, system_boundary_cost_s,
                          context_shift_cost_s, repeat_contact_cost_s) IS NOT NULL
            THEN cost_s - coalesce(delay_cost_s, 0) END AS worked_s,
       cost_s, money, unpriced_s, count(*) OVER ()
FROM cost_rollups WHERE "by" = ? AND (cost_s > 0 OR money > 0) ORDER BY cost_s DESC, from_name, name LIMIT ?
"""


def _by(engine: Engine, titles: dict[str, str], shown: dict[str, str], priced: bool) -> Iterator[Rollup]:
    """One list each; none where the log names nothing to tell apart."""
    for by, title in titles.items():
        pair = by in ("team", "silo")
        rows = engine.rows(_ROLLED, [by, _MOST])
        if all(one is None and other is None for one, other, *_ in rows):
            continue
        names = [Column("From"), Column("To")] if pair else [Column(by.capitalize())]
        paying = [Column("Money", "count"), Column("Hours without a rate", "hours")] if priced else []
        columns = (
            *names,
            Column("Journeys", "count"),
            Column("Waited", "hours"),
            Column("Handling time", "hours"),
            Column("All", "hours"),
            *paying,
        )
        table = tuple(
            (
                *(_name(name, by, shown) for name in ((a, b) if pair else (b,))),
                n,
                waited,
                work,
                all_s,
                *([paid, unpaid] if priced else []),
            )
            for a, b, n, waited, work, all_s, paid, unpaid, _ in rows
        )
        count, noun = rows[0][-1], "pair" if pair else by
        sentence = (
            f"The {_MOST} most expensive of {words.plural(count, noun)}."
            if count > len(rows)
            else f"{words.plural(count, noun).capitalize()}, most expensive first."
        )
        yield Rollup(title, sentence, Table(f"cost-by-{by}", columns, table))


def _name(name: str | None, by: str, shown: dict[str, str]) -> str:
    if name is None:
        return f"no {by} known"
    return words.label(name.replace("_", " ") if by == "channel" else shown.get(name, name) if by == "team" else name)


def _assumptions(assumptions: dict[str, Any]) -> Table | None:
    values = assumptions.get("values") or {}
    if not values:
        return None
    columns = (
        Column("Assumption"),
        Column("What it is"),
        Column("Low", "decimal"),
        Column("Base", "decimal"),
        Column("High", "decimal"),
        Column("Unit"),
        Column("Source"),
        Column("Year"),
    )
    rows = tuple(
        (
            words.label(name),
            _means(name),
            v.get("low"),
            v.get("base"),
            v.get("high"),
            words.label(v.get("unit")),
            words.label(v.get("source")),
            "" if v.get("year") is None else str(v["year"]),
        )
        for name, v in values.items()
    )
    return Table("assumptions", columns, rows)


_MEANS = {
    "loaded_rate": "an hour of a person’s work at full cost",
    "delay_rate": "an hour of waiting",
    "system_boundary": "handling time per change of system",
    "context_shift": "handling time per change of channel, intent or person",
}
_MEANS_OF = {
    "actor_rates": "an hour of work by {}",
    "team_rates": "an hour of work in {}",
    "contact_costs": "one contact by {}",
}


def _means(name: str) -> str:
    """An assumption in plain words; empty for one that is not known here."""
    kind, _, of = name.partition(".")
    return _MEANS.get(name) or _MEANS_OF.get(kind, "").format(words.label(of))


def _assumed(fragmentation: FragmentationCost) -> str:
    if fragmentation.get("money") is None:
        return "No rates were given, so the cost is in hours only."
    case = fragmentation.get("case") or "base"
    text = f"Money follows the assumption set {words.quoted(fragmentation.get('assumptions'))}, {case} case"
    whole, without = span(fragmentation), left_out(fragmentation)
    text += f", {without}" if without else ""
    return f"{text}: the total would be {whole}." if whole else f"{text}."

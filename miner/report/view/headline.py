"""How bad is it? One sentence with the numbers in it, then five figures."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from miner.report import words
from miner.report.view.cost import currency, span


@dataclass(frozen=True, slots=True)
class Figure:
    """One number: `value` is large, `base` below it says of what."""

    name: str
    value: str
    base: str


@dataclass(frozen=True, slots=True)
class Headline:
    """The sentence and the figures."""

    sentence: str
    figures: tuple[Figure, ...]


def headline(summary: dict[str, Any]) -> Headline:
    """From summary.json alone."""
    journeys, handed = summary["journeys"], summary["journeys_with_handoff"]
    came_back = summary["journeys_with_return"]
    known = summary.get("owner_level") is not None
    figures = [Figure("Journeys", words.number(journeys), words.plural(summary["events"], "recorded step"))]
    if known:
        level = {"agent": "person", "silo": "department"}.get(summary["owner_level"], "team")
        share = words.of(handed, journeys, "journeys", share=False)
        figures.append(Figure("Handed over", words.percent(handed, journeys), share))
        back = f"{words.of(came_back, journeys, 'journeys', share=False)}, to a {level} that had them before"
        figures.append(Figure("Came back", words.percent(came_back, journeys), back))
    else:
        nothing = "no team or agent column: name one with --map team=COLUMN"
        figures += [Figure(name, "—", nothing) for name in ("Handed over", "Came back", "Hours between teams")]
    figures += [*([_hours(summary)] if known else []), _money(summary)]
    return Headline(_sentence(summary, known), tuple(figures))


def _sentence(summary: dict[str, Any], known: bool) -> str:
    journeys = summary["journeys"]
    if not journeys:
        return "Nothing was read that makes a journey."
    text = _who(summary)
    if known:
        handed = words.percent(summary["journeys_with_handoff"], journeys)
        text += f" {handed[0].upper()}{handed[1:]} of them were handed over"
        text += f", {words.percent(summary['journeys_with_return'], journeys)} came back to a team that had them before"
        text = text.replace("a team", "a person") if summary["owner_level"] == "agent" else text
        return f"{text}; {_lost(summary)}."
    return f"{text} Nothing says which team worked on them, so no handoff can be seen."


def _who(summary: dict[str, Any]) -> str:
    customers, contacts, journeys = summary.get("customers"), summary["interactions"], summary["journeys"]
    if customers and contacts > journeys:
        matters = words.plural(journeys, "matter")
        return f"{words.plural(customers, 'customer')} contacted us {words.plural(contacts, 'time')} about {matters}."
    steps = words.plural(summary["events"], "recorded step")
    whose = f" of {words.plural(customers, 'customer')}" if customers else ""
    return f"{words.plural(journeys, 'journey')}{whose} with {steps}."


def _lost(summary: dict[str, Any]) -> str:
    cost = (summary.get("fragmentation_cost") or {}).get("hours")
    if cost is not None:
        return f"{words.hours(cost * 3600)} went into fragmentation"
    waited, elapsed = summary["time_s"]["handoff_wait"], summary["elapsed_s"]
    share = words.percent(waited, elapsed)
    return f"{words.hours(waited)} passed while nobody had them, between two teams ({share} of all time)"


def _hours(summary: dict[str, Any]) -> Figure:
    cost = (summary.get("fragmentation_cost") or {}).get("hours")
    if cost is not None:
        return Figure("Hours lost", words.number(cost), "person and waiting hours of fragmentation")
    waited, elapsed = summary["time_s"]["handoff_wait"], summary["elapsed_s"]
    base = f"{words.percent(waited, elapsed)} of all elapsed hours, waiting between two teams"
    return Figure("Hours between teams", words.number(waited / 3600), base)


def _money(summary: dict[str, Any]) -> Figure:
    found = summary.get("fragmentation_cost") or {}
    if found.get("money") is None:
        return Figure("Money", "—", "no rates given: miner cost --rates FILE.yaml --save, then miner report")
    between = f"{told}; " if (told := span(found)) else ""
    name = f"Money, {currency(found)}" if currency(found) else "Money"
    return Figure(name, words.number(found["money"]), f"{between}what it assumes stands under “Cost”")

"""How bad is it? One sentence with the numbers in it, then five figures."""

from __future__ import annotations

from dataclasses import dataclass

from miner.report import words
from miner.report.view.cost import currency, left_out, span
from miner.summary import Summary


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


def headline(summary: Summary) -> Headline:
    """From summary.json alone."""
    journeys, handed = summary["journeys"], summary["journeys_with_handoff"] or 0
    came_back = summary["journeys_with_return"] or 0
    known = summary.get("owner_level") is not None
    figures = [Figure("Journeys", words.number(journeys), words.plural(summary["events"], "recorded step"))]
    if known:
        level = {"agent": "person", "silo": "department"}.get(summary["owner_level"] or "", "team")
        share = words.of(handed, journeys, "journeys", share=False)
        figures.append(Figure("Handed over", words.percent(handed, journeys), share))
        back = f"{words.of(came_back, journeys, 'journeys', share=False)}, to a {level} that had them before"
        figures.append(Figure("Came back", words.percent(came_back, journeys), back))
    else:
        nothing = "no team or agent column: name one with --map team=COLUMN"
        figures += [Figure(name, "—", nothing) for name in ("Handed over", "Came back", "Hours between teams")]
    figures += [*([_hours(summary)] if known else []), _money(summary)]
    return Headline(_sentence(summary, known), tuple(figures))


def _sentence(summary: Summary, known: bool) -> str:
    journeys = summary["journeys"]
    if not journeys:
        return "The sources contain no journeys."
    text = _who(summary)
    if known:
        handed = words.percent(summary["journeys_with_handoff"], journeys)
        plain = not summary["journeys_without_contact"] and not summary["contacts_without_customer"]
        of = "of them" if plain else f"of all {words.plural(journeys, 'journey')}"
        text += f" {handed[0].upper()}{handed[1:]} {of} were handed over"
        text += f", {words.percent(summary['journeys_with_return'], journeys)} came back to a team that had them before"
        text = text.replace("a team", "a person") if summary["owner_level"] == "agent" else text
        return f"{text}; {_lost(summary)}."
    return f"{text} The log does not name the teams that worked on them, so it shows no handoffs."


def _who(summary: Summary) -> str:
    """Who contacted us how often, per conversation; who is not known and what is no contact is said apart."""
    customers, contacts = summary.get("customers_with_contact"), summary["conversations"]
    unknown, journeys = summary["contacts_without_customer"], summary["journeys"]
    about = journeys - summary["journeys_without_contact"]
    if customers and contacts > about:
        matters = f"about {words.plural(about, 'matter')}"
        text = f"{words.plural(customers, 'customer')} contacted us {words.plural(contacts - unknown, 'time')}"
        text += (
            f"; {words.plural(unknown, 'more contact')} named no customer. They were {matters}."
            if unknown
            else (f" {matters}.")
        )
    else:
        steps = words.plural(summary["events"], "recorded step")
        known_customers = summary.get("customers")
        whose = f" of {words.plural(known_customers, 'customer')}" if known_customers else ""
        text = f"{words.plural(journeys, 'journey')}{whose if not unknown else ''} with {steps}."
        if whose and unknown:
            known = words.of(contacts - unknown, contacts, "contacts", share=False)
            text += f" {known} named a customer ({words.plural(customers or 0, 'customer')} in all)."
    return f"{text}{_apart(summary)}"


def _apart(summary: Summary) -> str:
    """Journeys and customers without any contact, where there are records beside contacts."""
    without = summary["journeys_without_contact"]
    if not without:
        return ""
    text = f" {words.plural(without, 'more journey')} held no contact"
    customers, with_contact = summary.get("customers"), summary.get("customers_with_contact")
    silent = customers - with_contact if customers is not None and with_contact is not None else 0
    return f"{text}, and {words.plural(silent, 'customer')} never contacted us." if silent else f"{text}."


def _lost(summary: Summary) -> str:
    cost = summary.get("fragmentation_cost", {}).get("hours")
    if cost is not None:
        return f"{words.hours(cost * 3600)} went into fragmentation"
    waited, elapsed = summary["time_s"]["handoff_wait"], summary["elapsed_s"]
    share = f" ({words.percent(waited, elapsed)} of all time)" if elapsed else ""
    return f"{words.hours(waited)} passed between teams, while no team worked on them{share}"


def _hours(summary: Summary) -> Figure:
    cost = summary.get("fragmentation_cost", {}).get("hours")
    if cost is not None:
        return Figure("Hours lost", words.number(cost), "person and waiting hours of fragmentation")
    waited, elapsed = summary["time_s"]["handoff_wait"], summary["elapsed_s"]
    share = f"{words.percent(waited, elapsed)} of all elapsed hours, " if elapsed else ""
    base = f"{share}waiting between two teams"
    return Figure("Hours between teams", words.number(waited / 3600), base)


def _money(summary: Summary) -> Figure:
    fragmentation = summary.get("fragmentation_cost", {})
    if fragmentation.get("money") is None:
        return Figure("Money", "—", "no rates given: miner cost --rates FILE.yaml --save, then miner report")
    between = "".join(f"{text}; " for text in (left_out(fragmentation), span(fragmentation)) if text)
    name = f"Money, {currency(fragmentation)}" if currency(fragmentation) else "Money"
    return Figure(name, words.number(fragmentation["money"]), f"{between}assumptions are listed under “Cost”")

"""Why each interaction is in a journey, and why the customer's others are not: in words for a manager."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from miner.errors import UsageError
from miner.events.engine import Engine
from miner.sql import load_saved
from miner.wording import percent, spoken
from miner.workspace import Workspace

_REFERENCES = {
    "ticket id": "it names {to}",
    "initial contact": "it is a later part of the contact that started with {to}",
    "previous contact": "it was passed on from {to}",
    "related contact": "the system relates it to {to}",
    "follow_up": "it is a follow-up of {to}",
    "merge": "it was merged with {to}",
    "split": "it was split off {to}",
    "linked object": "the system links it with {to}",
}
_CUSTOMER = {
    "customer": "the same customer",
    "phone number": "the same customer (the same phone number)",
    "e-mail address": "the same customer (the same e-mail address)",
    "device": "the same customer (the same device)",
    "another contact": "the same customer (a third contact shares numbers or addresses with both)",
    "likeness": "very likely the same customer (similar name and address; {sure} sure)",
}
NEAR = timedelta(days=30)


@dataclass(frozen=True)
class Step:
    """An interaction, and why it is where it is."""

    interaction: str
    started_at: datetime
    what: str
    why: str
    basis: str | None = None
    probability: float | None = None


@dataclass(frozen=True)
class Explanation:
    """A journey with its interactions in order, and the customer's other journeys near it in time."""

    journey: str
    about: str
    steps: list[Step]
    apart: list[Step]


def explain(workspace: Workspace, name: str) -> Explanation:
    """Explain the journey of that id, or the journey of the interaction of that id; UsageError where there is none."""
    options = workspace.manifest.get("options", {})
    window = timedelta(days=float(options.get("window", 7)))
    linked = workspace.quality.get("journeys") == "linked"
    with Engine() as engine:
        load_saved(engine, workspace, "interactions", "links", "journeys")
        found = engine.rows(
            "SELECT journey_id FROM journeys WHERE journey_id = ? UNION ALL "
            "SELECT journey_id FROM interactions WHERE interaction_id = ?",
            [name, name],
        )
        if not found:
            raise UsageError(
                f"no journey and no interaction {name!r} in {workspace.path}",
                fix="miner query paths/journeys_like -w WORKSPACE lists some",
            )
        journey = found[0][0]
        rows = _interactions(engine, "journey_id = ?", [journey])
        links = _links(engine, journey)
        customer, probability = engine.one("SELECT customer, probability FROM journeys WHERE journey_id = ?", [journey])
        steps = [Step(row["id"], row["at"], _what(row), *_why(row, rows, links, linked, window)) for row in rows]
        apart = _apart(engine, journey, customer, rows, window) if linked and customer else []
    return Explanation(journey, _about(rows, customer, probability), steps, apart)


def _interactions(engine: Engine, where: str, parameters: list[Any]) -> list[dict[str, Any]]:
    names = ("id", "journey", "system", "channel", "intent", "at", "ended", "outcome")
    rows = engine.rows(
        "SELECT interaction_id, journey_id, source_system, channel, intent, started_at, ended_at, outcome "
        f"FROM interactions WHERE {where} ORDER BY started_at, interaction_id",
        parameters,
    )
    return [dict(zip(names, row, strict=True)) for row in rows]


def _links(engine: Engine, journey: str) -> dict[str, list[tuple[str, str, float]]]:
    """The links of each interaction: to which, on what basis, how sure; references hold in both directions."""
    found: dict[str, list[tuple[str, str, float]]] = {}
    for one, other, basis, probability in engine.rows(
        "SELECT l.from_interaction, l.to_interaction, l.basis, l.probability FROM links l "
        "JOIN interactions i ON i.interaction_id = l.from_interaction WHERE i.journey_id = ? ORDER BY ALL",
        [journey],
    ):
        found.setdefault(one, []).append((other, basis, probability))
        found.setdefault(other, []).append((one, f"< {basis}", probability))
    return found


def _what(row: dict[str, Any]) -> str:
    kind = {
        "voice": "a call",
        "chat": "a chat",
        "email": "an e-mail",
        "messaging": "a message",
        "sms": "a message",
        "web_form": "a web form",
        "social": "a post",
    }.get(row["channel"] or "", "a contact")
    about = f" about {row['intent']}" if row["intent"] else ""
    return f"{kind} in {row['system'] or 'the log'}{about}"


def _why(
    row: dict[str, Any],
    rows: list[dict[str, Any]],
    links: dict[str, list[tuple[str, str, float]]],
    linked: bool,
    window: timedelta,
) -> tuple[str, str | None, float | None]:
    """The reason in words, the basis and the probability."""
    if not linked:
        return "in this log the case is the journey", "case", 1.0
    own = links.get(row["id"], [])
    earlier = {other["id"]: other for other in rows if (other["at"], other["id"]) < (row["at"], row["id"])}
    known = [link for link in own if link[0] in earlier] or ([] if row is rows[0] else own)
    if not known:
        return "the journey begins with it", None, None
    return _reason(row, known[0], earlier, window), known[0][1].removeprefix("< "), known[0][2]


def _reason(
    row: dict[str, Any], link: tuple[str, str, float], earlier: dict[str, dict[str, Any]], window: timedelta
) -> str:
    other, basis, probability = link
    if basis.startswith("< "):
        name = basis[2:]
        said = _REFERENCES.get(name)
        return f"{other} belongs to it: {said.format(to='this one')}" if said else f"{other} refers to it ({name})"
    plain = basis.removesuffix(" and intent")
    if plain not in _CUSTOMER:
        said = _REFERENCES.get(basis)
        return said.format(to=other) if said else f"the system says that it belongs to {other} ({basis})"
    who = _CUSTOMER[plain].format(sure=percent(probability, 1))
    about = f"has the same intent ({row['intent']})" if basis != plain else "asks again, about an unknown matter"
    if basis == plain and row["intent"]:
        about = f"asks again (about {row['intent']}; the intent of the earlier contact is unknown)"
    before = max((one["ended"] for one in earlier.values()), default=row["at"])
    gap = row["at"] - before
    when = f"{spoken(gap)} after the last contact ended" if gap > timedelta() else "while the last contact was open"
    return f"{who} {about} {when}, within the window of {spoken(window)}"


def _apart(engine: Engine, journey: str, customer: str, rows: list[dict[str, Any]], window: timedelta) -> list[Step]:
    """The same customer's other journeys near this one, and why they are journeys of their own."""
    first, last = rows[0]["at"], max(row["ended"] for row in rows)
    own = {row["intent"] for row in rows if row["intent"]}
    others = _interactions(
        engine,
        "customer = ? AND journey_id <> ? AND started_at BETWEEN ? AND ?",
        [customer, journey, first - NEAR, last + NEAR],
    )
    seen: dict[str, Step] = {}
    for row in others:
        if row["journey"] in seen:
            continue
        gap = max(row["at"] - last, first - row["ended"])
        if row["intent"] and own and row["intent"] not in own:
            why = f"it is about {row['intent']}, not about {' or '.join(sorted(own))}"
        elif gap > window:
            why = f"{spoken(gap)} lie between them, more than the window of {spoken(window)}"
        else:
            why = "another journey of the customer fits better: the same intent, or a later end"
        seen[row["journey"]] = Step(row["id"], row["at"], _what(row), why)
    return list(seen.values())


def _about(rows: list[dict[str, Any]], customer: str | None, probability: float) -> str:
    who = f"of {customer}" if customer else "of an unknown customer"
    sure = "" if probability >= 1 else f"; its least certain link is {percent(probability, 1)} sure"
    many = f"{len(rows)} contacts" if len(rows) > 1 else "one contact"
    return f"{many} {who}, {rows[0]['at']:%Y-%m-%d} to {max(r['ended'] for r in rows):%Y-%m-%d}{sure}"

"""Who does how well? Contact-centre measures, people and bots side by side, and what better routing could reach."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from miner.events.engine import Engine
from miner.report import words
from miner.report.tables import has
from miner.report.view.base import Column, Table

_LAYERS = {"operational": "Day to day", "tactical": "Do matters end?", "strategic": "What comes of it"}
_ASPECTS = {
    "verified_resolution": "Resolved and not back within a week", "recontact": "Back within a week",
    "escalation": "Passed on", "handling_time_s": "Handling time", "score": "Customer score",
}  # fmt: skip
_TIMES = ("s",)
# What is money says in which currency.
_TITLE = "title || CASE WHEN unit = 'money' THEN coalesce(', ' || nullif(?, ''), '') ELSE '' END AS title"


@dataclass(frozen=True, slots=True)
class Measured:
    """A measure: its value and interval in words, of how many, and its definition."""

    layer: str
    name: str
    value: str
    interval: str
    n: int
    definition: str
    target: str


@dataclass(frozen=True, slots=True)
class People:
    """The part: empty where nobody owned anything."""

    sentence: str
    measures: tuple[Measured, ...]
    by_channel: Table
    sides: Table | None
    sides_sentence: str
    gaps: Table | None


def people(engine: Engine, currency: str) -> People | None:
    """From contact_measures, competence and routing_gaps; None where the workspace has none of them."""
    if not has(engine, "contact_measures") or not engine.one("SELECT count(*) FROM contact_measures")[0]:
        return None
    rows = engine.rows(
        f"SELECT layer, {_TITLE}, unit, value, low, high, n, definition, measure, target FROM contact_measures "
        "WHERE \"by\" = 'all'", [currency])  # fmt: skip
    measures = tuple(
        Measured(_LAYERS[layer], title, _value(value, unit), _span(low, high, unit), n, definition, target or "")
        for layer, title, unit, value, low, high, n, definition, _, target in rows
    )
    sides = _sides(engine) if has(engine, "competence") else ()
    (contacts,) = engine.one("SELECT count(*) FROM interactions")
    return People(_sentence({row[8]: row for row in rows}, contacts), measures, _channels(engine, currency),
                  Table("people-and-bots", _SIDES, sides) if sides else None, _told(sides),
                  _gaps(engine) if has(engine, "routing_gaps") else None)  # fmt: skip


def _value(value: float | None, unit: str) -> str:
    if value is None:
        return "unknown"
    if unit == "share":
        return words.percent(value, 1)
    if unit in _TIMES:
        return words.duration(value)
    whole = value >= 10 or value == round(value)
    return words.number(value) if unit == "contacts" and whole else f"{value:,.2f}"


def _span(low: float | None, high: float | None, unit: str) -> str:
    return "" if low is None or high is None else f"{_value(low, unit)} to {_value(high, unit)}"


def _sentence(rows: dict[str, tuple[Any, ...]], contacts: int) -> str:
    count = round(rows["volume"][3])
    some = words.of(count, contacts, "contacts", share=False) if contacts > count else words.plural(count, "contact")
    text = f"{some} {'was' if count == 1 else 'were'} handled or waited in a queue."
    if "false_containment" in rows:
        row = rows["false_containment"]
        text += (
            f" Of {words.plural(row[6], 'chat')} that a bot ended alone, {words.percent(row[3], 1)} of the customers"
        )
        text += " were back about the same within a week."
    elif "fcr_7d" in rows:
        row = rows["fcr_7d"]
        text += f" {words.percent(row[3], 1)} were resolved at the first contact (no other one within a week)."
    return text


_CHANNELS = """
SELECT key FROM contact_measures WHERE "by" = 'channel' AND measure = 'volume' ORDER BY n DESC, key LIMIT 6
"""


def _channels(engine: Engine, currency: str) -> Table:
    """A row a measure, a column a channel: scales of one column belong together."""
    channels = [row[0] for row in engine.rows(_CHANNELS)]
    found: dict[str, dict[str, str]] = {}
    for title, key, value, unit in engine.rows(
        f"SELECT {_TITLE}, key, value, unit FROM contact_measures WHERE \"by\" = 'channel'", [currency]):  # fmt: skip
        found.setdefault(title, {})[key] = _value(value, unit)
    rows = tuple((title, *(cells.get(channel, "—") for channel in channels)) for title, cells in found.items())
    return Table(
        "measures-by-channel", (Column("Measure"), *(Column(words.label(c.replace("_", " "))) for c in channels)), rows
    )


_SIDES = (Column("What"), Column("People"), Column("Contacts of people", "count"), Column("Bots"),
          Column("Contacts of bots", "count"), Column("Difference at equal work"), Column("Compared", "percent"),
          Column("Bots are"))  # fmt: skip


def _sides(engine: Engine) -> tuple[tuple[Any, ...], ...]:
    made = []
    for aspect, human, n, bot, m, overlap, difference, low, high, verdict in engine.rows(
        "SELECT aspect, people, people_n, bots, bots_n, overlap, difference, low, high, verdict FROM competence "
        "WHERE people_n + bots_n > 0"):  # fmt: skip
        unit = {"handling_time_s": "s", "score": "score"}.get(aspect, "share")
        made.append((_ASPECTS[aspect], _value(human, unit), n, _value(bot, unit), m,
                     _difference(difference, low, high, unit), overlap, verdict))  # fmt: skip
    return tuple(made) if any(row[4] for row in made) else ()


def _difference(difference: float | None, low: float | None, high: float | None, unit: str) -> str:
    if difference is None or low is None or high is None:
        return "—"
    scale, sign = (100, " points") if unit == "share" else (1, " s" if unit == "s" else "")
    text = f"{scale * difference:+.0f}{sign} ({scale * low:+.0f} to {scale * high:+.0f})"
    return text.replace("-", "−")


def _told(sides: tuple[tuple[Any, ...], ...]) -> str:
    if not sides:
        return ""
    return ("Bots and people get different work, so they are compared only where both had the same matter, first "
            "contacts and repeated ones apart; “compared” is the share of contacts for which that is so. Software that "
            "contacts us for a customer is left out.")  # fmt: skip


def _gaps(engine: Engine) -> Table | None:
    rows = engine.rows("SELECT coalesce(intent, 'unknown'), known, resolution, best_team, team_known, best, gap, low, "
                       "high FROM routing_gaps WHERE gap > 0 ORDER BY gap * known DESC LIMIT 12")  # fmt: skip
    columns = (
        Column("Intent"), Column("Journeys with a known outcome", "count"), Column("End well today", "percent"),
        Column("Better first team"), Column("Its journeys compared", "count"), Column("There", "percent"),
        Column("Gap"),
    )  # fmt: skip
    cells = tuple(
        (words.label(intent), known, today, words.label(team), n, best, _difference(gap, low, high, "share"))
        for intent, known, today, team, n, best, gap, low, high in rows
    )
    return Table("routing-gaps", columns, cells) if cells else None

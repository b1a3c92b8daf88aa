"""Who performs how well? Contact-centre measures, people and bots side by side, and what better routing could reach."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from miner.events.engine import Engine
from miner.report import words
from miner.report.tables import has
from miner.report.view.base import Column, Table

_LAYERS = {"operational": "Day to day", "tactical": "Are issues resolved?", "strategic": "Business results"}
_ASPECTS = {
    "verified_resolution": "Resolved and not back within a week",
    "recontact": "Back within a week",
    "escalation": "Passed on",
    "handling_time_s": "Handling time",
    "score": "Customer score",
}
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
    by: tuple[Table, ...]
    sides: Table | None
    sides_sentence: str
    gaps: Table | None


def people(engine: Engine, currency: str) -> People | None:
    """From contact_measures, competence and routing_gaps; None where the workspace has none of them."""
    if not has(engine, "contact_measures") or not engine.one("SELECT count(*) FROM contact_measures")[0]:
        return None
    rows = engine.rows(
        f"SELECT layer, {_TITLE}, unit, value, low, high, n, definition, measure, target FROM contact_measures "
        "WHERE \"by\" = 'all'",
        [currency],
    )
    measures = tuple(
        Measured(_LAYERS[layer], title, _value(value, unit), _span(low, high, unit), n, definition, target or "")
        for layer, title, unit, value, low, high, n, definition, _, target in rows
    )
    sides = _sides(engine) if has(engine, "competence") else ()
    return People(
        _sentence(engine, {row[8]: row for row in rows}),
        measures,
        _splits(engine, currency),
        Table("people-and-bots", _SIDES, sides) if sides else None,
        _sides_sentence(sides),
        _gaps(engine) if has(engine, "routing_gaps") else None,
    )


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


# Conversations, and those among them that software holds for its owner.
_CONVERSATIONS = """
SELECT count(*) FILTER (NOT by_software), count(*) FILTER (by_software) FROM (
  SELECT bool_or(customer_type = 'machine') AS by_software FROM interactions WHERE kind = 'contact'
  GROUP BY conversation_id)
"""


def _sentence(engine: Engine, rows: dict[str, tuple[Any, ...]]) -> str:
    contacts, by_software = engine.one(_CONVERSATIONS)
    count = round(rows["volume"][3]) if "volume" in rows else 0
    some = words.of(count, contacts, "contacts", share=False) if contacts > count else words.plural(count, "contact")
    text = f"{some} {'was' if count == 1 else 'were'} handled or waited in a queue."
    if by_software:
        text += (
            f" {words.plural(by_software, 'contact')} by software that acts for customers "
            f"{'is' if by_software == 1 else 'are'} left out, and shown by customer type."
        )
    if "false_containment" in rows:
        row = rows["false_containment"]
        text += (
            f" In {words.percent(row[3], 1)} of {words.plural(row[6], 'chat')} that a bot ended alone the "
            "customer came back with the same intent within a week."
        )
    elif "fcr_7d" in rows:
        row = rows["fcr_7d"]
        text += (
            f" {words.percent(row[3], 1)} of {words.plural(row[6], 'contact')} where this is known were "
            "resolved at the first contact (no other one within a week)."
        )
    return text + (_without_ends(engine) if has(engine, "outcomes_shown") else "")


_ONE_SIDED = """
SELECT source_system, shows FROM outcomes_shown
WHERE shows <> 'both' AND source_system IN (SELECT coalesce(source_system, '') FROM interactions WHERE kind = 'contact')
ORDER BY conversations DESC, source_system
"""
_SHOWN = {
    "nothing": "no outcomes",
    "failures": "no good outcome",
    "successes": "good outcomes only",
    "too few": "the outcome of too few contacts",
}


def _without_ends(engine: Engine) -> str:
    """Which systems give no resolution, and why."""
    systems = engine.rows(_ONE_SIDED)
    if not systems:
        return ""
    records = [f"{words.quoted(system or 'unnamed')} records {_SHOWN[shows]}" for system, shows in systems[:4]]
    more = f", and {words.plural(len(systems) - 4, 'other system')} likewise" if len(systems) > 4 else ""
    return (
        f" {', '.join(records)}{more}: contacts there have a resolution only where another system shows how their "
        "journey ended."
    )


_SPLITS = {"channel": "channel", "customer_type": "customer type", "region": "region", "language": "language"}
_GROUPS = """
SELECT key FROM contact_measures WHERE "by" = ? AND measure = 'volume' ORDER BY n DESC, key LIMIT 6
"""


def _splits(engine: Engine, currency: str) -> tuple[Table, ...]:
    """A table for channels, kinds of customers and regions; one that has a single group only says nothing new."""
    splits = [(by, [row[0] for row in engine.rows(_GROUPS, [by])]) for by in _SPLITS]
    return tuple(_split(engine, by, groups, currency) for by, groups in splits if len(groups) > (by != "channel"))


def _split(engine: Engine, by: str, groups: list[str], currency: str) -> Table:
    """A row a measure, a column a group: scales of one column belong together."""
    measures: dict[str, dict[str, str]] = {}
    cells = f'SELECT {_TITLE}, key, value, unit, low, high, n FROM contact_measures WHERE "by" = ?'
    for title, key, value, unit, low, high, n in engine.rows(cells, [currency, by]):
        measures.setdefault(title, {})[key] = _cell(value, unit, low, high, n)
    rows = tuple((title, *(own.get(group, "—") for group in groups)) for title, own in measures.items())
    columns = (Column("Measure"), *(Column(words.label(group.replace("_", " "))) for group in groups))
    return Table(f"measures-by-{_SPLITS[by].replace(' ', '-')}", columns, rows)


def _cell(value: float | None, unit: str, low: float | None, high: float | None, n: int) -> str:
    """A value with its interval and number of contacts: "84 % (81 % to 87 %) of 617"."""
    if unit == "contacts" and value == n:
        return _value(value, unit)
    span = _span(low, high, unit)
    return f"{_value(value, unit)} ({span}) of {n:,}" if span else f"{_value(value, unit)} of {n:,}"


_SIDES = (
    Column("What"),
    Column("People"),
    Column("Contacts of people", "count"),
    Column("Bots"),
    Column("Contacts of bots", "count"),
    Column("Difference on equal work"),
    Column("Compared", "percent"),
    Column("Bots are"),
)


def _sides(engine: Engine) -> tuple[tuple[Any, ...], ...]:
    made = []
    for aspect, human, n, bot, m, overlap, difference, low, high, verdict in engine.rows(
        "SELECT aspect, people, people_n, bots, bots_n, overlap, difference, low, high, verdict FROM competence "
        "WHERE people_n + bots_n > 0"
    ):
        unit = {"handling_time_s": "s", "score": "score"}.get(aspect, "share")
        made.append(
            (
                _ASPECTS[aspect],
                _value(human, unit),
                n,
                _value(bot, unit),
                m,
                _difference(difference, low, high, unit),
                overlap,
                verdict,
            )
        )
    return tuple(made) if any(row[4] for row in made) else ()


def _difference(difference: float | None, low: float | None, high: float | None, unit: str) -> str:
    if difference is None or low is None or high is None:
        return "—"
    scale, sign = (100, " points") if unit == "share" else (1, " s" if unit == "s" else "")
    text = f"{scale * difference:+.0f}{sign} ({scale * low:+.0f} to {scale * high:+.0f})"
    return text.replace("-", "−")


def _sides_sentence(sides: tuple[tuple[Any, ...], ...]) -> str:
    if not sides:
        return ""
    return (
        "Bots and people get different work, so they are compared only where both handled the same intent, first "
        "contacts and repeated ones apart; “compared” is the share of contacts for which that holds. Software that "
        "contacts us for a customer is left out."
    )


def _gaps(engine: Engine) -> Table | None:
    rows = engine.rows(
        "SELECT coalesce(intent, 'unknown'), known, resolution, best_team, team_known, best, gap, low, "
        "high FROM routing_gaps WHERE gap > 0 ORDER BY gap * known DESC LIMIT 12"
    )
    columns = (
        Column("Intent"),
        Column("Journeys with a known outcome", "count"),
        Column("End well today", "percent"),
        Column("Better first team"),
        Column("Its journeys compared", "count"),
        Column("There", "percent"),
        Column("Gap"),
    )
    cells = tuple(
        (words.label(intent), known, today, words.label(team), n, best, _difference(gap, low, high, "share"))
        for intent, known, today, team, n, best, gap, low, high in rows
    )
    return Table("routing-gaps", columns, cells) if cells else None

"""Show me one: example journeys with every step, small enough for a page."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from itertools import chain
from typing import Any

import pyarrow as pa

from miner.events.engine import Engine
from miner.report import words

MOST_JOURNEYS, MOST_STEPS, MOST_ROWS = 250, 120, 6000
_LONGEST = 120  # characters of a name
LANES = {"customer": "Customer", "system": "System", "rule": "System", "ivr": "Phone menu"}
_ROWS = """
SELECT c.nth, e.seq, epoch_us(e.started_at) AS started_us,
       (epoch_us(e.ended_at) - epoch_us(e.started_at)) / 1e6 AS length_s,
       coalesce(e.activity, ''), coalesce(e.channel, 'no channel known'), o.shown, e.owned,
       coalesce(e.actor_type, 'unknown'),
       CASE WHEN e.owned THEN e.position END AS position, v.is_return
FROM chosen c JOIN events e ON e.journey_id = c.journey_id
LEFT JOIN visits v ON v.journey_id = e.journey_id AND v.position = e.position
LEFT JOIN owners o ON o.owner = e.owner
WHERE e.seq < {most} ORDER BY c.nth, e.seq
"""
_OTHERS = "SELECT journey_id FROM journeys ORDER BY journey_id LIMIT ?"
_FACTS = """
SELECT c.nth, j.journey_id, j.intent, j.outcome, j.events, j.handoffs, epoch_us(j.started_at) // 1000000 AS started_s,
       (epoch_us(j.ended_at) - epoch_us(j.started_at)) / 1e6 AS elapsed_s
FROM chosen c JOIN journeys j ON j.journey_id = c.journey_id ORDER BY c.nth
"""


@dataclass(frozen=True, slots=True)
class Step:
    """One event: seconds from the journey's start, its length, and indices into the names of Journeys.

    `visit` is the position of its owner's visit (None where it has no owner of its own).
    """

    at_s: float
    length_s: float
    activity: int
    lane: int
    channel: int
    visit: int | None
    is_return: bool


@dataclass(frozen=True, slots=True)
class Journey:
    """One journey; `more` counts steps that are left out."""

    id: str
    intent: str | None
    outcome: str | None
    started_s: int
    elapsed_s: float
    handoffs: int
    more: int
    steps: tuple[Step, ...]


@dataclass(frozen=True, slots=True)
class Journeys:
    """Example journeys in the order of their importance."""

    sentence: str
    activities: tuple[str, ...]
    lanes: tuple[str, ...]
    channels: tuple[str, ...]
    journeys: tuple[Journey, ...]
    total: int

    def first(self, count: int) -> Journeys:
        """The first ones only, without the names that none of them needs."""
        names = _Names()

        def renamed(step: Step) -> Step:
            return replace(
                step,
                activity=names.of("activity", self.activities[step.activity]),
                lane=names.of("lane", self.lanes[step.lane]),
                channel=names.of("channel", self.channels[step.channel]),
            )

        chosen = tuple(replace(j, steps=tuple(map(renamed, j.steps))) for j in self.journeys[:count])
        return names.journeys(chosen, self.total)

    def index(self) -> dict[str, int]:
        """Where each journey is, by its id."""
        return {journey.id: i for i, journey in enumerate(self.journeys)}


def journeys(engine: Engine, wanted: Iterable[str], total: int) -> Journeys:
    """The wanted journeys, first come first served, then others, until the page is full."""
    others = (row[0] for row in engine.rows(_OTHERS, [MOST_JOURNEYS]))
    ids = list(dict.fromkeys(chain(wanted, others)))[: 4 * MOST_JOURNEYS]
    engine.create("chosen", {"nth": "INTEGER", "journey_id": "VARCHAR"})
    if ids:
        engine.insert_arrow("chosen", pa.table({"nth": pa.array(range(len(ids)), pa.int32()), "journey_id": ids}))
    facts = engine.rows(_FACTS)
    chosen: list[tuple[Any, ...]] = []
    rows = 0
    for fact in facts:
        rows += min(fact[4], MOST_STEPS)
        if len(chosen) >= MOST_JOURNEYS or (rows > MOST_ROWS and chosen):
            break
        chosen.append(fact)
    engine.run("DELETE FROM chosen WHERE nth > ?", [chosen[-1][0] if chosen else -1])
    names = _Names()
    steps: dict[int, list[Step]] = {}
    for nth, _, started, length, activity, channel, owner, owned, actor, position, is_return in engine.rows(
        _ROWS.format(most=MOST_STEPS)
    ):
        lane = (owner if owned else LANES.get(actor)) or "No team"
        mine = steps.setdefault(nth, [])
        mine.append(
            Step(
                started / 1e6,
                length,
                names.of("activity", activity),
                names.of("lane", lane),
                names.of("channel", channel),
                position,
                bool(is_return and owned),
            )
        )
    made = tuple(_journey(fact, steps.get(fact[0], [])) for fact in chosen)
    return names.journeys(made, total)


def _sentence(examples: int, total: int) -> str:
    if examples == total:
        return "The journey of this log, step by step." if total == 1 else f"All {words.number(total)} journeys."
    shown = words.plural(examples, "example")
    first = "starting with those that findings, loops and the map refer to"
    return f"{shown} of {words.plural(total, 'journey')}, {first}."


def _journey(fact: tuple[Any, ...], steps: list[Step]) -> Journey:
    _, name, intent, outcome, events, handoffs, started, elapsed = fact
    moved = tuple(
        Step(round(s.at_s - started, 3), s.length_s, s.activity, s.lane, s.channel, s.visit, s.is_return) for s in steps
    )
    return Journey(
        name,
        intent and words.label(intent),
        outcome and words.label(outcome),
        started,
        elapsed,
        handoffs,
        max(0, events - len(moved)),
        moved,
    )


class _Names:
    """Each name once; steps hold its index."""

    def __init__(self) -> None:
        self._names: dict[str, dict[str, int]] = {}

    def of(self, kind: str, name: str) -> int:
        names = self._names.setdefault(kind, {})
        return names.setdefault(words.cut(words.label(name), _LONGEST), len(names))

    def all(self, kind: str) -> tuple[str, ...]:
        return tuple(self._names.get(kind, ()))

    def journeys(self, shown: tuple[Journey, ...], total: int) -> Journeys:
        """The journeys with the names that they were made with."""
        return Journeys(
            _sentence(len(shown), total), self.all("activity"), self.all("lane"), self.all("channel"), shown, total
        )

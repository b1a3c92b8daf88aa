"""Brute-force answers, written from docs/definitions.md and from nothing else.

Plain dicts, lists and loops over events: slow, short, and read next to the definition.
Times and durations are integer microseconds (`*_us`). An event is a dict with the names
of `miner.events.schema.RAW_EVENTS` and a `journey_id`. `tables(events)` gives every table.
A module that is called like the table of a measure is its oracle: a function of that name, from the ordered journeys
to rows with the columns of the header.
"""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Callable

from miner.sql import catalog
from tests.oracles.flow import dfg, nearest_rank
from tests.oracles.handoffs import handoffs
from tests.oracles.journeys import journeys
from tests.oracles.loops import avoidables, loops_by_order, pingpongs, returns
from tests.oracles.order import Event, Row, ordered
from tests.oracles.settled import PLAIN, Rules
from tests.oracles.time_split import spans, transitions
from tests.oracles.visits import silo_visits, visits

__all__ = [
    "PLAIN",
    "Event",
    "Row",
    "Rules",
    "avoidables",
    "dfg",
    "handoffs",
    "journeys",
    "loops_by_order",
    "nearest_rank",
    "ordered",
    "pingpongs",
    "returns",
    "silo_visits",
    "spans",
    "tables",
    "transitions",
    "visits",
]


def tables(raw: list[Event], rules: Rules = PLAIN) -> dict[str, list[Row]]:
    """Every measure of a log as rows, by table name; rows in order of journey and position."""
    log = ordered(raw, rules)
    answer: dict[str, list[Row]] = {"events": [event for journey in log.values() for event in journey]}
    for name, measure in (
        ("visits", visits),
        ("silo_visits", silo_visits),
        ("handoffs", handoffs),
        ("pingpongs", pingpongs),
        ("spans", spans),
        ("transitions", transitions),
    ):
        answer[name] = [row for journey in log.values() for row in measure(journey)]
    answer["returns"] = avoidables(log)
    answer["dfg"] = dfg(answer["transitions"])
    answer["journeys"] = journeys(log)
    return answer | {name: oracle(log) for name, oracle in by_name().items()}


def by_name() -> dict[str, Callable[[dict[str, list[Event]]], list[Row]]]:
    """The oracles of measures that are found by the name of their table."""
    measures = {name for name, made in catalog.models().items() if "/measures/" in made.file}
    names = {module.name for module in pkgutil.iter_modules(__path__)} & measures - _OWN
    return {name: getattr(importlib.import_module(f"{__name__}.{name}"), name) for name in sorted(names)}


# Modules with oracles of a journey, which `tables` asks itself.
_OWN = {"handoffs", "journeys", "settled", "visits"}

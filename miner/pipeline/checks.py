"""What can be wrong with the value of an option, whoever gave it; each check knows the option by its flag."""

from __future__ import annotations

import difflib
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from miner.errors import Problem, UsageError
from miner.events.times import zone
from miner.extras import missing
from miner.readers.tabular.keys import KEYS

Check = Callable[[str, Any], Iterator[Problem]]

GRAPHS = ("embedded", "none")


def one_of(*words: str | None, extras: Mapping[str, str] | None = None) -> Check:
    """The value is one of these words; some need an extra to be installed."""
    named = [word for word in words if word is not None]

    def check(flag: str, value: Any) -> Iterator[Problem]:
        if value not in words:
            fix = f"use {flag} {', '.join(named[:-1])} or {named[-1]}"
            yield Problem(f"unknown value of {flag}: {value!r}", fix=fix)
        elif extras and value in extras and (problem := missing(extras[value], f"{flag} {value}")):
            yield problem

    return check


def stage(stages: tuple[str, ...]) -> Check:
    """The value is the name of a stage."""

    def check(flag: str, value: Any) -> Iterator[Problem]:
        if value not in stages:
            yield Problem(f"unknown stage {value!r}", fix=f"stages are: {' '.join(stages)}")

    return check


def keys(flag: str, columns: Mapping[str, str]) -> Iterator[Problem]:
    """Columns are mapped to keys that there are."""
    for key in columns:
        if key not in KEYS:
            near = difflib.get_close_matches(key, KEYS, 1)
            fix = f"did you mean {near[0]!r}?" if near else f"keys are: {' '.join(KEYS)}"
            yield Problem(f"unknown key {key!r} in {flag}", fix=fix)


def zone_name(flag: str, name: Any) -> Iterator[Problem]:
    """A time zone exists, where one is named."""
    if name is not None:
        try:
            zone(str(name))
        except UsageError as error:
            yield from error.problems


def zones_of_sources(flag: str, sources: Mapping[str, Mapping[str, Any]]) -> Iterator[Problem]:
    """The time zone of each source exists."""
    for source in sources.values():
        yield from zone_name(flag, source.get("tz"))


def graph(flag: str, value: str) -> Iterator[Problem]:
    """A graph is a word or an address without a login."""
    if "://" in value and "@" in value:
        # It is kept in the manifest, and said without the address here.
        yield Problem("an address must not contain a user or password", fix="set NEO4J_USERNAME and NEO4J_PASSWORD")
    elif value not in GRAPHS and "://" not in value:
        yield Problem(f"unknown graph {value!r}", fix="use embedded, none or neo4j://HOST:7687")


def window(flag: str, days: float) -> Iterator[Problem]:
    """A gap is not negative."""
    if days < 0:
        yield Problem("the window must not be negative", fix=f"give it in days: {flag} 7")


def probability(flag: str, value: float) -> Iterator[Problem]:
    """A minimum probability lets something through."""
    if not 0 < value <= 1:
        yield Problem("a probability must be above 0 and at most 1", fix=f"{flag} 0.9")


def country(flag: str, code: str | None) -> Iterator[Problem]:
    """A country has two capital letters."""
    if code is not None and not (len(code) == 2 and code.isalpha() and code.isupper()):
        yield Problem(f"unknown country {code!r}", fix=f"use two capital letters: {flag} DE")


def on_spark(journeys: str | None, asked: Mapping[str, bool]) -> Iterator[Problem]:
    """What Spark does not do is not asked for: it reads plain logs, whose cases are journeys."""
    if journeys == "linked":
        yield Problem(
            "--engine spark does not join interactions into journeys: that is done on one machine",
            fix="use --journeys case, or leave --engine out (docs/scale.md says how far one machine goes)",
        )
    for name in (name for name, is_asked in asked.items() if is_asked):
        yield Problem(f"{name} is not done with --engine spark", fix="leave it out, or leave --engine out")

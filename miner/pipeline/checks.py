"""What can be wrong with settings, whoever gave them."""

from __future__ import annotations

import difflib
from collections.abc import Iterator
from typing import TYPE_CHECKING

from miner.errors import Problem, UsageError
from miner.events.times import zone
from miner.extras import missing
from miner.readers.tabular.keys import KEYS

if TYPE_CHECKING:
    from miner.pipeline.settings import Settings

STAGES = ("read", "stitch", "measure", "cost", "model", "graph", "query", "report")
GRAPHS = ("embedded", "none")


def wrong(settings: Settings) -> Iterator[Problem]:
    """Everything that is wrong."""
    yield from _values(settings)
    yield from _people(settings)
    for name in [settings.tz, *(source.get("tz") for source in settings.per_source.values())]:
        if name is not None:
            try:
                zone(str(name))
            except UsageError as error:
                yield from error.problems


def _values(settings: Settings) -> Iterator[Problem]:
    yield from (_unknown_key(key) for key in settings.columns if key not in KEYS)
    if "://" in settings.graph and "@" in settings.graph:
        # It is kept in the manifest, and said without the address here.
        yield Problem("an address must not contain a user or password", fix="set NEO4J_USERNAME and NEO4J_PASSWORD")
    elif settings.graph not in GRAPHS and "://" not in settings.graph:
        yield Problem(f"unknown graph {settings.graph!r}", fix="use embedded, none or neo4j://HOST:7687")
    if settings.until not in STAGES:
        yield Problem(f"unknown stage {settings.until!r}", fix=f"stages are: {' '.join(STAGES)}")
    if settings.journeys not in (None, "case", "linked"):
        yield Problem(
            f"unknown value of --journeys: {settings.journeys!r}", fix="use --journeys case or --journeys linked"
        )
    if settings.engine not in ("duckdb", "spark"):
        yield Problem(f"unknown value of --engine: {settings.engine!r}", fix="use --engine duckdb or --engine spark")
    if settings.engine == "spark":
        yield from _spark(settings)
    if settings.window < 0:
        yield Problem("the window must not be negative", fix="give it in days: --window 7")


def _spark(settings: Settings) -> Iterator[Problem]:
    """What Spark does not do: it reads plain logs, whose cases are journeys."""
    if problem := missing("spark", "--engine spark"):
        yield problem
    if settings.journeys == "linked":
        yield Problem(
            "--engine spark does not join interactions into journeys: that is done on one machine",
            fix="use --journeys case, or leave --engine out (docs/scale.md says how far one machine goes)",
        )
    asked = {
        "--intents": settings.intents,
        "--keep": settings.keep,
        "--text use": settings.text == "use",
        "--records": settings.records,
        "--identity probabilistic": settings.identity == "probabilistic",
    }
    for name in (name for name, value in asked.items() if value):
        yield Problem(f"{name} is not done with --engine spark", fix="leave it out, or leave --engine out")


def _people(settings: Settings) -> Iterator[Problem]:
    if settings.identity not in ("off", "keys", "probabilistic"):
        yield Problem(
            f"unknown value of --identity: {settings.identity!r}", fix="use --identity off, keys or probabilistic"
        )
    if settings.identity == "probabilistic" and (problem := missing("identity", "--identity probabilistic")):
        yield problem
    if settings.identifiers not in ("hide", "keep"):
        yield Problem(f"unknown value of --identifiers: {settings.identifiers!r}", fix="use --identifiers hide or keep")
    if settings.text not in ("drop", "use"):
        yield Problem(f"unknown value of --text: {settings.text!r}", fix="use --text drop or use")
    if not 0 < settings.min_probability <= 1:
        yield Problem("a probability must be above 0 and at most 1", fix="--min-probability 0.9")
    country = settings.phone_region
    if country is not None and not (len(country) == 2 and country.isalpha() and country.isupper()):
        yield Problem(f"unknown country {country!r}", fix="use two capital letters: --phone-region DE")


def _unknown_key(key: str) -> Problem:
    near = difflib.get_close_matches(key, KEYS, 1)
    return Problem(
        f"unknown key {key!r} in --map", fix=f"did you mean {near[0]!r}?" if near else f"keys are: {' '.join(KEYS)}"
    )

"""Values of a mapping file, each checked for its kind: ValueError says what was expected."""

from __future__ import annotations

from typing import Any

from miner.events.schema import KINDS
from miner.events.times import zone


def one_text(value: Any) -> str:
    """A single text."""
    if isinstance(value, (dict, list)):
        raise ValueError("expected a single text")
    return str(value)


def texts(value: Any) -> tuple[str, ...]:
    """One text or a list of them."""
    if isinstance(value, dict):
        raise ValueError("expected a list of texts")
    return tuple(map(one_text, value)) if isinstance(value, list) else (one_text(value),)


def zone_name(value: Any) -> str:
    """A time zone that exists."""
    zone(one_text(value))
    return one_text(value)


def days(value: Any) -> float:
    """A number of days."""
    if isinstance(value, bool) or not isinstance(value, (int, float)) or not 0 <= value < 1e6:
        raise ValueError("expected a number of days")
    return float(value)


def journeys_mode(value: Any) -> str:
    """How interactions make journeys."""
    if value not in ("case", "linked"):
        raise ValueError("expected `case` or `linked`")
    return str(value)


def interaction_kind(value: Any) -> str:
    """What the interactions of a source are."""
    if value not in KINDS:
        raise ValueError("expected `contact` or `record`")
    return str(value)


def pairs_or_file(value: Any) -> str | dict[str, str]:
    """Pairs, or the name of a file with them."""
    if isinstance(value, dict):
        return {str(team): one_text(silo) for team, silo in value.items()}
    return one_text(value)


def flag(value: Any) -> bool:
    """True or false."""
    if not isinstance(value, bool):
        raise ValueError("expected true or false")
    return value


def columns(value: Any) -> dict[str, str]:
    """Pairs of a key and its column."""
    if not isinstance(value, dict):
        raise ValueError("expected pairs of KEY: COLUMN")
    return {str(key): "" if column is None else one_text(column) for key, column in value.items()}


def by_source(value: Any) -> dict[Any, Any]:
    """The keys of each source, by its name."""
    if not isinstance(value, dict):
        raise ValueError("expected file names, each with its own keys")
    return value

"""Values of options that name a file: what the file says."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from miner.errors import InputError, Problem, UsageError
from miner.pipeline import teams

if TYPE_CHECKING:
    from miner.calendars import Calendars
    from miner.costs import Rates
    from miner.kpis.targets import Target


def silos(path: str) -> dict[str, str]:
    """Team → silo."""
    return teams.read_silos(Path(path))


def tiers(path: str) -> dict[str, int]:
    """Team → tier of support."""
    return teams.read_tiers(Path(path))


def intents(path: str) -> dict[str, str]:
    """Value → intent."""
    from miner.journeys.intents import read_intents

    return read_intents(Path(path))


def targets(path: str) -> tuple[Target, ...]:
    """Targets of contact-centre KPIs."""
    from miner.kpis.targets import read_targets

    return read_targets(Path(path))


def calendar(path: str) -> Calendars:
    """Working hours and holidays."""
    from miner.calendars import load_calendars

    return load_calendars(Path(path))


def rates(name: str) -> Rates:
    """Rates from a file, or those that come with the program."""
    from miner.costs.rates import read_rates

    return read_rates(name)


def deny(path: str) -> tuple[str, ...]:
    """Numbers, addresses, ids and patterns with *, one a line; what follows # is for people."""
    try:
        lines = Path(path).read_text(encoding="utf-8-sig").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        reason = getattr(error, "strerror", None) or "is not UTF-8 text"
        raise InputError(
            Problem(
                f"the deny list cannot be read: {reason}",
                path,
                fix="name a UTF-8 text file with one value per line",
            )
        ) from None
    return tuple(dict.fromkeys(value for line in lines if (value := line.split("#")[0].strip())))


def columns(pairs: list[str]) -> dict[str, str]:
    """Key → column, from texts KEY=COLUMN."""
    made: dict[str, str] = {}
    for pair in pairs:
        key, equals, column = pair.partition("=")
        if not equals:
            raise UsageError(f"--map {pair!r} has no '='", fix="write --map KEY=COLUMN, e.g. --map case=ticket_id")
        key, column = key.strip(), column.strip()
        if made.setdefault(key, column) != column:
            raise UsageError(
                f"--map gives {key} two columns, {made[key]!r} and {column!r}",
                fix=f"take one of them, or join both: --map '{key}={made[key]}+{column}'",
            )
    return made

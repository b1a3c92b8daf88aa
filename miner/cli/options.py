"""Options that `run` and `inspect` share, and the settings they make."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Annotated, TypeVar

import typer

from miner.errors import InputError, MinerError, UsageError
from miner.events.schema import GOOD
from miner.pipeline.settings import STAGES, Settings, with_mapping_file
from miner.pipeline.teams import read_silos, read_tiers
from miner.readers.tabular.keys import KEYS

T = TypeVar("T")
U = TypeVar("U")

Sources = Annotated[
    list[str],
    typer.Argument(
        metavar="SOURCE...",
        help="Files, folders, .zip or .gz. The type is detected from the content; KIND:PATH overrides it.",
    ),
]
Map = Annotated[
    list[str] | None,
    typer.Option(
        "--map",
        metavar="KEY=COLUMN",
        help=f"Map a column to a key (repeatable). Keys: {' '.join(KEYS)}.",
    ),
]
Mapping = Annotated[
    Path | None, typer.Option("--mapping", metavar="FILE.yaml", help="YAML file with column mappings per source.")
]
Zone = Annotated[
    str | None, typer.Option("--tz", metavar="ZONE", help="Time zone of timestamps that have none, e.g. Europe/Berlin.")
]
TimeFormat = Annotated[
    str | None, typer.Option("--time-format", metavar="FMT", help="Timestamp format, e.g. '%d.%m.%Y %H:%M'.")
]
DayFirst = Annotated[bool, typer.Option("--dayfirst", help="Read dates such as 3/4/2026 day first (3 April).")]
MonthFirst = Annotated[bool, typer.Option("--monthfirst", help="Read dates such as 3/4/2026 month first (4 March).")]
Missing = Annotated[
    list[str] | None,
    typer.Option("--missing", metavar="TEXT", help="Additional text to treat as missing (repeatable)."),
]
Owner = Annotated[
    list[str] | None,
    typer.Option(
        "--owner",
        metavar="NAME",
        help="Keep a name as an owner although it looks like a placeholder, e.g. UNKNOWN (repeatable).",
    ),
]
Records = Annotated[
    list[str] | None,
    typer.Option(
        "--records",
        metavar="SOURCE",
        help="A source whose cases are records (orders, shipments) rather than contacts (repeatable).",
    ),
]
RecordsAt = Annotated[
    str | None,
    typer.Option(
        "--records-at",
        metavar="PATH",
        help="Where the records of a JSON file lie, e.g. value or _embedded.conversations. Default: found.",
    ),
]
Silos = Annotated[
    Path | None, typer.Option("--silos", metavar="FILE.csv", help="Teams and their silos (columns team,silo).")
]
Tiers = Annotated[
    Path | None,
    typer.Option(
        "--tiers",
        metavar="FILE.csv",
        help="Support tier per team (columns team,tier); a handoff to a higher tier counts as an escalation.",
    ),
]
Good = Annotated[
    list[str] | None,
    typer.Option(
        "--good", metavar="OUTCOME", help=f"Outcome that counts as good (repeatable). Default: {', '.join(GOOD)}."
    ),
]
Ends = Annotated[
    list[str] | None,
    typer.Option(
        "--ends",
        metavar="ACTIVITY",
        help="Activity that settles a matter, e.g. 'Resolved': time after it, until an automatic closing, counts apart "
        "(repeatable).",
    ),
]
Rates = Annotated[
    str | None,
    typer.Option(
        "--rates",
        metavar="FILE.yaml|default",
        help="Rates that convert the Fragmentation Cost into money; `default` uses published averages.",
    ),
]
Calendar = Annotated[
    Path | None, typer.Option("--calendar", metavar="FILE.yaml", help="Working hours and holidays of the teams.")
]
Targets = Annotated[
    Path | None,
    typer.Option("--targets", metavar="FILE.yaml", help="Targets for contact-centre measures, by channel or team."),
]
Journeys = Annotated[
    str | None,
    typer.Option(
        "--journeys",
        metavar="case|linked",
        help="`case`: each case is a journey; `linked`: interactions are joined. "
        "Default: case for plain logs, linked for system exports.",
    ),
]
Window = Annotated[
    float | None,
    typer.Option(
        "--window",
        metavar="DAYS",
        help="Maximum gap between interactions of one journey, in days. Default: 7.",
    ),
]
Identity = Annotated[
    str | None,
    typer.Option(
        "--identity",
        metavar="off|keys|probabilistic",
        help="How customers are matched: by the source's customer id only, by shared phone numbers, addresses and ids, "
        "or by probabilistic linking as well. Default: keys.",
    ),
]
MinProbability = Annotated[
    float | None,
    typer.Option(
        "--min-probability", metavar="P", help="Minimum match probability for probabilistic linking. Default: 0.5."
    ),
]
PhoneRegion = Annotated[
    str | None,
    typer.Option("--phone-region", metavar="CC", help="Country of phone numbers without a country code, e.g. DE."),
]
Deny = Annotated[
    Path | None,
    typer.Option(
        "--deny",
        metavar="FILE",
        help="File of phone numbers, addresses and ids that never identify a customer, one per line.",
    ),
]
Intents = Annotated[
    Path | None,
    typer.Option(
        "--intents", metavar="FILE.csv", help="Intent per value (columns value,intent; * and ? are wildcards)."
    ),
]
Identifiers = Annotated[
    str | None,
    typer.Option(
        "--identifiers",
        metavar="hide|keep",
        help="Replace customers and agents with pseudonyms, or keep their names. Default: hide.",
    ),
]
Keys = Annotated[
    str | None,
    typer.Option(
        "--keys", metavar="FILE|NAME", help="Key file for the pseudonyms (see miner keys). Default: MINER_KEYS."
    ),
]
Keep = Annotated[
    list[str] | None,
    typer.Option("--keep", metavar="COLUMN", help="Additional column or attribute to keep unchanged (repeatable)."),
]
Text = Annotated[
    str | None,
    typer.Option(
        "--text",
        metavar="drop|use",
        help="Message and call text: drop it unread, or use it in memory to find facts that handoffs lost, then drop "
        "it. Default: drop.",
    ),
]
Agents = Annotated[
    bool, typer.Option("--agents", help="Load agents into the graph and report findings about individual agents.")
]
Graph = Annotated[str, typer.Option("--graph", metavar="embedded|none|neo4j://…", help="Where to write the graph.")]
Until = Annotated[str, typer.Option("--until", metavar="STAGE", help=f"Stop after this stage: {' '.join(STAGES)}.")]


def settings(map_: list[str] | None, mapping: Path | None, **given: object) -> Settings:
    """The settings of a command; raises UsageError or InputError with all that is wrong."""
    wrong: list[MinerError] = []
    values = {k: v for k, v in given.items() if v is not None}
    for name, read in _READ.items():
        if name in values:
            values[name] = _tried(wrong, read, str(values[name]))
    for repeated in ("missing", "owners", "records", "good", "ends", "keep"):
        if repeated in values:
            values[repeated] = tuple(values[repeated])  # type: ignore[arg-type]
    values["dayfirst"] = _tried(wrong, _order, (bool(values.pop("dayfirst", 0)), bool(values.pop("monthfirst", 0))))
    columns = _tried(wrong, _pairs, map_ or [])
    # What could not be read is left out, so that what else is wrong is found as well.
    readable = {k: v for k, v in values.items() if v is not None}
    made = _tried(wrong, lambda _: Settings(columns=columns or {}, **readable), None)  # type: ignore[arg-type]
    if mapping:
        made = _tried(wrong, lambda path: with_mapping_file(made or Settings(), path), mapping)
    if wrong or made is None:
        # A wrong command is said as such even where a file is wrong, too.
        kind = UsageError if any(isinstance(error, UsageError) for error in wrong) else InputError
        raise kind([problem for error in wrong for problem in error.problems])
    return made


def _tried(wrong: list[MinerError], read: Callable[[T], U], value: T) -> U | None:
    """What `read` makes of a value; None where it is wrong, which is kept."""
    try:
        return read(value)
    except (UsageError, InputError) as error:
        wrong.append(error)
        return None


def _silos(path: str) -> object:
    return read_silos(Path(path))


def _tiers(path: str) -> object:
    return read_tiers(Path(path))


def _deny(path: str) -> object:
    from miner.pipeline.people import read_deny

    return read_deny(Path(path))


def _intents(path: str) -> object:
    from miner.journeys.intents import read_intents

    return read_intents(Path(path))


def _targets(path: str) -> object:
    from miner.performance.targets import read_targets

    return read_targets(Path(path))


def _calendars(path: str) -> object:
    from miner.calendars import load_calendars

    return load_calendars(Path(path))


def _rates(name: str) -> object:
    from miner.costs.rates import read_rates

    return read_rates(name)


_READ: dict[str, Callable[[str], object]] = {
    "calendar": _calendars,
    "rates": _rates,
    "targets": _targets,
    "silos": _silos,
    "tiers": _tiers,
    "deny": _deny,
    "intents": _intents,
}


def _order(given: tuple[bool, bool]) -> bool | None:
    """Whether the day comes first, from the options --dayfirst and --monthfirst."""
    if given == (True, True):
        raise UsageError("--dayfirst and --monthfirst exclude each other", fix="give the one that matches the dates")
    return given[0] if any(given) else None


def _pairs(items: list[str]) -> dict[str, str]:
    pairs: dict[str, str] = {}
    for item in items:
        key, equals, column = item.partition("=")
        if not equals:
            raise UsageError(f"--map {item!r} has no '='", fix="write --map KEY=COLUMN, e.g. --map case=ticket_id")
        key, column = key.strip(), column.strip()
        if pairs.setdefault(key, column) != column:
            raise UsageError(
                f"--map gives {key} two columns, {pairs[key]!r} and {column!r}",
                fix=f"take one of them, or join both: --map '{key}={pairs[key]}+{column}'",
            )
    return pairs

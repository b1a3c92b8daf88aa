"""Options that `run` and `inspect` share, and the settings they make."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from miner.errors import UsageError
from miner.pipeline.settings import GOOD, STAGES, Settings, read_silos, with_mapping_file
from miner.readers.tabular.keys import KEYS

Sources = Annotated[
    list[str],
    typer.Argument(metavar="SOURCE...", help="Files, folders, .zip or .gz; KIND:PATH where the kind can't be told."),
]
Map = Annotated[
    list[str] | None,
    typer.Option(
        "--map",
        metavar="KEY=COLUMN",
        help=f"Which column is what (repeatable). Keys: {' '.join(KEYS)}.",
    ),
]
Mapping = Annotated[
    Path | None, typer.Option("--mapping", metavar="FILE.yaml", help="The same, per source, from a file.")
]
Zone = Annotated[
    str | None, typer.Option("--tz", metavar="ZONE", help="Zone of times that name none, e.g. Europe/Berlin.")
]
TimeFormat = Annotated[
    str | None, typer.Option("--time-format", metavar="FMT", help="Form of the times, e.g. '%d.%m.%Y %H:%M'.")
]
DayFirst = Annotated[
    bool | None, typer.Option("--dayfirst/--monthfirst", help="Which comes first in dates such as 3/4/2026.")
]
Missing = Annotated[
    list[str] | None,
    typer.Option("--missing", metavar="TEXT", help="A further text that means: no value (repeatable)."),
]
Silos = Annotated[
    Path | None, typer.Option("--silos", metavar="FILE.csv", help="Teams and their silos (columns team,silo).")
]
Good = Annotated[
    list[str] | None,
    typer.Option(
        "--good", metavar="OUTCOME", help=f"An outcome that is good (repeatable). Default: {', '.join(GOOD)}."
    ),
]
Rates = Annotated[
    str | None,
    typer.Option(
        "--rates",
        metavar="FILE.yaml|default",
        help="Assumptions that turn the Fragmentation Cost into money; `default` are published averages.",
    ),
]
Calendar = Annotated[
    Path | None, typer.Option("--calendar", metavar="FILE.yaml", help="Working hours of the teams.", hidden=True)
]
Journeys = Annotated[
    str | None,
    typer.Option(
        "--journeys",
        metavar="case|linked",
        help="The case is the journey, or interactions are joined. "
        "Default: case for plain logs, linked for systems' own exports.",
    ),
]
Window = Annotated[
    float | None,
    typer.Option(
        "--window",
        metavar="DAYS",
        help="How long after one interaction the next can belong to the same journey. Default: 7.",
    ),
]
Graph = Annotated[str, typer.Option("--graph", metavar="embedded|none|neo4j://…", help="Where the graph goes.")]
Until = Annotated[str, typer.Option("--until", metavar="STAGE", help=f"Stop after this stage: {' '.join(STAGES)}.")]


def settings(map_: list[str] | None, mapping: Path | None, **given: object) -> Settings:
    """The settings of a command; raises UsageError or InputError with what is wrong."""
    if given.pop("calendar", None) is not None:
        raise UsageError("--calendar is not supported in this version", fix="leave out --calendar")
    if given.get("rates") is not None:
        given["rates"] = _rates(str(given["rates"]))
    silos = given.pop("silos", None)
    values = {k: v for k, v in given.items() if v is not None}
    for repeated in ("missing", "good"):
        if repeated in values:
            values[repeated] = tuple(values[repeated])  # type: ignore[arg-type]
    made = Settings(columns=_pairs(map_ or []), silos=read_silos(Path(str(silos))) if silos else {}, **values)  # type: ignore[arg-type]
    return with_mapping_file(made, mapping) if mapping else made


def _rates(name: str) -> object:
    from miner.costs.rates import read_rates

    return read_rates(name)


def _pairs(items: list[str]) -> dict[str, str]:
    pairs: dict[str, str] = {}
    for item in items:
        key, equals, column = item.partition("=")
        if not equals:
            raise UsageError(f"--map {item!r} has no '='", fix="write --map KEY=COLUMN, e.g. --map case=ticket_id")
        pairs[key.strip()] = column.strip()
    return pairs

"""What a run was asked to do: one value, from the command line, Python or a mapping file."""

from __future__ import annotations

import difflib
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from miner.errors import Problem, UsageError
from miner.events.schema import GOOD
from miner.events.times import zone
from miner.extras import missing
from miner.pipeline.teams import read_silos
from miner.readers.base import Options
from miner.readers.tabular.keys import KEYS

if TYPE_CHECKING:
    from miner.calendars import Calendars
    from miner.costs import Rates
    from miner.performance.targets import Target
    from miner.workspace import Workspace

STAGES = ("read", "stitch", "measure", "cost", "model", "graph", "query", "report")
GRAPHS = ("embedded", "none")


@dataclass(frozen=True)
class Settings:
    """The options of `run`, named as on the command line; see `miner run --help`."""

    columns: dict[str, str] = field(default_factory=dict)
    tz: str | None = None
    time_format: str | None = None
    dayfirst: bool | None = None
    missing: tuple[str, ...] = ()
    owners: tuple[str, ...] = ()
    records: tuple[str, ...] = ()
    records_at: str | None = None
    silos: dict[str, str] = field(default_factory=dict)
    tiers: dict[str, int] = field(default_factory=dict)
    good: tuple[str, ...] = GOOD
    ends: tuple[str, ...] = ()
    rates: Rates | None = None
    calendar: Calendars | None = None
    targets: tuple[Target, ...] = ()
    journeys: str | None = None
    window: float = 7.0
    identity: str = "keys"
    min_probability: float = 0.5
    phone_region: str | None = None
    deny: tuple[str, ...] = ()
    intents: dict[str, str] = field(default_factory=dict)
    identifiers: str = "hide"
    keys: str | None = None
    keep: tuple[str, ...] = ()
    text: str = "drop"
    agents: bool = False
    graph: str = "embedded"
    until: str = "report"
    per_source: dict[str, dict[str, Any]] = field(default_factory=dict)
    ignore: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        """UsageError with everything that is wrong."""
        problems = [*self._wrong(), *self._wrong_of_people()]
        for name in [self.tz, *(s.get("tz") for s in self.per_source.values())]:
            if name is not None:
                try:
                    zone(str(name))
                except UsageError as error:
                    problems += error.problems
        if problems:
            raise UsageError(problems)

    def _wrong(self) -> Iterator[Problem]:
        yield from (_unknown_key(key) for key in self.columns if key not in KEYS)
        if "://" in self.graph and "@" in self.graph:
            # It is kept in the manifest, and said without the address here.
            yield Problem("an address must not contain a user or password", fix="set NEO4J_USERNAME and NEO4J_PASSWORD")
        elif self.graph not in GRAPHS and "://" not in self.graph:
            yield Problem(f"unknown graph {self.graph!r}", fix="use embedded, none or neo4j://HOST:7687")
        if self.until not in STAGES:
            yield Problem(f"unknown stage {self.until!r}", fix=f"stages are: {' '.join(STAGES)}")
        if self.journeys not in (None, "case", "linked"):
            yield Problem(
                f"unknown value of --journeys: {self.journeys!r}", fix="use --journeys case or --journeys linked"
            )
        if self.window < 0:
            yield Problem("the window must not be negative", fix="give it in days: --window 7")

    def _wrong_of_people(self) -> Iterator[Problem]:
        if self.identity not in ("off", "keys", "probabilistic"):
            yield Problem(
                f"unknown value of --identity: {self.identity!r}", fix="use --identity off, keys or probabilistic"
            )
        if self.identity == "probabilistic" and (problem := missing("identity", "--identity probabilistic")):
            yield problem
        if self.identifiers not in ("hide", "keep"):
            yield Problem(f"unknown value of --identifiers: {self.identifiers!r}", fix="use --identifiers hide or keep")
        if self.text not in ("drop", "use"):
            yield Problem(f"unknown value of --text: {self.text!r}", fix="use --text drop or use")
        if not 0 < self.min_probability <= 1:
            yield Problem("a probability must be above 0 and at most 1", fix="--min-probability 0.9")
        country = self.phone_region
        if country is not None and not (len(country) == 2 and country.isalpha() and country.isupper()):
            yield Problem(f"unknown country {country!r}", fix="use two capital letters: --phone-region DE")

    def options_for(self, file: str) -> Options:
        """The options of one source: the mapping file's, under what was said for all."""
        own = self.per_source.get(file) or self.per_source.get(Path(file).name) or {}
        return Options(
            columns={**own.get("map", {}), **self.columns},
            tz=own.get("tz") or self.tz,
            time_format=self.time_format or own.get("time_format"),
            dayfirst=self.dayfirst if self.dayfirst is not None else own.get("dayfirst"),
            missing=(*self.missing, *own.get("missing", ())),
            keep=self.keep,
            owners=self.owners,
            kind="record" if any(is_named(file, name) for name in self.records) else own.get("kind"),
            records_at=self.records_at or own.get("records_at"),
        )

    def kind_of(self, file: str) -> str | None:
        """The reader that the mapping file names for a source."""
        return (self.per_source.get(file) or {}).get("reader")


def is_named(file: str, name: str) -> bool:
    """Whether a user means this file by a name: its own, its path, or that of the archive or folder it lies in."""
    return file == name or Path(name).name in (Path(file).name, file.split("/")[0])


def with_mapping_file(settings: Settings, path: Path) -> Settings:
    """Settings completed by a mapping file; what was given directly stands. InputError lists all problems."""
    from miner.pipeline.mapping import load_mapping

    said = load_mapping(path)
    default = Settings()
    silos = settings.silos or said.get("silos", {})
    if isinstance(silos, str):
        silos = read_silos(path.parent / silos)
    sources = said["sources"]
    if settings.tz:
        sources = {name: {key: value for key, value in own.items() if key != "tz"} for name, own in sources.items()}
    return replace(
        settings,
        tz=settings.tz or said.get("tz"),
        good=settings.good if settings.good != default.good else said.get("good", default.good),
        ends=(*settings.ends, *said.get("ends", ())),
        silos=silos,
        journeys=settings.journeys or said.get("journeys"),
        window=settings.window if settings.window != default.window else said.get("window", default.window),
        ignore=(*settings.ignore, *said.get("ignore", ())),
        identity=settings.identity if settings.identity != default.identity else said.get("identity", default.identity),
        phone_region=settings.phone_region or said.get("phone_region"),
        deny=(*settings.deny, *said.get("deny", ())),
        intents=settings.intents or _intents(said.get("intents", {}), path),
        keep=(*settings.keep, *said.get("keep", ())),
        owners=(*settings.owners, *said.get("owners", ())),
        per_source={**sources, **settings.per_source},
    )


def _intents(said: str | dict[str, str], path: Path) -> dict[str, str]:
    from miner.journeys.intents import read_intents

    return read_intents(path.parent / said) if isinstance(said, str) else said


def _unknown_key(key: str) -> Problem:
    near = difflib.get_close_matches(key, KEYS, 1)
    return Problem(
        f"unknown key {key!r} in --map", fix=f"did you mean {near[0]!r}?" if near else f"keys are: {' '.join(KEYS)}"
    )


def saved_settings(workspace: Workspace) -> Settings:
    """What a workspace is made again with: the options of its run that its tables do not hold, and its last rates."""
    from miner.costs import saved_rates
    from miner.performance.targets import Target

    options = workspace.manifest.get("options", {})
    return Settings(
        good=tuple(options.get("good", GOOD)),
        graph=options.get("graph", "none"),
        tz=options.get("tz"),
        agents=options.get("agents", False),
        rates=saved_rates(workspace),
        tiers=options.get("tiers", {}),
        targets=tuple(Target(**target) for target in options.get("targets", ())),
    )

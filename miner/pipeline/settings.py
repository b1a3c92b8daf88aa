"""What a run was asked to do: one value, from the command line, Python or a mapping file."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, fields
from pathlib import Path
from typing import TYPE_CHECKING, Any

from miner.errors import Problem, UsageError
from miner.events.schema import GOOD
from miner.pipeline import checks, option_files, values
from miner.pipeline.option import Option, option
from miner.readers.base import Options
from miner.readers.tabular.keys import KEYS

if TYPE_CHECKING:
    from miner.calendars import Calendars
    from miner.costs import Rates
    from miner.kpis.targets import Target

STAGES = ("read", "stitch", "measure", "cost", "model", "graph", "query", "report")


@dataclass(frozen=True)
class Settings:
    """The options of `run`, named as on the command line; see `miner run --help`."""

    columns: dict[str, str] = option(
        {},
        "--map",
        f"Map a column to a key (repeatable). Keys: {' '.join(KEYS)}.",
        "KEY=COLUMN",
        read=option_files.columns,
        wrong=checks.keys,
    )
    per_source: dict[str, dict[str, Any]] = option(
        {}, "--mapping", "YAML file with column mappings per source.", "FILE.yaml", wrong=checks.zones_of_sources
    )
    tz: str | None = option(
        None,
        "--tz",
        "Time zone of timestamps that have none, e.g. Europe/Berlin.",
        "ZONE",
        check=values.zone_name,
        wrong=checks.zone_name,
    )
    time_format: str | None = option(None, "--time-format", "Timestamp format, e.g. '%d.%m.%Y %H:%M'.", "FMT")
    dayfirst: bool | None = option(
        None,
        "--dayfirst",
        "Read dates such as 3/4/2026 day first (3 April).",
        opposite=Option("--monthfirst", "Read dates such as 3/4/2026 month first (4 March)."),
    )
    missing: tuple[str, ...] = option((), "--missing", "Additional text to treat as missing (repeatable).", "TEXT")
    owners: tuple[str, ...] = option(
        (),
        "--owner",
        "Keep a name as an owner although it looks like a placeholder, e.g. UNKNOWN (repeatable).",
        "NAME",
        check=values.texts,
    )
    records: tuple[str, ...] = option(
        (),
        "--records",
        "A source whose cases are records (orders, shipments) rather than contacts (repeatable).",
        "SOURCE",
    )
    records_at: str | None = option(
        None,
        "--records-at",
        "Where the records of a JSON file lie, e.g. value or _embedded.conversations. Default: found.",
        "PATH",
    )
    silos: dict[str, str] = option(
        {},
        "--silos",
        "Teams and their silos (columns team,silo).",
        "FILE.csv",
        read=option_files.silos,
        check=values.pairs_or_file,
    )
    tiers: dict[str, int] = option(
        {},
        "--tiers",
        "Support tier per team (columns team,tier); a handoff to a higher tier counts as an escalation.",
        "FILE.csv",
        read=option_files.tiers,
    )
    good: tuple[str, ...] = option(
        GOOD,
        "--good",
        f"Outcome that counts as good (repeatable). Default: {', '.join(GOOD)}.",
        "OUTCOME",
        check=values.texts,
    )
    ends: tuple[str, ...] = option(
        (),
        "--ends",
        "Activity that settles a matter, e.g. 'Resolved': time after it, until an automatic closing, counts apart "
        "(repeatable).",
        "ACTIVITY",
        check=values.texts,
    )
    rates: Rates | None = option(
        None,
        "--rates",
        "Rates that convert the Fragmentation Cost into money; `default` uses published averages.",
        "FILE.yaml|default",
        read=option_files.rates,
    )
    calendar: Calendars | None = option(
        None, "--calendar", "Working hours and holidays of the teams.", "FILE.yaml", read=option_files.calendar
    )
    targets: tuple[Target, ...] = option(
        (),
        "--targets",
        "Targets for contact-centre measures, by channel or team.",
        "FILE.yaml",
        read=option_files.targets,
    )
    journeys: str | None = option(
        None,
        "--journeys",
        "`case`: each case is a journey; `linked`: interactions are joined. "
        "Default: case for plain logs, linked for system exports.",
        "case|linked",
        check=values.journeys_mode,
        wrong=checks.one_of("case", "linked", None),
    )
    window: float = option(
        7.0,
        "--window",
        "Maximum gap between interactions of one journey, in days.",
        "DAYS",
        check=values.days,
        wrong=checks.window,
    )
    identity: str = option(
        "keys",
        "--identity",
        "How customers are matched: by the source's customer id only, by shared phone numbers, addresses and ids, "
        "or by probabilistic linking as well.",
        "off|keys|probabilistic",
        check=values.one_text,
        wrong=checks.one_of("off", "keys", "probabilistic", extras={"probabilistic": "identity"}),
    )
    min_probability: float = option(
        0.5, "--min-probability", "Minimum match probability for probabilistic linking.", "P", wrong=checks.probability
    )
    phone_region: str | None = option(
        None,
        "--phone-region",
        "Country of phone numbers without a country code, e.g. DE.",
        "CC",
        check=values.one_text,
        wrong=checks.country,
    )
    deny: tuple[str, ...] = option(
        (),
        "--deny",
        "File of phone numbers, addresses and ids that never identify a customer, one per line.",
        "FILE",
        read=option_files.deny,
        check=values.texts,
    )
    intents: dict[str, str] = option(
        {},
        "--intents",
        "Intent per value (columns value,intent; * and ? are wildcards).",
        "FILE.csv",
        read=option_files.intents,
        check=values.pairs_or_file,
    )
    identifiers: str = option(
        "hide",
        "--identifiers",
        "Replace customers and agents with pseudonyms, or keep their names.",
        "hide|keep",
        wrong=checks.one_of("hide", "keep"),
    )
    keys: str | None = option(
        None, "--keys", "Key file for the pseudonyms (see miner keys). Default: MINER_KEYS.", "FILE|NAME"
    )
    keep: tuple[str, ...] = option(
        (),
        "--keep",
        "Additional column or attribute to keep unchanged (repeatable).",
        "COLUMN",
        check=values.texts,
    )
    text: str = option(
        "drop",
        "--text",
        "Message and call text: drop it unread, or use it in memory to find facts that handoffs lost, then drop it.",
        "drop|use",
        wrong=checks.one_of("drop", "use"),
    )
    agents: bool = option(
        False,
        "--agents",
        "Load agents into the graph and report findings about individual agents.",
        is_for_reading=False,
    )
    graph: str = option(
        "embedded",
        "--graph",
        "Where to write the graph.",
        "embedded|none|neo4j://…",
        is_for_reading=False,
        wrong=checks.graph,
    )
    until: str = option(
        "report",
        "--until",
        f"Stop after this stage: {' '.join(STAGES)}.",
        "STAGE",
        is_for_reading=False,
        wrong=checks.stage(STAGES),
    )
    engine: str = option(
        "duckdb",
        "--engine",
        "What computes the measures: DuckDB in this process, or Spark for plain logs that outgrow a machine.",
        "duckdb|spark",
        is_for_reading=False,
        wrong=checks.one_of("duckdb", "spark", extras={"spark": "spark"}),
    )
    master: str = option(
        "local[*]",
        "--master",
        "Where Spark runs, with --engine spark.",
        "local[*]|spark://HOST:PORT|sc://HOST:PORT",
        is_for_reading=False,
    )
    ignore: tuple[str, ...] = ()  # names of files; a mapping file says them

    def __post_init__(self) -> None:
        """UsageError with everything that is wrong."""
        if problems := list(self._problems()):
            raise UsageError(problems)

    def _problems(self) -> Iterator[Problem]:
        for one in fields(self):
            if (declaration := one.metadata.get("option")) and declaration.wrong:
                yield from declaration.wrong(declaration.flag, getattr(self, one.name))
        if self.engine == "spark":
            asked = {
                "--intents": bool(self.intents),
                "--keep": bool(self.keep),
                "--text use": self.text == "use",
                "--records": bool(self.records),
                "--identity probabilistic": self.identity == "probabilistic",
            }
            yield from checks.on_spark(self.journeys, asked)

    def options_for(self, file: str) -> Options:
        """The options of one source: the mapping file's, under those given for all."""
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


def declared() -> dict[str, tuple[Option, Any]]:
    """The options by the names of their settings, each with its default."""
    default = Settings()
    return {one.name: (one.metadata["option"], getattr(default, one.name)) for one in fields(Settings) if one.metadata}


def is_named(file: str, name: str) -> bool:
    """Whether a user means this file by a name: its own, its path, or that of the archive or folder it lies in."""
    return file == name or Path(name).name in (Path(file).name, file.split("/")[0])

"""What a run was asked to do: one value, from the command line, Python or a mapping file."""

from __future__ import annotations

import csv
import difflib
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from miner.errors import InputError, Problem, UsageError
from miner.events.times import zone
from miner.readers import Options

STAGES = ("read", "stitch", "measure", "cost", "model", "graph", "query", "report")
GOOD = ("resolved", "solved", "completed", "closed won")
_TOP = {"tz", "good", "silos", "sources", "window", "journeys", "ignore"}
_SOURCE = {"reader", "map", "tz", "time_format", "dayfirst", "missing"}


@dataclass(frozen=True)
class Settings:
    """The options of `run`, named as on the command line; see `miner run --help`."""

    columns: dict[str, str] = field(default_factory=dict)
    tz: str | None = None
    time_format: str | None = None
    dayfirst: bool | None = None
    missing: tuple[str, ...] = ()
    silos: dict[str, str] = field(default_factory=dict)
    good: tuple[str, ...] = GOOD
    journeys: str | None = None
    window: float = 7.0
    graph: str = "embedded"
    until: str = "report"
    per_source: dict[str, dict[str, Any]] = field(default_factory=dict)
    ignore: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if self.until not in STAGES:
            raise UsageError(f"unknown stage {self.until!r}", fix=f"stages are: {' '.join(STAGES)}")
        if self.journeys not in (None, "case", "linked"):
            raise UsageError(f"unknown way to make journeys {self.journeys!r}", fix="use --journeys case or --journeys linked")
        if self.window < 0:
            raise UsageError("the window cannot be negative", fix="give it in days: --window 7")
        for name in [self.tz, *(s.get("tz") for s in self.per_source.values())]:
            if name is not None:
                zone(str(name))

    def options_for(self, file: str) -> Options:
        """The options of one source: the mapping file's, under what was said for all."""
        own = self.per_source.get(file) or self.per_source.get(Path(file).name) or {}
        return Options(
            columns={**(own.get("map") or {}), **self.columns},
            tz=self.tz or own.get("tz"),
            time_format=self.time_format or own.get("time_format"),
            dayfirst=self.dayfirst if self.dayfirst is not None else own.get("dayfirst"),
            missing=(*self.missing, *map(str, own.get("missing") or ())),
        )

    def kind_of(self, file: str) -> str | None:
        """The reader that the mapping file names for a source."""
        return (self.per_source.get(file) or {}).get("reader")


def with_mapping_file(settings: Settings, path: Path) -> Settings:
    """Settings completed by a mapping file; what was given directly stands. InputError lists all problems."""
    import yaml

    try:
        content = yaml.safe_load(path.read_text(encoding="utf-8")) or {}
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(Problem(f"cannot be read: {error}", str(path))) from None
    except yaml.YAMLError as error:
        line = getattr(getattr(error, "problem_mark", None), "line", None)
        raise InputError(Problem("is no valid YAML", str(path), None if line is None else line + 1)) from None
    problems = _check(content, str(path))
    if problems:
        raise InputError(problems)
    silos = content.get("silos")
    return replace(
        settings,
        tz=settings.tz or content.get("tz"),
        good=settings.good if settings.good != GOOD else tuple(map(str, content.get("good") or GOOD)),
        silos=settings.silos or (read_silos(path.parent / silos) if silos else {}),
        journeys=settings.journeys or content.get("journeys"),
        window=settings.window if settings.window != 7.0 else float(content.get("window", 7.0)),
        ignore=(*settings.ignore, *map(str, content.get("ignore") or ())),
        per_source={**(content.get("sources") or {}), **settings.per_source},
    )


def _check(content: Any, file: str) -> list[Problem]:
    if not isinstance(content, dict):
        return [Problem("a mapping file is a list of keys and values", file, fix="see docs/sources.md")]
    problems = [_unknown(key, _TOP, file) for key in content if key not in _TOP]
    sources = content.get("sources") or {}
    if not isinstance(sources, dict):
        return [*problems, Problem("`sources` must name files, each with its own keys", file)]
    for name, own in sources.items():
        if not isinstance(own, dict):
            problems.append(Problem(f"`{name}` must have keys such as map, tz, reader", file))
            continue
        problems += [_unknown(key, _SOURCE, file) for key in own if key not in _SOURCE]
    return problems


def _unknown(key: object, known: set[str], file: str) -> Problem:
    near = difflib.get_close_matches(str(key), known, 1)
    return Problem(f"unknown key {key!r}", file, fix=f"did you mean {near[0]!r}?" if near else f"keys are: {' '.join(sorted(known))}")


def read_silos(path: Path) -> dict[str, str]:
    """Team → silo from a CSV with the columns team and silo."""
    try:
        with path.open(encoding="utf-8-sig", newline="") as f:
            sample = f.readline()
            f.seek(0)
            rows = csv.DictReader(f, delimiter=max(",;\t", key=sample.count))
            names = {(n or "").strip().lower(): n for n in rows.fieldnames or ()}
            if not {"team", "silo"} <= names.keys():
                raise InputError(Problem("needs the columns team and silo", str(path), 1, fix="team,silo"))
            return {r[names["team"]].strip(): r[names["silo"]].strip() for r in rows if r[names["team"]] and r[names["silo"]]}
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise InputError(Problem(f"the silos cannot be read: {error}", str(path))) from None

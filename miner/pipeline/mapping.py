"""mapping.yaml: what a user says of each source, checked as a whole before anything is read."""

from __future__ import annotations

import difflib
from collections.abc import Callable
from pathlib import Path
from typing import Any

from miner.errors import InputError, Problem, UsageError
from miner.events.schema import KINDS
from miner.events.times import zone
from miner.readers.tabular.keys import KEYS
from miner.yaml_file import Place, read_yaml


def load_mapping(path: Path) -> dict[str, Any]:
    """The content of a mapping file; InputError lists all that is wrong with it, with lines.

    Top keys: tz, good, ends, silos, journeys, window, ignore, identity, phone_region, deny, intents, keep,
    owners, sources. Keys of a source: reader, map, tz, time_format,
    dayfirst, missing, records_at, kind. Lists may be given as one text; silos are a file or pairs of team and silo.
    """
    content, lines = read_yaml(path)
    checked = _Checked(str(path), lines)
    content = {} if content is None else content
    if not isinstance(content, dict):
        raise InputError(
            Problem("a mapping file consists of keys and values", str(path), 1, fix="begin with: sources:")
        )
    made = checked.keys(content, _TOP, ())
    made["sources"] = {str(name): checked.source(own, str(name)) for name, own in (made.get("sources") or {}).items()}
    if checked.problems:
        raise InputError(checked.problems)
    return made


class _Checked:
    """Values as they are wanted, and the problems with those that are not."""

    def __init__(self, file: str, lines: dict[Place, int]):
        self._file, self._lines = file, lines
        self.problems: list[Problem] = []

    def keys(self, content: dict[Any, Any], known: dict[str, Callable[[Any], Any]], at: Place) -> dict[str, Any]:
        made = {}
        for key, value in content.items():
            place = (*at, str(key))
            if key not in known:
                self._unknown(str(key), known, place)
            elif value is not None:
                try:
                    made[str(key)] = known[key](value)
                except UsageError as error:
                    self._problem(error.problems[0].what, place, error.problems[0].fix)
                except (ValueError, TypeError) as error:
                    self._problem(f"{key}: {error}", place)
        return made

    def source(self, own: Any, name: str) -> dict[str, Any]:
        at = ("sources", name)
        if own is None:
            return {}
        if not isinstance(own, dict):
            self._problem(f"{name!r} must have keys such as map, tz, reader", at)
            return {}
        made = self.keys(own, _SOURCE, at)
        for key in [k for k in made.get("map", {}) if k not in KEYS]:
            self._unknown(key, dict.fromkeys(KEYS, str), (*at, "map", key))
        return made

    def _unknown(self, key: str, known: dict[str, Any], place: Place) -> None:
        near = difflib.get_close_matches(key, known, 1)
        self._problem(
            f"unknown key {key!r}", place, f"did you mean {near[0]!r}?" if near else f"keys are: {' '.join(known)}"
        )

    def _problem(self, what: str, place: Place, fix: str | None = None) -> None:
        self.problems.append(Problem(what, self._file, self._lines.get(place), fix=fix))


def _text(value: Any) -> str:
    if isinstance(value, (dict, list)):
        raise ValueError("expected a single text")
    return str(value)


def _texts(value: Any) -> tuple[str, ...]:
    if isinstance(value, dict):
        raise ValueError("expected a list of texts")
    return tuple(map(_text, value)) if isinstance(value, list) else (_text(value),)


def _zone(value: Any) -> str:
    zone(_text(value))
    return _text(value)


def _days(value: Any) -> float:
    if isinstance(value, bool) or not isinstance(value, (int, float)) or not 0 <= value < 1e6:
        raise ValueError("expected a number of days")
    return float(value)


def _journeys(value: Any) -> str:
    if value not in ("case", "linked"):
        raise ValueError("expected `case` or `linked`")
    return str(value)


def _kind(value: Any) -> str:
    if value not in KINDS:
        raise ValueError("expected `contact` or `record`")
    return str(value)


def _silos(value: Any) -> str | dict[str, str]:
    if isinstance(value, dict):
        return {str(team): _text(silo) for team, silo in value.items()}
    return _text(value)


def _flag(value: Any) -> bool:
    if not isinstance(value, bool):
        raise ValueError("expected true or false")
    return value


def _mapping(value: Any) -> dict[str, str]:
    if not isinstance(value, dict):
        raise ValueError("expected pairs of KEY: COLUMN")
    return {str(key): "" if column is None else _text(column) for key, column in value.items()}


def _sources(value: Any) -> dict[Any, Any]:
    if not isinstance(value, dict):
        raise ValueError("expected file names, each with its own keys")
    return value


_TOP: dict[str, Callable[[Any], Any]] = {
    "tz": _zone,
    "good": _texts,
    "ends": _texts,
    "silos": _silos,
    "journeys": _journeys,
    "window": _days,
    "ignore": _texts,
    "identity": _text,
    "phone_region": _text,
    "deny": _texts,
    "intents": _silos,
    "keep": _texts,
    "owners": _texts,
    "sources": _sources,
}
_SOURCE: dict[str, Callable[[Any], Any]] = {
    "reader": _text,
    "map": _mapping,
    "tz": _zone,
    "time_format": _text,
    "dayfirst": _flag,
    "missing": _texts,
    "kind": _kind,
    "records_at": _text,
}

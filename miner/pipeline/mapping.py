"""mapping.yaml: what a user says of each source, checked as a whole before anything is read."""

from __future__ import annotations

import difflib
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

from miner.errors import InputError, Problem, UsageError
from miner.pipeline.settings import Settings, declared
from miner.pipeline.values import by_source, columns, flag, interaction_kind, one_text, texts, zone_name
from miner.readers.tabular.keys import KEYS
from miner.yaml_file import Place, read_yaml

Check = Callable[[Any], Any]


def load_mapping(path: Path, known: dict[str, Check]) -> dict[str, Any]:
    """The content of a mapping file; InputError lists all that is wrong with it, with lines.

    Its keys are the `known` ones with how their values are checked, and `sources`: names of files, each with the keys
    of _SOURCE.
    """
    content, lines = read_yaml(path)
    checked = _Checked(str(path), lines)
    content = {} if content is None else content
    if not isinstance(content, dict):
        raise InputError(
            Problem("a mapping file consists of keys and values", str(path), 1, fix="begin with: sources:")
        )
    made = checked.keys(content, {**known, "sources": by_source}, ())
    made["sources"] = {str(name): checked.source(own, str(name)) for name, own in (made.get("sources") or {}).items()}
    if checked.problems:
        raise InputError(checked.problems)
    return made


def with_mapping_file(settings: Settings, path: Path) -> Settings:
    """Settings completed by a mapping file; what was given directly stands. InputError lists all problems."""
    options = declared()
    known = {name: option.check for name, (option, _) in options.items() if option.check}
    content = load_mapping(path, known | {"ignore": texts})
    sources = content.pop("sources")
    if settings.tz:
        sources = {name: {key: value for key, value in own.items() if key != "tz"} for name, own in sources.items()}
    changes: dict[str, Any] = {"per_source": {**sources, **settings.per_source}}
    for name, value in content.items():
        option, default = options.get(name, (None, ()))
        given = getattr(settings, name)
        if isinstance(default, dict) and isinstance(value, str) and option and option.read:
            value = given or option.read(str(path.parent / value))
        if default == () and given:
            changes[name] = (*given, *value)
        elif given == default:
            changes[name] = value
    return replace(settings, **changes)


class _Checked:
    """Values as they are wanted, and the problems with those that are not."""

    def __init__(self, file: str, lines: dict[Place, int]):
        self._file, self._lines = file, lines
        self.problems: list[Problem] = []

    def keys(self, content: dict[Any, Any], known: dict[str, Check], at: Place) -> dict[str, Any]:
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


_SOURCE: dict[str, Check] = {
    "reader": one_text,
    "map": columns,
    "tz": zone_name,
    "time_format": one_text,
    "dayfirst": flag,
    "missing": texts,
    "kind": interaction_kind,
    "records_at": one_text,
}

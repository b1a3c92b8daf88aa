"""A YAML file of a user with the line of every key, so that all that is wrong with it can be said at once."""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from miner.errors import InputError, Problem

Place = tuple[str, ...]
MOST, DEEPEST = 100_000, 20  # values, each as often as it is referred to, and how far they nest


def read_yaml(path: Path) -> tuple[Any, dict[Place, int]]:
    """The content of a YAML file and the line of every key; all keys are texts as they are written.

    InputError where it cannot be read, has a key twice, or is larger than settings are once references are followed.
    """
    import yaml

    try:
        loader = yaml.SafeLoader(path.read_text(encoding="utf-8-sig"))
        tree = loader.get_single_node()
        if tree is None:
            return None, {}
        lines = _Lines(str(path))
        lines.walk(tree, ())
        if lines.problems:
            raise InputError(lines.problems)
        return loader.construct_document(tree), lines.found
    except (OSError, UnicodeDecodeError) as error:
        reason = getattr(error, "strerror", None) or "is not UTF-8 text"
        raise InputError(
            Problem(f"cannot be read: {reason}", str(path), fix="check the path, the permissions and that it is UTF-8")
        ) from None
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        mark = getattr(error, "problem_mark", None)
        said = getattr(error, "problem", None) or "a value cannot be parsed"
        line = mark.line + 1 if mark else None
        fix = "check this line and its neighbours: indentation, a colon, a quote"
        raise InputError(Problem(f"is not valid YAML: {said}", str(path), line, fix=fix)) from None


class _Lines:
    """The line of every key by its path, and the keys that are given twice: the parser would keep the last of them."""

    def __init__(self, file: str):
        self._file, self._values = file, 0
        self.found: dict[Place, int] = {}
        self.problems: list[Problem] = []

    def walk(self, node: Any, at: Place, depth: int = 0) -> None:
        """Look through a node; its keys become texts, so that `no` and `007` stay names."""
        self._values += 1
        if self._values > MOST or depth > DEEPEST:
            what = f"holds more than {MOST:,} values or nests deeper than {DEEPEST}"
            raise InputError(
                Problem(what, self._file, node.start_mark.line + 1, fix="settings files are never that large")
            )
        if node.id == "sequence":
            for n, inner in enumerate(node.value):
                self.walk(inner, (*at, f"#{n}"), depth + 1)
        elif node.id == "mapping":
            self._keys(node, at, depth)

    def _keys(self, node: Any, at: Place, depth: int) -> None:
        lines: dict[str, int] = {}
        for key, value in node.value:
            name, line = str(key.value), key.start_mark.line + 1
            if key.id == "scalar" and key.tag != "tag:yaml.org,2002:merge":
                key.tag = "tag:yaml.org,2002:str"
                if name in lines:
                    what = f"{name!r} is given twice, here and in line {lines[name]}"
                    self.problems.append(Problem(what, self._file, line, fix="keep one of them"))
                lines[name] = line
            self.found[(*at, name)] = line
            self.walk(value, (*at, name), depth + 1)


class YamlFile:
    """The content of a YAML file, and the problems found in it so far; `check` raises them all."""

    def __init__(self, path: Path):
        """Read the file; InputError where it cannot be read or is no mapping of keys and values."""
        self.file = str(path)
        self.problems: list[Problem] = []
        content, self._lines = read_yaml(path)
        if not isinstance(content, dict):
            raise InputError(Problem("consists of keys and values", self.file, 1, fix="begin with: name:"))
        self.content: dict[str, Any] = {str(key): value for key, value in content.items()}

    def problem(self, what: str, at: Place = (), fix: str | None = None) -> None:
        """Keep a problem, with the line of the nearest key that has one."""
        line = next((self._lines[at[:n]] for n in range(len(at), 0, -1) if at[:n] in self._lines), None)
        self.problems.append(Problem(what, self.file, line, fix=fix))

    def section(self, value: Any, at: Place, wanted: str) -> dict[str, Any]:
        """A mapping below a key, empty where there is none; a problem where it is something else."""
        if value is None:
            return {}
        if not isinstance(value, dict):
            self.problem(f"{at[-1]}: {wanted}", at)
            return {}
        return {str(key): inner for key, inner in value.items()}

    def only(self, keys: Iterable[str], known: Iterable[str], at: Place = ()) -> None:
        """A problem for each key that is not known."""
        names = list(known)
        for key in keys:
            if key not in names:
                near = difflib.get_close_matches(key, names, 1)
                fix = f"did you mean {near[0]!r}?" if near else f"keys are: {' '.join(names)}"
                self.problem(f"unknown key {key!r}", (*at, key), fix)

    def check(self) -> None:
        """Raise InputError with all problems, if there are any."""
        if self.problems:
            raise InputError(self.problems)

"""A YAML file of a user with the line of every key, so that all that is wrong with it can be said at once."""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from miner.errors import InputError, Problem

Place = tuple[str, ...]


class YamlFile:
    """The content of a YAML file, and the problems found in it so far; `check` raises them all."""

    def __init__(self, path: Path):
        """Read the file; InputError where it cannot be read or is no mapping of keys and values."""
        import yaml

        self.file = str(path)
        self.problems: list[Problem] = []
        try:
            text = path.read_text(encoding="utf-8-sig")
            tree = yaml.compose(text, Loader=yaml.SafeLoader)
            content = yaml.safe_load(text)
        except (OSError, UnicodeDecodeError) as error:
            reason = getattr(error, "strerror", None) or "is no UTF-8 text"
            raise InputError(Problem(f"cannot be read: {reason}", self.file)) from None
        except (yaml.YAMLError, ValueError, RecursionError) as error:
            mark = getattr(error, "problem_mark", None)
            said = getattr(error, "problem", None) or "a value cannot be understood"
            line = mark.line + 1 if mark else None
            raise InputError(Problem(f"is no valid YAML: {said}", self.file, line)) from None
        if not isinstance(content, dict):
            raise InputError(Problem("is made of keys and values", self.file, 1, fix="begin with: name:"))
        self.content: dict[str, Any] = {str(key): value for key, value in content.items()}
        self._lines = _lines(tree, ())

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


def _lines(node: Any, at: Place) -> dict[Place, int]:
    found: dict[Place, int] = {}
    if getattr(node, "id", "") == "mapping" and len(at) < 6:
        for key, value in node.value:
            place = (*at, str(key.value))
            found[place] = key.start_mark.line + 1
            found |= _lines(value, place)
    return found

"""Readers of other packages: installed ones name their module in the entry-point group `miner.readers`.

A package that is broken takes nothing down with it: its reader is left out with a warning that names it, and
what its reader does wrong with a file is an error of that file.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Callable, Collection
from importlib.metadata import EntryPoint, entry_points
from typing import TYPE_CHECKING, Any

from miner.errors import InputError, MinerError, Problem
from miner.readers.base import Match, Options, Report, SourceFile

if TYPE_CHECKING:
    from miner.events.sink import Sink

GROUP = "miner.readers"
_NAME = re.compile(r"[a-z][a-z0-9_]+")


class Plugin:
    """A reader of another package, as the others see it: its mistakes are told as errors of the file."""

    def __init__(self, module: Any, package: str):
        self.NAME, self.TITLE, self.LINKED = str(module.NAME), str(module.TITLE), bool(module.LINKED)
        self.OUTCOMES = tuple(map(str, getattr(module, "OUTCOMES", ())))
        self.package, self._module = package, module
        if hasattr(module, "read_all"):
            self.read_all: Callable[..., list[Report]] = self._read_all

    def sniff(self, file: SourceFile) -> Match | None:
        """The reader's claim; none, and a warning, where it fails."""
        try:
            match = self._module.sniff(file)
        except Exception as error:
            _warn(f"the reader {self.NAME} of {self.package} could not inspect {file.name}: {_said(error)}")
            return None
        return match if isinstance(match, Match) else None

    def read(self, file: SourceFile, options: Options, sink: Sink) -> Report:
        """Read by the reader; InputError that names it where it fails."""
        report: Report = self._guarded(file.name, self._module.read, file, options, sink)
        return report

    def _read_all(self, files: list[SourceFile], options: Options, sink: Sink) -> list[Report]:
        reports: list[Report] = self._guarded(files[0].name, self._module.read_all, files, options, sink)
        return reports

    def _guarded(self, name: str, work: Callable[..., Any], *given: Any) -> Any:
        try:
            return work(*given)
        except MinerError:
            raise
        except Exception as error:
            fix = f"report it to the authors of {self.package}, with the file or a part of it"
            what = f"the reader {self.NAME} of {self.package} failed: {_said(error)}"
            raise InputError(Problem(what, name, fix=fix)) from error


def plugins(taken: Collection[str]) -> dict[str, Plugin]:
    """The readers of other packages by name, without those that are broken or whose name is taken."""
    found: dict[str, Plugin] = {}
    for point in sorted(entry_points(group=GROUP), key=lambda point: (point.name, point.value)):
        package = f"{point.dist.name} {point.dist.version}" if point.dist else point.value
        try:
            module = point.load()
        except (Exception, SystemExit) as error:
            _left_out(point, package, f"it cannot be loaded: {_said(error)}")
            continue
        wrong = _wrong(module) or ("a reader of this name exists" if module.NAME in {*taken, *found} else None)
        if wrong:
            _left_out(point, package, wrong)
        else:
            found[module.NAME] = Plugin(module, package)
    return found


def _wrong(module: Any) -> str | None:
    missing = [name for name in ("NAME", "TITLE", "LINKED", "sniff", "read") if not hasattr(module, name)]
    if missing:
        return f"it has no {', '.join(missing)}"
    if not isinstance(module.NAME, str) or not _NAME.fullmatch(module.NAME):
        return f"its NAME {module.NAME!r} may contain only lower-case letters, digits and _"
    return None if callable(module.sniff) and callable(module.read) else "its sniff and read are not functions"


def _left_out(point: EntryPoint, package: str, why: str) -> None:
    _warn(f"the reader {point.name} of {package} is ignored: {why}")


def _warn(message: str) -> None:
    sys.stderr.write(f"warning: {message}\n")


def _said(error: BaseException) -> str:
    return f"{type(error).__name__}: {' '.join(str(error).split())[:200]}"

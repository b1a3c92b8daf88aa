"""The error tree: every message says what is wrong, where, and what to do."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that is wrong: what, where (file, line, column) and how to mend it."""

    what: str
    file: str | None = None
    line: int | None = None
    column: str | None = None
    fix: str | None = None

    def __str__(self) -> str:
        where = self.file or ""
        if self.line is not None:
            where += f":{self.line}" if where else f"line {self.line}"
        if self.column is not None:
            where += f" [{self.column}]" if where else f"column {self.column}"
        text = f"{where}: {self.what}" if where else self.what
        return f"{text}\n    → {self.fix}" if self.fix else text


class MinerError(Exception):
    """Base of all errors that are meant for the user; carries all problems at once."""

    exit_code = 1

    def __init__(self, problems: Problem | str | Iterable[Problem], fix: str | None = None):
        if isinstance(problems, str):
            problems = Problem(problems, fix=fix)
        self.problems = [problems] if isinstance(problems, Problem) else list(problems)
        super().__init__("\n".join(str(p) for p in self.problems))


class UsageError(MinerError):
    """The command or call itself is wrong."""

    exit_code = 2


class InputError(MinerError):
    """The input could not be read; nothing was written."""

    exit_code = 3


class ServerError(MinerError):
    """A server could not be reached, or refused."""

    exit_code = 4


class Interrupted(MinerError):
    """The run was stopped; the workspace can be resumed."""

    exit_code = 5

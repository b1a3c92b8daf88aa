"""How an option of `run` is declared: once, with the setting that it makes."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any

from miner.errors import Problem


@dataclass(frozen=True)
class Option:
    """How a setting is given on the command line and in a mapping file.

    `read` makes its value of a text that was typed; `check` does so for a value in a mapping file, where it may stand.
    `wrong` says what is wrong with its value, whoever gave it, for the flag and the value.
    """

    flag: str
    help: str
    metavar: str | None = None
    read: Callable[[str], Any] | None = None
    check: Callable[[Any], Any] | None = None
    wrong: Callable[[str, Any], Iterable[Problem]] | None = None
    opposite: Option | None = None  # the flag for False, where leaving both out is a third answer
    is_for_reading: bool = True  # whether `inspect` takes it


def option(default: Any, flag: str, help: str, metavar: str | None = None, **more: Any) -> Any:
    """A field of the settings with its default and its option."""
    metadata = {"option": Option(flag, help, metavar, **more)}
    if isinstance(default, dict):
        return field(default_factory=dict, metadata=metadata)
    return field(default=default, metadata=metadata)

"""Small pieces of view data: tables and shares. Everything here can be saved as JSON."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Literal

Format = Literal["text", "count", "decimal", "duration", "hours", "percent"]


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a table: its heading and how its values are written (durations are in seconds)."""

    name: str
    format: Format = "text"


@dataclass(frozen=True, slots=True)
class Table:
    """The numbers behind a picture; `id` names the CSV file."""

    id: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[Any, ...], ...] = ()


@dataclass(frozen=True, slots=True)
class Part:
    """One part of a whole, with its share between 0 and 1."""

    key: str
    name: str
    seconds: float
    share: float


@dataclass(frozen=True, slots=True)
class Bar:
    """A whole that is split into parts."""

    name: str
    seconds: float
    parts: tuple[Part, ...] = field(default=())

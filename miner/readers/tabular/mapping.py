"""Keys and the columns they are read from, and how names of columns are compared."""

from __future__ import annotations

import re
from dataclasses import dataclass, field


@dataclass
class Mapping:
    """Keys and the columns they are read from, with the reason of each."""

    columns: dict[str, str] = field(default_factory=dict)
    reasons: dict[str, str] = field(default_factory=dict)
    doubts: dict[str, str] = field(default_factory=dict)  # what speaks against a guess, by key

    def add(self, key: str, column: str, reason: str, doubt: str | None = None) -> None:
        """Let a key be read from a column."""
        self.columns[key], self.reasons[key] = column, reason
        self.doubts.pop(key, None)
        if doubt:
            self.doubts[key] = doubt

    def move(self, key: str, to: str) -> None:
        """Let another key be read from the column of this one."""
        self.add(to, self.columns[key], self.reasons[key], self.doubts.get(key))
        self.drop(key)

    def drop(self, key: str) -> None:
        """Let a key be read from no column."""
        self.columns.pop(key, None)
        self.reasons.pop(key, None)
        self.doubts.pop(key, None)

    def placed(self) -> dict[str, str]:
        """The columns with `time` as the start and `end` as the end; a start beside a lone time makes that the end."""
        placed = dict(self.columns)
        if "start" in placed:
            placed["time"], placed["end"] = placed.pop("start"), placed["time"]
        return placed


def resolve(column: str, columns: tuple[str, ...]) -> str | None:
    """A column by its name, or by the same name in other case; "a+b" joins two columns with a space."""
    if column in columns:
        return column
    same = [c for c in columns if c.lower() == column.lower()]
    if len(same) == 1:
        return same[0]
    parts = [resolve(p, columns) for p in column.split("+")] if "+" in column else [None]
    return "+".join(p for p in parts if p) if all(parts) else None


def simple(column: str) -> str:
    """A name as it is compared: lower case, letters and digits alone."""
    return re.sub(r"[^a-z0-9]", "", column.lower())

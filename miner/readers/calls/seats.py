"""Whose a call is while several agents are on it: one holds it, the others help until that one leaves."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass


@dataclass(kw_only=True)
class Seat:
    """The time of one agent on a call: until when they talked, and from when on the call is theirs."""

    person: str | None  # who it is; None: unknown
    start: int
    end: int | None = None  # None: still open
    owns: int | None = None  # None: they only helped


def take_over(seats: Sequence[Seat], slack: int = 0) -> None:
    """Set from when on each seat owns, in order of their starts: at once, when those before have left, or never."""
    for i, seat in enumerate(seats):
        holding = [
            other
            for other in seats[:i]
            if not (other.person and other.person == seat.person)
            and (other.end is None or other.end > seat.start + slack)
        ]
        ends = [other.end for other in holding if other.end is not None]
        free = max(ends, default=seat.start)
        stays = not holding or seat.end is None or seat.end > free
        seat.owns = free if stays and len(ends) == len(holding) else None


def passed_on(mine: int | None, at: int, others: Iterable[int | None]) -> bool:
    """Whether what an agent does at a moment, as a rule the work after the call, comes when another owns it already.

    `mine` and `others` are since when they own; who never did has nothing to give away, and nothing of it is theirs.
    """
    return mine is None or any(other is not None and mine < other < at for other in others)

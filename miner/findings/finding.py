"""A finding: one plain sentence with its size, its proof and the query that gives it back."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from typing import Any, cast

from miner.summary import SavedFinding

WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


@dataclass(frozen=True)
class Finding:
    """As in summary.json. `hours` is elapsed time (people's where asked again); they can overlap and are not summed."""

    kind: str
    title: str
    where: dict[str, Any]
    journeys: int
    hours: float | None
    n: int
    share: float | None
    query: str
    params: dict[str, Any]
    examples: list[str] = field(default_factory=list)
    money: float | None = None
    value: float | None = None
    low: float | None = None
    high: float | None = None
    unpriced_hours: float | None = None  # of what `money` is the cost of: those that have no rate

    def plain(self) -> SavedFinding:
        """The finding as JSON has it."""
        return cast(SavedFinding, asdict(self))


def hours(seconds: float | None) -> float | None:
    """Seconds as hours, rounded to hundredths; unknown stays unknown."""
    return None if seconds is None else round(seconds / 3600, 2)

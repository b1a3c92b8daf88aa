"""Who owns a call while several agents are on it: one holds it, the others help until that one leaves."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass


@dataclass(kw_only=True)
class AgentLeg:
    """The time of one agent on a call: until when they talked, and from when on the call is theirs."""

    person: str | None  # None: unknown
    start: int
    end: int | None = None  # None: still open
    owned_from: int | None = None  # None: they only helped

    @property
    def helped_first(self) -> bool:
        """Whether the agent was on the call before it was theirs, or without it ever being theirs."""
        return self.owned_from is None or self.owned_from > self.start


def settle_ownership(legs: Sequence[AgentLeg], slack: int = 0) -> None:
    """Set from when on each leg owns, in order of their starts: at once, when those before have left, or never."""
    for i, leg in enumerate(legs):
        holding = [
            other
            for other in legs[:i]
            if not (other.person and other.person == leg.person)
            and (other.end is None or other.end > leg.start + slack)
        ]
        ends = [other.end for other in holding if other.end is not None]
        free = max(ends, default=leg.start)
        stays = not holding or leg.end is None or leg.end > free
        leg.owned_from = free if stays and len(ends) == len(holding) else None


def is_owned_by_another(owned_from: int | None, at: int, others: Iterable[int | None]) -> bool:
    """Whether what an agent does at a moment, as a rule the work after the call, comes when another owns it already.

    `owned_from` and `others` are since when they own; who never did has nothing to give away, and nothing is theirs.
    """
    return owned_from is None or any(other is not None and owned_from < other < at for other in others)

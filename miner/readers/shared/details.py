"""What a step of a call or chat may say beside who did what when."""

from __future__ import annotations

from typing import TypedDict


class Details(TypedDict, total=False):
    """Of any step."""

    ended_us: int | None  # also before the start, as a source has it
    hold_us: int | None
    outcome: str | None
    attributes: str | None  # JSON
    text: str | None


class AnyDetails(Details, total=False):
    """Of one that may be a handoff."""

    handoff_kind: str | None

"""Listeners to the progress of a run."""

from __future__ import annotations

from typing import Protocol


class Progress(Protocol):
    """Listens to a run."""

    def stage(self, name: str) -> None:
        """A stage begins; the one before is done."""

    def detail(self, text: str) -> None:
        """What the stage works on now: a file, a table."""

    def count(self, done: int, total: int, unit: str) -> None:
        """How far the stage is: `unit` is bytes or tables."""

    def rows(self, read: int) -> None:
        """How many events have been read so far."""


class Silent:
    """Tells nobody."""

    def stage(self, name: str) -> None:
        """Nothing."""

    def detail(self, text: str) -> None:
        """Nothing."""

    def count(self, done: int, total: int, unit: str) -> None:
        """Nothing."""

    def rows(self, read: int) -> None:
        """Nothing."""

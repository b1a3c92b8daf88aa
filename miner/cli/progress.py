"""What the user sees while it works: a line a stage on stderr, quiet when nobody looks."""

from __future__ import annotations

import sys
import time
from types import TracebackType

from rich.console import Console
from rich.status import Status

WORDS = {
    "read": "Reading", "stitch": "Joining journeys", "measure": "Measuring", "cost": "Pricing", "model": "Discovering process models",
    "graph": "Building the graph", "query": "Looking for what to fix", "report": "Writing the report",
}  # fmt: skip


class Terminal:
    """A spinner with the stage, what it works on, and the seconds each stage took. Use as a context manager."""

    def __init__(self, quiet: bool = False):
        self._console = Console(stderr=True, quiet=quiet or not sys.stderr.isatty(), highlight=False)
        self._status: Status = self._console.status("Starting")
        self._name: str | None = None
        self._began = 0.0

    def __enter__(self) -> Terminal:
        self._status.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, _: object, __: TracebackType | None) -> None:
        if kind is None:
            self._done()
        self._status.stop()

    def stage(self, name: str) -> None:
        """A stage begins; the one before is done."""
        self._done()
        self._name, self._began = name, time.perf_counter()
        self._status.update(f"{WORDS.get(name, name)} …")

    def detail(self, text: str) -> None:
        """What the stage works on now."""
        if self._name:
            from rich.markup import escape

            self._status.update(f"{WORDS.get(self._name, self._name)} … [dim]{escape(text)}[/dim]")

    def _done(self) -> None:
        if self._name:
            self._console.print(f"[green]✓[/green] {WORDS.get(self._name, self._name):<28} {time.perf_counter() - self._began:6.1f} s")
        self._name = None

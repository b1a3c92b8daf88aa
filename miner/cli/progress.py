"""What the user sees while it works: a line a stage on stderr, quiet when nobody looks."""

from __future__ import annotations

import sys
import time
from types import TracebackType

from rich.console import Console
from rich.markup import escape
from rich.status import Status

from miner.cli.plain import printable

WORDS = {
    "read": "Reading",
    "stitch": "Joining journeys",
    "measure": "Measuring",
    "cost": "Pricing",
    "model": "Discovering process models",
    "graph": "Building the graph",
    "unload": "Removing the graph",
    "query": "Looking for what to fix",
    "report": "Writing the report",
}
SOON = 2.0  # seconds before a rate or the time left means anything


class Terminal:
    """A spinner with the stage, what it works on, how fast and how long still; then the seconds each stage took.

    Use as a context manager. Nothing is printed where stderr is no terminal.
    """

    def __init__(self, quiet: bool = False, console: Console | None = None):
        self._console = console or Console(stderr=True, quiet=quiet or not sys.stderr.isatty(), highlight=False)
        self._status: Status = self._console.status("Starting")
        self._name: str | None = None
        self._began = 0.0
        self._detail, self._rows = "", 0
        self._so_far: tuple[int, int, str] | None = None

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
        self._forget()
        self._show()

    def detail(self, text: str) -> None:
        """What the stage works on now."""
        self._detail = printable(text)
        self._show()

    def count(self, done: int, total: int, unit: str) -> None:
        """How far the stage is."""
        self._so_far = (done, total, unit)
        self._show()

    def rows(self, read: int) -> None:
        """How many events have been read so far."""
        self._rows = read
        self._show()

    def _forget(self) -> None:
        self._detail, self._rows, self._so_far = "", 0, None

    def _show(self) -> None:
        if self._name:
            parts = [self._detail, *amounts(self._so_far, self._rows, time.perf_counter() - self._began)]
            line = " · ".join(part for part in parts if part)
            self._status.update(f"{WORDS.get(self._name, self._name)} … [dim]{escape(line)}[/dim]")

    def _done(self) -> None:
        if self._name:
            read = f"  {self._rows:,} events" if self._rows else ""
            took = time.perf_counter() - self._began
            self._console.print(f"[green]✓[/green] {WORDS.get(self._name, self._name):<28} {took:6.1f} s{read}")
        self._name = None


def amounts(so_far: tuple[int, int, str] | None, rows: int, seconds: float) -> list[str]:
    """How far, how fast and how long still, in words: `12 of 40 MB`, `80,000 events, 20,000/s`, `5 s left`."""
    parts = []
    done, total, unit = so_far or (0, 0, "")
    if unit == "bytes":
        if total > 1_000_000:
            parts.append(f"{done / 1e6:,.0f} of {total / 1e6:,.0f} MB")
    elif total:
        parts.append(f"{done:,} of {total:,} {unit}")
    if rows:
        rate = f", {rows / seconds:,.0f}/s" if seconds > SOON else ""
        parts.append(f"{rows:,} events{rate}")
    if 0 < done < total and seconds > SOON:
        parts.append(f"{seconds * (total - done) / done:,.0f} s left")
    return parts

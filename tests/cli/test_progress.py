"""How far, how fast and how long still."""

from __future__ import annotations

import io

from rich.console import Console

from miner.cli.progress import Terminal, amounts


def test_rates_and_the_time_left_are_told_once_they_mean_something() -> None:
    """Bytes, events, events a second and the seconds left; the last two not in the first moments."""
    assert amounts((30_000_000, 120_000_000, "bytes"), 90_000, 10.0) == [
        "30 of 120 MB",
        "90,000 events, 9,000/s",
        "30 s left",
    ]
    assert amounts((30_000_000, 120_000_000, "bytes"), 90_000, 1.0) == ["30 of 120 MB", "90,000 events"]
    assert amounts((0, 120_000_000, "bytes"), 0, 10.0) == ["0 of 120 MB"]
    assert amounts((3, 9, "tables"), 0, 6.0) == ["3 of 9 tables", "12 s left"]
    assert amounts((500, 900, "bytes"), 0, 1.0) == []
    assert amounts(None, 0, 5.0) == []


def test_names_of_files_are_no_markup() -> None:
    """A file called `[red]` is shown as it is called."""
    written = io.StringIO()
    console = Console(file=written, force_terminal=True, width=100)
    with Terminal(console=console) as terminal:
        terminal.stage("read")
        terminal.detail("[red]x[/green].csv")
        terminal.count(1, 2, "tables")
        terminal.rows(2_000)
        terminal.stage("stitch")
    assert "2,000 events" in written.getvalue()

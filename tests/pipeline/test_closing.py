"""An automatic closing is asked about where most waiting lies before it, and nowhere else."""

from __future__ import annotations

import random
import shlex
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from miner.errors import UsageError
from miner.pipeline import Settings, run
from miner.report.view import view

MAPPED = {"case": "case", "activity": "activity", "time": "time", "team": "team", "agent": "agent"}


def help_desk(path: Path, days: tuple[float, ...], closers: int, jitter_h: float = 0.0) -> Path:
    """Tickets that are assigned, resolved and closed so many days later by one of the closers."""
    dice, start = random.Random(1), datetime(2024, 1, 1)
    rows = ["case,activity,time,team,agent"]
    for case in range(60):
        at = start + timedelta(hours=case)
        rows.append(f"{case},Assigned,{at:%Y-%m-%d %H:%M:%S},L1,Ann")
        at += timedelta(hours=dice.randint(1, 9))
        rows.append(f"{case},Resolved,{at:%Y-%m-%d %H:%M:%S},L1,Bob")
        at += timedelta(days=dice.choice(days), hours=dice.uniform(0, jitter_h))
        rows.append(f"{case},Closed,{at:%Y-%m-%d %H:%M:%S},L2,closer {dice.randrange(closers)}")
    path.write_text("\n".join(rows))
    return path


def made(path: Path, tmp_path: Path, **more: Any) -> Any:
    """The workspace of a log."""
    return run([str(path)], tmp_path / "w", Settings(columns=MAPPED, until="measure", tz="UTC", **more))


def question(workspace: Any) -> str | None:
    """What the run asks, None where it asks nothing."""
    return next((n["message"] for n in workspace.quality["notes"] if n["kind"] == "closing"), None)


@pytest.mark.parametrize(
    ("days", "closers", "jitter_h", "said"),
    [((15, 30, 38), 20, 0.0, "fixed times"), ((5,), 1, 300.0, "one actor")],
)
def test_an_automatic_closing_is_asked_about(
    tmp_path: Path, days: tuple[float, ...], closers: int, jitter_h: float, said: str
) -> None:
    """In fixed steps or by one actor; the page asks, and names the option with the step before."""
    workspace = made(help_desk(tmp_path / "log.csv", days, closers, jitter_h), tmp_path)
    asked = question(workspace)
    assert asked and said in asked and "“Closed”" in asked and "--ends 'Resolved'" in asked
    assert view(workspace).time.question == asked


def test_a_step_that_reads_like_a_command_stays_a_word_where_it_is_pasted(tmp_path: Path) -> None:
    """The option that the note names is one argument for a shell, whatever the log calls its steps."""
    log = help_desk(tmp_path / "log.csv", (15,), 1)
    log.write_text(log.read_text().replace("Resolved", "done'; rm -rf x; echo '"))
    asked = question(made(log, tmp_path))
    assert asked and shlex.split(asked[asked.index("--ends ") :]) == ["--ends", "done'; rm -rf x; echo '"]


@pytest.mark.parametrize(("days", "closers", "jitter_h"), [((5,), 20, 300.0), ((0.05, 0.1), 1, 0.0)])
def test_nothing_is_asked_where_people_close_at_various_times_or_soon(
    tmp_path: Path, days: tuple[float, ...], closers: int, jitter_h: float
) -> None:
    """Or where little of the waiting lies before the closing."""
    workspace = made(help_desk(tmp_path / "log.csv", days, closers, jitter_h), tmp_path)
    assert question(workspace) is None


def test_what_settles_is_named_and_the_closing_is_nobodys_wait(tmp_path: Path) -> None:
    """With --ends the time before the closing is tail; handoffs and returns stay as they were, and nothing is asked."""
    log = help_desk(tmp_path / "log.csv", (15, 30, 38), 1)
    before = made(log, tmp_path).summary
    workspace = made(log, tmp_path, ends=("resolved",))
    after = workspace.summary
    assert question(workspace) is None
    assert before["time_s"]["tail"] == 0 and after["time_s"]["tail"] == before["time_s"]["handoff_wait"]
    assert after["time_s"]["handoff_wait"] == 0
    assert (after["handoffs"], after["returns"]) == (before["handoffs"], before["returns"])


def test_an_end_that_no_event_has_is_told(tmp_path: Path) -> None:
    """With what was meant, before anything is written."""
    with pytest.raises(UsageError, match="did you mean 'Resolved'"):
        made(help_desk(tmp_path / "log.csv", (15,), 1), tmp_path, ends=("Resolve",))
    assert not (tmp_path / "w").exists()

"""Asked again: told between silos where many of their teams ask, between two teams where these do."""

from __future__ import annotations

import random
from pathlib import Path
from typing import Any

import pytest

from miner.pipeline import Settings, run

FRONT, BACK = ("F1", "F2", "F3"), ("B1", "B2", "B3")


def asked(folder: Path, only: tuple[str, str] | None = None) -> tuple[list[dict[str, Any]], float]:
    """The findings of a log whose back teams verify again after every handoff, or after that of two teams `only`.

    With them the hours of all that is asked again.
    """
    dice, lines, again = random.Random(4), ["case,time,end,activity,team,silo"], 0
    for case in range(120):
        front, back = dice.choice(FRONT), dice.choice(BACK)
        asks = only is None or (front, back) == only
        again += asks
        steps = (("verify", front, 0, 5), ("work", front, 10, 20), ("verify" if asks else "work", back, 40, 50))
        for activity, team, start, end in steps:
            day, hour = f"2026-01-{1 + case % 28:02}", 8 + case % 9
            lines.append(
                f"c{case},{day}T{hour:02}:{start:02}:00Z,{day}T{hour:02}:{end:02}:00Z,{activity},{team},"
                f"{'Front' if team in FRONT else 'Back'}"
            )
    folder.joinpath("log.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")
    columns = {name: name for name in ("case", "time", "end", "activity", "team", "silo")}
    made = run([str(folder / "log.csv")], folder / "workspace", Settings(columns=columns, until="query"))
    return [f for f in made.summary["findings"] if f["kind"] == "asked_again"], again * 10 / 60


def test_what_many_teams_of_two_silos_ask_again_is_one_finding(tmp_path: Path) -> None:
    """Nine pairs of teams that ask again are told as their two silos, with all of their hours."""
    (found,), hours = asked(tmp_path)
    assert found["where"]["path"] == ["Front", "Back"] and "9 pairs of teams" in found["title"]
    assert found["hours"] == pytest.approx(hours, abs=0.01) and found["n"] == 120


def test_what_two_teams_ask_again_is_told_of_them(tmp_path: Path) -> None:
    """Where two teams alone ask again they are named, not their silos."""
    (found,), hours = asked(tmp_path, only=("F2", "B3"))
    assert found["where"]["teams"] == ["F2", "B3"] and found["hours"] == pytest.approx(hours, abs=0.01)

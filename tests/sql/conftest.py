"""The sample logs with working hours and prices, mined once a session."""

from __future__ import annotations

from pathlib import Path

import pytest

import miner
from miner.calendars import load_calendars
from miner.costs import read_rates
from miner.workspace import Workspace

ROOT = Path(__file__).parents[2]
CALENDAR = """
calendars:
  office: {tz: Europe/Berlin, hours: {mon-fri: "8:00-18:00", sat: "9:00-13:00"}, holidays: DE}
  desk: {tz: Europe/Berlin, hours: {mon-sun: "6:00-22:00"}, closed: [2024-01-01]}
default: office
teams: {Billing: desk}
"""


@pytest.fixture(scope="session")
def priced(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    """A workspace in which every table has rows."""
    folder = tmp_path_factory.mktemp("sql")
    (folder / "calendar.yaml").write_text(CALENDAR, encoding="utf-8")
    return miner.run(
        str(ROOT / "sample_logs"),
        workspace=str(folder / "workspace"),
        calendar=load_calendars(folder / "calendar.yaml"),
        rates=read_rates("default"),
        until="cost",
    )

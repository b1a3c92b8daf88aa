"""Queues before teams as findings: weekdays and hours are those on the wall."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from miner.findings import find
from tests.drawings import draw
from tests.report.made import workspace_of

BERLIN = ZoneInfo("Europe/Berlin")


def test_a_monday_is_one_in_summer_and_in_winter(tmp_path: Path) -> None:
    """What is handed over half an hour into a Monday waits since Monday, on either side of a change of the clock."""
    mondays = [datetime(2026, 1, 5, 0, 30, tzinfo=BERLIN), datetime(2026, 7, 6, 0, 30, tzinfo=BERLIN)]
    events = draw(*("L1@0 L2@600" for _ in range(2)), "L1@0 L2@10")
    starts = [round(one.timestamp() * 1e6) for one in (*mondays, datetime(2026, 3, 4, 12, tzinfo=UTC))]
    first = {name: min(e["started_us"] for e in events if e["journey_id"] == name) for name in ("j1", "j2", "j3")}
    for event in events:
        by = dict(zip(first, starts, strict=True))[event["journey_id"]] - first[event["journey_id"]]
        event["started_us"], event["ended_us"] = event["started_us"] + by, event["ended_us"] + by
    workspace = workspace_of(tmp_path / "w", events, tz="Europe/Berlin")
    (queue,) = (f for f in find(workspace, ()) if f["kind"] == "bottleneck")
    assert queue["where"]["hours"] == {"weekday": "Monday", "hour": 0}
    shares = "Waits that began on Mondays make up over 99 % of this time; over 99 % of it falls on Mondays."
    assert shares in queue["title"]


def test_one_wait_is_a_wait(tmp_path: Path) -> None:
    """A count of one has its noun in the singular."""
    (queue,) = (f for f in find(workspace_of(tmp_path / "w", draw("L1@0 L2@10")), ()) if f["kind"] == "bottleneck")
    assert queue["title"].startswith("L2 is busy: journeys waited 10 min in 1 wait, ")

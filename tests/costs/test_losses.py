"""What is kept of the value lost on paths: it adds up by journey, and its hours are those of the path's waits."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from miner.costs.losses import find_losses, save_losses
from miner.workspace import Workspace
from tests.costs.test_value_lost import GOOD, PLANTED, journeys
from tests.oracles import value_lost as oracle


def saved(path: Path, log: list[dict[str, Any]], delay_s: float | None = 60.0) -> Workspace:
    """A workspace of a log: one visit a silo, and `delay_s` of delay before each visit but the first."""
    made: dict[str, list[dict[str, Any]]] = {
        "journeys": [],
        "journey_outcomes": [],
        "silo_visits": [],
        "transitions": [],
        "visits": [],
    }
    for journey in log:
        name = journey["id"]
        made["journeys"].append({"journey_id": name, **{k: journey[k] for k in ("intent", "outcome", "value")}})
        if journey["outcome"] is not None:
            made["journey_outcomes"].append({"journey_id": name, "is_good": journey["outcome"] in GOOD})
        for at, silo in enumerate(oracle.collapsed(journey["silos"])):
            made["visits"].append(
                {"journey_id": name, "position": at, "opened_seq": at, "channel": journey.get("channel")}
            )
            made["silo_visits"].append(
                {"journey_id": name, "position": at, "silo": silo, "first_position": at, "last_position": at}
            )
            made["transitions"].append(
                {"journey_id": name, "seq": at, "handoff_position": at or None, "delay_cost_s": delay_s if at else None}
            )
    workspace = Workspace(path)
    types = {
        "channel": pa.string(),
        "delay_cost_s": pa.float64(),
        "value": pa.float64(),
        "handoff_position": pa.int64(),
    }
    for table, rows in made.items():
        columns = {name: pa.array([row[name] for row in rows], types.get(name)) for name in rows[0]}
        workspace.write(f"tables/{table}.parquet", lambda p, c=columns: pq.write_table(pa.table(c), p))
    save_losses(workspace, find_losses(workspace))
    return workspace


def test_value_lost_adds_up_from_its_journeys(tmp_path: Path) -> None:
    """Each found path's value lost is the sum over its journeys, and no journey stands under two paths."""
    log = journeys(11, n=1_500, planted=True)
    for number, journey in enumerate(log):
        if number % 6 == 0:
            journey["silos"] = ["Logistics", "Finance", "Sales"]
            journey["outcome"] = "lost" if number % 18 else "solved"
    workspace = saved(tmp_path / "w", log)
    each = workspace.arrow("value_lost_journeys").to_pylist()
    assert len({row["journey_id"] for row in each}) == len(each)
    found = [row for row in workspace.arrow("value_lost").to_pylist() if row["rank"]]
    assert len(found) >= 2
    for row in found:
        mine = [one for one in each if one["rank"] == row["rank"]]
        assert sum(one["value_lost"] for one in mine) == pytest.approx(row["value_corrected"])
        assert row["low"] < row["value_corrected"] <= row["value_lost"] < row["high"]
        assert sum(one["value"] for one in mine) == pytest.approx(row["value_compared"])
        assert 0 < len(mine) <= row["journeys"]


def test_delay_removed_is_that_of_the_handoffs_on_the_path(tmp_path: Path) -> None:
    """A path of three silos has two handoffs, and each of their delays counts once a journey."""
    log = journeys(2, planted=True)
    found = saved(tmp_path / "w", log).arrow("value_lost").to_pylist()
    (row,) = (row for row in found if tuple(row["path"]) == PLANTED)
    occurrences = {
        (journey["id"], at + step)
        for journey in log
        if journey["outcome"] is not None
        for at in range(3)
        if tuple(oracle.collapsed(journey["silos"])[at : at + 3]) == PLANTED
        for step in (1, 2)
    }
    assert row["delay_removed_h"] == pytest.approx(len(occurrences) * 60 / 3600)


def test_an_uncomputed_delay_stays_unknown(tmp_path: Path) -> None:
    """Without a delay component the hours are null, not 0."""
    found = saved(tmp_path / "w", journeys(2), delay_s=None).arrow("value_lost").to_pylist()
    assert found and all(row["delay_removed_h"] is None for row in found)


def test_examples_are_journeys_that_ended_badly(tmp_path: Path) -> None:
    """Up to ten journeys of the path that did not end well, the most valuable first."""
    log = {journey["id"]: journey for journey in journeys(2, planted=True)}
    found = saved(tmp_path / "w", list(log.values())).arrow("value_lost").to_pylist()
    for row in found:
        shown = [log[name] for name in row["examples"]]
        assert 0 < len(shown) <= 10 and all(journey["outcome"] not in GOOD for journey in shown)
        assert all(tuple(row["path"]) in oracle.taken(journey) for journey in shown)
        assert [j["value"] for j in shown] == sorted((j["value"] for j in shown), reverse=True)

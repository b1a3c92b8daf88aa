"""Ways across silos as findings: told where they take longer beyond chance, the worst first, none of them lost."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from miner.costs.path_times import path_times, runs
from miner.events.engine import Engine
from miner.findings import silo_paths
from miner.pipeline import Settings, run
from tests.oracles.time_split import PARTS

SAME = Path(__file__).parent / "same_duration.csv"


def test_nothing_is_told_to_take_longer_where_both_sides_are_alike(tmp_path: Path) -> None:
    """A log whose journeys take equally long inside one silo and across two has no path that takes longer."""
    made = run([str(SAME)], tmp_path / "w", Settings(until="query"))
    assert not [one for one in made.summary["findings"] if one["kind"] == "cross_silo_path"]
    (row,) = made.arrow("path_times").to_pylist()
    assert not row["is_longer"] and row["low_s"] < 0 < row["high_s"] and row["compared"] > 100


def row(path: str, own: float, extra: float, compared: int = 100) -> dict[str, Any]:
    """A row of silos/silo_paths."""
    return {"path": path.split(), "own_wait_s_total": own, "extra_s_total": extra, "compared": compared}


def test_the_worst_paths_do_not_vanish() -> None:
    """A path yields only to one that is told: where that one yields itself, the path stays."""
    rows = [
        row("A B", 13_000, 12_000),
        row("A B C", 6_700, 6_500, 50),
        row("A B C D", 3_600, 3_000, 10),
        row("X Y", 3_500, 3_000),
    ]
    told = silo_paths.chosen(rows)
    assert max(one["own_wait_s_total"] for one in told) >= 6_700
    for left in (one for one in rows if one not in told):
        assert any(silo_paths._covers(one, left) for one in told)


def test_a_longer_way_stands_for_its_part() -> None:
    """Where most of what a path takes longer lies on a longer one, the longer one is told alone."""
    told = silo_paths.chosen([row("A B", 5_000, 4_000, 120), row("A B C", 4_500, 3_900, 90)])
    assert [one["path"] for one in told] == [["A", "B", "C"]]


def test_a_path_that_loses_elsewhere_is_told_beside() -> None:
    """Two paths that share nothing are both told, most hours first."""
    told = silo_paths.chosen([row("X Y", 1_000, 900), row("A B", 5_000, 4_000)])
    assert [one["path"] for one in told] == [["A", "B"], ["X", "Y"]]


def log(seed: int, longer: float = 0.0, n: int = 600) -> Engine:
    """Journeys of two intents through one to three silos with one distribution; through A B they take `longer` more."""
    rng, engine = np.random.default_rng(seed), Engine()
    engine.create("journeys", {"journey_id": "VARCHAR", "intent": "VARCHAR"})
    engine.create("silo_visits", {"journey_id": "VARCHAR", "position": "BIGINT", "silo": "VARCHAR"})
    parts = [f"{name}_s" for name in PARTS]
    engine.create("transitions", {"journey_id": "VARCHAR", **dict.fromkeys(parts, "DOUBLE")})
    for number in range(n):
        way = [("A", "B", "C", "D")[at] for at in rng.permutation(4)[: rng.integers(1, 4)]]
        intent = ("refund", "order")[number % 2]
        ours = rng.lognormal(8 + number % 2, 1) + (longer if ("A", "B") in runs(way) else 0.0)
        engine.run("INSERT INTO journeys VALUES (?, ?)", [f"j{number}", intent])
        engine.run(
            "INSERT INTO transitions (journey_id, work_s, rework_s, hold_s, queue_wait_s, handoff_wait_s, "
            "off_hours_s, customer_wait_s) VALUES (?, 0, 0, 0, ?, ?, 0, ?)",
            [f"j{number}", ours / 2, ours / 2, 1e6 * len(way)],
        )
        for at, silo in enumerate(way):
            engine.run("INSERT INTO silo_visits VALUES (?, ?, ?)", [f"j{number}", at, silo])
    return engine


def test_a_planted_delay_is_found_in_its_size() -> None:
    """The path that takes longer is found, its size is within the interval, the customer's time is no part of it."""
    with log(1, longer=30_000) as engine:
        found = {tuple(path): one for path, one in path_times(engine)}
    one = found["A", "B"]
    assert one.found and one.low < 30_000 * one.compared < one.high  # type: ignore[operator]
    assert not any(other.found for path, other in found.items() if ("A", "B") not in runs(list(path)))


@pytest.mark.parametrize("seed", range(2, 12))
def test_the_customers_time_makes_no_path_longer(seed: int) -> None:
    """Journeys across silos in which only the customer takes longer are not told to take longer."""
    with log(seed, n=300) as engine:
        assert not any(one.found for _, one in path_times(engine))

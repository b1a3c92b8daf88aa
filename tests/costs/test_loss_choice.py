"""What is said of a loss that was picked: its interval, its corrected size, and which of several paths it lies on."""

from __future__ import annotations

import random
from typing import Any

import pytest

from tests.costs.test_value_lost import INTENTS, SILOS, found
from tests.oracles import value_lost as oracle
from tests.trials import Record, trials

Path = tuple[str, ...]
LONG, SHORT = ("Service", "Sales", "Logistics"), ("Service", "Sales")


def log(seed: int, path: Path, points: float, n: int = 1_500, after: float = 0.3) -> list[dict[str, Any]]:
    """Silos at random; of journeys on a path fewer end well, by so many points; `after`: how many go on after it."""
    rng, made = random.Random(seed), []
    for number in range(n):
        intent = rng.choice(list(INTENTS))
        silos: list[str | None] = [rng.choice((*SILOS, None)) for _ in range(rng.randint(1, 4))]
        if rng.random() < 0.15:
            silos = [*path, *([rng.choice(SILOS)] if rng.random() < after else [])]
        share = INTENTS[intent] - (points if path in oracle.taken({"silos": silos}) else 0.0)
        made.append(
            {
                "id": f"j{number}",
                "intent": intent,
                "silos": silos,
                "value": round(rng.lognormvariate(4, 1), 2),
                "share": share,
                "outcome": "solved" if rng.random() < share else "lost",
            }
        )
    return made


def true_loss(journeys: list[dict[str, Any]], path: Path) -> float:
    """What a path loses by the shares that the outcomes were drawn with."""
    total = 0.0
    for intent in INTENTS:
        mine = [j for j in journeys if j["intent"] == intent]
        on, off = ([j for j in mine if (path in oracle.taken(j)) == flag] for flag in (True, False))
        if min(len(on), len(off)) >= 5:
            means = [sum(j["share"] for j in side) / len(side) for side in (on, off)]
            total += sum(j["value"] for j in on) * (means[1] - means[0])
    return total


@pytest.mark.statistical
def test_intervals_of_picked_losses_hold_the_truth(record_property: Record) -> None:
    """Of the intervals of picked losses, weak ones too, at least 95 of 100 hold the truth; corrected sizes are near."""
    inside, counted, right = [], [], []
    for seed in (seeds := trials(90)):
        journeys = log(seed, LONG if seed % 2 else SHORT, (0.12, 0.16, 0.3)[seed % 3])
        for one in found(journeys, draws=399):
            if one.rank == 1 and one.value is not None and one.corrected is not None:
                true = true_loss(journeys, tuple(one.path))
                inside.append(one.low < true < one.high)  # type: ignore[operator]
                counted.append(one.value / true)
                right.append(one.value * one.corrected / true)
    record_property("inside", f"{sum(inside)} of {len(inside)}")
    assert len(inside) >= 2 / 3 * len(seeds) and sum(inside) >= 0.95 * len(inside)
    assert sum(counted) / len(counted) > 1.02 and 0.85 < sum(right) / len(right) < 1.1


@pytest.mark.statistical
def test_the_path_that_explains_the_others_is_reported(record_property: Record) -> None:
    """A long planted path is not reported by a part of it, nor a short one by a longer path that holds it."""
    for path in (LONG, SHORT):
        first = [found(log(seed, path, 0.25, n=2_500, after=0.5), draws=399)[0] for seed in trials(20)]
        record_property("whole", f"{sum(tuple(one.path) == path for one in first)} of {len(first)}")
        assert all(one.rank == 1 for one in first)
        assert sum(tuple(one.path) == path for one in first) >= 0.9 * len(first)


def test_paths_that_nothing_tells_apart_are_said() -> None:
    """Where every journey of a part goes on alike, the two paths are rivals; where many do not, there is none."""
    same = [{**j, "silos": list(LONG) if SHORT in oracle.taken(j) else j["silos"]} for j in log(3, LONG, 0.4)]
    (one,) = (one for one in found(same, draws=399) if one.rank == 1)
    assert [*one.rivals, one.path].count(list(SHORT)) == 1 and list(LONG) in [*one.rivals, one.path]
    (one,) = (one for one in found(log(3, SHORT, 0.4, after=0.5), draws=399) if one.rank == 1)
    assert (tuple(one.path), one.rivals) == (SHORT, [])

"""Value lost on cross-silo paths: the sizes, and that chance is not told as a loss."""

from __future__ import annotations

import random
import statistics
from typing import Any

import pyarrow as pa
import pytest

from miner.chance import level
from miner.costs.value_lost import PathLoss, value_lost
from miner.events.engine import Engine
from miner.sql import fill
from tests.oracles import value_lost as oracle
from tests.trials import Record, trials

GOOD = ("solved",)
SILOS = ("Service", "Sales", "Logistics", "Finance")
INTENTS = {"delivery": 0.9, "refund": 0.6, "invoice": 0.75, None: 0.8}  # how often each ends well
PLANTED = ("Service", "Sales", "Logistics")
DECOY = ("Finance", "Service")


def journeys(seed: int, n: int = 700, planted: bool = False) -> list[dict[str, Any]]:
    """A log: silos at random, the decoy's taken mostly by refunds; a planted path ends well half as often."""
    rng, made = random.Random(seed), []
    for number in range(n):
        intent = rng.choice(list(INTENTS))
        silos: list[str | None] = [rng.choice((*SILOS, None)) for _ in range(rng.randint(1, 5))]
        if rng.random() < (0.8 if intent == "refund" else 0.02):
            silos = list(DECOY)
        if rng.random() < 0.12 and intent in ("delivery", "invoice"):
            silos = list(PLANTED)
        journey = {"id": f"j{number}", "intent": intent, "silos": silos, "value": round(rng.lognormvariate(4, 1), 2)}
        share = INTENTS[intent] * (0.5 if planted and PLANTED in oracle.taken(journey) else 1.0)
        outcome = None if rng.random() < 0.1 else rng.choices(("Solved", "lost"), (share, 1 - share))[0]
        made.append({**journey, "outcome": outcome.lower() if outcome else None})
    return made


def found(log: list[dict[str, Any]], **options: Any) -> list[PathLoss]:
    """What the product says of a log."""
    with Engine() as engine:
        engine.create("journeys", {"journey_id": "VARCHAR", "intent": "VARCHAR", "value": "DOUBLE"})
        ended = {j["id"]: j["outcome"] in GOOD for j in log if j["outcome"] is not None}
        fill(engine, "journey_outcomes", [(name, str(good), good) for name, good in ended.items()])
        engine.create("silo_visits", {"journey_id": "VARCHAR", "position": "BIGINT", "silo": "VARCHAR"})
        columns = {"journey_id": "id", "intent": "intent", "value": "value"}
        rows = {name: [j[key] for j in log] for name, key in columns.items()}
        engine.insert_arrow("journeys", pa.table({**rows, "value": pa.array(rows["value"], pa.float64())}))
        runs = [(j["id"], at, silo) for j in log for at, silo in enumerate(oracle.collapsed(j["silos"]))]
        ids, places, silos = (list(column) for column in zip(*runs, strict=True))
        engine.insert_arrow("silo_visits", pa.table({"journey_id": ids, "position": places, "silo": silos}))
        return value_lost(engine, **options)


@pytest.mark.parametrize("planted", [False, True])
def test_sizes_equal_the_formula(planted: bool) -> None:
    """Each path's value lost, and the value left out, are those of the formula over the journeys not set aside."""
    log = journeys(3, planted=planted)
    told = found(log)
    assert len(told) > 10 and (told[0].rank == 1) == planted
    for one in told:
        aside = {tuple(path) for path in one.set_aside}
        rest = [j for j in log if not aside & oracle.taken(j)]
        value, left_out = oracle.lost(rest, tuple(one.path), set(GOOD))
        assert one.value == pytest.approx(value) and one.value_left_out == pytest.approx(left_out, abs=1e-6)
        on = [j for j in rest if j["outcome"] is not None and tuple(one.path) in oracle.taken(j)]
        assert (one.journeys, one.good) == (len(on), sum(j["outcome"] in GOOD for j in on))
        assert one.journeys >= 30 and one.low < one.value < one.high


def test_every_judgeable_path_is_there() -> None:
    """Exactly the runs of 2 to 4 silos that at least 30 journeys of known outcome took are judged."""
    log = journeys(4)
    counts: dict[tuple[str, ...], int] = {}
    for journey in log:
        for path in oracle.taken(journey) if journey["outcome"] is not None else ():
            counts[path] = counts.get(path, 0) + 1
    assert sorted(tuple(one.path) for one in found(log)) == sorted(p for p, n in counts.items() if n >= 30)


@pytest.mark.statistical
def test_a_planted_loss_is_found_in_its_size(record_property: Record) -> None:
    """Of twenty logs with a planted path it, or once a part of it, is the first; its size is in most intervals."""
    inside = exact = 0
    seeds = trials(20)
    for seed in seeds:
        log = journeys(seed, n=1_000, planted=True)
        first = found(log, draws=999)[0]
        assert first.rank == 1 and first.p is not None and first.p <= level("value_loss")
        assert set(first.path) <= set(PLANTED)
        exact += tuple(first.path) == PLANTED
        on = [j for j in log if j["outcome"] is not None and PLANTED in oracle.taken(j)]
        expected = sum(j["value"] * INTENTS[j["intent"]] * 0.5 for j in on)
        inside += first.low < expected < first.high  # type: ignore[operator]
    record_property("whole", f"{exact} of {len(seeds)}")
    record_property("inside", f"{inside} of {len(seeds)}")
    assert exact >= 0.95 * len(seeds) and inside >= 0.8 * len(seeds)


@pytest.mark.statistical
def test_no_loss_is_found_where_none_is(record_property: Record) -> None:
    """Of 181 logs without any loss at most three are said to have one, although a decoy takes the worse intents."""
    logs = [journeys(1_000 + seed, n=400) for seed in trials(181)]
    lossy = sum(any(one.rank for one in found(log, draws=999)) for log in logs)
    record_property("with a loss", f"{lossy} of {len(logs)}")
    assert lossy <= 3 / 181 * len(logs)


def test_a_decoy_looks_bad_without_its_intents() -> None:
    """The path that refunds take ends worse than the rest, and is not told as a loss."""
    log = journeys(7, n=1_500)
    known = [j for j in log if j["outcome"] is not None]
    sides = {
        flag: [j["outcome"] in GOOD for j in known if (DECOY in oracle.taken(j)) == flag] for flag in (True, False)
    }
    assert statistics.mean(sides[False]) - statistics.mean(sides[True]) > 0.1
    assert not any(one.rank for one in found(log))


def test_journeys_of_a_found_path_are_set_aside() -> None:
    """Two planted paths that overlap are both found, and no journey's value counts for both."""
    log = journeys(11, n=1_500, planted=True)
    for number, journey in enumerate(log):
        if number % 6 == 0:
            journey["silos"] = ["Logistics", "Finance", "Sales"]
            journey["outcome"] = "lost" if number % 18 else "solved"
    told = [one for one in found(log) if one.rank]
    assert [one.rank for one in told] == list(range(1, len(told) + 1)) and len(told) >= 2
    assert {tuple(one.path) for one in told[:2]} == {PLANTED, ("Logistics", "Finance", "Sales")}
    assert told[1].set_aside == [told[0].path]


def test_chance_is_that_of_shuffled_outcomes() -> None:
    """The p-value of the largest score agrees with dealing the outcomes out anew by hand."""
    from miner.chance import strata
    from miner.costs import value_lost as module

    log = journeys(5, n=300)
    best, rng = _largest(log, module, strata), random.Random(1)
    by_hand = [_largest(oracle.shuffled(log, rng), module, strata) >= best for _ in range(300)]
    drawn = _p(log, module)
    assert abs(statistics.mean(by_hand) - drawn) < 0.1


def _largest(log: list[dict[str, Any]], module: Any, strata: Any) -> float:
    _, groups, _ = _counted(log, module)
    return float(strata(groups).scores.max())


def _p(log: list[dict[str, Any]], module: Any) -> float:
    import numpy as np

    from miner.chance import dealt, strata

    _, groups, _ = _counted(log, module)
    seen = strata(groups)
    drawn = dealt(groups, seen, 2_000, np.random.default_rng(2)).max(axis=1)
    return float(np.mean(drawn >= seen.scores.max()))


def _counted(log: list[dict[str, Any]], module: Any) -> Any:
    kept: list[Any] = []
    whole = module._counted

    def keep(engine: Engine) -> Any:
        kept.append(whole(engine))
        return kept[0]

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(module, "_counted", keep)
        found(log)
    return kept[0]


def test_without_outcomes_nothing_is_said() -> None:
    """A log whose outcomes are unknown has no path to judge."""
    assert found([{**j, "outcome": None} for j in journeys(1)]) == []


def test_without_values_outcomes_are_counted() -> None:
    """A log without values gives lost outcomes and no value."""
    told = found([{**j, "value": None} for j in journeys(3, planted=True)])
    assert told[0].rank == 1 and told[0].value is told[0].low is None
    assert told[0].lost_outcomes == pytest.approx(told[0].expected_good - told[0].good)

"""Fitness and precision."""

from __future__ import annotations

from collections import Counter

import pytest

from miner.models.net import to_net
from miner.models.replay import fitness, graph_precision, precision, to_pm4py
from miner.models.tree import from_plain

TREES = [
    ["sequence", 0, 1, 2],
    ["sequence", 0, ["choice", 1, None], 2],
    ["sequence", 0, ["parallel", 1, 2]],
    ["loop", ["choice", 0, 1, 2], None],
]
VARIANTS = [((0, 1, 2), 5), ((0, 2, 1), 2), ((0, 2), 3), ((0, 1, 1, 2), 1), ((2,), 1)]


@pytest.mark.parametrize("plain", TREES)
def test_it_is_what_pm4py_says_of_the_whole_log(plain):
    """Over weighted variants the two measures equal pm4py's over every single journey."""
    from pm4py.algo.evaluation.precision.variants import etconformance_token
    from pm4py.algo.evaluation.replay_fitness.variants import token_replay
    from pm4py.objects.log.obj import Event, EventLog, Trace

    net = to_net(from_plain(plain))
    log = EventLog([Trace([Event({"concept:name": str(a)}) for a in steps]) for steps, n in VARIANTS for _ in range(n)])
    quiet = {"show_progress_bar": False}
    assert fitness(net, VARIANTS, 60)["fitness"] == pytest.approx(
        token_replay.apply(log, *to_pm4py(net), parameters=quiet)["log_fitness"], abs=1e-4
    )
    assert precision(net, VARIANTS, 60)["precision"] == pytest.approx(
        etconformance_token.apply(log, *to_pm4py(net), parameters=quiet), abs=1e-4
    )


def test_a_model_of_one_path():
    """A model that allows exactly what was seen has fitness and precision 1."""
    net = to_net(from_plain(["sequence", 0, 1, 2]))
    assert fitness(net, [((0, 1, 2), 4)], 60) == {"fitness": 1.0, "fitting": 1.0, "fitness_journeys": 4}
    assert precision(net, [((0, 1, 2), 4)], 60)["precision"] == 1.0


def test_without_time_nothing_is_claimed():
    """When the time is over before the first journey was replayed, fitness is null and says for how many."""
    found = fitness(to_net(from_plain(0)), [((0,), 1)], -1)
    assert found == {"fitness": None, "fitting": None, "fitness_journeys": 0}


def test_the_precision_of_a_graph():
    """A directly-follows graph allows all followers of the last activity: 1 of 2 allowed steps seen is 0.5 there."""
    variants = list(Counter({(0, 1, 0): 1}).items())
    assert graph_precision([(0, 1), (1, 0)], [0], variants) == 1.0
    assert graph_precision([(0, 1), (1, 0), (1, 2)], [0], variants) == pytest.approx(0.75)

"""The inductive miner on a directly-follows graph."""

from __future__ import annotations

from collections import Counter
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from miner.models.flow import Flow
from miner.models.inductive import inductive_miner
from miner.models.net import to_net
from miner.models.noise import without_noise
from miner.models.replay import fitness, precision
from miner.models.tree import from_plain, simple
from tests.models.made import steps

LOGS = st.lists(st.lists(st.integers(0, 6), min_size=1, max_size=7), min_size=1, max_size=8)


def mined(journeys):
    """The tree of journeys of numbers."""
    edges = Counter(pair for journey in journeys for pair in pairwise(journey))
    return inductive_miner(dict(edges), {j[0] for j in journeys}, {j[-1] for j in journeys})


def written(*drawings: str) -> str:
    """The tree of a drawing in words, with activities as letters."""

    def say(tree) -> str:
        if tree.kind in ("activity", "skip"):
            return "-" if tree.activity is None else chr(97 + tree.activity)
        return f"{tree.kind}({' '.join(say(child) for child in tree.children)})"

    return say(mined([[ord(word) - 97 for word in journey] for journey in steps(*drawings)]))


@pytest.mark.parametrize(
    ("drawings", "tree"),
    [
        (["a"], "a"),
        (["a a"], "loop(a -)"),
        (["a b c"], "sequence(a b c)"),
        (["a b d", "a c d"], "sequence(a choice(b c) d)"),
        (["a b c d", "a c b d"], "sequence(a parallel(b c) d)"),
        (["a b c", "a c"], "sequence(a choice(b -) c)"),
        (["a b c", "a b x b c"], "sequence(a loop(b x) c)"),
        (["a b a b"], "loop(sequence(a b) -)"),
        (["a", "b"], "choice(a b)"),
    ],
)
def test_simple_shapes_are_found(drawings, tree):
    """Sequence, choice, parallel, skipped and repeated steps are found as such."""
    assert written(*drawings) == tree


def test_an_activity_that_only_follows_the_other_branch_is_kept():
    """Where a parallel branch has a step that touches only the other branch, the step goes there and is not lost."""
    journeys = ["3x o t w c", "2x o w t c", "2x o t w r w c"]
    assert written(*journeys) == "sequence(o parallel(loop(w r) t) c)"


@given(LOGS)
@settings(max_examples=60)
def test_every_activity_occurs_once(journeys):
    """Whatever the log, each of its activities is in the tree exactly once."""
    assert sorted(mined(journeys).activities()) == sorted({a for journey in journeys for a in journey})


@given(LOGS)
@settings(max_examples=25)
def test_the_net_can_be_replayed(journeys):
    """Whatever the log, the model has a net that replays, and both measures are shares."""
    variants = list(Counter(tuple(journey) for journey in journeys).items())
    net = to_net(mined(journeys))
    found = {**fitness(net, variants, 30), **precision(net, variants, 30)}
    assert found["fitness_journeys"] == len(journeys)
    assert 0 <= found["fitness"] <= 1
    assert 0 <= found["precision"] <= 1


@given(LOGS, st.sampled_from([0.0, 0.2, 0.9]))
@settings(max_examples=60)
def test_noise_never_cuts_an_activity_off(journeys, threshold):
    """Without rare paths, every activity is still reached from a start and reaches an end."""
    kept, starts, ends = without_noise(flow(journeys), threshold)
    for pairs, roots in (([(a, b) for a, b, _ in kept], starts), ([(b, a) for a, b, _ in kept], ends)):
        reached = set(roots)
        while more := {b for a, b in pairs if a in reached} - reached:
            reached |= more
        assert reached == {a for journey in journeys for a in journey}


def test_rare_paths_are_left_out():
    """A path far rarer than its neighbour out of the same activity is left out."""
    journeys = [[0, 1, 2]] * 9 + [[0, 2, 1, 2]]
    assert [0, 2, 1] not in without_noise(flow(journeys), 0.2)[0]
    assert [0, 2, 1] in without_noise(flow(journeys), 0.0)[0]


def flow(journeys) -> Flow:
    """The counts of journeys of numbers."""
    edges = dict(Counter(pair for journey in journeys for pair in pairwise(journey)))
    starts, ends = Counter(j[0] for j in journeys), Counter(j[-1] for j in journeys)
    return Flow([], [], [], dict(starts), dict(ends), edges, len(journeys), 0)


def test_trees_are_simplified():
    """Nested nodes of one kind are joined and steps that do nothing are dropped."""
    nested = ["sequence", ["sequence", 0, None], ["choice", ["choice", 1, None], None], ["parallel", 2]]
    assert simple(from_plain(nested)).plain() == ["sequence", 0, ["choice", 1, None], 2]

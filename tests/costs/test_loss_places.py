"""Where a found path loses: a channel or an intent is named where the loss lies on it alone, and none otherwise."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from miner.costs.loss_places import place
from miner.findings.value_loss import find
from tests.costs.test_losses import saved
from tests.costs.test_value_lost import PLANTED, journeys
from tests.oracles import value_lost as oracle
from tests.trials import Record, trials

CHANNELS, INTENTS = ("chat", "email", "voice"), {"delivery": 0.85, "refund": 0.6, "invoice": 0.75}
Cell = tuple[str, str, bool, int, int]


def cells(seed: int, where: tuple[str, ...], points: float = 0.3, n: int = 40) -> list[Cell]:
    """Counts of journeys on a path and off it, by intent and channel; `where` is lost on the path."""
    rng, made = random.Random(seed), []
    for intent, share in INTENTS.items():
        for channel in CHANNELS:
            for on_path in (False, True):
                many = n if on_path else 4 * n
                bad = points if on_path and {intent, channel} & set(where) else 0.0
                good = sum(rng.random() < share - bad for _ in range(many))
                made.append((intent, channel, on_path, many, good))
    return made


@pytest.mark.parametrize(("by", "value"), [("channel", "chat"), ("intent", "refund")])
def test_the_place_of_a_loss_is_named(by: str, value: str) -> None:
    """Of twenty logs that lose on one channel, or intent, alone it is named in nearly all, and never another."""
    told = [place(cells(seed, (value,))) for seed in range(20)]
    assert all(one is None or (one.by, one.value) == (by, value) for one in told)
    assert sum(one is not None for one in told) >= 17


@pytest.mark.statistical
def test_no_place_is_named_where_the_loss_is_everywhere(record_property: Record) -> None:
    """Of 200 logs that lose on every channel and intent alike at most four name one."""
    places = [place(cells(seed, CHANNELS)) for seed in trials(200)]
    record_property("with a place", f"{sum(one is not None for one in places)} of {len(places)}")
    assert sum(one is not None for one in places) <= 0.02 * len(places)


def test_two_of_three_are_no_single_place() -> None:
    """A loss on two channels lies on neither alone."""
    assert sum(place(cells(seed, ("chat", "email"), 0.3)) is not None for seed in range(50)) <= 1


def test_counts_of_a_place_are_those_of_its_cells() -> None:
    """Journeys and good ones are counted there, and expected as others in the same cells ended."""
    made = cells(4, ("voice",), 0.4)
    one = place(made)
    assert one is not None and one.value == "voice"
    mine = [cell for cell in made if cell[1] == "voice"]
    off = {cell[0]: cell[4] / cell[3] for cell in mine if not cell[2]}
    on = [cell for cell in mine if cell[2]]
    assert (one.journeys, one.good) == (sum(c[3] for c in on), sum(c[4] for c in on))
    assert one.expected == pytest.approx(sum(c[3] * off[c[0]] for c in on))
    assert one.elsewhere == sum(cell[3] for cell in made if cell[2]) - one.journeys


def test_a_path_on_one_channel_only_has_no_place() -> None:
    """A channel is not named where the path is taken on no other, nor one that is unknown."""
    assert place([cell for cell in cells(1, ("chat",)) if cell[1] == "chat"]) is None
    unknown = [(a, "" if b == "chat" else b, c, d, e) for a, b, c, d, e in cells(1, ("chat",))]
    assert place(unknown) is None


def test_the_sentence_names_the_channel(tmp_path: Path) -> None:
    """A finding of a log that loses by phone only says so, with the shares there and elsewhere."""
    rng, log = random.Random(2), journeys(2, n=3_000)
    for journey in log:
        journey["channel"] = rng.choice(("chat", "voice"))
        if PLANTED in oracle.taken(journey):
            share = 0.35 if journey["channel"] == "voice" else 0.85
            journey["outcome"] = "solved" if rng.random() < share else "lost"
        elif journey["outcome"]:
            journey["outcome"] = "solved" if rng.random() < 0.85 else "lost"
    rows = saved(tmp_path / "w", log).arrow("value_lost").to_pylist()
    (finding,) = find(rows, len(log), ["solved"])
    assert "The loss is on the channel voice: " in finding.title and "elsewhere no loss is shown" in finding.title

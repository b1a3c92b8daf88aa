"""The line that a run ends with: its words agree with its numbers."""

from __future__ import annotations

import pytest

from miner.cli.run import _sentence
from miner.summary import Summary
from miner.wording import plural

COUNTS: Summary = {"events": 1, "journeys": 1, "journeys_with_handoff": 1, "handoffs": 1, "journeys_with_return": 1}


def test_one_is_told_in_the_singular() -> None:
    """One event, one journey, one time."""
    said = "1 event in 1 journey; 1 (100 %) was handed over, 1 time; 1 came back to an owner that had it before."
    assert _sentence(COUNTS) == said


def test_many_are_told_in_the_plural() -> None:
    """All nouns and verbs are plural, with thousands separated."""
    many = Summary(events=4_000, journeys=1_000, journeys_with_handoff=500, handoffs=1_200, journeys_with_return=20)
    assert _sentence(many) == (
        "4,000 events in 1,000 journeys; 500 (50 %) were handed over, 1,200 times; "
        "20 came back to an owner that had them before."
    )


def test_without_owners_handoffs_are_not_known() -> None:
    """A log that names neither teams nor agents says how to name them."""
    unknown = Summary(events=2, journeys=1, journeys_with_handoff=None, handoffs=None, journeys_with_return=None)
    assert _sentence(unknown).startswith("2 events in 1 journey; no team or agent is named")


@pytest.mark.parametrize(("count", "words"), [(0, "0 steps"), (1, "1 step"), (2, "2 steps"), (1_500, "1,500 steps")])
def test_a_noun_agrees_with_its_count(count: int, words: str) -> None:
    """Only one is singular."""
    assert plural(count, "step") == words

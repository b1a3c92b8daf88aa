"""Logs in which nothing differs: what compares stays silent on them, and speaks where something is planted."""

from __future__ import annotations

import random
from typing import Any

from miner.findings.contacts import _more_often

SHARES = (0.2, 0.35)


def contained(seed: int, planted: float = 0.0) -> list[dict[str, Any]]:
    """Eight intents with bots' contacts, whose customers are back equally often; the first `planted` more often."""
    rng = random.Random(seed)
    share, rows = rng.choice(SHARES), []
    for number in range(8):
        known = rng.randint(30, 300)
        back = sum(rng.random() < share + (planted if not number else 0.0) for _ in range(known))
        rows.append({"intent": f"i{number}", "known": known, "back": back})
    return rows


def test_no_intent_is_solved_by_name_only_where_all_are_alike() -> None:
    """Of 200 logs whose intents bring customers back equally often at most two name an intent."""
    assert sum(any(_more_often(contained(seed))) for seed in range(200)) <= 2


def test_an_intent_that_brings_customers_back_is_found() -> None:
    """A planted share of forty points more is found every time, and no other intent with it."""
    for seed in range(20):
        first, *rest = _more_often(contained(seed, planted=0.4))
        assert first and not any(rest)


def test_one_intent_alone_is_compared_with_nothing() -> None:
    """A log with one intent has nobody to compare it with."""
    assert _more_often([{"intent": "a", "known": 100, "back": 60}]) == [False]

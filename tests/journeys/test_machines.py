"""Who is software: by what is declared, by cadence and words together; nobody is forced."""

from __future__ import annotations

import random

import pytest

from miner.journeys.machines import SECOND, Contact, is_software, kind_of, steadiness

HOUR = 3600 * SECOND


def made(starts: list[int], words: list[str | None] | None = None, fine: bool = True) -> list[Contact]:
    """Contacts of one customer at these moments, with these marks of first words."""
    words = words or [None] * len(starts)
    return [Contact("K", "s", "voice", str(i), at, None, None, word, fine)
            for i, (at, word) in enumerate(zip(starts, words, strict=True))]  # fmt: skip


def every(hours: float, count: int, jitter_s: float = 0, seed: int = 1) -> list[int]:
    """Starts every so many hours, give or take."""
    dice = random.Random(seed)
    return [round(i * hours * HOUR + dice.uniform(-jitter_s, jitter_s) * SECOND) for i in range(count)]


@pytest.mark.parametrize(
    ("agent", "software"),
    [
        ("HausAssist/2.4 (voice agent)", True),
        ("python-requests/2.32", True),
        ("Mozilla/5.0 (X11; Linux) Chrome/120 Safari/537.36", False),
        ("Mozilla/5.0 (compatible; Googlebot/2.1)", True),
        ("Mozilla/5.0 HeadlessChrome/120", True),
        ("MyShop iOS 3.2", False),
    ],
)
def test_user_agents(agent: str, software: bool) -> None:
    """A browser is a person's unless it says otherwise."""
    assert is_software(agent) is software


def test_cadence_and_words_together_make_a_machine() -> None:
    """Always the same words at a steady beat are a machine; either alone is not enough."""
    steady, loose = every(4, 12, 1), every(4, 12, 3000)
    assert kind_of(made(steady, ["a"] * 12)) == "machine"
    assert kind_of(made(loose, ["a"] * 12)) is None
    assert kind_of(made(steady, list("abcdefghijkl"))) is None
    assert kind_of(made(loose, list("abcdefghijkl"))) == "human"
    assert kind_of(made(steady[:5], ["a"] * 5)) is None


def test_a_very_steady_beat_is_enough_where_no_words_are_known() -> None:
    """Twelve contacts to the second need no words; eight do."""
    assert kind_of(made(every(6, 14))) == "machine"
    assert kind_of(made(every(6, 8))) is None


def test_coarse_clocks_tell_no_cadence() -> None:
    """Times in whole hours or days are steady for everybody."""
    assert kind_of(made(every(24, 20), ["a"] * 20, fine=False)) is None


def test_steadiness_counts_gaps_of_one_length() -> None:
    """Three calls a day, four hours apart, leave the night out: two gaps in three are one length."""
    starts = [day * 24 * HOUR + turn * 4 * HOUR for day in range(6) for turn in range(3)]
    assert steadiness(starts) == pytest.approx(12 / 17)
    assert steadiness([0, 0, 0]) == 0

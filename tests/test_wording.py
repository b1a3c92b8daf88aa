"""Lengths of time in words."""

from __future__ import annotations

from datetime import timedelta

import pytest

from miner.wording import spoken


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (0, "0 s"),
        (0.25, "under 1 s"),
        (59, "59 s"),
        (60, "1 min"),
        (90, "1 min 30 s"),
        (3600, "1 h"),
        (3599.9, "1 h"),
        (7320, "2 h 2 min"),
        (86400, "1 d"),
        (273600, "3 d 4 h"),
        (-90, "-1 min 30 s"),
        (86399.9, "1 d"),
        (59.9999, "1 min"),
    ],
)
def test_durations_are_spoken(seconds: float, words: str) -> None:
    """Two units at most, the smaller left out where it is nothing."""
    assert spoken(seconds) == spoken(timedelta(seconds=seconds)) == words

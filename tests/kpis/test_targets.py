"""Targets: read with all that is wrong at once, compared with the right group."""

from __future__ import annotations

from pathlib import Path

import pytest

from miner.errors import InputError
from miner.kpis.targets import compare, read_targets

GOOD = """
targets:
  asa:
    - at_most: 60
    - {channel: voice, region: DE, at_most: 30}
  fcr_7d: {channel: chat, at_least: 0.7}
"""
BAD = """
targets:
  asq: [{at_most: 60}]
  asa:
    - {channel: voice}
    - {team: Billing, intent: refund, at_most: soon}
goals: []
"""


def test_targets_meet_the_group_they_are_for(tmp_path: Path) -> None:
    """A target is compared with the measure of exactly its group; others have none."""
    path = tmp_path / "targets.yaml"
    path.write_text(GOOD)
    rows = [
        {"measure": "asa", "by": "all", "key": "", "value": 61.0},
        {"measure": "asa", "by": "channel", "key": "voice", "value": 20.0},
        {"measure": "asa", "by": "region, channel", "key": "DE · voice", "value": 30.0},
        {"measure": "fcr_7d", "by": "channel", "key": "chat", "value": 0.69},
    ]
    told = [(row["target"], row["met"]) for row in compare(rows, read_targets(path))]
    assert told == [("at most 60", False), (None, None), ("at most 30", True), ("at least 0.7", False)]


def test_everything_wrong_is_said_at_once(tmp_path: Path) -> None:
    """An unknown measure, a missing and a bad limit, a group that is not measured and an unknown key, with lines."""
    path = tmp_path / "targets.yaml"
    path.write_text(BAD)
    with pytest.raises(InputError) as error:
        read_targets(path)
    text = " ".join(problem.what for problem in error.value.problems)
    assert all(problem.line for problem in error.value.problems)
    for word in ("'asq'", "neither at_least nor at_most", "at_most is not a number", "by intent and team", "'goals'"):
        assert word in text, word

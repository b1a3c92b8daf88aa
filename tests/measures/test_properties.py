"""What holds for every log, and the measures against the oracles on logs that shrink."""

from __future__ import annotations

import random
from typing import Any

from hypothesis import given, settings

from tests.measures.adapter import Tables, agreed, compared, mined
from tests.strategies import logs, random_log, unique_times

NEW_NAMES = {"L1": "zz", "L2": "L1", "L3": "it's", "Ünits & Co": "L2"}


@settings(max_examples=40)
@given(logs())
def test_measures_equal_the_oracles(log: list[dict[str, Any]]) -> None:
    """Every table of any small log is the one that brute force gives."""
    agreed(log)


@settings(max_examples=15)
@given(logs(journeys=1, events=14, actor_type="agent", event_type=None))
def test_measures_equal_the_oracles_on_long_journeys(log: list[dict[str, Any]]) -> None:
    """Loops, runs and overlapping spans of one long journey are those that brute force gives."""
    agreed(log)


def test_shuffling_the_rows_changes_nothing() -> None:
    """Where starts are unique, the order of the rows in the file does not matter."""
    log = unique_times(random_log(11, 150))
    shuffled = random.Random(3).sample(log, len(log))
    assert _without_lines(mined(_renumbered(shuffled))) == _without_lines(mined(log))


def test_splitting_a_file_in_two_changes_nothing() -> None:
    """Two files, each with its own lines, are read as the one file they were."""
    log = random_log(12, 150)
    halves = [_renumbered(half, no) for no, half in enumerate((log[: len(log) // 2], log[len(log) // 2 :]))]
    assert _without_lines(mined(halves[0] + halves[1])) == _without_lines(mined(log))


def test_renaming_teams_changes_nothing_else() -> None:
    """Other names for the teams give the same tables under the other names."""
    log = random_log(13, 150)
    renamed = [{**event, "team": NEW_NAMES.get(event["team"], event["team"])} for event in log]
    assert mined(renamed) == {name: _renamed(rows) for name, rows in mined(log).items()}


def test_an_interleaved_log_is_the_same_log() -> None:
    """Whether rows come by journey or by time does not matter."""
    log = unique_times(random_log(14, 150))
    by_time = sorted(log, key=lambda event: event["started_us"])
    assert _without_lines(mined(_renumbered(by_time))) == _without_lines(mined(log))


def _renumbered(log: list[dict[str, Any]], source_no: int = 0) -> list[dict[str, Any]]:
    return [{**event, "line": line, "source_no": source_no} for line, event in enumerate(log, start=1)]


def _without_lines(tables: Tables) -> Tables:
    return {**tables, "events": [{k: v for k, v in row.items() if k != "line"} for row in tables["events"]]}


def _renamed(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    owners = ("owner", "team", "from_owner", "to_owner", "owner_a", "owner_b")
    return [{k: NEW_NAMES.get(v, v) if k in owners else v for k, v in row.items()} for row in rows]


def test_every_table_is_compared() -> None:
    """The properties look at all tables of the measures."""
    assert set(mined(random_log(15, 2))) == set(compared())

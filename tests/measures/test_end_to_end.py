"""From a file to saved tables: what a run makes of generated logs, and what must not change it."""

from __future__ import annotations

import random
from pathlib import Path
from typing import Any

import pytest

import miner
from tests.measures.adapter import Tables, column, expected, same, saved
from tests.oracles.time_split import PARTS
from tests.strategies import random_log, unique_times, write_csv

# A plain log has no word for these; a missing system is the reader's own.
PLAIN = {"hold_us": None, "event_type": None, "source_system": "crm"}
NEW_NAMES = {"L1": "Team_C", "L2": 'it\'s "B"', "L3": "A; -- x", "Ünits & Co": "L2"}

Log = list[dict[str, Any]]


@pytest.fixture(scope="module")
def log() -> Log:
    """A log in which every start is unique, so that the order of rows must not matter."""
    return [{**event, "sequence": None} for event in unique_times(random_log(21, 120, **PLAIN))]


@pytest.fixture(scope="module")
def tables(log: Log, tmp_path_factory: pytest.TempPathFactory) -> Tables:
    """The saved tables of a run on that log."""
    return run(tmp_path_factory.mktemp("whole"), log)


def run(folder: Path, *logs: Log, drop: tuple[str, ...] = ()) -> Tables:
    """Write each log as a file, run them all, give the saved tables."""
    columns: dict[str, str] = {}
    for number, part in enumerate(logs):
        columns = write_csv(part, folder / f"log{number}.csv", drop)
    files = [str(folder / f"log{number}.csv") for number in range(len(logs))]
    target = str(folder / "workspace")
    return saved(
        miner.run(*files, workspace=target, columns=columns, until="measure", graph="none", identifiers="keep").path
    )


def without_lines(tables: Tables) -> Tables:
    """The tables without the line that an event was on."""
    return {**tables, "events": [{k: v for k, v in row.items() if k != "line"} for row in tables["events"]]}


@pytest.mark.parametrize("drop", [(), ("end",), ("team",), ("silo", "channel")])
def test_a_run_equals_the_oracles(drop: tuple[str, ...], tmp_path: Path) -> None:
    """With and without ends, teams, silos the saved tables are those of brute force, ties and all."""
    log = [{**event, "sequence": None} for event in random_log(22, 80, **PLAIN)]
    found = without_lines(run(tmp_path, log, drop=drop))
    for event in log:
        event.update({name: None for name in ("team", "silo", "channel") if name in drop})
        event["ended_us"] = event["started_us"] if "end" in drop else event["ended_us"]
    answer = without_lines(expected(log))
    assert set(answer) - set(found) == {"spans"}
    for name, rows in found.items():
        same(rows, answer[name], name)


def test_parts_add_up_to_the_elapsed_time(tables: Tables) -> None:
    """In the saved tables the parts of each journey add up to its elapsed time, to the microsecond."""
    sums: dict[str, int] = {}
    for row in tables["transitions"]:
        sums[row["journey_id"]] = sums.get(row["journey_id"], 0) + sum(row[part] for part in PARTS)
    assert sums == {row["journey_id"]: row["ended_us"] - row["started_us"] for row in tables["journeys"]}


def test_shuffling_the_rows_of_the_file_changes_nothing(log: Log, tables: Tables, tmp_path: Path) -> None:
    """Where starts are unique, any order of the rows gives the same tables."""
    shuffled = random.Random(5).sample(log, len(log))
    assert without_lines(run(tmp_path, shuffled)) == without_lines(tables)


def test_splitting_the_file_changes_nothing(log: Log, tables: Tables, tmp_path: Path) -> None:
    """Two files read together give what the one file gives, also where journeys are spread over both."""
    assert without_lines(run(tmp_path, log[0::2], log[1::2])) == without_lines(tables)


def test_splitting_a_file_with_ties_changes_nothing(tmp_path: Path) -> None:
    """Rows that start together keep the order of the files, and of the lines in each."""
    log = [{**event, "sequence": None} for event in random_log(23, 80, **PLAIN)]
    one, two = tmp_path / "one", tmp_path / "two"
    one.mkdir()
    two.mkdir()
    cut = len(log) // 2 + 3
    assert without_lines(run(one, log)) == without_lines(run(two, log[:cut], log[cut:]))


def test_renaming_teams_changes_nothing_else(log: Log, tables: Tables, tmp_path: Path) -> None:
    """Teams under other names, hostile ones too, give the same tables under those names."""
    renamed = run(tmp_path, [{**event, "team": NEW_NAMES.get(event["team"], event["team"])} for event in log])
    owners = ("owner", "team", "from_owner", "to_owner", "owner_a", "owner_b")
    for name, rows in tables.items():
        made = [{k: NEW_NAMES.get(v, v) if k in owners else v for k, v in row.items()} for row in rows]
        same(renamed[name], made, name)


def test_reading_twice_gives_the_same(log: Log, tables: Tables, tmp_path: Path) -> None:
    """A second run over the same file gives the same tables, lines too."""
    assert run(tmp_path, log) == tables
    assert len(column(tables["events"], "line")) == len(log)

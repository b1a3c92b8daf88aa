"""`miner inspect`: the guess, why, and the command or mapping that fixes it."""

from __future__ import annotations

import json
import re
import shlex
from pathlib import Path

import pytest

from tests.cli.running import ROOT, miner
from tests.pipeline.made import SILOS, csv_log, names, tables

AMBIGUOUS = (
    "Ticket;Status;Changed;Group;Note\n1;Open;03/04/2026 10:00;L1;keine\n"
    "1;Shut;05/04/2026 10:00;keine;x\n2;Open;soon;L1;x\n" + "2;Shut;06/04/2026 10:00;L1;x\n" * 2
)


def test_it_shows_format_columns_reasons_zone_and_problems(tmp_path: Path) -> None:
    """Each key is shown with its column and why; notes, rejects and unused columns too. Nothing is written."""
    log = tmp_path / "log.csv"
    log.write_text(AMBIGUOUS)
    done = miner("inspect", log, "--dayfirst", "--missing", "keine")
    assert done.returncode == 0 and done.stderr == ""
    text = done.stdout
    assert "text separated by ';'" in text and "5 rows, 4 events, 1 rejected" in text
    assert "day/month/year, no zone given, read as UTC" in text
    assert "Ticket" in text and "named like a case column" in text
    assert "log.csv:4 [Changed] not a time: soon" in text
    assert "not used: Note" in text and "set it with --tz ZONE" in text
    assert names(tmp_path) == ["log.csv"]


def test_the_command_it_shows_reads_what_it_read(tmp_path: Path) -> None:
    """The last line is a command that can be run as it is, with every option that was given."""
    log = tmp_path / "the log.csv"
    log.write_text(AMBIGUOUS)
    shown = miner(
        "inspect", log, "--dayfirst", "--missing", "keine", "--tz", "Europe/Berlin", "--window", "3"
    ).stdout.splitlines()[-1]
    words = shlex.split(shown.removeprefix("Run it: "))
    assert (
        words[:2] == ["miner", "run"] and "--dayfirst" in words and "Europe/Berlin" in words and "team=Group" in words
    )
    done = miner(*words[1:], "-o", tmp_path / "ws", "--until", "measure", "--json")
    assert done.returncode == 0 and json.loads(done.stdout)["events"] == 4


def test_what_cannot_be_read_names_the_option_that_settles_it(tmp_path: Path) -> None:
    """An ambiguous column ends in exit 3 with file, column and option."""
    log = tmp_path / "log.csv"
    log.write_text(AMBIGUOUS)
    done = miner("inspect", log)
    assert done.returncode == 3
    assert "log.csv [Changed]" in done.stderr and "--dayfirst or --monthfirst" in done.stderr


def test_json_is_the_quality_that_a_run_would_write(tmp_path: Path) -> None:
    """--json prints what quality.json will hold."""
    log = csv_log(tmp_path / "log.csv")
    found = json.loads(miner("inspect", log, "--json").stdout)
    assert miner("run", log, "-o", tmp_path / "ws", "--until", "read").returncode == 0
    assert found == json.loads((tmp_path / "ws" / "quality.json").read_text())


@pytest.mark.parametrize("case", ["table", "folder"])
def test_a_written_mapping_gives_the_same_reading(tmp_path: Path, case: str) -> None:
    """`inspect --write-mapping` and `run --mapping` end in the tables of the same options given by hand."""
    options: list[str] = []
    folder = tmp_path / "exports"
    folder.mkdir()
    if case == "table":
        (folder / "log.csv").write_text(AMBIGUOUS)
        options = [
            "--dayfirst",
            "--missing",
            "keine",
            "--tz",
            "Europe/Berlin",
            "--window",
            "0",
            "--good",
            "Shut",
            "--journeys",
            "linked",
        ]
    else:
        csv_log(folder / "one.csv")
        csv_log(folder / "two.csv", seed=9)
        (folder / "teams.csv").write_text("team,silo\n" + "".join(f"{t},{s}\n" for t, s in SILOS.items()))
        (folder / "mapping.yaml").write_text("silos: teams.csv\ntz: Asia/Tokyo\nignore: [two.csv]\n")
    saved = tmp_path / "saved.yaml"
    assert miner("inspect", folder, *options, "--write-mapping", saved).returncode == 0
    assert miner("run", folder, *options, "-o", tmp_path / "a", "--until", "measure").returncode == 0
    (folder / "mapping.yaml").unlink(missing_ok=True)
    assert miner("run", folder, "--mapping", saved, "-o", tmp_path / "b", "--until", "measure").returncode == 0
    left, right = tables(tmp_path / "a"), tables(tmp_path / "b")
    assert left.keys() == right.keys() and all(left[name].equals(right[name]) for name in left)
    assert len(left["events"]) > 1


def test_reconcile_puts_declared_totals_beside_derived_ones(tmp_path: Path) -> None:
    """--reconcile prints a table of the source's own totals, or that it has none; --json holds the same."""
    conversations = ROOT / "tests" / "readers" / "fixtures" / "genesys" / "conversations.json"
    shown = miner("inspect", conversations, "--reconcile").stdout
    assert re.search(r"genesys +nTransferred +transfers +2 +2 +0 +2 +2", shown)
    assert "nOffered: not compared: queues offer a call again when nobody answers" in shown
    assert "contain no totals" in miner("inspect", csv_log(tmp_path / "log.csv"), "--reconcile").stdout
    found = json.loads(miner("inspect", conversations, "--reconcile", "--json").stdout)
    assert {row["total"] for row in found["reconciled"]} >= {"nTransferred", "nOffered"}

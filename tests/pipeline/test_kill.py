"""A run that is killed is gone on with, and ends in the same workspace."""

from __future__ import annotations

import random
import signal
import subprocess
import sys
import time
from pathlib import Path

from tests.pipeline.made import csv_log, same

ROOT = Path(__file__).resolve().parents[2]

# Runs a log and kills its own process when it hears the words given: the name of a stage, or a table's.
SCRIPT = """
import os, signal, sys
from miner.pipeline import Settings, run
log, place, word = sys.argv[1:]
class Killer:
    def stage(self, name):
        self.hear(name)
    def detail(self, text):
        self.hear(text)
    def count(self, *_):
        pass
    def rows(self, *_):
        pass
    def hear(self, said):
        if said == word:
            os.kill(os.getpid(), signal.SIGKILL)
run([log], place, Settings(), Killer())
"""


def start(log: Path, place: Path, word: str = "") -> subprocess.Popen[bytes]:
    """A process that runs the log and dies at the word."""
    return subprocess.Popen([sys.executable, "-c", SCRIPT, str(log), str(place), word], cwd=ROOT)


def test_killed_at_every_stage_and_gone_on_with_it_ends_the_same(tmp_path: Path) -> None:
    """One workspace, killed at each stage in turn and between two tables, equals one that was never disturbed."""
    log = csv_log(tmp_path / "log.csv")
    for word in ("read", "stitch", "measure", "handoffs", "dfg", "cost", "model", "graph", "query", "report"):
        assert start(log, tmp_path / "killed", word).wait(120) == -signal.SIGKILL, word
    assert start(log, tmp_path / "killed").wait(120) == 0
    assert start(log, tmp_path / "whole").wait(120) == 0
    same(tmp_path / "killed", tmp_path / "whole")


def test_killed_at_random_moments_and_gone_on_with_it_ends_the_same(tmp_path: Path) -> None:
    """Whenever the process dies, what the next one makes is whole, also after a change of the log."""
    dice = random.Random(5)
    log = csv_log(tmp_path / "log.csv", seed=3)
    assert start(log, tmp_path / "killed", "model").wait(120) == -signal.SIGKILL
    csv_log(log, cases=300, seed=4)  # what is there now is of another log
    for _ in range(5):
        process = start(log, tmp_path / "killed")
        time.sleep(dice.uniform(0.3, 3))
        process.kill()
        process.wait(120)
    assert start(log, tmp_path / "killed").wait(120) == 0
    assert start(log, tmp_path / "whole").wait(120) == 0
    same(tmp_path / "killed", tmp_path / "whole")

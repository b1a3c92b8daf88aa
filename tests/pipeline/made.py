"""Small logs and whole workspaces for the tests of runs."""

from __future__ import annotations

import hashlib
import json
import random
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

TEAMS = ("L1", "L2", "Billing", "Logistics")
SILOS = {"L1": "Service", "L2": "Service", "Billing": "Finance", "Logistics": "Logistics"}


def csv_log(path: Path, cases: int = 60, seed: int = 1, bad_rows: int = 2) -> Path:
    """A log with teams, customers, loops, outcomes and a few bad rows."""
    dice = random.Random(seed)
    lines = ["case,activity,time,end,team,customer,outcome"]
    for case in range(cases):
        hour = dice.uniform(0, 500)
        for step in range(dice.randint(2, 7)):
            hour += dice.uniform(0.1, 5)
            day, minute = divmod(round(hour * 60), 1440)
            start, end = (
                f"2026-{1 + day // 28:02}-{1 + day % 28:02}T{(minute + m) // 60 % 24:02}:{(minute + m) % 60:02}:00Z"
                for m in (0, 0)
            )
            activity = dice.choice(["Opened", "Moved", "Answered", "Closed"]) if step else "Opened"
            lines.append(
                f"K{case},{activity},{start},{end},{dice.choice(TEAMS)},C{case % 20},"
                f"{'resolved' if case % 3 else 'lost'}"
            )
    lines += ["K0,Broken,never,,L1,C0,", ",Nobody,2026-01-01T00:00:00Z,,L1,,"][:bad_rows]
    path.write_text("\n".join(lines) + "\n")
    return path


def tables(workspace: Path) -> dict[str, pa.Table]:
    """All tables of a workspace."""
    return {path.stem: pq.read_table(path) for path in sorted((workspace / "tables").glob("*.parquet"))}


def told(workspace: Path) -> dict[str, Any]:
    """summary.json and quality.json without what differs between two runs."""
    summary = json.loads((workspace / "summary.json").read_text())
    return {
        "summary": {k: v for k, v in summary.items() if k != "seconds"},
        "quality": json.loads((workspace / "quality.json").read_text()),
    }


def same(one: Path, other: Path) -> None:
    """Assert that two workspaces hold the same tables, counts, rejects and kinds of files."""
    left, right = tables(one), tables(other)
    assert left.keys() == right.keys()
    for name in left:
        assert left[name].equals(right[name]), name
    assert told(one) == told(other)
    assert (one / "rejects.csv").read_bytes() == (other / "rejects.csv").read_bytes()
    assert names(one) == names(other)


def names(workspace: Path) -> list[str]:
    """All files by their place in the workspace."""
    return sorted(str(path.relative_to(workspace)) for path in workspace.rglob("*") if path.is_file())


def prints(workspace: Path) -> dict[str, str]:
    """The digest of every file."""
    return {name: hashlib.sha256((workspace / name).read_bytes()).hexdigest() for name in names(workspace)}

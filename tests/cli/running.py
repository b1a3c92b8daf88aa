"""Runs the command `miner` in a process of its own."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
COMMAND = [sys.executable, "-c", "from miner.cli.app import main; main()"]


def miner(*arguments: object, cwd: Path | None = None, **environment: str) -> subprocess.CompletedProcess[str]:
    """The finished process, with what it printed; stderr is no terminal."""
    return subprocess.run(
        [*COMMAND, *map(str, arguments)],
        cwd=cwd,
        env=environ(**environment),
        capture_output=True,
        text=True,
        timeout=240,
        check=False,
    )


def environ(**more: str) -> dict[str, str]:
    """The environment without what changes how terminals are written to."""
    kept = {k: v for k, v in os.environ.items() if k not in ("NO_COLOR", "FORCE_COLOR", "COLUMNS", "TERM")}
    return {**kept, "PYTHONPATH": str(ROOT), **more}

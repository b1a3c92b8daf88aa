"""Asking the worker: everything that pm4py does happens in another process, until a deadline."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import TypedDict, cast

from miner.models.quality import ModelQuality


class Request(TypedDict):
    """What the worker is given: edges as [from, to, count], first and last activities, variants, seconds to replay."""

    edges: list[list[int]]
    starts: list[int]
    ends: list[int]
    variants: list[tuple[tuple[int, ...], int]]
    seconds: float


def ask(request: Request, deadline: float) -> ModelQuality:
    """The worker's answers as one dict; those missing that did not come within `deadline` seconds.

    Where the worker fails of itself, `failed` is the reason: a run does not end for want of a model.
    """
    environment = {**os.environ, "PYTHONPATH": _search_path(), "PYTHONWARNINGS": "ignore"}
    worker = subprocess.Popen(
        [sys.executable, "-m", "miner.models.worker"],
        env=environment,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        encoding="utf-8",
    )
    try:
        out, errors = worker.communicate(json.dumps(request), timeout=deadline)
    except subprocess.TimeoutExpired:
        worker.kill()
        out, errors = worker.communicate()
    except BaseException:
        worker.kill()
        worker.wait()
        raise
    answers = cast(ModelQuality, {})
    for line in out.splitlines():
        answers.update(json.loads(line))
    if worker.returncode > 0:
        answers["failed"] = (errors.strip().splitlines() or ["no reason given"])[-1]
    return answers


def _search_path() -> str:
    """Where this very `miner` is, so that the worker runs the same code from any folder."""
    here = str(Path(__file__).resolve().parents[2])
    return os.pathsep.join([here, *filter(None, [os.environ.get("PYTHONPATH")])])

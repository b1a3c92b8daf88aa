"""Packages that come with an extra of this one, and how to get one that is missing."""

from __future__ import annotations

from importlib.util import find_spec

from miner.errors import Problem

# The package that an extra brings, by the extra's name.
PACKAGES = {"identity": "splink", "spark": "pyspark"}


def missing(extra: str, what: str) -> Problem | None:
    """The problem of an extra that is not installed; `what` says what needs it. None where it is there."""
    if find_spec(PACKAGES[extra]):
        return None
    return Problem(
        f"{what} needs the package {PACKAGES[extra]}, which is not installed",
        fix=f"pip install 'interaction-miner[{extra}]'",
    )

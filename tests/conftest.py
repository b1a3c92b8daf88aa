"""Fixtures that several folders of tests share."""

from __future__ import annotations

import getpass
import os
import tempfile
from pathlib import Path

from hypothesis import HealthCheck, settings

from tests.neo4j.serving import empty_database, neo4j_server

__all__ = ["empty_database", "neo4j_server"]

# Runs of the tests keep their keys away from the user's own.
os.environ["MINER_KEYS"] = str(Path(tempfile.gettempdir()) / f"miner-tests-{getpass.getuser()}" / "keys.json")

# Examples are limited in number, never in time: a busy machine fails no test.
settings.register_profile(
    "tests",
    deadline=None,
    suppress_health_check=[
        HealthCheck.too_slow,
        HealthCheck.data_too_large,
        HealthCheck.function_scoped_fixture,
        HealthCheck.filter_too_much,
    ],
)
settings.load_profile("tests")

"""Fixtures that several folders of tests share."""

from __future__ import annotations

import getpass
import os
import tempfile
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

from tests.cpu import slow_modules
from tests.neo4j.serving import empty_database, neo4j_server
from tests.trials import PROVE, write_proved

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

# What a test needs, told by its fixtures or its folder.
NEEDS = {
    "browser": ({"browser"}, "browser"),
    "server": ({"neo4j_server", "postgresql", "mariadb"}, "neo4j"),
}


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark what needs a browser, a server or time, so that the quick tier can leave it out."""
    slow = slow_modules()
    for item in items:
        if item.nodeid.partition("::")[0] in slow:
            item.add_marker("slow")
        for mark, (fixtures, folder) in NEEDS.items():
            if fixtures & set(getattr(item, "fixturenames", ())) or folder in item.path.parts:
                item.add_marker(mark)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """With all seeds the results of the statistical tests are kept."""
    if os.environ.get(PROVE):
        stats = terminalreporter.stats
        ran = [report for outcome in ("passed", "failed") for report in stats.get(outcome, ())]
        write_proved(report for report in ran if report.when == "call" and report.user_properties)

"""Fixtures that several folders of tests share."""

from __future__ import annotations

import getpass
import os
import tempfile
from pathlib import Path

from tests.neo4j.serving import empty_database, neo4j_server

__all__ = ["empty_database", "neo4j_server"]

# Runs of the tests keep their keys away from the user's own.
os.environ["MINER_KEYS"] = str(Path(tempfile.gettempdir()) / f"miner-tests-{getpass.getuser()}" / "keys.json")

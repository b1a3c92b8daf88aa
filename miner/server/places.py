"""Where the server's jars and data are kept: the user's cache folder."""

from __future__ import annotations

import os
import sys
from pathlib import Path


def cache() -> Path:
    """The folder of this program in the user's cache; `MINER_CACHE` names another."""
    if own := os.environ.get("MINER_CACHE"):
        return Path(own)
    if sys.platform == "win32":
        base = Path(os.environ.get("LOCALAPPDATA") or Path.home() / "AppData" / "Local")
    elif sys.platform == "darwin":
        base = Path.home() / "Library" / "Caches"
    else:
        base = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
    return base / "interaction-miner"


def jars_of(version: str) -> Path:
    """The folder of a version's jars."""
    return cache() / "neo4j" / "jars" / version


def home_of(name: str = "default") -> Path:
    """The folder of a server with its data, its logs and its password."""
    return cache() / "neo4j" / "homes" / name

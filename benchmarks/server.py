"""A real Neo4j beside the embedded engine and beside pm4py's own upload: `python benchmarks/server.py --rows 1000000`.

Starts a throw-away server (Java 17 or newer; `miner neo4j start --help`), loads the generated log into its empty
database, loads it again, and asks every query of the library on both engines. Prints tables in Markdown.
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))
sys.path.insert(1, str(Path(__file__).parents[1]))
from measuring import HEAD, line, log_file, machine, measure, table

from miner import server
from miner.errors import ServerError
from miner.graph.neo4j import login
from miner.graph.neo4j.database import Database
from miner.server.conf import SAFE

HEAP, PAGECACHE = "1g", "512m"


def loads(rows: int, workspace: Path) -> None:
    """The load, the second load, and pm4py's upload of a thousand events."""
    log = log_file(rows, "csv")
    theirs = measure("pm4py_upload", log, workspace)
    with Database(login()) as database:
        database.write("MATCH (n) DETACH DELETE n")
    ours = measure("neo4j_load", log, workspace)
    print(f"### {rows:,} events into an empty Neo4j\n")
    lines = []
    rates = {}
    for name, found in (("miner, 2 writers", ours), ("pm4py, 1,000 events", theirs)):
        rates[name] = 0.0 if found.failed else found.seconds["events"] / found.seconds["work"]
        note = f"{rates[name]:,.0f} events/s"
        if "again" in found.seconds:
            note += f"; again, with nothing to do: {found.seconds['again']:.2f} s"
        lines.append(line(name, found, note))
    table(HEAD, lines)
    if all(rates.values()):
        ours_rate, theirs_rate = rates.values()
        print(f"{ours_rate / theirs_rate:,.0f} times pm4py's rate.\n")


def questions(rows: int, workspace: Path) -> None:
    """Every query on both engines."""
    log = log_file(rows, "csv")
    there, here = measure("neo4j_queries", log, workspace), measure("queries", log, workspace)
    if there.failed or here.failed:
        print(f"queries failed: {there.failed or here.failed}\n")
        return
    here.seconds.pop("open")
    print("### Each query, warm, best of three\n")
    slowest = sorted(there.seconds.items(), key=lambda item: -item[1])
    table(["query", "Neo4j s", "embedded s"], [[name, f"{s:.3f}", f"{here.seconds[name]:.3f}"] for name, s in slowest])


def neo4j(rows: int, folder: Path) -> None:
    """Start a server, load, ask, and remove it."""
    workspace, home = folder / "loaded", folder / "server"
    for job in ("tables", "graph"):
        if failed := measure(job, log_file(rows, "csv"), workspace).failed:
            print(f"{job} failed: {failed}\n")
            return
    try:
        found = server.start(home, heap=HEAP, pagecache=PAGECACHE)
    except ServerError as error:
        print(f"No Neo4j: {error}\n")
        return
    try:
        limit = SAFE["db.memory.transaction.max"]
        print(
            f"Neo4j {found.version} on Java {found.java}: heap {HEAP}, page cache {PAGECACHE}, "
            f"db.memory.transaction.max {limit}.\n"
        )
        os.environ |= {"NEO4J_URI": found.uri, "NEO4J_USERNAME": found.user, "NEO4J_PASSWORD": found.password}
        loads(rows, workspace)
        questions(rows, workspace)
    finally:
        server.delete(home)


def main() -> None:
    """The command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rows", type=int, default=1_000_000)
    chosen = parser.parse_args()
    machine()
    with tempfile.TemporaryDirectory(prefix="miner-bench-") as folder:
        neo4j(chosen.rows, Path(folder))


if __name__ == "__main__":
    main()

"""miner beside its peers on the same rows, in the same run: `python benchmarks/run.py --rows 1000000`.

Prints tables in Markdown, ready for docs/benchmarks.md. Each job is a process of its own; wall, CPU and the
peak of memory are those of the process, its start and imports included; "work" is without them.
"""

from __future__ import annotations

import argparse
import shutil
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))
import server
from measuring import HEAD, line, log_file, machine, measure, table


def to_tables(rows: int, folder: Path) -> None:
    """CSV to all tables, beside pm4py."""
    print(f"### {rows:,} rows of CSV to all tables\n")
    log = log_file(rows, "csv")
    ours, theirs = measure("tables", log, folder / "tables"), measure("pm4py_all", log, folder)
    ratio = ""
    if not (ours.failed or theirs.failed):
        ratio = f"{ours.seconds['work'] / theirs.seconds['work']:.2f} of pm4py's time"
    steps = ", ".join(f"{name} {s:.1f}" for name, s in theirs.seconds.items() if name != "work")
    parts = ", ".join(f"{name} {s:.1f}" for name, s in ours.seconds.items() if name != "work")
    table(HEAD, [line("miner", ours, f"{ratio} ({parts})"), line("pm4py", theirs, steps)])


def xes(rows: int, folder: Path) -> None:
    """XES, beside r4pm alone."""
    print(f"### {rows:,} rows of XES, reading\n")
    log = log_file(rows, "xes")
    ours, theirs = measure("read", log, folder / "xes"), measure("r4pm_xes", log, folder)
    both = not (ours.failed or theirs.failed)
    ratio = f"{ours.seconds['work'] / theirs.seconds['work']:.2f} times r4pm's" if both else ""
    table(HEAD, [line("miner", ours, ratio), line("r4pm", theirs)])


def whole(rows: int, folder: Path) -> None:
    """The whole run, the graph and its queries."""
    print(f"### {rows:,} rows: the whole run, the graph, the queries\n")
    log, workspace = log_file(rows, "csv"), folder / "whole"
    run = measure("whole", log, workspace)
    parts = ", ".join(f"{name} {s:.1f}" for name, s in run.seconds.items() if name != "work")
    graph = measure("graph", log, workspace)
    size = workspace / "graph" / "graph.kgl"
    note = f"{size.stat().st_size / 2**20:,.0f} MB on disk" if size.is_file() else ""
    table(HEAD, [line("whole run with report", run, parts), line("graph from the tables", graph, note)])
    asked = measure("queries", log, workspace)
    if asked.failed:
        print(f"queries failed: {asked.failed}\n")
        return
    print(f"Opening the graph takes {asked.seconds.pop('open'):.2f} s; each query warm, best of three:\n")
    slowest = sorted(asked.seconds.items(), key=lambda item: -item[1])
    table(["query", "s"], [[name, f"{s:.3f}"] for name, s in slowest])


def costs(rows: int, folder: Path) -> None:
    """What costs, calendars, causes of waiting and queues add to a run."""
    print(f"### {rows:,} events with ends: costs, a calendar, causes of waiting, queues\n")
    found = measure("costs", log_file(rows, "csv"), folder / "costs")
    if found.failed:
        print(f"failed: {found.failed}\n")
        return
    parts = {name: s for name, s in found.seconds.items() if name != "work"}
    table(["", "s"], [[name, f"{s:.1f}"] for name, s in parts.items()])


def scaling(sizes: list[int], folder: Path) -> None:
    """CSV to all tables at growing sizes and bounded memory."""
    print("### Growth: CSV to all tables\n")
    rows = []
    for size in sizes:
        for memory in ("512MB", "1GB"):
            target = folder / f"scale_{size}_{memory}"
            found = measure("tables", log_file(size, "csv"), target, memory)
            shutil.rmtree(target, ignore_errors=True)
            per = "" if found.failed else f"{found.seconds['work'] / size * 1e6:.1f} s a million rows"
            rows.append(line(f"{size:,} rows, MINER_MEMORY={memory}", found, per))
    table(HEAD, rows)


PARTS: dict[str, Callable[[int, Path], None]] = {"tables": to_tables, "xes": xes, "whole": whole, "costs": costs}


def main() -> None:
    """The command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rows", type=int, default=1_000_000)
    parts = [*PARTS, "scaling", "neo4j"]
    parser.add_argument("--only", choices=parts, action="append", help="only this part (repeatable)")
    parser.add_argument("--sizes", type=int, nargs="+", default=[100_000, 1_000_000, 10_000_000], help="of scaling")
    chosen = parser.parse_args()
    wanted = chosen.only or parts
    machine()
    with tempfile.TemporaryDirectory(prefix="miner-bench-") as folder:
        for name, part in PARTS.items():
            if name in wanted:
                part(chosen.rows, Path(folder))
        if "scaling" in wanted:
            scaling(chosen.sizes, Path(folder))
        if "neo4j" in wanted:
            server.neo4j(chosen.rows, Path(folder))


if __name__ == "__main__":
    main()

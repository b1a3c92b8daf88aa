"""miner beside its peers on the same rows, in the same run: `python benchmarks/run.py --rows 1000000`.

Prints tables in Markdown, ready for docs/benchmarks.md. Each job is a process of its own; wall, CPU and the
peak of memory are those of the process, its start and imports included; "work" is without them.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import resource
import shutil
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))
import generate

HERE = Path(__file__).resolve().parent
DATA = HERE / "data"
SHOWN = ("duckdb", "pyarrow", "pandas", "pm4py", "r4pm", "kglite")


@dataclass(frozen=True)
class Result:
    """What one process took: seconds of wall and CPU, peak memory in MB, and the seconds of its steps."""

    wall: float
    cpu: float
    memory: float
    seconds: dict[str, float]
    failed: str | None = None


def measure(job: str, log: Path, workspace: Path, memory: str | None = None, timeout: float = 1800) -> Result:
    """Run a job of jobs.py in a process of its own."""
    with tempfile.TemporaryDirectory() as folder:
        answer, errors = Path(folder) / "answer.json", Path(folder) / "errors.txt"
        command = [sys.executable, str(HERE / "jobs.py"), job, str(log), str(workspace), str(answer)]
        environment = {**os.environ, "PYTHONPATH": str(HERE.parent)} | ({"MINER_MEMORY": memory} if memory else {})
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        with errors.open("w") as stderr:
            began = time.perf_counter()
            process = subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL, stderr=stderr)
            try:
                code, peak = _wait(process, timeout)
            except BaseException:
                process.kill()
                raise
            wall = time.perf_counter() - began
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
        seconds = json.loads(answer.read_text()) if answer.is_file() else {}
        lines = errors.read_text(errors="replace").strip().splitlines()
        failed = (lines or [f"exit code {code}"])[-1] if code or not answer.is_file() else None
    return Result(wall, cpu, peak, seconds, failed)


def _wait(process: subprocess.Popen[bytes], timeout: float) -> tuple[int, float]:
    """The exit code and the peak memory in MB of the process and those it waited for."""
    timer = threading.Timer(timeout, process.kill)
    timer.start()
    try:
        _, status, usage = os.wait4(process.pid, 0)
    finally:
        timer.cancel()
    process.returncode = os.waitstatus_to_exitcode(status)
    return process.returncode, usage.ru_maxrss / 1024


def log_file(rows: int, ending: str) -> Path:
    """The generated log, made once."""
    path = DATA / f"log_{rows}.{ending}"
    if not path.is_file():
        DATA.mkdir(parents=True, exist_ok=True)
        generate.write(path, rows)
    return path


def table(head: list[str], rows: list[list[str]]) -> None:
    """Print a Markdown table."""
    print("| " + " | ".join(head) + " |\n|" + "---|" * len(head))
    for row in rows:
        print("| " + " | ".join(row) + " |")
    print(flush=True)


def line(name: str, found: Result, note: str = "") -> list[str]:
    """A row with what a process took."""
    if found.failed:
        return [name, "–", "–", "–", "–", f"failed: {found.failed}"]
    return [name, f"{found.seconds['work']:.1f}", f"{found.wall:.1f}", f"{found.cpu:.1f}", f"{found.memory:,.0f}", note]


HEAD = ["", "work s", "wall s", "CPU s", "peak MB", ""]


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


def machine() -> None:
    """Say where and with what this was measured."""
    cpu = platform.processor() or "unknown processor"
    info = Path("/proc/cpuinfo")
    if info.is_file():
        names = [text for text in info.read_text().splitlines() if text.startswith("model name")]
        cpu = names[0].split(":", 1)[1].strip() if names else cpu
    gigabytes = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    load = f"; load average before the run {os.getloadavg()[0]:.1f}" if hasattr(os, "getloadavg") else ""
    print(f"{os.cpu_count()} cores of {cpu}, {gigabytes:.0f} GB, {platform.system()}{load}.")
    print(f"Python {platform.python_version()}, " + ", ".join(f"{name} {version(name)}" for name in SHOWN) + ".\n")


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
            import server

            server.neo4j(chosen.rows, Path(folder))


if __name__ == "__main__":
    main()

"""How a job is measured and its table printed: each job is a process of its own, on a log that is made once."""

from __future__ import annotations

import json
import os
import platform
import resource
import subprocess
import sys
import tempfile
import threading
import time
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path

import generate

HERE = Path(__file__).resolve().parent
DATA = HERE / "data"
HEAD = ["", "work s", "wall s", "CPU s", "peak MB", ""]
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

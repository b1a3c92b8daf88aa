"""`miner run` and `miner --help` as processes: exit codes, what goes where, signals, colours."""

from __future__ import annotations

import json
import os
import pty
import re
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.cli.running import COMMAND, ROOT, environ, miner
from tests.pipeline.made import csv_log, names, prints, same

HEAVY = ("duckdb", "pandas", "pyarrow", "numpy", "pm4py", "kglite", "networkx", "r4pm", "neo4j", "openpyxl", "jinja2")


@pytest.mark.parametrize("arguments", [["--help"], ["run", "--help"], ["inspect", "--help"], ["--version"]])
def test_help_needs_nothing_heavy(arguments: list[str]) -> None:
    """Help comes without importing any engine or data frame library."""
    code = (
        f"import sys; sys.argv[1:] = {arguments!r}\ntry:\n from miner.cli.app import main; main()\n"
        f"finally:\n print([m for m in {HEAVY!r} if m in sys.modules], file=sys.stderr)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, env=environ(), capture_output=True, text=True, timeout=60, check=False
    )
    assert done.returncode == 0
    assert done.stderr.strip() == "[]"
    assert done.stdout.strip()


def test_help_shows_examples() -> None:
    """`miner run --help` shows commands to copy and every option."""
    text = miner("run", "--help").stdout
    assert "miner run exports/" in text
    for option in (
        "--map",
        "--mapping",
        "--tz",
        "--time-format",
        "--dayfirst",
        "--missing",
        "--silos",
        "--good",
        "--journeys",
        "--window",
        "--until",
        "--json",
        "--quiet",
    ):
        assert option in text


def test_json_prints_the_summary_and_nothing_else_to_stdout(tmp_path: Path) -> None:
    """With --json stdout is summary.json, through all stages; stderr, which is no terminal, stays empty."""
    done = miner("run", csv_log(tmp_path / "log.csv"), "-o", tmp_path / "ws", "--json")
    assert done.returncode == 0
    assert json.loads(done.stdout) == json.loads((tmp_path / "ws" / "summary.json").read_text())
    assert done.stderr == ""


def test_a_run_says_on_one_screen_what_was_read_and_where_the_report_is(tmp_path: Path) -> None:
    """The closing words name sources, rejects, findings and the report, in at most 24 lines."""
    done = miner("run", csv_log(tmp_path / "log.csv"), "-o", tmp_path / "ws")
    assert done.returncode == 0 and done.stderr == ""
    assert len(done.stdout.splitlines()) <= 24
    assert (
        "log.csv" in done.stdout
        and "2 rejected" in done.stdout
        and f"Open {tmp_path / 'ws' / 'report.html'}" in done.stdout
    )
    assert "\x1b" not in done.stdout


def test_quiet_prints_nothing_but_errors(tmp_path: Path) -> None:
    """--quiet is silent where all is well, and still says what is wrong."""
    done = miner("run", csv_log(tmp_path / "log.csv"), "-o", tmp_path / "ws", "--until", "measure", "--quiet")
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    done = miner("run", tmp_path / "nowhere.csv", "--quiet")
    assert done.returncode == 3 and "no such file" in done.stderr


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (["run"], 2, "SOURCE"),
        (["run", "LOG", "--nonsense"], 2, "--nonsense"),
        (["fly"], 2, "fly"),
        (["run", "LOG", "--until", "tomorrow"], 2, "stages are"),
        (["run", "LOG", "--tz", "Mars"], 2, "unknown time zone"),
        (["run", "LOG", "--map", "case"], 2, "KEY=COLUMN"),
        (["run", "LOG", "--map", "cas=case"], 2, "'case'"),
        (["run", "LOG", "--map", "case=case", "--map", "case=team"], 2, "--map 'case=case+team'"),
        (["run", "LOG", "--rates", "r.yaml"], 3, "r.yaml: cannot be read"),
        (["run", "nothing.csv"], 3, "no such file"),
        (["run", "LOG", "--map", "case=ticket"], 3, "no column 'ticket'"),
        (["run", "LOG", "--mapping", "none.yaml"], 3, "none.yaml"),
        (["run", "LOG", "--silos", "none.csv"], 3, "none.csv"),
        (["run", "remedy:LOG"], 2, "kinds are"),
        (["query", "overview/teams", "-w", "none"], 2, "not a workspace"),
    ],
)
def test_errors_go_to_stderr_with_their_exit_code(tmp_path: Path, arguments: list[str], code: int, said: str) -> None:
    """Wrong usage is 2, unreadable input 3; the message says what to do, and nothing is written."""
    csv_log(tmp_path / "log.csv")
    done = miner(*(a.replace("LOG", "log.csv") for a in arguments), cwd=tmp_path)
    assert done.returncode == code
    assert said in done.stderr and "Traceback" not in done.stderr
    assert done.stdout == ""
    assert names(tmp_path) == ["log.csv"]


def test_all_wrong_options_are_named_at_once(tmp_path: Path) -> None:
    """One call tells everything that is wrong with its options, and writes nothing."""
    found = miner(
        "run",
        "log.csv",
        "--until",
        "lunch",
        "--graph",
        "paper",
        "--tz",
        "Mars/Base",
        "--window",
        "-1",
        "--silos",
        "no.csv",
        "--rates",
        "no.yaml",
        "--calendar",
        "nor.yaml",
        "--mapping",
        "not.yaml",
        cwd=tmp_path,
    )
    said = ("lunch", "paper", "Mars/Base", "window", "no.csv", "no.yaml", "nor.yaml", "not.yaml")
    assert found.returncode == 2 and found.stdout == ""
    assert [word for word in said if word not in found.stderr] == []
    assert list(tmp_path.iterdir()) == []


def test_unreadable_files_of_options_are_named_at_once(tmp_path: Path) -> None:
    """Where only files are wrong, all of them are named and the exit code is that of unreadable input."""
    found = miner("run", "log.csv", "--silos", "no.csv", "--calendar", "nor.yaml", cwd=tmp_path)
    assert found.returncode == 3 and "no.csv" in found.stderr and "nor.yaml" in found.stderr


def test_an_existing_workspace_survives_bad_input(tmp_path: Path) -> None:
    """After exit 3 every byte is as it was."""
    log = csv_log(tmp_path / "log.csv")
    assert miner("run", log, "-o", tmp_path / "ws", "--until", "measure").returncode == 0
    before = prints(tmp_path / "ws")
    log.write_text("case,activity,time\nA,x,03/04/2026\n")
    done = miner("run", log, "-o", tmp_path / "ws")
    assert done.returncode == 3 and "--dayfirst or --monthfirst" in done.stderr and "log.csv [time]" in done.stderr
    assert prints(tmp_path / "ws") == before


def test_a_place_that_cannot_be_written_is_said(tmp_path: Path) -> None:
    """A folder for the workspace that cannot be made is an error for the user, not a bug."""
    log = csv_log(tmp_path / "log.csv")
    done = miner("run", log, "-o", "/proc/nowhere/ws", "--until", "measure")
    assert done.returncode == 2 and "cannot be written" in done.stderr


def test_debug_shows_the_traceback_of_an_error(tmp_path: Path) -> None:
    """Only with --debug, before or behind the command, there is a traceback."""
    for arguments in (["--debug", "run", "none.csv"], ["run", "none.csv", "--debug"]):
        assert "Traceback" in miner(*arguments, cwd=tmp_path).stderr


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_interrupted_it_exits_with_5_and_goes_on_from_there(tmp_path: Path, number: signal.Signals) -> None:
    """Ctrl-C while it works ends it with exit 5 and a word; the same command then finishes."""
    log = csv_log(tmp_path / "log.csv", cases=4_000)
    command = [*COMMAND, "run", str(log), "-o", str(tmp_path / "ws"), "--until", "model"]
    process = subprocess.Popen(command, env=environ(), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    while not (tmp_path / "ws" / "manifest.json").exists() and process.poll() is None:
        time.sleep(0.005)
    process.send_signal(number)
    _, stderr = process.communicate(timeout=120)
    assert process.returncode == 5, stderr
    assert "interrupted" in stderr and "Traceback" not in stderr
    assert miner("run", log, "-o", tmp_path / "ws", "--until", "model").returncode == 0
    assert miner("run", log, "-o", tmp_path / "whole", "--until", "model").returncode == 0
    same(tmp_path / "ws", tmp_path / "whole")


@pytest.mark.parametrize("wait", [0.4, 0.8, 1.2, 1.6])
def test_interrupted_while_reading_it_exits_with_5_and_leaves_nothing(tmp_path: Path, wait: float) -> None:
    """Before anything is written, Ctrl-C leaves no workspace behind; a run that was faster is whole."""
    log = csv_log(tmp_path / "log.csv", cases=40_000)
    process = subprocess.Popen(
        [*COMMAND, "run", str(log), "-o", str(tmp_path / "ws"), "--until", "read"],
        env=environ(),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
    )
    time.sleep(wait)
    process.send_signal(signal.SIGINT)
    _, stderr = process.communicate(timeout=120)
    assert process.returncode in (0, 5, -signal.SIGINT, 1), stderr
    if process.returncode == 5:
        assert "interrupted" in stderr and "Traceback" not in stderr
    assert (tmp_path / "ws").exists() == (process.returncode == 0) or process.returncode == 5


def test_a_signal_while_a_module_is_imported_waits_until_it_is(tmp_path: Path) -> None:
    """An exception in the middle of a compiled module's start would end the process with a core dump."""
    (tmp_path / "late.py").write_text(
        "import os, signal\nos.kill(os.getpid(), signal.SIGINT)\nprint('imported', flush=True)\n"
    )
    script = (
        "import sys, time\n"
        "from miner.cli.app import app, main\n"
        "def late():\n"
        "    import late\n"
        "    time.sleep(60)\n"
        "app.command()(late)\n"
        f"sys.path.insert(0, {str(tmp_path)!r}); sys.argv = ['miner', 'late']; main()"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], env=environ(), capture_output=True, text=True, timeout=120, check=False
    )
    assert (done.stdout, done.returncode) == ("imported\n", 5), done.stderr


def test_a_signal_while_python_cleans_up_does_not_undo_a_command_that_is_done() -> None:
    """Ctrl-C in the last moment, when Python has taken its handlers down already, leaves exit 0."""
    late = (
        "import os, signal\n"
        "class Late:\n"
        "    def __del__(self, kill=os.kill, pid=os.getpid(), number=signal.SIGINT): kill(pid, number)\n"
        "late = Late()\n"
        "from miner.cli.app import main; main()"
    )
    done = subprocess.run(
        [sys.executable, "-c", late, "--version"],
        env=environ(),
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0 and done.stdout.startswith("interaction-miner")


def in_terminal(*arguments: object, **environment: str) -> str:
    """What a terminal shows of the command's stderr."""
    ours, theirs = pty.openpty()
    process = subprocess.Popen(
        [*COMMAND, *map(str, arguments)],
        env=environ(TERM="xterm-256color", **environment),
        stdout=subprocess.DEVNULL,
        stderr=theirs,
    )
    os.close(theirs)
    shown = b""
    while True:
        try:
            piece = os.read(ours, 65_536)
        except OSError:
            break
        if not piece:
            break
        shown += piece
    os.close(ours)
    assert process.wait(120) == 0
    return shown.decode("utf-8", "replace")


def test_a_terminal_shows_stages_and_seconds(tmp_path: Path) -> None:
    """On a terminal each stage is told with its seconds and what was read, in colour unless NO_COLOR is set."""
    log = csv_log(tmp_path / "log.csv")
    shown = in_terminal("run", log, "-o", tmp_path / "a", "--until", "measure")
    plain = re.sub(r"\x1b\[[0-9;?]*[A-Za-z]", "", shown)
    assert re.search(r"✓ Reading +\d+\.\d s +\d+ events", plain) and "✓ Measuring" in plain
    assert "\x1b[32m" in shown
    assert "\x1b[32m" not in in_terminal("run", log, "-o", tmp_path / "b", "--until", "measure", NO_COLOR="1")
    assert in_terminal("run", log, "-o", tmp_path / "c", "--until", "measure", "--quiet") == ""

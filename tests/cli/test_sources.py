"""What the command line says of sources that are no plain files, and of texts that a terminal would obey."""

from __future__ import annotations

import json
import os
import shlex
import subprocess
from pathlib import Path

import pytest

from miner.errors import InputError, UsageError
from miner.privacy import keys
from miner.readers.files import find
from tests.cli.running import COMMAND, environ, miner

LOG = "case,activity,time,team\nA,x,2026-01-01T10:00:00Z,L1\nA,y,2026-01-02T10:00:00Z,L2\n"
HOSTILE = "case id\x1b[31m,act\x07ivity,time,te\x1b]0;pwned\x07am\nA\x9b2J,x\u202e,2026-01-01T10:00:00Z,L1\x1b[8m\n"
OBEYED = ("\x1b", "\x07", "\x9b", "\u202e")


def read_line(command: str) -> list[str]:
    """The words that a shell makes of a line."""
    done = subprocess.run(["bash", "-c", f"printf '%s\\0' {command}"], capture_output=True, text=True, check=True)
    return done.stdout.split("\0")[:-1]


def test_what_a_terminal_obeys_never_reaches_it(tmp_path: Path) -> None:
    """Control characters of names and values are shown as �, in errors, tables, notes and JSON."""
    log = tmp_path / "lo\x1b[31mg.csv"
    log.write_text(HOSTILE, encoding="utf-8")
    maps = ["--map", "case=case id\x1b[31m", "--map", "activity=act\x07ivity", "--map", "team=te\x1b]0;pwned\x07am"]
    wrong = miner("inspect", log)
    shown = miner("inspect", log, *maps)
    asked = miner("inspect", log, *maps, "--json")
    assert (wrong.returncode, shown.returncode, asked.returncode) == (3, 0, 0)
    for done in (wrong, shown, asked):
        assert not [c for c in OBEYED if c in done.stdout + done.stderr]
    assert "act�ivity" in shown.stdout
    assert json.loads(asked.stdout)["sources"][0]["columns"]["activity"] == "act\x07ivity"
    again = shown.stdout.partition("Run it: ")[2].replace("\n", "")
    assert "activity=act\x07ivity" in read_line(again)


def test_plain_names_of_any_language_are_shown_as_they_are(tmp_path: Path) -> None:
    """Letters, signs and pictures are no control characters."""
    log = tmp_path / "überblick 日本 👩‍💻.csv"
    log.write_text(LOG.replace("L1", "Größe 👩‍💻"), encoding="utf-8")
    done = miner("inspect", log)
    assert done.returncode == 0 and log.name in done.stdout
    assert log.as_posix() in shlex.split(done.stdout.partition("Run it: ")[2])


def test_a_file_name_that_is_no_utf8_is_read(tmp_path: Path) -> None:
    """Bytes of a name that are no text are shown as �, and the file is read, also from a folder."""
    folder = os.fsencode(tmp_path / "logs")
    os.mkdir(folder)
    for name, content in ((b"caf\xe9.csv", LOG), (b"b\xff.csv", LOG.replace("A,", "B,"))):
        with open(os.path.join(folder, name), "w") as f:
            f.write(content)
    one = os.path.join(folder, b"caf\xe9.csv")
    done = subprocess.run(
        [*COMMAND, "run", one, "-o", str(tmp_path / "one"), "--until", "measure"],
        capture_output=True,
        env=environ(),
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert "caf�.csv" in done.stdout.decode() and "2 events" in done.stdout.decode()
    both = miner("run", tmp_path / "logs", "-o", tmp_path / "both", "--until", "measure")
    assert both.returncode == 0 and "4 events in 2 journeys" in both.stdout


def test_standard_input_is_read(tmp_path: Path) -> None:
    """`-` is what is piped in, also with a kind before it; a terminal has nothing to give."""
    for source in ("-", "eventlog:-"):
        done = subprocess.run(
            [*COMMAND, "run", source, "-o", str(tmp_path / "workspace"), "--until", "measure"],
            input=LOG,
            capture_output=True,
            text=True,
            env=environ(),
            check=False,
        )
        assert done.returncode == 0, done.stderr
        assert "stdin: 2 events" in done.stdout


def test_nothing_piped_in_is_said() -> None:
    """An empty pipe is an empty file."""
    done = subprocess.run(
        [*COMMAND, "inspect", "-"], input="", capture_output=True, text=True, env=environ(), check=False
    )
    assert done.returncode == 3 and "stdin: the file is empty" in done.stderr


def test_each_thing_that_is_no_file_is_called_what_it_is(tmp_path: Path) -> None:
    """A missing file, a dangling link, a loop, a pipe and a path through a file have messages of their own."""
    (tmp_path / "tickets.csv").write_text(LOG)
    (tmp_path / "dangling.csv").symlink_to("gone.csv")
    (tmp_path / "loop.csv").symlink_to("loop.csv")
    os.mkfifo(tmp_path / "pipe.csv")
    expected = {
        "ticket.csv": ("no such file or folder", "did you mean"),
        "nowhere/x.csv": ("no such file or folder", "does not exist"),
        "dangling.csv": ("a link to gone.csv, which does not exist", "fix the link"),
        "loop.csv": ("a link that points to itself", "fix the link"),
        "pipe.csv": ("a pipe rather than a file", "miner run - < PIPE"),
        "tickets.csv/x": ("cannot be read", "a file or a folder"),
    }
    with pytest.raises(InputError) as error:
        find([str(tmp_path / name) for name in expected])
    told = {problem.file: problem for problem in error.value.problems}
    assert len(told) == len(expected)
    for name, (what, fix) in expected.items():
        problem = told[str(tmp_path / name)]
        assert what in problem.what and fix in str(problem.fix), name


def test_an_unreadable_source_is_an_input_error(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A file or a member of a folder that may not be read is named with what to do, before anything is read."""
    for name in ("open.csv", "closed.csv"):
        (tmp_path / name).write_text(LOG)
    opened = Path.open

    def refuse(path: Path, *args: object, **options: object) -> object:
        if path.name == "closed.csv":
            raise PermissionError(13, "Permission denied")
        return opened(path, *args, **options)  # type: ignore[call-overload]

    monkeypatch.setattr(Path, "open", refuse)
    for source in (tmp_path / "closed.csv", tmp_path):
        with pytest.raises(InputError, match="cannot be read: Permission denied") as error:
            find([str(source)])
        assert [problem.file for problem in error.value.problems] == [str(tmp_path / "closed.csv")]
        assert "check the permissions" in str(error.value)


def test_an_unreadable_key_file_is_no_bug(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Keys in a folder that may not be looked into are an error with what to do."""

    def refuse(path: Path) -> bool:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "exists", refuse)
    with pytest.raises(UsageError, match="cannot be read: Permission denied") as error:
        keys.load(str(tmp_path / "keys.json"))
    assert "--keys" in str(error.value)


def test_day_first_and_month_first_exclude_each_other(tmp_path: Path) -> None:
    """Both options at once are refused, in either order."""
    log = tmp_path / "log.csv"
    log.write_text(LOG)
    for options in (("--dayfirst", "--monthfirst"), ("--monthfirst", "--dayfirst")):
        done = miner("inspect", log, *options)
        assert done.returncode == 2 and "exclude each other" in done.stderr and "→" in done.stderr


def test_thousands_of_equal_names_are_refused_at_once(tmp_path: Path) -> None:
    """A header of 200,000 equal names costs no more than one of as many different ones, and is refused."""
    (tmp_path / "wide.csv").write_text(",".join("x" * 200_000) + "\n")
    done = miner("inspect", tmp_path / "wide.csv")
    assert done.returncode == 3 and "more than 2,000 columns" in done.stderr

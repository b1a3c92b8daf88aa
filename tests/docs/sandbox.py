"""A folder in which the examples of a page are run, as a reader would: files first, then block after block."""

from __future__ import annotations

import contextlib
import io
import re
import shlex
import shutil
import sys
from dataclasses import dataclass, field
from pathlib import Path
from unittest import mock

from tests.docs.pages import ROOT, Block, blocks

SHELL = ("sh", "console")
_EXIT = re.compile(r"# exit (\d)\s*$")
# What a reader is taken to have where a page does not say so.
TICKETS = """ticket_id,status,changed_at,group
1,opened,2026-03-02T08:00:00Z,Service
1,passed on,2026-03-02T09:00:00Z,Service
1,solved,2026-03-03T09:00:00Z,Billing
"""


@dataclass(frozen=True)
class Command:
    """A command line of a page, the lines that its output has, and the exit code."""

    line: str
    expected: tuple[str, ...]
    code: int


def commands(block: Block) -> list[Command]:
    """The command lines of a block: after `$ ` with their output in `console`, one a line in `sh`."""
    found: list[tuple[str, list[str]]] = []
    for line in block.text.splitlines():
        if block.language == "console" and not line.startswith("$ "):
            found[-1][1].append(line)
        elif line.strip() and not line.startswith("#"):
            found.append((line.removeprefix("$ "), []))
    return [Command(line, tuple(said), int(match[1]) if (match := _EXIT.search(line)) else 0) for line, said in found]


def runnable(page: Path) -> list[Block]:
    """The blocks of a page that are run or written: commands, Python, Cypher, files."""
    return [block for block in blocks(page) if block.file or is_shell(block) or block.language in ("python", "cypher")]


def is_shell(block: Block) -> bool:
    """Whether a block is made of command lines; one without a language is when it says nothing else."""
    plain = not block.language and all(line.startswith("miner ") for line in block.text.splitlines() if line.strip())
    return block.language in SHELL or plain


@dataclass
class Sandbox:
    """The folder of one page, with the sample logs and a workspace of them."""

    folder: Path
    names: dict[str, object] = field(default_factory=lambda: {"__name__": "__docs__"})

    def furnish(self, page: Path, workspace: Path) -> None:
        """What a reader has: sample logs, their workspace, a file of tickets, and the files that the page shows."""
        (self.folder / "sample_logs").symlink_to(ROOT / "sample_logs", target_is_directory=True)
        shutil.copytree(workspace, self.folder / "workspace")
        (self.folder / "tickets.csv").write_text(TICKETS, encoding="utf-8")
        for block in blocks(page):
            if block.file:
                path = self.folder / block.file
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_text(block.text, encoding="utf-8")

    def run(self, block: Block) -> None:
        """Run a block that is no file; AssertionError where it does not do what the page says."""
        if is_shell(block):
            for command in commands(block):
                self._command(command, block.name)
        elif block.language == "python":
            with contextlib.redirect_stdout(io.StringIO()):
                exec(compile(block.text, block.name, "exec"), self.names)  # noqa: S102 - our own pages
        elif "RETURN" in block.text:
            self._cypher(block)

    def _command(self, command: Command, name: str) -> None:
        words = shlex.split(command.line, comments=True)
        if words[0] != "miner":
            _is_there(words, name)
            return
        code, output = miner(words[1:])
        assert code == command.code, f"{name}: {command.line}\nexit {code}, not {command.code}\n{output}"
        said = _squeezed(output)
        for line in command.expected:
            for piece in line.split("…"):
                assert _squeezed(piece) in said, f"{name}: {command.line}\nnot said: {piece}\nsaid: {output}"

    def _cypher(self, block: Block) -> None:
        from miner.graph import EmbeddedGraph
        from miner.graph.cypher.library import load_file
        from miner.workspace import Workspace

        params = {}
        if block.text.startswith("// title:"):
            path = self.folder / "shown.cypher"
            path.write_text(block.text, encoding="utf-8")
            params = load_file(path, "shown").defaults()
        with EmbeddedGraph.open(Workspace.open(self.folder / "workspace")) as graph:
            assert graph.run(block.text, params).columns, block.name


def miner(words: list[str]) -> tuple[int, str]:
    """Run the command line in this process: its exit code, and what it printed."""
    from miner.cli.app import main

    out = io.TextIOWrapper(io.BytesIO(), encoding="utf-8", write_through=True)
    code = 0
    typed = mock.patch.object(sys, "argv", ["miner", *words])
    with typed, contextlib.redirect_stdout(out), contextlib.redirect_stderr(out):
        try:
            main()
        except SystemExit as stop:
            code = int(stop.code or 0)
    return code, out.buffer.getvalue().decode()  # type: ignore[attr-defined]


def _squeezed(text: str) -> str:
    return " ".join(text.split())


def _is_there(words: list[str], name: str) -> None:
    """Commands that set up a machine are not run; that they exist is checked."""
    if words[0] in ("python3", "python") and words[1] == "dev.py":
        assert re.search(rf"^def {words[2]}\(", (ROOT / "dev.py").read_text(encoding="utf-8"), re.MULTILINE), name
    elif words[:3] == ["python", "-m", "tests.docs.generated"]:
        assert (ROOT / "tests" / "docs" / "generated.py").is_file()
    else:
        assert words == ["pip", "install", "."], f"{name}: nobody knows how to test {words}"

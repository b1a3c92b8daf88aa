"""The shell in a terminal: a line editor with history, completion and statements of several lines."""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from prompt_toolkit import PromptSession
from prompt_toolkit.completion import CompleteEvent, Completer, Completion, PathCompleter
from prompt_toolkit.document import Document
from prompt_toolkit.history import FileHistory, History
from prompt_toolkit.key_binding import KeyBindings, KeyPressEvent
from prompt_toolkit.lexers import PygmentsLexer

from miner.cli.plain import printable
from miner.cli.shell.session import Session
from miner.cli.shell.statements import is_finished
from miner.cli.shell.words import complete
from miner.errors import MinerError

PROMPT, MORE = "miner> ", "  ...> "


class Words(Completer):
    """Completion of the shell's words, and of files behind :export."""

    def __init__(self, session: Session):
        self._session = session
        self._files = PathCompleter(expanduser=True)

    def get_completions(self, document: Document, complete_event: CompleteEvent) -> Iterable[Completion]:
        """What may stand at the cursor."""
        text = document.text_before_cursor
        if text.lstrip().startswith(":export "):
            yield from self._files.get_completions(Document(text.lstrip().removeprefix(":export ")), complete_event)
            return
        try:
            for word, typed, about in complete(text, self._session.params):
                yield Completion(word, start_position=-typed, display_meta=about)
        except MinerError:
            return  # an unknown query is told when the line is run


def talk(session: Session, about: str, history: Path | None = None, **terminal: Any) -> None:
    """Ask and answer until :quit or Ctrl-D; an error is told and the talk goes on.

    `history` is the file that remembers what was typed; `terminal` are options of the line editor.
    """
    editor: PromptSession[str] = PromptSession(
        completer=Words(session),
        complete_while_typing=False,
        multiline=True,
        key_bindings=_keys(),
        prompt_continuation=MORE,
        history=_history(history),
        lexer=PygmentsLexer.from_filename("statement.cypher"),
        **terminal,
    )
    print(f"{about}\n:help lists the commands, Tab completes, a statement ends with a semicolon.", file=sys.stderr)
    while not session.done:
        try:
            text = editor.prompt(PROMPT)
        except KeyboardInterrupt:
            continue
        except EOFError:
            return
        with _errors_printed(), _interruptible():
            session.forget()
            session.feed(text)


@contextmanager
def _errors_printed() -> Iterator[None]:
    """An error is printed, and is no end."""
    try:
        yield
    except MinerError as error:
        for problem in error.problems:
            print(f"error: {printable(str(problem))}", file=sys.stderr)
    except KeyboardInterrupt:
        print("stopped", file=sys.stderr)


@contextmanager
def _interruptible() -> Iterator[None]:
    """Ctrl-C ends what is running and not the shell."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)


def _keys() -> KeyBindings:
    """Enter runs what is finished and goes on to the next line where something is missing."""
    keys = KeyBindings()

    @keys.add("enter")
    def _(event: KeyPressEvent) -> None:
        buffer = event.current_buffer
        if is_finished(buffer.text):
            buffer.validate_and_handle()
        else:
            buffer.insert_text("\n")

    return keys


def _history(path: Path | None) -> History | None:
    """What was typed before; a folder that cannot be written is no reason not to talk."""
    if path is None:
        return None
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        os.close(os.open(path, os.O_CREAT | os.O_APPEND | os.O_WRONLY, 0o600))
    except OSError:
        return None
    return FileHistory(str(path))


def history_file() -> Path:
    """The file of the history in the user's state folder; `MINER_HISTORY` names another."""
    if own := os.environ.get("MINER_HISTORY"):
        return Path(own)
    if sys.platform == "win32":
        base = Path(os.environ.get("LOCALAPPDATA") or Path.home() / "AppData" / "Local")
    else:
        base = Path(os.environ.get("XDG_STATE_HOME") or Path.home() / ".local" / "state")
    return base / "interaction-miner" / "shell_history"

"""The command `miner`: every command is a thin module of this folder."""

from __future__ import annotations

import atexit
import os
import signal
import sys
import threading
from importlib import import_module
from types import FrameType

import typer

from miner.cli.plain import printable
from miner.errors import Interrupted, MinerError

app = typer.Typer(
    name="miner",
    help="Turn exports of tickets, calls and chats into journeys, maps, a graph and a ranked list of what to fix.",
    no_args_is_help=True,
    rich_markup_mode="markdown",
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)
# The commands and the modules of this folder they live in, in the order of --help.
_COMMANDS = {
    "run": "run",
    "cost": "cost",
    "inspect": "inspect",
    "query": "query",
    "queries": "query",
    "shell": "shell",
    "sql": "sql",
    "map": "render",
    "report": "render",
    "model": "models",
    "export": "export",
    "doctor": "doctor",
    "load": "load",
    "unload": "load",
    "forget": "forget",
    "keys": "keys",
}

for _name, _module in _COMMANDS.items():
    app.command(_name)(getattr(import_module(f"miner.cli.{_module}"), _name))
app.add_typer(import_module("miner.cli.journeys").app, name="journeys")
app.add_typer(import_module("miner.cli.neo4j").app, name="neo4j")


def _version(wanted: bool) -> None:
    if wanted:
        from miner import __version__

        typer.echo(f"interaction-miner {__version__}")
        raise typer.Exit


@app.callback()
def _common(
    version: bool = typer.Option(
        False, "--version", callback=_version, is_eager=True, help="Print the version and stop."
    ),
    debug: bool = typer.Option(False, "--debug", help="Show the traceback of an error."),
) -> None:
    """Options before the command."""


_IMPORTED_S = 0.02  # a signal that comes during an import comes again after so long


class _Stopped(BaseException):
    """Somebody wants it to stop; no exception that any library catches on the way out."""


def main() -> None:
    """Run the command line; every error becomes a message and an exit code of the contract."""
    debug = "--debug" in sys.argv
    if debug:
        # it may stand before or behind the command
        sys.argv = [sys.argv[0], "--debug", *(a for a in sys.argv[1:] if a != "--debug")]
    stopped = _listen()
    atexit.unregister(_listen_no_more)
    try:
        app()
    except MinerError as error:
        if debug:
            raise
        for problem in error.problems:
            print(f"error: {printable(str(problem))}", file=sys.stderr)
        sys.exit(error.exit_code)
    except BrokenPipeError:
        sys.stderr.close()
        sys.exit(0)
    except (_Stopped, KeyboardInterrupt):
        _say_interrupted()
    except Exception as error:
        if stopped:
            _say_interrupted()  # what was interrupted says so in its own way
        if debug:
            raise
        text = printable(f"{type(error).__name__}: {error}")
        print(
            f"error: this is a bug in interaction-miner ({text})\n"
            "    → run the command again with --debug and report what it prints",
            file=sys.stderr,
        )
        sys.exit(1)
    finally:
        atexit.register(_listen_no_more)


def _listen() -> list[int]:
    """Stop on Ctrl-C and on a request to end; the list holds the signals that came."""
    came: list[int] = []
    if threading.current_thread() is not threading.main_thread():
        return came  # signals reach the main thread only

    def stop(number: int, frame: FrameType | None) -> None:
        came.append(number)
        if _importing(frame):
            again = threading.Timer(_IMPORTED_S, os.kill, (os.getpid(), number))
            again.daemon = True
            again.start()
        else:
            raise _Stopped

    for name in (signal.SIGINT, signal.SIGTERM):
        signal.signal(name, stop)
    return came


def _importing(frame: FrameType | None) -> bool:
    """Is a module being imported? An exception inside a compiled module's start ends the process with a core dump."""
    while frame and frame.f_globals.get("__name__") != "importlib._bootstrap":
        frame = frame.f_back
    return frame is not None


def _listen_no_more() -> None:
    """Python takes its handlers down while it cleans up: a signal then would end with an error what is done."""
    for name in (signal.SIGINT, signal.SIGTERM):
        signal.signal(name, signal.SIG_IGN)


def _say_interrupted() -> None:
    print("\ninterrupted: finished stages are kept; run the same command to resume", file=sys.stderr)
    sys.exit(Interrupted.exit_code)

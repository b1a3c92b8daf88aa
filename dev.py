#!/usr/bin/env python3
"""Sets the project up in `.venv` and runs it: the demo, the tests and every check of CI.

Needs nothing but Python; what else is needed is installed into `.venv`, once.
"""

from __future__ import annotations

import argparse
import hashlib
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent
VENV = ROOT / ".venv"
BIN = "Scripts" if os.name == "nt" else "bin"
PYTHON = VENV / BIN / ("python.exe" if os.name == "nt" else "python")
LOCKS = {"runtime": ROOT / "requirements.lock", "dev": ROOT / "requirements-dev.lock"}
OLDEST = (3, 11)
TWINE = "twine>=6.1,<8"  # checks packages; not in the lock, as it brings 25 packages for one call
LARGEST = 3_000_000  # bytes of the sdist


class Failed(Exception):
    """A step did not work; the message says what to do."""


def demo(_: list[str]) -> None:
    """Set up, then run the main job on the sample logs."""
    install("runtime")
    run([tool("miner"), "run", "sample_logs", "-o", "workspace"])
    print(f"\nThe report: {(ROOT / 'workspace' / 'report.html').as_uri()}")


def test(extra: list[str]) -> None:
    """All tests, or with --quick those that take little; what follows goes to pytest."""
    install("dev")
    rest = [word for word in extra if word != "--quick"]
    quick = ["-m", "not (slow or browser or server)"] if "--quick" in extra else []
    run([str(PYTHON), "-m", "pytest", *quick, *(rest or ["-n", "auto"])])


def prove(extra: list[str]) -> None:
    """The statistical tests with all of their seeds; what they found goes to tests/proved.md."""
    install("dev")
    os.environ["PROVE"] = "1"
    run([str(PYTHON), "-m", "pytest", "-m", "statistical", *(extra or ["-n", "auto"])])


def lint(_: list[str]) -> None:
    """The linter and the formatter, as a check."""
    install("dev")
    run([str(PYTHON), "-m", "ruff", "check", "."])
    run([str(PYTHON), "-m", "ruff", "format", "--check", "."])


def types(_: list[str]) -> None:
    """The type checker."""
    install("dev")
    run([str(PYTHON), "-m", "mypy"])


def contracts(_: list[str]) -> None:
    """The import contracts: data flows one way."""
    install("dev")
    run([tool("lint-imports")])


def package(_: list[str]) -> None:
    """Build and check what is published; install the wheel into an empty environment and run it on the sample logs."""
    install("dev")
    with tempfile.TemporaryDirectory(prefix="miner-package-") as folder:
        run([str(PYTHON), "-m", "build", "--outdir", folder, str(ROOT)], quiet=True)
        wheel, sdist = (next(Path(folder).glob(pattern)) for pattern in ("*.whl", "*.tar.gz"))
        make_venv(Path(folder) / "venv")
        python = Path(folder) / "venv" / BIN / PYTHON.name
        run([str(python), "-m", "pip", "install", "-q", "-c", str(LOCKS["runtime"]), str(wheel)])
        miner = str(python.with_name("miner"))
        # From a folder of its own, so that nothing is picked up from the checkout.
        run([miner, "run", str(ROOT / "sample_logs"), "-o", "ws", "--quiet"], cwd=folder)
        run([miner, "queries", "--format", "json"], cwd=folder, quiet=True)
        if not (Path(folder) / "ws" / "report.html").is_file():
            raise Failed("the installed wheel made no report")
        run([str(python), "-m", "pip", "install", "-q", TWINE])
        run([str(python), "-m", "twine", "check", "--strict", str(wheel), str(sdist)], quiet=True)
        if (size := sdist.stat().st_size) > LARGEST:
            raise Failed(f"{sdist.name} has {size:,} bytes, more than {LARGEST:,}: something got in")
        (ROOT / "dist").mkdir(exist_ok=True)
        for built in (wheel, sdist):
            shutil.copy2(built, ROOT / "dist")
        print(f"dist/ has {wheel.name} and {sdist.name}; the wheel ran on the sample logs in an empty environment")


def bench(extra: list[str]) -> None:
    """The benchmarks; what follows the command goes to benchmarks/run.py."""
    install("dev")
    run([str(PYTHON), "benchmarks/run.py", *extra])


def install(kind: str) -> None:
    """Make `.venv` with the locked packages of this kind, unless it is there already."""
    want = fingerprint(kind)
    have = {k: (VENV / f".installed-{k}") for k in LOCKS}
    if any(have[k].is_file() and have[k].read_text() == fingerprint(k) for k in {kind, "dev"}):
        return
    if not PYTHON.is_file() or not same_python():
        shutil.rmtree(VENV, ignore_errors=True)
        make_venv(VENV)
    print(f"Installing into {VENV.name}, which takes a minute or two the first time", file=sys.stderr, flush=True)
    # One call for all, so that the package left out of the lock is chosen to fit the locked ones.
    run([str(PYTHON), "-m", "pip", "install", "-q", "-r", str(LOCKS[kind]), "-e", str(ROOT)])
    have[kind].write_text(want)


def fingerprint(kind: str) -> str:
    """What the environment is made from: it is made anew when this changes."""
    parts = [LOCKS[kind].read_bytes(), (ROOT / "pyproject.toml").read_bytes(), sys.version.encode()]
    return hashlib.sha256(b"\0".join(parts)).hexdigest()


def same_python() -> bool:
    """Whether `.venv` works and has the version of the Python that runs this."""
    code = "import sys, pip; print(sys.version)"
    asked = subprocess.run([str(PYTHON), "-c", code], capture_output=True, text=True, check=False)
    return asked.returncode == 0 and asked.stdout.strip() == sys.version.strip()


def make_venv(path: Path) -> None:
    """A fresh virtual environment with pip."""
    made = subprocess.run([sys.executable, "-m", "venv", str(path)], capture_output=True, text=True, check=False)
    if made.returncode:
        shutil.rmtree(path, ignore_errors=True)
        raise Failed(
            f"{made.stdout}{made.stderr}\nno virtual environment could be made; "
            "on Debian and Ubuntu this helps: apt-get install python3-venv"
        )


def tool(name: str) -> str:
    """The path of a program that the environment holds."""
    return str(PYTHON.with_name(name + (".exe" if os.name == "nt" else "")))


def run(command: list[str], cwd: str | Path = ROOT, quiet: bool = False) -> None:
    """Run a program; its output goes through, or is shown only where it fails."""
    sys.stdout.flush()
    environment = {k: v for k, v in os.environ.items() if k not in ("PYTHONPATH", "PYTHONHOME", "VIRTUAL_ENV")}
    environment["PIP_DISABLE_PIP_VERSION_CHECK"] = "1"
    if quiet:
        done = subprocess.run(command, cwd=cwd, env=environment, capture_output=True, text=True, check=False)
        if done.returncode:
            print(done.stdout, done.stderr, sep="\n", file=sys.stderr)
    else:
        done = subprocess.run(command, cwd=cwd, env=environment, text=True, check=False)
    if done.returncode:
        raise Failed(f"this failed with exit code {done.returncode}: {' '.join(command)}")


COMMANDS = {f.__name__: f for f in (demo, test, prove, lint, types, contracts, package, bench)}


def main() -> int:
    """Run the command named; 1 with a message where it fails."""
    if sys.version_info < OLDEST:
        print(f"Python {OLDEST[0]}.{OLDEST[1]} or newer is needed; this is {sys.version.split()[0]}", file=sys.stderr)
        return 1
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.epilog = "commands:\n" + "\n".join(f"  {name:10} {f.__doc__}" for name, f in COMMANDS.items())
    parser.add_argument("command", choices=COMMANDS, metavar="command")
    arguments, extra = parser.parse_known_args()
    try:
        COMMANDS[arguments.command](extra)
    except Failed as error:
        print(f"\n{error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130
    return 0


if __name__ == "__main__":
    sys.exit(main())

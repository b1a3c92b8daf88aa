"""The program that sets the project up."""

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]


def dev(*arguments: str) -> subprocess.CompletedProcess[str]:
    """What dev.py answers."""
    command = [sys.executable, str(ROOT / "dev.py"), *arguments]
    return subprocess.run(command, capture_output=True, text=True, check=False)


def test_help_lists_every_command():
    """The help names each command, and each step of CI is one of them."""
    answer = dev("--help")
    assert answer.returncode == 0
    for command in ("demo", "test", "prove", "lint", "types", "contracts", "package", "bench"):
        assert f"\n  {command} " in answer.stdout


def test_an_unknown_command_is_refused():
    """An unknown command ends with exit code 2 and the commands there are."""
    answer = dev("tset")
    assert answer.returncode == 2
    assert "test" in answer.stderr


def test_it_needs_nothing_but_python():
    """dev.py imports the standard library only, for it runs before anything is installed."""
    import ast

    for node in ast.walk(ast.parse((ROOT / "dev.py").read_text(encoding="utf-8"))):
        names = [a.name for a in node.names] if isinstance(node, ast.Import) else []
        names += [node.module or ""] if isinstance(node, ast.ImportFrom) else []
        assert {name.partition(".")[0] for name in names} <= sys.stdlib_module_names


def test_the_generator_of_the_benchmarks_is_seeded(tmp_path):
    """The same seed and rows give the same bytes, exactly as many rows as asked for; CSV and XES hold the same."""
    sizes = {}
    for name in ("one.csv", "two.csv", "one.xes"):
        program = str(ROOT / "benchmarks" / "generate.py")
        command = [sys.executable, program, "--rows", "2000", "-o", str(tmp_path / name)]
        subprocess.run(command, check=True)
        sizes[name] = (tmp_path / name).read_text(encoding="utf-8")
    assert sizes["one.csv"] == sizes["two.csv"]
    assert len(sizes["one.csv"].splitlines()) == 2001
    assert sizes["one.xes"].count("<event>") == 2000
    assert sizes["one.xes"].count("<trace>") == len({line.split(",")[0] for line in sizes["one.csv"].splitlines()[1:]})

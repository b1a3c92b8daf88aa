"""Errors say what to do: every problem that the program can raise is made with a fix."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
ERRORS = ("InputError", "UsageError", "ServerError")
MODULES = sorted((ROOT / "miner").rglob("*.py"))


def without_fix(module: Path) -> Iterator[str]:
    """The lines of a module that make a problem, or an error from a text, without a fix."""
    for node in ast.walk(ast.parse(module.read_text(encoding="utf-8"))):
        if not isinstance(node, ast.Call) or any(word.arg == "fix" for word in node.keywords):
            continue
        name = getattr(node.func, "id", "")
        texts = (ast.Constant, ast.JoinedStr, ast.BinOp)
        if (name == "Problem" and len(node.args) < 5) or (
            name in ERRORS and len(node.args) == 1 and isinstance(node.args[0], texts)
        ):
            yield f"{module.relative_to(ROOT)}:{node.lineno}: {ast.unparse(node)[:80]}"


@pytest.mark.parametrize("module", MODULES, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_every_error_says_what_to_do(module: Path) -> None:
    """No problem is raised without a line that says how to fix it."""
    assert not list(without_fix(module))

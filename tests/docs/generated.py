"""What the documentation takes from the program itself. Write it anew with: python -m tests.docs.generated"""

from __future__ import annotations

import re
import typing
from collections.abc import Iterator
from enum import Enum
from pathlib import Path
from typing import Any

import typer

from miner.sql import models
from tests.docs.drawn import redrawn
from tests.docs.pages import DOCS, Block, blocks

NOTE = "<!-- Made from the program: python -m tests.docs.generated writes this page anew. -->"


def queries_page() -> str:
    """docs/queries.md: every query of the library with its question, parameters and columns."""
    from miner.graph.cypher.library import queries

    lines = [
        NOTE,
        "",
        "# The query library",
        "",
        "How to run them is in [cypher.md](cypher.md), how to add one in [add-a-query.md](add-a-query.md).",
        "",
    ]
    folder = ""
    for name, query in queries().items():
        if name.partition("/")[0] != folder:
            folder = name.partition("/")[0]
            lines += [f"## {folder}", ""]
        lines += [f"### {name}", "", f"**{query.title}.** {query.header.question}", "", query.header.reading, ""]
        for param in query.header.params:
            default = "must be given" if param.required else f"default `{_literal(param.default)}`"
            lines.append(f"- parameter `{param.name}` ({param.type}, {default}): {param.meaning}")
        columns = (f"`{c.name}`" + (f" ({c.meaning})" if c.meaning else "") for c in query.header.returns)
        lines += [f"- gives {', '.join(columns)}", ""]
    return "\n".join(lines).rstrip() + "\n"


def _literal(value: object) -> str:
    import json

    return json.dumps(value, ensure_ascii=False)


def commands() -> dict[str, Any]:
    """The commands of `miner` by name; those of a group by both names."""
    from miner.cli.app import app

    group: Any = typer.main.get_command(app)
    found: dict[str, Any] = {}
    for name, command in group.commands.items():
        inner = getattr(command, "commands", None)
        found |= {f"{name} {word}": each for word, each in inner.items()} if inner else {name: command}
    return found


def options(command: Any) -> Iterator[str]:
    """The options of a command as they are typed, the shell's own left out."""
    for parameter in command.params:
        if _is_option(parameter) and not getattr(parameter, "hidden", False):
            yield from (name for name in (*parameter.opts, *parameter.secondary_opts) if name.startswith("--"))


def _is_option(parameter: object) -> bool:
    return getattr(parameter, "param_type_name", "") == "option"


def commands_page() -> str:
    """docs/commands.md: every command with its arguments and options."""
    lines = [
        NOTE,
        "",
        "# Commands",
        "",
        "What `miner COMMAND --help` says. Exit codes are in [workspace.md](workspace.md#exit-codes).",
        "",
    ]
    lines += [
        "`miner --version` prints the version, `miner --debug COMMAND` shows the traceback of an error, and",
        "`miner --install-completion` sets up completion in your shell (`--show-completion` prints it).",
        "",
    ]
    for name, command in commands().items():
        about, _, examples = (command.help or "").partition("Examples:")
        lines += [f"## miner {name}", "", re.sub(r"\s+", " ", about).strip(), ""]
        shown = [line.strip() for line in examples.splitlines() if line.strip()]
        if shown:
            lines += ["```text", *shown, "```", ""]
        rows = [_row(parameter, _values(command, parameter)) for parameter in command.params]
        if rows:
            lines += ["| | |", "|---|---|", *rows, ""]
    return "\n".join(lines).rstrip() + "\n"


def _values(command: Any, parameter: Any) -> str:
    """What an option takes: its own word for it, or the values there are."""
    annotation = typing.get_type_hints(command.callback).get(parameter.name)
    found = (annotation, *typing.get_args(annotation))
    kinds = [kind for kind in found if isinstance(kind, type) and issubclass(kind, Enum)]
    return parameter.metavar or (kinds and "|".join(str(member.value) for member in kinds[0])) or ""


def _row(parameter: Any, values: str) -> str:
    if not _is_option(parameter):
        return _cells(f"`{values or parameter.name.upper()}`", getattr(parameter, "help", None))
    names = ", ".join(f"`{name}`" for name in (*parameter.opts, *parameter.secondary_opts))
    return _cells(f"{names} {values}".strip(), getattr(parameter, "help", None), _default(parameter))


def _default(parameter: Any) -> str:
    value = parameter.default
    plain = value.value if isinstance(value, Enum) else value
    shown = isinstance(plain, (str, int, float, Path)) and not isinstance(plain, bool) and str(plain)
    return f"Default: `{plain}`." if shown else ""


def _cells(name: str, *texts: str | None) -> str:
    said = " ".join(text if text.endswith((".", ")")) else f"{text}." for text in texts if text)
    said = said.replace("<", "&lt;")
    return f"| {_safe(name)} | {_safe(said)} |"


def _safe(text: str) -> str:
    return text.replace("|", "\\|")


def redrawn_page(page: Path) -> str:
    """A page with the pictures of its drawings drawn anew."""
    lines = page.read_text(encoding="utf-8").splitlines(keepends=True)
    for block in reversed(blocks(page, "drawing")):
        lines[_place(block)] = redrawn(block).splitlines(keepends=True)  # type: ignore[call-overload]
    return "".join(lines)


def _place(block: Block) -> slice:
    return slice(block.line - 1, block.line - 1 + len(block.text.splitlines()))


def workspace_page() -> str:
    """docs/workspace.md with the columns of every table as the headers of the models declare them."""
    text = (DOCS / "workspace.md").read_text(encoding="utf-8")
    for table in models():
        heading = f"\n### {table}\n"
        if heading in text:
            before, _, after = text.partition(heading)
            section, gap, rest = after.partition("\n#")
            lines = section.splitlines()
            first = next(at for at, line in enumerate(lines) if line.startswith("|"))
            last = max(at for at, line in enumerate(lines) if line.startswith("|"))
            lines[first : last + 1] = _columns(table)
            text = before + heading + "\n".join(lines) + ("\n" if section.endswith("\n") else "") + gap + rest
    return text


def _columns(table: str) -> list[str]:
    """The columns of a saved table, those that other models add to it last."""
    saved = [model for model in models().values() if model.saved_in == table]
    columns: dict[str, Any] = {}
    for model in sorted(saved, key=lambda one: one.table != table):
        columns |= {c.saved_name: c for c in model.columns if c.saved_name not in columns}
    rows = [f"| `{name}` | {c.saved_type} | {_safe(c.meaning)} |" for name, c in columns.items()]
    return ["| column | type | meaning |", "|---|---|---|", *rows]


PAGES = {
    DOCS / "workspace.md": workspace_page,
    DOCS / "queries.md": queries_page,
    DOCS / "commands.md": commands_page,
    DOCS / "definitions.md": lambda: redrawn_page(DOCS / "definitions.md"),
}

if __name__ == "__main__":
    for path, make in PAGES.items():
        path.write_text(make(), encoding="utf-8")

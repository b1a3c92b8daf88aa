"""A conversation with a graph: statements and commands in, tables out; nothing of it needs a terminal."""

from __future__ import annotations

import shlex
from collections.abc import Callable
from pathlib import Path
from typing import Any

import typer

from miner.cli.plain import printable
from miner.cli.query import described, form_of, parameter
from miner.cli.rows import listing, shown
from miner.cli.shell.statements import is_blank, is_command, lines, split
from miner.errors import UsageError
from miner.graph import Graph, Rows, ask_library, find, queries
from miner.graph.cypher.gate import LENGTH
from miner.graph.schema import declared
from miner.graph.schema.parts import Node, Relationship

COMMANDS = {
    "queries": ("[WORD]", "list the library queries, or those that contain this word"),
    "query": ("NAME [KEY=VALUE]…", "run a library query; parameters not given here come from :param"),
    "describe": ("NAME", "show a query's question, parameters, columns and text"),
    "schema": ("[NAME]", "show the labels and relationship types, or the properties of one"),
    "param": ("[KEY=VALUE]", "set a parameter for all statements; without arguments: show all"),
    "export": ("FILE", "save the last rows to a file: .csv .json .parquet, otherwise a table"),
    "help": ("", "this list"),
    "quit": ("", "leave (also Ctrl-D)"),
}
_HINT = "end a statement with a semicolon; run a library query with :query NAME"


class Session:
    """What is open, set and last answered. `feed` takes input as it comes and raises MinerError for what is wrong."""

    def __init__(self, graph: Graph, timeout: float, limit: int):
        self.graph = graph
        self.params: dict[str, Any] = {}
        self.done = False
        self._timeout, self._limit = timeout, limit
        self._rest = ""
        self._last: Rows | None = None

    def feed(self, text: str) -> None:
        """Run what is finished in this text, and keep what is not for the next."""
        for line in lines(text):
            if self.done:
                return
            if is_blank(self._rest) and is_command(line):
                self._rest = ""
                self._command(line.strip())
                continue
            finished, self._rest = split(self._rest + line)
            if len(self._rest) > LENGTH:
                self._rest = ""
                raise UsageError(f"a statement with more than {LENGTH:,} characters", fix="give data as parameters")
            for statement in finished:
                self._ask(statement)

    def finish(self) -> None:
        """Run what was left without a semicolon at the end of the input."""
        rest, self._rest = self._rest.strip(), ""
        if not (self.done or is_blank(rest)):
            self._ask(rest)

    def forget(self) -> None:
        """Drop an unfinished statement."""
        self._rest = ""

    def _ask(self, statement: str) -> None:
        self._show(self.graph.run(statement, self.params, self._timeout, self._limit))

    def _show(self, rows: Rows) -> None:
        self._last = rows
        shown(rows, "table", None)
        for note in rows.notes:
            typer.echo(printable(f"note: {note}"), err=True)
        if rows.truncated:
            typer.echo(f"note: only the first {self._limit:,} rows; ask for more with --limit", err=True)

    def _command(self, line: str) -> None:
        name, _, rest = line[1:].rstrip(";").strip().partition(" ")
        name = {"exit": "quit", "params": "param", "q": "quit", "?": "help"}.get(name.lower(), name.lower())
        run: Callable[[str], None] | None = getattr(self, f"_do_{name}", None) if name in COMMANDS else None
        if run is None:
            raise UsageError(f"no command :{name}", fix=f"there are: {' '.join(f':{known}' for known in COMMANDS)}")
        run(rest.strip())

    def _do_queries(self, word: str) -> None:
        listed = [
            (q.name, q.header.question)
            for q in queries().values()
            if word.lower() in f"{q.name} {q.title} {q.header.question}".lower()
        ]
        if not listed:
            raise UsageError(f"no query contains {word!r}", fix=":queries lists them all")
        listing(listed)

    def _do_query(self, text: str) -> None:
        words = _words(text)
        if not words:
            raise UsageError("which query?", fix=":query NAME; :queries lists them")
        query = find(words[0])
        declared_here = {param.name for param in query.header.params}
        given = {name: value for name, value in self.params.items() if name in declared_here}
        given |= dict(_pair(word) for word in words[1:])
        self._show(ask_library(self.graph, query, given, self._timeout, self._limit))

    def _do_describe(self, name: str) -> None:
        typer.echo(described(find(name)))

    def _do_schema(self, name: str) -> None:
        parts = declared(self.graph.level, agents=self.graph.agents)
        if not name:
            listing([(_pattern(part), part.meaning) for part in parts])
            return
        wanted = [part for part in parts if part.word.lower() == name.strip(":").lower()]
        if not wanted:
            known = ", ".join(sorted({part.word for part in parts}))
            raise UsageError(f"no label or type {name!r} in this graph", fix=f"there are: {known}")
        for part in wanted:
            typer.echo(f"{_pattern(part)} {part.meaning}")
            own = [("id", "string, unique in the label")] if isinstance(part, Node) else []
            listing([*own, *((p.name, f"{p.kind}, {p.meaning}") for p in part.properties)])

    def _do_param(self, text: str) -> None:
        if not text:
            listing([(name, repr(value)) for name, value in self.params.items()] or [("", "no parameter is set")])
            return
        name, value = _pair(text)
        self.params[name] = parameter(value)

    def _do_export(self, file: str) -> None:
        if self._last is None:
            raise UsageError("there are no rows yet", fix="run a query first")
        if not file:
            raise UsageError("into which file?", fix=":export FILE.csv")
        path = Path(_words(file)[0]).expanduser()
        shown(self._last, form_of(path).value, path)

    def _do_help(self, _: str) -> None:
        listing([(f":{name} {given}".strip(), text) for name, (given, text) in COMMANDS.items()])
        typer.echo(_HINT)

    def _do_quit(self, _: str) -> None:
        self.done = True


def _pattern(part: Node | Relationship) -> str:
    return f"(:{part.label})" if isinstance(part, Node) else f"(:{part.start})-[:{part.type}]->(:{part.end})"


def _words(text: str) -> list[str]:
    try:
        return shlex.split(text)
    except ValueError as error:
        raise UsageError(f"a quote is never closed: {text}", fix="close it, or leave it out") from error


def _pair(text: str) -> tuple[str, str]:
    """KEY=VALUE, or as Neo4j's tools write it: KEY => VALUE."""
    name, equals, value = text.partition("=>") if "=>" in text else text.partition("=")
    name = name.strip().removeprefix("$")
    if not equals or not name.isidentifier():
        raise UsageError(f"{text!r} is not a parameter", fix="write: KEY=VALUE, e.g. limit=5")
    value = value.strip()
    return name, value[1:-1] if len(value) > 1 and value[0] == value[-1] == "'" else value

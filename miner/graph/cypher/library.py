"""The library of queries: files whose header is their contract, checked when they are loaded.

A query is called by folder and file, `loops/team_loops`; the file's own name is enough where
only one has it.
"""

from __future__ import annotations

import difflib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from miner.errors import MinerError, Problem, UsageError
from miner.graph.cypher import gate, portable, shape
from miner.graph.cypher.header import TYPES, Column, Header, Param, fits, parse
from miner.graph.cypher.tokens import Token, tokens
from miner.graph.rows import DEFAULT_LIMIT, DEFAULT_TIMEOUT, Graph, Rows
from miner.graph.schema import level_of
from miner.graph.schema.parts import LEVELS

__all__ = ["Column", "Param", "Query", "ask_library", "bind", "find", "load", "load_file", "queries"]

# The node that says what a workspace was made with.
RUN = "Run"


@dataclass(frozen=True, slots=True)
class Query:
    """A query of the library: its name, header and text, the level of detail that it needs, and the labels in it."""

    name: str
    header: Header
    cypher: str
    level: str
    labels: frozenset[str]

    @property
    def title(self) -> str:
        """What it is called."""
        return self.header.title

    @property
    def columns(self) -> list[str]:
        """The columns it returns."""
        return [column.name for column in self.header.returns]

    def defaults(self) -> dict[str, Any]:
        """The parameters that have a default, with it."""
        return {param.name: param.default for param in self.header.params if not param.required}


def home() -> Path:
    """The folder of the queries: beside the package in a checkout, inside it once installed."""
    package = Path(__file__).resolve().parents[2]
    places = (package / "_queries", package.parent / "queries")
    folder = next((place for place in places if place.is_dir()), None)
    if folder is None:
        raise MinerError("the query library is missing from this installation", fix="install interaction-miner again")
    return folder


@cache
def queries() -> dict[str, Query]:
    """All queries by name, in the order of their names; UsageError with every problem of every file."""
    return load(home())


def load(folder: Path) -> dict[str, Query]:
    """The queries of a folder by name; UsageError with every problem of every file."""
    library: dict[str, Query] = {}
    problems: list[Problem] = []
    for path in sorted(folder.rglob("*.cypher")):
        try:
            query = load_file(path, path.relative_to(folder).with_suffix("").as_posix())
            library[query.name] = query
        except UsageError as error:
            problems += error.problems
    if problems:
        raise UsageError(problems)
    return library


def load_file(path: Path, name: str) -> Query:
    """One query file, checked against its own header and the portable subset."""
    text = path.read_text(encoding="utf-8")
    file = f"{name}.cypher"
    header = parse(text, file)
    body = "\n" * header.length + "\n".join(text.splitlines()[header.length :]) + "\n"
    try:
        statement = tokens(body)
        gate.check(body)
    except UsageError as error:
        raise UsageError([Problem(p.what, file, p.line, fix=p.fix) for p in error.problems]) from None
    problems = [
        *_parameters(header, statement, file),
        *_columns(header, statement, file),
        *portable.offences(statement, file),
    ]
    if problems:
        raise UsageError(problems)
    used = frozenset(shape.labels(statement))
    return Query(name, header, body.strip() + "\n", level_of(set(used)), used)


def _parameters(header: Header, statement: list[Token], file: str) -> list[Problem]:
    used = shape.parameters(statement)
    declared = {param.name for param in header.params}
    undeclared = [
        Problem(f"parameter ${name} is not declared", file, line, fix="add it to the field params of the header")
        for name, line in used.items()
        if name not in declared
    ]
    unused = [
        Problem(f"parameter {name!r} is declared and never used", file, 1, fix="use it, or remove its declaration")
        for name in sorted(declared - used.keys())
    ]
    return undeclared + unused


def _columns(header: Header, statement: list[Token], file: str) -> list[Problem]:
    branches = shape.returned(statement)
    if not branches:
        return [Problem("the query has no RETURN", file, header.length + 1, fix="end it with RETURN … ORDER BY …")]
    problems = []
    declared = [column.name for column in header.returns]
    for items in branches:
        names = [item.name for item in items]
        problems += [
            Problem("a returned expression has no name", file, item.line, fix="write: … AS name")
            for item in items
            if item.name is None
        ]
        problems += [
            Problem(
                f"column {item.name!r} is returned and not declared",
                file,
                item.line,
                fix="add it to the field returns of the header",
            )
            for item in items
            if item.name and item.name not in declared
        ]
        problems += [
            Problem(
                f"column {name!r} is declared and not returned",
                file,
                items[0].line,
                fix="return it, or remove its declaration",
            )
            for name in declared
            if name not in names
        ]
        if not problems and names != declared:
            problems.append(
                Problem(
                    "the columns are declared in another order than returned",
                    file,
                    items[0].line,
                    fix=f"declare them so: {', '.join(str(name) for name in names)}",
                )
            )
    if not shape.ordered(statement):
        problems.append(
            Problem("the rows are not ordered", file, branches[-1][0].line, fix="end with ORDER BY, without ties")
        )
    return problems


def find(name: str) -> Query:
    """A query by its name, or by its file's name alone; UsageError with the nearest names."""
    known = queries()
    if name in known:
        return known[name]
    short = [full for full in known if full.rpartition("/")[2] == name]
    if len(short) == 1:
        return known[short[0]]
    full_names = {**{full.rpartition("/")[2]: full for full in known}, **{full: full for full in known}}
    near = short or sorted({full_names[n] for n in difflib.get_close_matches(name, full_names, n=4, cutoff=0.6)})
    hint = f"did you mean: {', '.join(near)}" if near else "miner queries lists them all"
    raise UsageError(f"no query {name!r}", fix=hint)


def bind(query: Query, given: Mapping[str, Any]) -> dict[str, Any]:
    """The parameters of a run: those given (as values, or as text from a command line) over the defaults."""
    declared = {param.name: param for param in query.header.params}
    known = ", ".join(f"{param.name} ({param.type})" for param in declared.values()) or "none"
    problems = [
        Problem(f"{query.name} has no parameter {name!r}", fix=f"parameters: {known}")
        for name in given
        if name not in declared
    ]
    missing = [name for name, param in declared.items() if param.required and name not in given]
    problems += [
        Problem(f"{query.name} needs the parameter {name!r}", fix=f"add: --param {name}=…") for name in missing
    ]
    bound = query.defaults()
    for name in given.keys() & declared.keys():
        try:
            bound[name] = _value(declared[name], given[name])
        except ValueError:
            what = f"{name}={given[name]!r} is not of type {declared[name].type}"
            problems.append(Problem(what, fix=f"parameters: {known}"))
    if problems:
        raise UsageError(problems)
    return bound


def _value(param: Param, value: Any) -> Any:
    if value is None and param.default is None and not param.required:
        return None
    if isinstance(value, str) and param.type != "str":
        value = [part.strip() for part in value.split(",")] if _plain_list(param, value) else json.loads(value)
    if not fits(param, value):
        raise ValueError(f"no {param.type}")
    return float(value) if param.type == "float" else value


def _plain_list(param: Param, value: str) -> bool:
    return param.type == "list" and not value.lstrip().startswith("[")


def ask_library(
    graph: Graph,
    query: Query | str,
    params: Mapping[str, Any] | None = None,
    timeout: float = DEFAULT_TIMEOUT,
    limit: int | None = DEFAULT_LIMIT,
) -> Rows:
    """Run a query of the library with its defaults and `params`; UsageError where the graph is not detailed enough."""
    query = find(query) if isinstance(query, str) else query
    if LEVELS.index(query.level) > LEVELS.index(graph.level):
        raise UsageError(
            f"{query.name} needs a graph with {query.level}; this one has only {graph.level}",
            fix=f"load it again with: --detail {query.level}",
        )
    rows = graph.run(query.cypher, bind(query, params or {}), timeout, limit)
    if not rows.rows and RUN in query.labels and not graph.run(find("overview/run").cypher, {"limit": 1}).rows:
        raise UsageError(
            "the graph was created by an older version: it does not record which outcomes are good",
            fix="recreate it with miner run, or with miner load for a Neo4j database",
        )
    return rows


assert set(TYPES) == {"int", "float", "str", "bool", "list"}

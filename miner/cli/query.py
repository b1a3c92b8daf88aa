"""`miner query` and `miner queries`: ask the graph, by name, file or text."""

from __future__ import annotations

import json
import sys
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from miner.cli.plain import printable
from miner.errors import UsageError

if TYPE_CHECKING:
    from miner.graph import Query, Rows


class Form(StrEnum):
    """How rows are written."""

    table = "table"
    csv = "csv"
    json = "json"
    parquet = "parquet"


class ListForm(StrEnum):
    """How the library is listed."""

    table = "table"
    json = "json"


def query(
    name: Annotated[
        str | None, typer.Argument(metavar="[NAME]", help="A query of the library; `miner queries` lists them.")
    ] = None,
    file: Annotated[Path | None, typer.Option("--file", metavar="FILE", help="A file with a statement.")] = None,
    text: Annotated[str | None, typer.Option("-e", "--execute", metavar="CYPHER", help="A statement.")] = None,
    workspace: Annotated[
        Path | None,
        typer.Option(
            "-w",
            "--workspace",
            metavar="WORKSPACE",
            help="Workspace to query; on a server, its name in the database. Default: `workspace`.",
        ),
    ] = None,
    graph: Annotated[
        str | None,
        typer.Option(
            "--graph",
            metavar="embedded|neo4j://…",
            help="Graph to query. Default: that of the given WORKSPACE, else NEO4J_URI if set.",
        ),
    ] = None,
    param: Annotated[
        list[str] | None, typer.Option("--param", metavar="KEY=VALUE", help="A parameter (repeatable).")
    ] = None,
    limit: Annotated[int, typer.Option("--limit", min=1, metavar="N", help="Maximum number of rows.")] = 10_000,
    timeout: Annotated[
        float, typer.Option("--timeout", min=0.001, metavar="S", help="Time limit of the query, in seconds.")
    ] = 30.0,
    k: Annotated[
        int,
        typer.Option(
            "--k", min=1, metavar="N", help="Minimum number of journeys behind any result row that names an agent."
        ),
    ] = 5,
    form: Annotated[
        Form | None,
        typer.Option("--format", help="Output format. Default: from the output file's extension, else table."),
    ] = None,
    output: Annotated[
        Path | None, typer.Option("-o", "--output", metavar="FILE", help="Default: standard output.")
    ] = None,
) -> None:
    """Ask the graph; only queries that read are run.

    Examples:

        miner query team_loops --param min_journeys=10

        miner query paths/journey --param journey=INC0000045 --format csv -o journey.csv

        miner query team_loops --graph neo4j://localhost:7687

        miner query -e 'MATCH (t:Team) RETURN t.id AS team, t.visits AS visits ORDER BY visits DESC'
    """
    from miner.cli.graphs import asked, chosen
    from miner.cli.rows import shown

    if sum(given is not None for given in (name, file, text)) != 1:
        raise UsageError("give exactly one query", fix="miner query NAME, or --file FILE, or -e CYPHER")
    _library(name)  # a wrong name is told before the graph is opened
    wanted = (form or form_of(output)).value
    if wanted == "parquet" and output is None and sys.stdout.isatty():
        raise UsageError("a Parquet file cannot be shown in a terminal", fix="give -o FILE.parquet")
    with asked(workspace, chosen(workspace, graph), typed=name is None) as opened:
        rows = _rows(opened, name, file, text, _pairs(param or []), timeout, limit)
    _leave_out_small(rows, k)
    shown(rows, wanted, output)
    for note in rows.notes:
        typer.echo(printable(f"note: {note}"), err=True)
    if rows.truncated:
        typer.echo(f"note: only the first {limit:,} rows; ask for more with --limit", err=True)


def _leave_out_small(rows: Rows, k: int) -> None:
    """Rows that name an agent and count fewer than k journeys are not shown, and that is said."""
    from miner.privacy.small import without_small

    before = len(rows)
    rows.rows = without_small(rows.columns, rows.rows, k)
    if left := before - len(rows):
        rows.notes.append(f"{left:,} rows about agents with fewer than {k} journeys are not shown (--k)")


def _library(name: str | None) -> None:
    from miner.graph import find

    if name is not None and (" " in name.strip() or name.endswith(".cypher")):
        raise UsageError(f"no query {name!r}", fix="give a statement with -e CYPHER, a file with --file FILE")
    if name is not None:
        find(name)


def _rows(
    graph: Any, name: str | None, file: Path | None, text: str | None, given: dict[str, str], timeout: float, limit: int
) -> Rows:
    from miner.graph import ask_library

    if name is not None:
        return ask_library(graph, name, given, timeout, limit)
    if file is not None:
        text = _statement(file)
    return graph.run(text, {key: parameter(value) for key, value in given.items()}, timeout, limit)


def _statement(file: Path) -> str:
    """The statement in a file, as it stands there; not more of it than the gate takes."""
    from miner.graph.cypher.gate import LENGTH

    if not file.is_file():
        raise UsageError(f"there is no file {file}", fix="check the path, or give the statement with -e CYPHER")
    try:
        with file.open(encoding="utf-8-sig", newline="") as lines:
            return lines.read(LENGTH + 1)
    except UnicodeDecodeError as error:
        raise UsageError(f"{file} is not UTF-8 text", fix="save it as UTF-8") from error


def _pairs(items: list[str]) -> dict[str, str]:
    pairs: dict[str, str] = {}
    for item in items:
        key, equals, value = item.partition("=")
        if not equals:
            raise UsageError(f"--param {item!r} has no '='", fix="write --param KEY=VALUE, e.g. --param limit=5")
        pairs[key.strip()] = value
    return pairs


def parameter(text: str) -> Any:
    """A parameter of the user's own statement: JSON where it is JSON, else the text itself."""
    try:
        return json.loads(text)
    except ValueError:
        return text


def form_of(output: Path | None) -> Form:
    """The form that a file's ending stands for; a table where it says nothing."""
    ending = output.suffix[1:].lower() if output else ""
    return Form(ending) if ending in set(Form) else Form.table


def queries(
    name: Annotated[
        str | None, typer.Argument(metavar="[NAME]", help="One query, with its question, parameters and columns.")
    ] = None,
    form: Annotated[ListForm, typer.Option("--format", help="Output format.")] = ListForm.table,
) -> None:
    """List the query library, or show one query with its question, parameters, columns and text.

    Examples:

        miner queries

        miner queries loops/team_loops

        miner queries --format json
    """
    from miner.graph import find
    from miner.graph import queries as library

    listed = [find(name)] if name else list(library().values())
    if form is ListForm.json:
        plain = [_plain(query) for query in listed]
        typer.echo(json.dumps(plain[0] if name else plain, indent=1, ensure_ascii=False))
    elif name:
        typer.echo(described(listed[0]))
    else:
        from miner.cli.rows import listing

        listing([(query.name, query.header.question) for query in listed])


def _plain(query: Query) -> dict[str, Any]:
    header = query.header
    params = [
        {"name": p.name, "type": p.type, "meaning": p.meaning, **({} if p.required else {"default": p.default})}
        for p in header.params
    ]
    return {
        "name": query.name,
        "title": header.title,
        "question": header.question,
        "params": params,
        "returns": [{"name": c.name, "meaning": c.meaning} for c in header.returns],
        "reading": header.reading,
        "index": header.index,
        "detail": query.level,
        "cypher": query.cypher,
    }


def described(query: Query) -> str:
    """A query with its question, parameters, columns and text."""
    header = query.header
    lines = [f"{query.name}: {header.title}", header.question, ""]
    for param in header.params:
        default = "must be given" if param.required else f"= {json.dumps(param.default, ensure_ascii=False)}"
        lines.append(f"  --param {param.name}  {default}  ({param.type}, {param.meaning})")
    lines += ["", *(f"  {c.name}{f': {c.meaning}' if c.meaning else ''}" for c in header.returns)]
    return "\n".join([*lines, "", header.reading, "", query.cypher.rstrip()])

"""The graph as CSV files for `neo4j-admin database import full`: the first load of ten million events and more.

The files hold the markers of batches as well, so that `miner load` afterwards finds everything there, makes the
constraints and indexes, and from then on takes up only what changes.
"""

from __future__ import annotations

import shlex
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from miner.errors import UsageError
from miner.events.engine import Engine, literal, quote
from miner.graph.frames import opened, select
from miner.graph.neo4j.batches import Content, digest
from miner.graph.neo4j.statements import BATCH, WORKSPACE, columns, key
from miner.graph.schema import declared
from miner.graph.schema.parts import LEVELS, Node, Relationship
from miner.workspace import Workspace

Progress = Callable[[int, int, str], None]
SCRIPT = "import.sh"
_TYPES = {"string": "string", "integer": "long", "float": "double", "boolean": "boolean", "strings": "string[]"}
# Between the items of a list stands what no log writes.
_BETWEEN = "\x1f"
_OPTIONS = (
    "--array-delimiter=U+001F",
    "--multiline-fields=true",
    "--legacy-style-quoting=false",
    "--bad-tolerance=0",
    "--id-type=string",
)
_SCRIPT = """#!/bin/sh
# The first load of a database, while its server is stopped. Where the database is there already, and may be
# replaced, add --overwrite-destination=true. Then start the server and finish with: miner load
set -eu
cd "$(dirname "$0")"
exec ${{NEO4J_ADMIN:-neo4j-admin}} {command} "$@"
"""


@dataclass(frozen=True, slots=True)
class Bulk:
    """What was written: the folder, the command that imports it (run in that folder), nodes and events."""

    folder: Path
    command: str
    nodes: int
    events: int


def write_bulk(
    workspace: Workspace,
    folder: Path,
    name: str,
    owner: str,
    detail: str = "events",
    agents: bool = False,
    database: str = "neo4j",
    progress: Progress = lambda done, total, unit: None,
) -> Bulk:
    """Write a workspace's graph into an empty folder: two files for each label and type, and `import.sh`.

    `name` is what the workspace is called in the database, `owner` which folder it came from. Raises UsageError
    where the folder is not empty.
    """
    if detail not in LEVELS:
        raise UsageError(f"no level of detail {detail!r}", fix=f"there are: {', '.join(LEVELS)}")
    folder.mkdir(parents=True, exist_ok=True)
    if any(folder.iterdir()):
        raise UsageError(f"{folder} is not empty", fix="name a folder that is not there yet")
    parts = declared(detail, agents)
    with opened(workspace) as engine:
        for part in parts:
            _write(engine, part, folder, name)
        content = Content(engine, parts, name)
        _write_markers(engine, content, folder, progress)
        _write_rows(
            engine,
            folder,
            WORKSPACE,
            f"id:ID({WORKSPACE}),workspace:string,owner:string,detail:string,agents:boolean,complete:boolean",
            "SELECT ?, ?, ?, ?, ?, false",
            [name, name, owner, detail, agents],
        )
        words = ["database", "import", "full", database, *_OPTIONS, *_files(parts)]
        script = folder / SCRIPT
        script.write_text(_SCRIPT.format(command=_wrapped(words)), encoding="utf-8")
        script.chmod(0o755)
        return Bulk(folder, f"neo4j-admin {shlex.join(words)}", content.nodes, content.total)


def _write(engine: Engine, part: Node | Relationship, folder: Path, name: str) -> None:
    """The rows of a declaration."""
    kinds = {p.name: p.kind for p in part.properties}
    ends = {"id": f"id:ID({part.name})"}
    if isinstance(part, Relationship):
        ends = {"src": f":START_ID({part.start})", "dst": f":END_ID({part.end})"}
    head = [ends.get(column) or f"{column}:{_TYPES[kinds[column]]}" for column in columns(part)]
    shown = [_text(column, kinds.get(column)) for column in columns(part)]
    if isinstance(part, Node):
        head.append("workspace:string")
        shown.append("?")
    values = [name] if isinstance(part, Node) else []
    _write_rows(engine, folder, key(part), ",".join(head), f"SELECT {', '.join(shown)} FROM ({select(part)})", values)


def _write_markers(engine: Engine, content: Content, folder: Path, progress: Progress) -> None:
    """The markers that a load would have left: one for each batch of journeys, one for each shared declaration."""
    engine.create("markers", {"id": "VARCHAR", "journeys": "VARCHAR", "nodes": "BIGINT"})
    done = 0
    for part in content.shared:
        rows = digest(list(content.rows(part, 1_000_000_000)))
        engine.run("INSERT INTO markers VALUES (?, NULL, NULL)", [f"{content.workspace}/{part.name}/{rows}"])
    for batch in content.batches():
        journeys = _BETWEEN.join(batch.params["journeys"])
        engine.run("INSERT INTO markers VALUES (?, ?, ?)", [batch.id, journeys, batch.params["nodes"]])
        done += batch.events
        progress(done, content.total, "events")
    head = f"id:ID({BATCH}),workspace:string,journeys:string[],nodes:long"
    _write_rows(engine, folder, BATCH, head, "SELECT id, ?, journeys, nodes FROM markers", [content.workspace])


def _text(column: str, kind: str | None) -> str:
    """A column as it stands in the file; null is an empty field without quotes, empty text one with them."""
    return f"array_to_string({quote(column)}, '{_BETWEEN}')" if kind == "strings" else quote(column)


def _write_rows(engine: Engine, folder: Path, stem: str, head: str, sql: str, values: Sequence[object]) -> None:
    (folder / f"{stem}.header.csv").write_text(head + "\n", encoding="utf-8")
    form = "FORMAT csv, HEADER false, FORCE_QUOTE *, NULLSTR '', QUOTE '\"', ESCAPE '\"'"
    engine.run(f"COPY ({sql}) TO {literal(folder / f'{stem}.csv')} ({form})", values)


def _files(parts: list[Node | Relationship]) -> list[str]:
    arguments = [f"--nodes={label}={label}.header.csv,{label}.csv" for label in (WORKSPACE, BATCH)]
    for part in parts:
        kind, of = ("nodes", part.label) if isinstance(part, Node) else ("relationships", part.type)
        arguments.append(f"--{kind}={of}={key(part)}.header.csv,{key(part)}.csv")
    return arguments


def _wrapped(words: list[str]) -> str:
    """The words of a command, an option a line."""
    command, options = words[:4], words[4:]
    return " \\\n    ".join([shlex.join(command), *map(shlex.quote, options)])

"""The graph for other programs: GraphML, GEXF, and edge lists in Parquet or Arrow.

Everything is written as it is read, a table at a time; log text is escaped, and what XML cannot hold is replaced.
"""

from __future__ import annotations

import json
import os
import re
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any, TypeVar
from xml.sax.saxutils import escape, quoteattr

from miner.errors import UsageError
from miner.graph.frames import opened, select
from miner.graph.parts import LEVELS, Node, Relationship
from miner.graph.schema import declared
from miner.workspace import Workspace

if TYPE_CHECKING:
    from miner.events.engine import Engine

EDGE_FORMATS = ("parquet", "arrow")
_BATCH = 50_000
_NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_TYPES = {"string": "string", "integer": "long", "float": "double", "boolean": "boolean", "strings": "string"}
# What a program that draws takes for the thickness of an edge.
_WEIGHTS = ("handoffs", "count", "visits")
_CARRIAGE = {"\r": "&#13;"}  # a reader would make a newline of it
Part = Node | Relationship
P = TypeVar("P", Node, Relationship)


def write_graphml(workspace: Workspace, target: Path, level: str = "visits", agents: bool = False) -> None:
    """The graph as GraphML (graphml.graphdrawing.org), for yEd, Gephi, igraph, networkx, Neo4j's APOC.

    A node has the data `label`, `id` and its properties, an edge `type` and its properties, as in
    `to_networkx`; an unknown value is left out, a list is JSON text.
    """
    parts = _declared(level, agents)
    with opened(workspace) as engine, _draft(target) as file:
        file.write('<?xml version="1.0" encoding="UTF-8"?>\n<graphml xmlns="http://graphml.graphdrawing.org/xmlns">\n')
        keys = _graphml_keys(parts, file)
        file.write('<graph id="interactions" edgedefault="directed">\n')
        names: dict[tuple[str, str], str] = {}
        for node, row in _rows(engine, [part for part in parts if isinstance(part, Node)]):
            name = names[node.label, row["id"]] = f"n{len(names)}"
            file.write(f'<node id="{name}">{_data(keys["node"], {"label": node.label, **row})}</node>\n')
        for edge, row in _rows(engine, [part for part in parts if isinstance(part, Relationship)]):
            source, end = names[edge.start, row.pop("src")], names[edge.end, row.pop("dst")]
            data = _data(keys["edge"], {"type": edge.type, **row})
            file.write(f'<edge source="{source}" target="{end}">{data}</edge>\n')
        file.write("</graph>\n</graphml>\n")


def write_gexf(workspace: Workspace, target: Path, level: str = "visits", agents: bool = False) -> None:
    """The graph as GEXF 1.3 (gexf.net), for Gephi: names on the nodes, types and weights on the edges.

    The attribute `labels` is a node's label in the graph. An edge weighs what it counts: handoffs or times.
    """
    parts = _declared(level, agents)
    with opened(workspace) as engine, _draft(target) as file:
        file.write(
            '<?xml version="1.0" encoding="UTF-8"?>\n<gexf xmlns="http://gexf.net/1.3" version="1.3">\n'
            '<graph defaultedgetype="directed">\n'
        )
        kinds = {side: _gexf_attributes(parts, side, file) for side in ("node", "edge")}
        names: dict[tuple[str, str], int] = {}
        file.write("<nodes>\n")
        for node, row in _rows(engine, [part for part in parts if isinstance(part, Node)]):
            number = names[node.label, row["id"]] = len(names)
            values = _attvalues(kinds["node"], {"labels": node.label, **row})
            file.write(f'<node id="{number}" label={_quoted(row["id"])}>{values}</node>\n')
        file.write("</nodes>\n<edges>\n")
        for number, (edge, row) in enumerate(_rows(engine, [p for p in parts if isinstance(p, Relationship)])):
            source, end = names[edge.start, row["src"]], names[edge.end, row["dst"]]
            weight = next((row[name] for name in _WEIGHTS if row.get(name) is not None), 1)
            file.write(
                f'<edge id="{number}" source="{source}" target="{end}" kind="{edge.type}" '
                f'label="{edge.type}" weight="{weight}">{_attvalues(kinds["edge"], row)}</edge>\n'
            )
        file.write("</edges>\n</graph>\n</gexf>\n")


def write_edges(
    workspace: Workspace, folder: Path, form: str = "parquet", level: str = "events", agents: bool = False
) -> list[Path]:
    """A file for each label (`nodes/Team`) and type (`edges/Team-HANDS_OFF_TO-Team`); gives their paths.

    Nodes have `id`, edges `src` and `dst`, both their properties: what GraphFrames, cuGraph, igraph and
    graph databases read. `form` is parquet or arrow (an IPC file, also called Feather).
    """
    if form not in EDGE_FORMATS:
        raise UsageError(f"unknown format {form!r} of edge lists", fix=f"formats are: {' '.join(EDGE_FORMATS)}")
    written = []
    with opened(workspace) as engine:
        for part in _declared(level, agents):
            name = f"nodes/{part.label}" if isinstance(part, Node) else f"edges/{part.start}-{part.type}-{part.end}"
            target = folder / f"{name}.{form}"
            target.parent.mkdir(parents=True, exist_ok=True)
            draft = target.with_name(f".{target.name}.part")
            _WRITERS[form](engine, select(part), draft)
            os.replace(draft, target)
            written.append(target)
    return written


def _declared(level: str, agents: bool) -> list[Part]:
    if level not in LEVELS:
        raise UsageError(f"no level of detail {level!r}", fix=f"there are: {', '.join(LEVELS)}")
    return declared(level, agents)


def _rows(engine: Engine, parts: Sequence[P]) -> Iterator[tuple[P, dict[str, Any]]]:
    """All rows of these declarations; a column without a value is left out of its row."""
    for part in parts:
        cursor = engine.run(select(part))
        columns = [column[0] for column in cursor.description]
        while chunk := cursor.fetchmany(_BATCH):
            for row in chunk:
                yield part, {name: v for name, v in zip(columns, row, strict=True) if v is not None}


@contextmanager
def _draft(target: Path) -> Iterator[IO[str]]:
    """A file beside its place, moved there when it is whole."""
    target.parent.mkdir(parents=True, exist_ok=True)
    draft = target.with_name(f".{target.name}.part")
    try:
        with draft.open("w", encoding="utf-8", newline="\n") as file:
            yield file
        os.replace(draft, target)
    finally:
        draft.unlink(missing_ok=True)


def _attributes(parts: Sequence[Part], side: str) -> dict[str, str]:
    """The properties of all nodes or all edges by name, with their kind; the same name is always of one kind."""
    found: dict[str, str] = {}
    for part in parts:
        if isinstance(part, Node) == (side == "node"):
            for prop in part.properties:
                assert found.setdefault(prop.name, prop.kind) == prop.kind, prop.name
    return found


def _graphml_keys(parts: Sequence[Part], file: IO[str]) -> dict[str, dict[str, str]]:
    keys: dict[str, dict[str, str]] = {}
    own = {"node": {"label": "string", "id": "string"}, "edge": {"type": "string"}}
    for side, first in own.items():
        kinds = {**first, **_attributes(parts, side)}
        keys[side] = {name: f"{side[0]}_{name}" for name in kinds}
        for name, kind in kinds.items():
            file.write(f'<key id="{keys[side][name]}" for="{side}" attr.name="{name}" attr.type="{_TYPES[kind]}"/>\n')
    return keys


def _data(keys: dict[str, str], row: dict[str, Any]) -> str:
    return "".join(f'<data key="{keys[name]}">{escape(_text(value), _CARRIAGE)}</data>' for name, value in row.items())


def _gexf_attributes(parts: Sequence[Part], side: str, file: IO[str]) -> set[str]:
    kinds = {**({"labels": "string"} if side == "node" else {}), **_attributes(parts, side)}
    file.write(f'<attributes class="{side}">\n')
    for name, kind in kinds.items():
        file.write(f'<attribute id="{name}" title="{name}" type="{_TYPES[kind]}"/>\n')
    file.write("</attributes>\n")
    return set(kinds)


def _attvalues(known: set[str], row: dict[str, Any]) -> str:
    values = "".join(f'<attvalue for="{name}" value={_quoted(v)}/>' for name, v in row.items() if name in known)
    return f"<attvalues>{values}</attvalues>" if values else ""


def _quoted(value: Any) -> str:
    return quoteattr(_text(value))


def _text(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, list):
        value = json.dumps(value, ensure_ascii=False)
    return _NOT_XML.sub("\N{REPLACEMENT CHARACTER}", str(value))


def _parquet(engine: Engine, rows: str, path: Path) -> None:
    engine.copy_parquet(rows, path)


def _arrow(engine: Engine, rows: str, path: Path) -> None:
    import pyarrow as pa

    reader = engine.sql.sql(rows).to_arrow_reader(_BATCH)
    with pa.OSFile(str(path), "wb") as sink, pa.ipc.new_file(sink, reader.schema) as writer:
        for batch in reader:
            writer.write_batch(batch)


_WRITERS: dict[str, Callable[[Any, str, Path], None]] = {"parquet": _parquet, "arrow": _arrow}

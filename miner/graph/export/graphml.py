"""The graph as GraphML."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import IO, Any
from xml.sax.saxutils import escape

from miner.graph.export.files import TYPES, Part, attributes, draft_of, parts_of, rows, text
from miner.graph.frames import opened
from miner.graph.schema import Node, Relationship
from miner.workspace import Workspace

_CARRIAGE = {"\r": "&#13;"}  # a reader would make a newline of it


def write_graphml(workspace: Workspace, target: Path, level: str = "visits", agents: bool = False) -> None:
    """The graph as GraphML (graphml.graphdrawing.org), for yEd, Gephi, igraph, networkx, Neo4j's APOC.

    A node has the data `label`, `id` and its properties, an edge `type` and its properties, as in
    `to_networkx`; an unknown value is left out, a list is JSON text.
    """
    parts = parts_of(level, agents)
    with opened(workspace) as engine, draft_of(target) as file:
        file.write('<?xml version="1.0" encoding="UTF-8"?>\n<graphml xmlns="http://graphml.graphdrawing.org/xmlns">\n')
        keys = _graphml_keys(parts, file)
        file.write('<graph id="interactions" edgedefault="directed">\n')
        names: dict[tuple[str, str], str] = {}
        for node, row in rows(engine, [part for part in parts if isinstance(part, Node)]):
            name = names[node.label, row["id"]] = f"n{len(names)}"
            file.write(f'<node id="{name}">{_data(keys["node"], {"label": node.label, **row})}</node>\n')
        for edge, row in rows(engine, [part for part in parts if isinstance(part, Relationship)]):
            source, end = names[edge.start, row.pop("src")], names[edge.end, row.pop("dst")]
            data = _data(keys["edge"], {"type": edge.type, **row})
            file.write(f'<edge source="{source}" target="{end}">{data}</edge>\n')
        file.write("</graph>\n</graphml>\n")


def _graphml_keys(parts: Sequence[Part], file: IO[str]) -> dict[str, dict[str, str]]:
    keys: dict[str, dict[str, str]] = {}
    own = {"node": {"label": "string", "id": "string"}, "edge": {"type": "string"}}
    for side, first in own.items():
        kinds = {**first, **attributes(parts, side)}
        keys[side] = {name: f"{side[0]}_{name}" for name in kinds}
        for name, kind in kinds.items():
            file.write(f'<key id="{keys[side][name]}" for="{side}" attr.name="{name}" attr.type="{TYPES[kind]}"/>\n')
    return keys


def _data(keys: dict[str, str], row: dict[str, Any]) -> str:
    return "".join(f'<data key="{keys[name]}">{escape(text(value), _CARRIAGE)}</data>' for name, value in row.items())

"""The graph as GEXF."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import IO, Any
from xml.sax.saxutils import quoteattr

from miner.graph.export.files import TYPES, Part, attributes, draft_of, parts_of, rows, text
from miner.graph.frames import opened
from miner.graph.schema import Node, Relationship
from miner.workspace import Workspace

# What a program that draws takes for the thickness of an edge.
_WEIGHTS = ("handoffs", "count", "visits")


def write_gexf(workspace: Workspace, target: Path, level: str = "visits", agents: bool = False) -> None:
    """The graph as GEXF 1.3 (gexf.net), for Gephi: names on the nodes, types and weights on the edges.

    The attribute `labels` is a node's label in the graph. An edge weighs what it counts: handoffs or times.
    """
    parts = parts_of(level, agents)
    with opened(workspace) as engine, draft_of(target) as file:
        file.write(
            '<?xml version="1.0" encoding="UTF-8"?>\n<gexf xmlns="http://gexf.net/1.3" version="1.3">\n'
            '<graph defaultedgetype="directed">\n'
        )
        kinds = {side: _declare(parts, side, file) for side in ("node", "edge")}
        names: dict[tuple[str, str], int] = {}
        file.write("<nodes>\n")
        for node, row in rows(engine, [part for part in parts if isinstance(part, Node)]):
            number = names[node.label, row["id"]] = len(names)
            values = _attvalues(kinds["node"], {"labels": node.label, **row})
            file.write(f'<node id="{number}" label={_quoted(row["id"])}>{values}</node>\n')
        file.write("</nodes>\n<edges>\n")
        for number, (edge, row) in enumerate(rows(engine, [p for p in parts if isinstance(p, Relationship)])):
            source, end = names[edge.start, row["src"]], names[edge.end, row["dst"]]
            weight = next((row[name] for name in _WEIGHTS if row.get(name) is not None), 1)
            file.write(
                f'<edge id="{number}" source="{source}" target="{end}" kind="{edge.type}" '
                f'label="{edge.type}" weight="{weight}">{_attvalues(kinds["edge"], row)}</edge>\n'
            )
        file.write("</edges>\n</graph>\n</gexf>\n")


def _declare(parts: Sequence[Part], side: str, file: IO[str]) -> set[str]:
    kinds = {**({"labels": "string"} if side == "node" else {}), **attributes(parts, side)}
    file.write(f'<attributes class="{side}">\n')
    for name, kind in kinds.items():
        file.write(f'<attribute id="{name}" title="{name}" type="{TYPES[kind]}"/>\n')
    file.write("</attributes>\n")
    return set(kinds)


def _attvalues(known: set[str], row: dict[str, Any]) -> str:
    values = "".join(f'<attvalue for="{name}" value={_quoted(v)}/>' for name, v in row.items() if name in known)
    return f"<attvalues>{values}</attvalues>" if values else ""


def _quoted(value: Any) -> str:
    return quoteattr(text(value))

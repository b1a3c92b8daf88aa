"""To Graphviz and back: only generated ids and fixed sizes go in, so no label can inject anything."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from typing import Literal

from miner.report.layout.curves import middle, plain_curve
from miner.report.layout.shapes import Curve, Graph, Layout, Line, Point, Rect

Direction = Literal["TB", "LR"]
_INCH = 72.0
_HEAD = (
    "digraph g {{ graph [rankdir={direction} fontsize=12 nodesep=0.3 ranksep=0.34 margin=0 pad=0.1 "
    'nslimit=4 nslimit1=4 mclimit=1]; node [shape=box fixedsize=true label=""]; edge [arrowsize=0.7 fontsize=12];'
)
_DIGIT = 6.0  # the width that Graphviz gives a digit at 12 points


def to_dot(graph: Graph, direction: Direction = "TB") -> str:
    """The graph as DOT with ids n0…, e0…, cluster_0… and nothing from the log; it runs down or to the right."""
    return "\n".join([_HEAD.format(direction=direction), *_nodes(graph), *_edges(graph), "}"])


def _nodes(graph: Graph) -> Iterator[str]:
    members: dict[int, list[str]] = {}
    for i, box in enumerate(graph.boxes):
        shape = " shape=circle" if box.round else ""
        node = f"n{i} [width={box.width / _INCH:.4f} height={box.height / _INCH:.4f}{shape}];"
        if box.group is None:
            yield node
        else:
            members.setdefault(box.group, []).append(node)
    for group, nodes in sorted(members.items()):
        label = _space(120)
        yield f"subgraph cluster_{group} {{ margin=10 labeljust=l label={label}; {' '.join(nodes)} }}"


def _edges(graph: Graph) -> Iterator[str]:
    for i, line in enumerate(graph.lines):
        label = f" label={_space(line.label)}" if line.label else ""
        upwards = _upwards(line)
        way = f"n{line.head} -> n{line.tail} [dir=back" if upwards else f"n{line.tail} -> n{line.head} ["
        yield f"{way} id=e{i} weight={line.weight}{label}];"


def _upwards(line: Line) -> bool:
    """A line to an earlier box is given to Graphviz turned round, so that the order of the boxes decides what is up."""
    return line.tail > line.head


def _space(width: float) -> str:
    """Room for a label: digits of a known width, for this build knows no fonts and no HTML labels."""
    return f'"{"0" * max(1, round(width / _DIGIT))}"'


def from_json(graph: Graph, text: str | bytes) -> Layout:
    """Read Graphviz' json0 back; raises ValueError or KeyError where it is not what was asked for."""
    drawing = json.loads(text)
    left, bottom, right, top = (float(v) for v in drawing["bb"].split(","))
    objects = {o["name"]: o for o in drawing["objects"]}

    def flip(x: float, y: float) -> Point:
        return round(x - left, 1), round(top - y, 1)

    def place(text: str) -> Point:
        x, y = text.split(",")[:2]
        return flip(float(x), float(y))

    edges = {e["id"]: e for e in drawing.get("edges", [])}
    groups: list[Rect | None] = []
    for i in range(graph.groups):
        cluster = objects.get(f"cluster_{i}")
        groups.append(_rect(cluster["bb"], flip) if cluster else None)
    boxes = tuple(place(objects[f"n{i}"]["pos"]) for i in range(len(graph.boxes)))
    lines = tuple(_curve(graph, boxes, line, edges[f"e{i}"], place) for i, line in enumerate(graph.lines))
    return Layout(round(right - left, 1), round(top - bottom, 1), boxes, lines, tuple(groups))


def _rect(text: str, flip: Callable[[float, float], Point]) -> Rect:
    x0, y0, x1, y1 = (float(v) for v in text.split(","))
    x, y = flip(x0, y1)
    return Rect(x, y, round(x1 - x0, 1), round(y1 - y0, 1))


def _curve(
    graph: Graph, boxes: tuple[Point, ...], line: Line, edge: dict[str, str], place: Callable[[str], Point]
) -> Curve:
    if "pos" not in edge:  # Graphviz lost it on its way through clusters
        return plain_curve(graph, boxes, line.tail, line.head)
    parts = edge["pos"].split()
    tip = next((place(p[2:]) for p in parts if p.startswith(("e,", "s,"))), None)
    points = tuple(place(p) for p in parts if not p.startswith(("e,", "s,")))
    if _upwards(line):
        points = points[::-1]
    x, y = place(edge["lp"]) if "lp" in edge else middle(points)
    return Curve(points, tip or points[-1], (round(x - line.label / 2 + 6, 1), y))

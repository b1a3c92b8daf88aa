"""Where a diagram's items stand on the page: rows become heights, a lane a silo where there are several."""

from __future__ import annotations

from dataclasses import dataclass

from miner.models.blocks import Diagram, Item, Link

ROW = 90
LABEL = 30  # width of the label of the pool, and of a lane
Point = tuple[float, float]


@dataclass(frozen=True)
class Lane:
    """A lane: its name, its top edge, its height and the items in it."""

    name: str
    top: float
    height: float
    items: tuple[int, ...]


@dataclass(frozen=True)
class Page:
    """A diagram in pixels. No lanes where the process has one silo or none."""

    lanes: tuple[Lane, ...]
    boxes: tuple[tuple[float, float, int, int], ...]  # left, top, width, height of each item
    lines: tuple[tuple[Point, ...], ...]  # of each link
    width: float
    height: float


def place(diagram: Diagram, silos: list[str | None]) -> Page:
    """Give every item its box and every link its line; `silos` is by activity."""
    owners = [None if item.near is None else silos[item.near] for item in diagram.items]
    names = list(dict.fromkeys(owners))
    heights: dict[tuple[str | None, int], float] = {}
    lanes, top = [], 0.0
    for name in names:
        rows = {item.row for item, owner in zip(diagram.items, owners, strict=True) if owner == name}
        rows |= {link.turn for link in diagram.links if not isinstance(link.turn, str) and owners[link.tail] == name}
        for position, row in enumerate(sorted(rows)):
            heights[name, row] = top + (position + 0.5) * ROW
        members = tuple(i for i, owner in enumerate(owners) if owner == name)
        lanes.append(Lane(name or "no silo", top, len(rows) * ROW, members))
        top += len(rows) * ROW
    left = 2 * LABEL + 20 if len(names) > 1 else 20
    boxes = []
    for item, owner in zip(diagram.items, owners, strict=True):
        width, height = item.size
        boxes.append((item.x + left, heights[owner, item.row] - height / 2, width, height))
    lines = []
    for link in diagram.links:
        through = None if isinstance(link.turn, str) else heights[owners[link.tail], link.turn]
        lines.append(_line(link, diagram.items, boxes, through))
    right = max(x + width for x, _, width, _ in boxes) + 20
    return Page(tuple(lanes) if len(names) > 1 else (), tuple(boxes), tuple(lines), right, top)


def _line(
    link: Link, items: list[Item], boxes: list[tuple[float, float, int, int]], through: float | None
) -> tuple[Point, ...]:
    """A right-angled line from tail to head."""
    x0, y0 = _centre(boxes[link.tail])
    x1, y1 = _centre(boxes[link.head])
    forth = 1 if x1 >= x0 else -1
    out, into = (x0 + forth * boxes[link.tail][2] / 2, y0), (x1 - forth * boxes[link.head][2] / 2, y1)
    if y0 == y1 and through in (None, y0):
        return out, into
    if through is not None:
        return (_edge(boxes[link.tail], through), (x0, through), (x1, through), _edge(boxes[link.head], through))
    if link.turn == "tail" and items[link.tail].kind in ("exclusive", "parallel"):
        return _edge(boxes[link.tail], y1), (x0, y1), into
    if link.turn == "head" and items[link.head].kind in ("exclusive", "parallel"):
        return out, (x1, y0), _edge(boxes[link.head], y0)
    between = (out[0] + into[0]) / 2
    return out, (between, y0), (between, y1), into


def _centre(box: tuple[float, float, int, int]) -> Point:
    return box[0] + box[2] / 2, box[1] + box[3] / 2


def _edge(box: tuple[float, float, int, int], towards: float) -> Point:
    """The middle of the box' upper or lower edge, whichever looks to that height."""
    x, y = _centre(box)
    return x, y + (box[3] / 2 if towards >= y else -box[3] / 2)

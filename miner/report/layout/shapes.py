"""What a layout is given and what it gives back: boxes and lines without any text.

Units are CSS pixels; the origin is the top left corner.
"""

from __future__ import annotations

from dataclasses import dataclass

Point = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Box:
    """A node of fixed size; `group` is the index of the cluster it lies in."""

    width: float
    height: float
    group: int | None = None
    round: bool = False


@dataclass(frozen=True, slots=True)
class Line:
    """An edge between two boxes (by index); `label` is the width kept free for its label, 0 for none."""

    tail: int
    head: int
    label: float = 0
    weight: int = 1


@dataclass(frozen=True, slots=True)
class Graph:
    """A picture to arrange. Boxes come in the order in which they should roughly appear."""

    boxes: tuple[Box, ...]
    lines: tuple[Line, ...]
    groups: int = 0


@dataclass(frozen=True, slots=True)
class Curve:
    """A chain of cubic Béziers (1 + 3k points), the tip of its arrow, and where its label begins."""

    points: tuple[Point, ...]
    tip: Point
    label: Point


@dataclass(frozen=True, slots=True)
class Rect:
    """A rectangle by its top left corner and size."""

    x: float
    y: float
    width: float
    height: float


@dataclass(frozen=True, slots=True)
class Layout:
    """Centres of the boxes, curves of the lines, frames of the groups, in the order of the graph.

    `simple` says that the layout engine failed and the plain layered layout stands in.
    """

    width: float
    height: float
    boxes: tuple[Point, ...]
    lines: tuple[Curve, ...]
    groups: tuple[Rect | None, ...]
    simple: bool = False

"""Curves that we draw ourselves, and points on any curve."""

from __future__ import annotations

from collections.abc import Sequence

from miner.report.layout.shapes import Curve, Graph, Point

_ARROW = 7.0


def middle(points: Sequence[Point]) -> Point:
    """The point halfway along a chain of Béziers (1 + 3k points), counted in pieces."""
    pieces = (len(points) - 1) // 3
    if pieces % 2 == 0:
        return points[3 * (pieces // 2)]
    (x0, y0), (x1, y1), (x2, y2), (x3, y3) = points[3 * (pieces // 2) :][:4]
    return round((x0 + 3 * x1 + 3 * x2 + x3) / 8, 1), round((y0 + 3 * y1 + 3 * y2 + y3) / 8, 1)


def plain_curve(graph: Graph, centres: Sequence[Point], tail: int, head: int) -> Curve:
    """One arc between two boxes: down where the head is lower, else around the right side; a loop at the same box."""
    (x0, y0), (x1, y1) = centres[tail], centres[head]
    a, b = graph.boxes[tail], graph.boxes[head]
    if tail == head:
        right = x0 + a.width / 2
        loop = ((right, y0 - 6), (right + 26, y0 - 14), (right + 26, y0 + 14), (right + _ARROW, y0 + 6))
        return Curve(loop, (right, y0 + 5), (right + 22, y0))
    if y0 < y1:
        start, end = (x0, y0 + a.height / 2), (x1, y1 - b.height / 2 - _ARROW)
        points = (start, (x0, start[1] + 20), (x1, end[1] - 20), end)
        return Curve(points, (x1, end[1] + _ARROW), middle(points))
    start, end = (x0 + a.width / 2, y0), (x1 + b.width / 2 + _ARROW, y1)
    side = max(start[0], end[0]) + 40
    points = (start, (side, y0), (side, y1), end)
    return Curve(points, (end[0] - _ARROW, y1), middle(points))

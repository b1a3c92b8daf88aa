"""A plain layered layout without any engine: less pretty, always there, always the same."""

from __future__ import annotations

from miner.report.layout.curves import plain_curve
from miner.report.layout.shapes import Graph, Layout, Point

_GAP_X, _GAP_Y, _SIDE = 28.0, 44.0, 36.0


def layered(graph: Graph) -> Layout:
    """Rows by longest path over the lines that lead forward, ordered by their neighbours above."""
    rank = _ranks(graph)
    rows: dict[int, list[int]] = {}
    for i, r in enumerate(rank):
        rows.setdefault(r, []).append(i)
    order = _ordered(graph, [rows[r] for r in sorted(rows)])
    width = max((_row_width(graph, row) for row in order), default=0.0) + 2 * _SIDE
    centres: list[Point] = [(0.0, 0.0)] * len(graph.boxes)
    y = 0.0
    for row in order:
        height = max(graph.boxes[i].height for i in row)
        x = (width - _row_width(graph, row)) / 2
        for i in row:
            box = graph.boxes[i]
            centres[i] = (round(x + box.width / 2, 1), round(y + height / 2, 1))
            x += box.width + _GAP_X
        y += height + _GAP_Y
    lines = tuple(plain_curve(graph, centres, line.tail, line.head) for line in graph.lines)
    return Layout(round(width, 1), round(max(y - _GAP_Y, 0), 1), tuple(centres), lines, (None,) * graph.groups, True)


def _ranks(graph: Graph) -> list[int]:
    """Longest path by box order: a line to an earlier box is a way back and counts for nothing."""
    rank = [0] * len(graph.boxes)
    for line in sorted(graph.lines, key=lambda e: (e.tail, e.head)):
        if line.tail < line.head:
            rank[line.head] = max(rank[line.head], rank[line.tail] + 1)
    return rank


def _ordered(graph: Graph, rows: list[list[int]]) -> list[list[int]]:
    place: dict[int, float] = {}
    for row in rows:
        above = {i: [place[e.tail] for e in graph.lines if e.head == i and e.tail in place] for i in row}
        row.sort(key=lambda i: (sum(above[i]) / len(above[i]) if above[i] else 0.0, i))
        place.update({i: n / len(row) for n, i in enumerate(row)})
    return rows


def _row_width(graph: Graph, row: list[int]) -> float:
    return sum(graph.boxes[i].width for i in row) + _GAP_X * (len(row) - 1)

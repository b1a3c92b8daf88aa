"""Layout: the same each time, always there, and deaf to what labels say."""

from __future__ import annotations

import sys

from hypothesis import given, settings
from hypothesis import strategies as st

from miner.report.layout import Box, Graph, Layout, Line, arrange, to_dot
from miner.report.layout.layered import layered

RING = Graph(tuple(Box(100, 40) for _ in range(5)), tuple(Line(i, (i + 1) % 5, 40) for i in range(5)))


def overlapping(graph: Graph, layout: Layout) -> list[tuple[int, int]]:
    """Pairs of boxes that lie on each other."""

    def apart(i: int, j: int) -> bool:
        a, b = graph.boxes[i], graph.boxes[j]
        (x0, y0), (x1, y1) = layout.boxes[i], layout.boxes[j]
        return abs(x0 - x1) >= (a.width + b.width) / 2 or abs(y0 - y1) >= (a.height + b.height) / 2

    count = len(graph.boxes)
    return [(i, j) for i in range(count) for j in range(i) if not apart(i, j)]


def test_layout_is_the_same_each_time() -> None:
    """Two processes arrange a graph alike."""
    first, second = arrange([RING]), arrange([RING])
    assert first == second
    assert not first[0].simple
    assert not overlapping(RING, first[0])


def test_order_of_boxes_decides_what_is_above() -> None:
    """A line to an earlier box leads upwards, whichever way the cycle is entered."""
    (layout,) = arrange([RING])
    heights = [y for _, y in layout.boxes]
    assert heights == sorted(heights)
    back = layout.lines[4]
    assert back.points[0][1] > back.tip[1]


def test_a_flat_graph_runs_to_the_right() -> None:
    """A team with many partners would be one long row: it is stood on its side."""
    star = Graph(tuple(Box(120, 40) for _ in range(14)), tuple(Line(0, i, 40) for i in range(1, 14)))
    (layout,) = arrange([star])
    assert layout.height > layout.width


def test_groups_frame_their_boxes() -> None:
    """A frame contains the boxes of its group and no other."""
    graph = Graph(tuple(Box(100, 40, i % 2) for i in range(6)), tuple(Line(i, i + 1) for i in range(5)), 2)
    (layout,) = arrange([graph])
    for group, frame in enumerate(layout.groups):
        assert frame is not None
        inside = [
            frame.x <= x <= frame.x + frame.width and frame.y <= y <= frame.y + frame.height for x, y in layout.boxes
        ]
        assert inside == [box.group == group for box in graph.boxes]


def test_nothing_but_numbers_reaches_graphviz() -> None:
    """The DOT text consists of generated ids, sizes and zeros that keep room for labels."""
    text = to_dot(Graph((Box(100, 40, 0), Box(80, 40)), (Line(0, 1, 60),), 1))
    assert 'label="0000000000"' in text
    assert "<" not in text.replace("->", "")


def test_a_layout_that_does_not_come_is_replaced() -> None:
    """A program that hangs, one that ends and one that answers nonsense each give the plain layout."""
    hangs = [sys.executable, "-c", "import time; time.sleep(60)"]
    ends = [sys.executable, "-c", "pass"]
    raves = [sys.executable, "-uc", "for line in __import__('sys').stdin: print('{\"ok\": \"{}\"}')"]
    for command, deadline in ((hangs, 0.3), (ends, 5.0), (raves, 5.0)):
        (layout,) = arrange([RING], deadline=deadline, command=command)
        assert layout == layered(RING)
        assert layout.simple


def test_a_layout_engine_that_fails_is_given_up() -> None:
    """After three failures in a row no more time is spent on it."""
    command = [sys.executable, "-c", "import time; time.sleep(60)"]
    layouts = arrange([RING] * 20, deadline=0.2, command=command)
    assert len(layouts) == 20
    assert all(layout.simple for layout in layouts)


graphs = st.integers(1, 12).flatmap(
    lambda n: st.lists(st.tuples(st.integers(0, n - 1), st.integers(0, n - 1)), max_size=30).map(
        lambda pairs: Graph(tuple(Box(60 + 10 * i, 40) for i in range(n)), tuple(Line(a, b, 30) for a, b in pairs))
    )
)


@given(graphs)
@settings(max_examples=60)
def test_the_plain_layout_holds_for_any_graph(graph: Graph) -> None:
    """Boxes never lie on each other, every line has a curve, everything is inside the picture."""
    layout = layered(graph)
    assert not overlapping(graph, layout)
    assert len(layout.lines) == len(graph.lines)
    assert all(0 <= x <= layout.width and 0 <= y <= layout.height for x, y in layout.boxes)
    assert all((len(curve.points) - 1) % 3 == 0 for curve in layout.lines)

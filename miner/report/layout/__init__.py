"""Layout of maps: Graphviz in a process of its own, a plain layered layout where it fails."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Literal

from miner.report.layout.dot import from_json, to_dot
from miner.report.layout.engine import LayoutFailed, LayoutProcess, system_dot
from miner.report.layout.layered import layered
from miner.report.layout.shapes import Box, Curve, Graph, Layout, Line, Point, Rect

__all__ = ["Box", "Curve", "Graph", "Layout", "Line", "Point", "Rect", "arrange", "to_dot"]

DEADLINE = 10.0
ROOM = (880.0, 640.0)  # the size at which a map is usually seen
_FLAT, _BETTER = 0.8, 1.2
_FAILURES = 3
Render = Callable[[str], str]


def arrange(
    graphs: Sequence[Graph],
    deadline: float = DEADLINE,
    engine: Literal["built-in", "system"] = "built-in",
    command: list[str] | None = None,
) -> list[Layout]:
    """Lay out graphs, in their order; each has `deadline` seconds.

    A graph runs down the page, or to the right where that uses the room much better. Never fails: a graph
    whose layout does not come gets the plain layered layout (`simple` is set), and after three failures in a
    row the engine is no longer asked. `engine="system"` uses the installed `dot`; `command` replaces the
    layout program.
    """
    layouts, failures = [], 0
    with LayoutProcess(command) as process:

        def render(dot: str) -> str:
            return system_dot(dot, deadline) if engine == "system" else process.render(dot, deadline)

        for graph in graphs:
            try:
                if failures >= _FAILURES:
                    raise LayoutFailed("the layout engine failed too often")
                layouts.append(_best(graph, render))
                failures = 0
            except (LayoutFailed, ValueError, KeyError, IndexError):
                failures += 1
                layouts.append(layered(graph))
    return layouts


def _best(graph: Graph, render: Render) -> Layout:
    down = from_json(graph, render(to_dot(graph)))
    if _scale(down) >= _FLAT:
        return down
    right = from_json(graph, render(to_dot(graph, "LR")))
    return right if _scale(right) > _BETTER * _scale(down) else down


def _scale(layout: Layout) -> float:
    """How large it would be drawn in the usual room."""
    return min(ROOM[0] / max(layout.width, 1), ROOM[1] / max(layout.height, 1))

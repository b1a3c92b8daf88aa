"""Layout of maps: Graphviz in a process of its own, a plain layered layout where it fails."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

from miner.report.layout.dot import from_json, to_dot
from miner.report.layout.engine import LayoutFailed, LayoutProcess, system_dot
from miner.report.layout.layered import layered
from miner.report.layout.shapes import Box, Curve, Graph, Layout, Line, Point, Rect

__all__ = ["Box", "Curve", "Graph", "Layout", "Line", "Point", "Rect", "arrange", "to_dot"]

DEADLINE = 10.0
_FAILURES = 3


def arrange(
    graphs: Sequence[Graph],
    deadline: float = DEADLINE,
    engine: Literal["built-in", "system"] = "built-in",
    command: list[str] | None = None,
) -> list[Layout]:
    """Lay out graphs, in their order; each has `deadline` seconds.

    Never fails: a graph whose layout does not come gets the plain layered layout (`simple` is set), and
    after three failures in a row the engine is no longer asked. `engine="system"` uses the installed `dot`;
    `command` replaces the layout program.
    """
    layouts, failures = [], 0
    with LayoutProcess(command) as process:
        for graph in graphs:
            try:
                if failures >= _FAILURES:
                    raise LayoutFailed("the layout engine failed too often")
                dot = to_dot(graph)
                text = system_dot(dot, deadline) if engine == "system" else process.render(dot, deadline)
                layouts.append(from_json(graph, text))
                failures = 0
            except (LayoutFailed, ValueError, KeyError, IndexError):
                failures += 1
                layouts.append(layered(graph))
    return layouts

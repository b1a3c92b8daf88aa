"""A map as an object that notebooks show."""

from __future__ import annotations

import base64
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING
from xml.sax.saxutils import quoteattr

from miner.report.maps.draw import draw_map
from miner.report.maps.flow import Kind
from miner.report.maps.svg import Show
from miner.workspace import Workspace

if TYPE_CHECKING:
    import graphviz


@dataclass(frozen=True, slots=True)
class MapPicture:
    """A drawn map: shown by a notebook as it is; `svg` is its text, `save` writes it to a file.

    `dot` is the same map in Graphviz's language, `source` gives it as an object of the package graphviz.
    """

    svg: str
    title: str
    dot: str

    def _repr_svg_(self) -> str:
        return self.svg

    def _repr_html_(self) -> str:
        """As an image, so that its style stays its own."""
        data = base64.b64encode(self.svg.encode()).decode()
        return f'<img alt={quoteattr(self.title)} src="data:image/svg+xml;base64,{data}" style="max-width: 100%">'

    def source(self) -> graphviz.Source:
        """The map as a `graphviz.Source`, to lay out, render or save with Graphviz itself."""
        import graphviz

        return graphviz.Source(self.dot)

    def save(self, path: str | Path) -> Path:
        """Write the SVG to a file and return its path."""
        target = Path(path)
        target.write_text(self.svg, encoding="utf-8")
        return target


def show_map(
    workspace: Workspace,
    kind: Kind = "process",
    show: Show = "count",
    activities: int | None = None,
    paths: int | None = None,
) -> MapPicture:
    """A map of a workspace for a notebook: which activity follows which, or which team hands over to which.

    The options are those of `draw_map`.
    """
    svg, dot = (draw_map(workspace, kind, show, activities, paths, form).decode() for form in ("svg", "dot"))
    return MapPicture(svg, "Process map" if kind == "process" else "Team map", dot)

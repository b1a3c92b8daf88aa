"""One map of a workspace as a file: SVG, PNG or DOT."""

from __future__ import annotations

from typing import Literal

from miner.errors import UsageError
from miner.report import words
from miner.report.layout import arrange
from miner.report.maps.flow import Flow, Kind, Level
from miner.report.maps.picture import graph_of, path_steps, picture_of
from miner.report.maps.read import ladder, read_flow
from miner.report.maps.svg import Show, label_of, showing, svg
from miner.report.tables import tables
from miner.report.theme import standalone
from miner.workspace import Workspace

Format = Literal["svg", "png", "dot"]
_STEPS, _PATHS = 16, 30


def draw_map(
    workspace: Workspace,
    kind: Kind = "process",
    show: Show = "count",
    activities: int | None = None,
    paths: int | None = None,
    format: Format = "svg",
    engine: Literal["built-in", "system"] = "built-in",
    by_silo: bool | None = None,
) -> bytes:
    """A map of a workspace as the bytes of a file.

    `kind`: which activity follows which, or which team hands over to which. `show`: how often, how long the wait
    is (median; seconds between the latest end so far and the next start), or what fragmentation costs there (hours,
    with rates money). `activities` (or teams)
    and `paths`: how many to show, the most frequent first, never fewer paths than reach every step.
    `by_silo`: steps of a silo in one frame (default: teams yes, activities no).
    `engine`: the layout engine that comes along, or the system's `dot`.
    Raises UsageError where there is nothing to draw.
    """
    with tables(workspace) as session:
        flow = read_flow(session, kind, [activities] if activities else None)
    if not flow.steps:
        what = "events" if kind == "process" else "teams (map a team or agent column)"
        raise UsageError(f"nothing to draw: {workspace.path} has no {what}", fix="run it again with these mapped")
    if show == "cost" and all(path.spent() is None for path in flow.levels[-1].paths):
        raise UsageError(f"{workspace.path} has no costs", fix="compute them: miner cost -w WORKSPACE --save")
    level = flow.levels[-1] if activities else default_level(flow)
    shown = default_paths(level) if paths is None else max(level.backbone, min(paths, len(level.paths)))
    if format == "dot":
        return dot(flow, level, shown, show).encode()
    graph = graph_of(flow, level, shown, by_silo)
    picture = picture_of(flow, level, shown, arrange([graph], engine=engine)[0])
    text = svg(flow, level, picture, show, standalone())
    if format == "svg":
        return f'<?xml version="1.0" encoding="UTF-8"?>\n{text}\n'.encode()
    import resvg_py

    return bytes(resvg_py.svg_to_bytes(svg_string=text, zoom=2))


def default_level(flow: Flow) -> Level:
    """The level of detail that a map opens with."""
    steps = max(n for n in ladder(len(flow.steps)) if n <= _STEPS or n == min(ladder(len(flow.steps))))
    return next(level for level in flow.levels if level.steps == steps)


def default_paths(level: Level) -> int:
    """The number of paths that a map opens with."""
    return max(n for n in path_steps(level) if n <= max(_PATHS, level.backbone))


def dot(flow: Flow, level: Level, paths: int, show: Show) -> str:
    """The map as DOT for other programs: generated ids, labels as quoted text (never HTML labels)."""
    lines = ["digraph map {", f"  label={quoted(showing(flow, level, paths))}; node [shape=box style=rounded];"]
    for i, step in enumerate(flow.steps[: level.steps]):
        lines.append(f"  n{i} [label={quoted(words.label(step.name), words.number(step.count))}];")
    for path in level.paths[:paths]:
        lines.append(f"  n{path.tail} -> n{path.head} [label={quoted(label_of(path, show))}];")
    return "\n".join([*lines, "}", ""])


def quoted(*lines: str) -> str:
    """Lines of text as a DOT string: in quotes it is never read as HTML; escapes and entities are written out."""
    return '"' + "\\n".join(_escaped(line) for line in lines) + '"'


def _escaped(line: str) -> str:
    return line.replace("&", "&amp;").replace("\\", "\\\\").replace('"', '\\"')

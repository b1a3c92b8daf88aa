"""From a level of a flow to a picture: which paths to draw, how large the boxes are, where all of it lies."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from miner.report import words
from miner.report.layout import Box, Curve, Graph, Layout, Line, Point, Rect
from miner.report.maps.flow import Flow, Level, Path, Step

CHAR, LINE, PAD = 7.2, 17, 13
_LIMIT = 22.0  # characters a line
_END = 22.0
_FEW, _SHARE = 6, 0.02


@dataclass(frozen=True, slots=True)
class Sign:
    """The box of a step: its label on one or two lines, and its size."""

    lines: tuple[str, ...]
    width: float
    height: float


@dataclass(frozen=True, slots=True)
class Picture:
    """A laid out map: positions of the first steps of the flow, curves of the first paths of the level.

    `starts` and `ends` are the arrows from the start mark and to the end mark, by step.
    """

    width: float
    height: float
    steps: tuple[Point, ...]
    paths: tuple[Curve, ...]
    start: Point | None
    end: Point | None
    starts: dict[int, Curve]
    ends: dict[int, Curve]
    groups: tuple[Rect | None, ...]
    simple: bool


def sign(step: Step) -> Sign:
    """The box of a step, as wide as its label needs within limits."""
    lines = tuple(words.wrap(words.label(step.name), _LIMIT))
    note = max(len(words.number(step.count)) + 8, 12)
    wide = max([*(words.width(line) for line in lines), note * 0.86])
    return Sign(lines, round(wide * CHAR + 2 * PAD), 20 + LINE * (len(lines) + 0.9))


def path_steps(level: Level, most: int = 90) -> list[int]:
    """The numbers of paths between which a reader may choose: from just enough to reach every step, up to `most`."""
    total = min(len(level.paths), max(most, level.backbone))
    rungs = {n for n in (5, 10, 15, 20, 30, 45, 60, 90) if level.backbone < n < total}
    return sorted({level.backbone, total, *rungs})


def graph_of(flow: Flow, level: Level, paths: int, by_silo: bool | None = None) -> Graph:
    """What is to be laid out: start mark, steps in the order in which they usually come, end mark.

    `by_silo` puts the steps of a silo into one frame (default: teams yes, activities no).
    """
    framed = flow.kind == "teams" if by_silo is None else by_silo
    order = _order(flow, level)
    place = {step: i + 1 for i, step in enumerate(order)}
    silos = {silo: i for i, silo in enumerate(flow.silos)} if framed else {}
    boxes = [Box(_END, _END, round=True)]
    for step in order:
        box = sign(flow.steps[step])
        boxes.append(Box(box.width, box.height, silos.get(flow.steps[step].silo or "")))
    boxes.append(Box(_END, _END, round=True))
    last = len(boxes) - 1
    lines = [Line(place[p.tail], place[p.head], _label_width(p), _weight(p, flow)) for p in level.paths[:paths]]
    lines += [Line(0, place[s], 0, 2) for s in marked(flow, level.starts)]
    lines += [Line(place[s], last, 0, 1) for s in marked(flow, level.ends)]
    if flow.kind == "teams":  # handoffs have no start and end marks
        boxes = boxes[1:-1]
        lines = [Line(e.tail - 1, e.head - 1, e.label, e.weight) for e in lines]
    return Graph(tuple(boxes), tuple(lines), len(silos))


def picture_of(flow: Flow, level: Level, paths: int, layout: Layout) -> Picture:
    """Sort a layout of `graph_of` back to steps and paths."""
    order = _order(flow, level)
    ends = flow.kind == "process"
    points = dict(zip(order, layout.boxes[1:] if ends else layout.boxes, strict=False))
    curves = list(layout.lines)
    drawn = min(paths, len(level.paths))
    first, last = marked(flow, level.starts), marked(flow, level.ends)
    return Picture(
        layout.width,
        layout.height,
        tuple(points[i] for i in range(level.steps)),
        tuple(curves[:drawn]),
        layout.boxes[0] if ends else None,
        layout.boxes[-1] if ends else None,
        dict(zip(first, curves[drawn:], strict=False)),
        dict(zip(last, curves[drawn + len(first) :], strict=False)),
        layout.groups,
        layout.simple,
    )


def marked(flow: Flow, counts: dict[int, int]) -> list[int]:
    """The steps whose start or end arrow is drawn: the most frequent ones, at least one."""
    if flow.kind == "teams":
        return []
    ranked = sorted(counts, key=lambda s: (-counts[s], s))[:_FEW]
    return [s for i, s in enumerate(ranked) if i == 0 or counts[s] >= _SHARE * flow.journeys]


def stroke(value: float, most: float) -> float:
    """The width of an arrow: by the square root, so that rare paths stay visible."""
    return round(1 + 5 * math.sqrt(value / most), 1) if most else 1.0


BANDS = (
    (15 * 60, "under 15 min"),
    (3600, "under 1 h"),
    (8 * 3600, "under 8 h"),
    (86400, "under 1 d"),
    (3 * 86400, "under 3 d"),
)


def band(seconds: float) -> int:
    """The colour class of a wait: 0 (under 15 minutes) to 5 (three days and more)."""
    return sum(seconds >= limit for limit, _ in BANDS)


def _order(flow: Flow, level: Level) -> Sequence[int]:
    return sorted(range(level.steps), key=lambda i: (flow.steps[i].place, i))


def _label_width(path: Path) -> float:
    longest = max(len(words.number(path.count)), len(words.duration(path.median_s)))
    return 6.4 * longest + 10


def _weight(path: Path, flow: Flow) -> int:
    return 1 + round(7 * path.count / max(1, flow.journeys)) if path.count < flow.journeys else 8

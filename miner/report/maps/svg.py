"""Our own small SVG renderer: a picture of a map as SVG text. Labels are escaped text, never markup."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal
from xml.sax.saxutils import escape

from miner.report import words
from miner.report.layout import Curve, Point
from miner.report.maps.flow import Flow, Level, Path
from miner.report.maps.picture import LINE, Picture, band, sign, stroke

Show = Literal["count", "time", "cost"]
MARGIN = 12


def svg(
    flow: Flow, level: Level, picture: Picture, show: Show = "count", style: str | None = None, name: str = "map"
) -> str:
    """The map as an SVG element; with `style` (CSS text) it stands alone, without it takes the page's."""
    key = _key(flow, picture)
    width, height = picture.width + 2 * MARGIN, picture.height + 2 * MARGIN + (LINE + 4 if key else 0)
    box = f"{-MARGIN} {-MARGIN} {width:.0f} {height:.0f}"
    title, text = describe(flow, level, len(picture.paths))
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" class="map {show}" viewBox="{box}" width="{width:.0f}" '
        f'height="{height:.0f}" role="img" aria-labelledby="{name}-title {name}-text">',
        f'<title id="{name}-title">{escape(title)}</title><desc id="{name}-text">{escape(text)}</desc>',
    ]
    if style is not None:
        parts.append(f"<style>{escape(style)}</style>")
        parts.append(f'<rect class="paper" x="{-MARGIN}" y="{-MARGIN}" width="{width:.0f}" height="{height:.0f}"/>')
    frames, names = _groups(flow, picture)
    parts += [*frames, *_ends(level, picture), *_paths(flow, level, picture, show), *names]
    parts += [*_steps(flow, level, picture, show), *key, "</svg>"]
    return "\n".join(parts)


def describe(flow: Flow, level: Level, paths: int) -> tuple[str, str]:
    """Title and description of a map: what it is, and what of it is shown."""
    process = flow.kind == "process"
    title = "Process map: which step follows which" if process else "Team map: who hands over to whom"
    return title, showing(flow, level, paths)


def showing(flow: Flow, level: Level, paths: int) -> str:
    """What is shown and what is hidden, in one sentence."""
    noun, way = ("activities", "paths") if flow.kind == "process" else ("teams", "handoff paths")
    return (
        f"Showing {words.number(level.steps)} of {words.number(len(flow.steps))} {noun} "
        f"and {words.number(paths)} of the {words.number(len(level.paths))} {way} between them; "
        f"{words.percent(level.visible[paths], flow.journeys)} of journeys are fully visible."
    )


def _key(flow: Flow, picture: Picture) -> list[str]:
    """Which stripe is which silo, where no frame says so."""
    if any(picture.groups):
        return []
    parts, x, y = [], 0.0, picture.height + MARGIN
    for i, silo in flow.silos_shown()[:9]:
        name = words.cut(words.label(silo), 24)
        stripe = f'<rect class="stripe" x="{x:g}" y="{y:g}" width="4" height="14" rx="2"/>'
        text = f'<text x="{x + 9:g}" y="{y + 11:g}">{escape(name)}</text>'
        parts.append(f'<g class="key s{min(i, 8)}">{stripe}{text}</g>')
        x += 28 + words.width(name) * 6.6
        if x > picture.width - 60:
            break
    return parts


def _groups(flow: Flow, picture: Picture) -> tuple[list[str], list[str]]:
    """The frames of the silos, and their names, which stand above the arrows."""
    frames, names = [], []
    for i, (silo, frame) in enumerate(zip(flow.silos, picture.groups, strict=False)):
        if frame is not None:
            name = escape(words.cut(words.label(silo), frame.width / 7.5))
            frames.append(
                f'<rect class="silo s{min(i, 8)}" x="{frame.x:g}" y="{frame.y:g}" width="{frame.width:g}" '
                f'height="{frame.height:g}" rx="10"/>'
            )
            names.append(f'<text class="siloname s{min(i, 8)}" x="{frame.x + 10:g}" y="{frame.y + 16:g}">{name}</text>')
    return frames, names


def _ends(level: Level, picture: Picture) -> Iterator[str]:
    for point, curves, text in ((picture.start, picture.starts, "start"), (picture.end, picture.ends, "end")):
        if point is not None and curves:
            x, y = point
            yield '<g class="ends">'
            yield from (_arrow(curve, 1.2) for curve in curves.values())
            yield f'<circle cx="{x:g}" cy="{y:g}" r="11"/>'
            yield (
                f'<path class="sign" d="M{x - 3:g} {y - 5:g}l8 5l-8 5z"/>'
                if text == "start"
                else f'<rect class="sign" x="{x - 4:g}" y="{y - 4:g}" width="8" height="8"/>'
            )
            yield f"<title>{text} of journeys</title></g>"


def _paths(flow: Flow, level: Level, picture: Picture, show: Show) -> Iterator[str]:
    shown = level.paths[: len(picture.paths)]
    most = max((weight(p, show) for p in shown), default=0)
    labels = []
    for path, curve in zip(shown, picture.paths, strict=True):
        width = stroke(weight(path, show), most)
        name = f"{words.label(flow.steps[path.tail].name)} → {words.label(flow.steps[path.head].name)}"
        text = label_of(path, show)
        detail = f"{name}: {words.plural(path.count, 'time')}, median wait {words.duration(path.median_s)}"
        yield f'<g class="path t{band(path.median_s)}">{_arrow(curve, width)}<title>{escape(detail)}</title></g>'
        labels.append(f'<text x="{curve.label[0]:g}" y="{curve.label[1] + 4:g}">{escape(text)}</text>')
    yield f'<g class="labels">{"".join(labels)}</g>'


def weight(path: Path, show: Show) -> float:
    """What makes an arrow thick."""
    return {"count": path.count, "time": path.total_s, "cost": path.spent() or 0.0}[show]


def label_of(path: Path, show: Show) -> str:
    """What stands at an arrow: times, the median wait, or the cost in hours, in money where there is any."""
    if show == "cost":
        return words.number(path.money) if path.money is not None else _short(path.cost_s)
    return words.number(path.count) if show == "count" else words.duration(path.median_s)


def _short(seconds: float | None) -> str:
    return words.hours(seconds).replace(" hours", f"{words.NBSP}h").replace(" hour", f"{words.NBSP}h")


def _arrow(curve: Curve, width: float) -> str:
    (x, y), (tx, ty) = curve.points[-1], curve.tip
    length = ((tx - x) ** 2 + (ty - y) ** 2) ** 0.5 or 1.0
    half = (max(3.5, width / 2 + 2)) / length
    dx, dy = (tx - x) * half, (ty - y) * half
    head = f"M{tx:g} {ty:g}L{x - dy:.1f} {y + dx:.1f}L{x + dy:.1f} {y - dx:.1f}z"
    return f'<path d="{bezier(curve.points)}" stroke-width="{width:g}"/><path class="tip" d="{head}"/>'


def bezier(points: tuple[Point, ...]) -> str:
    """The `d` of a chain of cubic Béziers."""
    first, *rest = (f"{x:g} {y:g}" for x, y in points)
    return f"M{first}C{' '.join(rest)}"


def _steps(flow: Flow, level: Level, picture: Picture, show: Show) -> Iterator[str]:
    silos = {silo: min(i, 8) for i, silo in enumerate(flow.silos)}
    for step, (x, y) in zip(flow.steps, picture.steps, strict=False):
        box = sign(step)
        left, top = x - box.width / 2, y - box.height / 2
        place = f'x="{left:g}" y="{top:g}" width="{box.width:g}" height="{box.height:g}" rx="6"'
        shade = round(0.04 + 0.2 * step.journeys / max(1, flow.journeys), 3)
        detail = f"{words.plural(step.count, *_nouns(flow))} in {words.plural(step.journeys, 'journey')}"
        silo = f" s{silos[step.silo]}" if step.silo is not None else ""
        yield f'<g class="step{silo}"><rect class="box" {place}/><rect class="shade" {place} fill-opacity="{shade}"/>'
        if silo:
            high = box.height - 12
            yield f'<rect class="stripe" x="{left + 4:g}" y="{top + 6:g}" width="4" height="{high:g}" rx="2"/>'
        for i, line in enumerate([*box.lines, note(flow, step.count, step.median_s, show)]):
            kind = ' class="note"' if i == len(box.lines) else ""
            yield f'<text{kind} x="{x:g}" y="{top + 20 + LINE * i:g}">{escape(line)}</text>'
        yield f"<title>{escape(words.label(step.name))}: {escape(detail)}</title></g>"


def note(flow: Flow, count: int, median_s: float | None, show: Show) -> str:
    """The small line in a box: how often, or how long it takes."""
    if show == "time" and median_s is not None:
        return words.duration(median_s)
    return words.plural(count, *_nouns(flow)) if flow.kind == "teams" else words.number(count)


def _nouns(flow: Flow) -> tuple[str, str]:
    return ("time", "times") if flow.kind == "process" else ("visit", "visits")

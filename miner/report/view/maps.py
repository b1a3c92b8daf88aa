"""The maps as data for the page: every level of detail with its layouts, as compact numbers."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

from miner.events.engine import Engine
from miner.report import words
from miner.report.layout import Curve, arrange
from miner.report.maps.draw import default_level, default_paths
from miner.report.maps.flow import Flow, Kind, Level, Path
from miner.report.maps.picture import Picture, graph_of, path_steps, picture_of, sign
from miner.report.maps.read import read_flow
from miner.report.maps.svg import showing, svg
from miner.report.view.base import Column, Table

_MOST_GROUPED = 45  # paths; more of them between frames cannot be read
LevelPictures = tuple[tuple[int, Picture], ...]
Pictures = tuple[LevelPictures, ...]


@dataclass(frozen=True, slots=True)
class Map:
    """A flow with the layouts of all its pictures; `level` and `paths` are what it opens with.

    `pictures` has one list a level: (number of paths, picture); `grouped` the same pictures with the
    activities of a silo in one frame, where there are silos to frame.
    """

    flow: Flow
    level: int
    paths: int
    pictures: Pictures
    grouped: Pictures

    def ungrouped(self) -> Map:
        """The same without the pictures in frames."""
        return replace(self, grouped=())

    def sentence(self) -> str:
        """What stands out."""
        return _sentence(self.flow)

    def showing(self) -> str:
        """What is shown and hidden at first."""
        return showing(self.flow, self.flow.levels[self.level], self.paths)

    def static(self, name: str) -> str:
        """The picture it opens with, as SVG that takes its style from the page."""
        picture = dict(self.pictures[self.level])[self.paths]
        return svg(self.flow, self.flow.levels[self.level], picture, name=name)

    def table(self) -> Table:
        """The paths of the picture it opens with."""
        level, steps = self.flow.levels[self.level], self.flow.steps
        rows = tuple(
            (
                words.label(steps[p.tail].name),
                words.label(steps[p.head].name),
                p.count,
                p.journeys,
                p.median_s,
                p.p95_s,
                p.total_s,
                *([p.cost_s] if self.costed else []),
                *([p.money] if self.priced else []),
            )
            for p in level.paths[: self.paths]
        )
        more = [Column("Cost", "hours")] * self.costed + [Column("Money", "count")] * self.priced
        return Table(f"{self.flow.kind}-map", (*_COLUMNS, *more), rows)

    @property
    def costed(self) -> bool:
        """Whether it is known what its paths cost in hours."""
        return any(p.cost_s is not None for p in self.flow.levels[-1].paths)

    @property
    def priced(self) -> bool:
        """Whether it is known what its paths cost in money."""
        return any(p.money is not None for p in self.flow.levels[-1].paths)

    def examples(self) -> Iterator[str]:
        """Journeys that show a path, those of the first picture first."""
        levels = self.flow.levels
        for level in (levels[self.level], *levels):
            for path in level.paths[:90]:
                yield path.typical
            for path in level.paths[:30]:
                yield path.slowest

    def data(self, index: dict[str, int]) -> dict[str, Any]:
        """What the page's script needs; `index` says where an example journey is in the page."""
        return {
            "kind": self.flow.kind,
            "journeys": self.flow.journeys,
            "all": len(self.flow.steps),
            "silos": [words.label(s) for s in self.flow.silos],
            "steps": list(_steps(self.flow)),
            "levels": [
                _level(self.flow, level, self.pictures[i], self.grouped[i] if self.grouped else (), index)
                for i, level in enumerate(self.flow.levels)
            ],
            "level": self.level,
            "picture": [n for n, _ in self.pictures[self.level]].index(self.paths),
        }


_COLUMNS = (
    Column("From"),
    Column("To"),
    Column("Times", "count"),
    Column("Journeys", "count"),
    Column("Median wait", "duration"),
    Column("95 % within", "duration"),
    Column("Time waited", "hours"),
)


def read_map(engine: Engine, kind: Kind) -> Map | None:
    """A map of the session's tables with all its layouts; None where there is nothing to draw."""
    flow = read_flow(engine, kind)
    if not flow.levels:
        return None
    first = default_level(flow)
    grouped = _pictures(flow, True) if kind == "process" and len(flow.silos_shown()) > 1 else ()
    return Map(flow, flow.levels.index(first), default_paths(first), _pictures(flow), grouped)


def _pictures(flow: Flow, by_silo: bool | None = None) -> Pictures:
    most = _MOST_GROUPED if by_silo else 90
    wanted = [(level, n) for level in flow.levels for n in path_steps(level) if n <= max(most, level.backbone)]
    layouts = iter(arrange([graph_of(flow, level, n, by_silo) for level, n in wanted]))
    drawn = [(level, n, picture_of(flow, level, n, next(layouts))) for level, n in wanted]
    return tuple(tuple((n, p) for at, n, p in drawn if at is level) for level in flow.levels)


def _steps(flow: Flow) -> Iterator[list[Any]]:
    """Label lines, full label (0 where the lines are all), width, height, silo, count, journeys, median seconds."""
    silos = {silo: i for i, silo in enumerate(flow.silos)}
    shown = max(level.steps for level in flow.levels)
    for step in flow.steps[:shown]:
        box, full = sign(step), words.label(step.name)
        silo = silos[step.silo] if step.silo is not None else -1
        name = 0 if " ".join(box.lines) == full else full
        yield [list(box.lines), name, box.width, round(box.height, 1), silo, step.count, step.journeys, step.median_s]


def _level(
    flow: Flow, level: Level, pictures: LevelPictures, grouped: LevelPictures, index: dict[str, int]
) -> dict[str, Any]:
    most = pictures[-1][0]
    return {
        "steps": level.steps,
        "total": len(level.paths),
        "paths": [
            [
                p.tail,
                p.head,
                p.count,
                p.journeys,
                round(p.median_s),
                round(p.p95_s),
                round(p.total_s),
                index.get(p.typical, -1),
                index.get(p.slowest, -1),
                *_cost(p),
            ]
            for p in level.paths[:most]
        ],
        "starts": [[s, level.starts[s]] for s in pictures[0][1].starts],
        "ends": [[s, level.ends[s]] for s in pictures[0][1].ends],
        "pictures": [_picture(level, n, picture) for n, picture in pictures],
        "grouped": [_picture(level, n, picture) for n, picture in grouped],
    }


def _cost(path: Path) -> list[float]:
    """Seconds, then money; what is not known is left out."""
    known = [path.cost_s, path.money]
    return [round(value) if i == 0 else round(value, 3) for i, value in enumerate(known) if value is not None]


def _picture(level: Level, paths: int, picture: Picture) -> dict[str, Any]:
    return {
        "n": paths,
        "visible": level.visible[paths],
        "size": [round(picture.width), round(picture.height)],
        "at": [round(v) for point in picture.steps for v in point],
        "curves": [_curve(c) for c in picture.paths],
        "marks": [[round(v) for v in point] if point else None for point in (picture.start, picture.end)],
        "starts": [_curve(c) for c in picture.starts.values()],
        "ends": [_curve(c) for c in picture.ends.values()],
        "groups": [[round(v) for v in (g.x, g.y, g.width, g.height)] if g else None for g in picture.groups],
        "simple": picture.simple,
    }


def _curve(curve: Curve) -> list[int]:
    """Label and tip, then the points."""
    return [round(v) for point in (curve.label, curve.tip, *curve.points) for v in point]


def _sentence(flow: Flow) -> str:
    full = flow.levels[-1]
    if flow.kind == "teams":
        moving = [p for p in full.paths if p.tail != p.head]
        if not moving:
            return "No team hands over to another."
        top = max(moving, key=lambda p: (p.total_s, p.count))
        return (
            f"{words.plural(len(flow.steps), 'team')}. "
            f"Most time is lost from {_name(flow, top.tail)} to {_name(flow, top.head)}: "
            f"{words.plural(top.count, 'handoff')}, {words.duration(top.median_s)} at the median, "
            f"{words.hours(top.total_s)} in total."
        )
    starts = max(full.starts, key=lambda s: (full.starts[s], -s), default=None)
    text = f"{words.plural(len(flow.steps), 'activity', 'activities')}."
    if starts is not None:
        text += f" {words.percent(full.starts[starts], flow.journeys)} of journeys begin with {_name(flow, starts)}."
    if full.paths:
        top = max(full.paths, key=lambda p: (p.total_s, p.count))
        text += (
            f" Most time passes between {_name(flow, top.tail)} and {_name(flow, top.head)}: "
            f"{words.hours(top.total_s)}, {words.duration(top.median_s)} at the median."
        )
    return text


def _name(flow: Flow, step: int) -> str:
    return words.quoted(flow.steps[step].name)

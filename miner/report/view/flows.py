"""The flow between silos as a picture: columns for the first, second, … silo of a journey, ribbons between them."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass
from typing import Any

from miner.events.engine import Engine
from miner.report import words

STEPS, MOST = 5, 8  # silos of a journey that are drawn; different silos with a colour of their own
WIDTH, HEIGHT, BAR, GAP = 1000.0, 380.0, 14.0, 10.0
OTHERS = "other silos"

_PAIRS = """
SELECT a.position, a.silo, b.silo, count(*)
FROM silo_visits a
LEFT JOIN silo_visits b ON b.journey_id = a.journey_id AND b.position = a.position + 1
WHERE a.position < ? GROUP BY ALL ORDER BY ALL
"""


@dataclass(frozen=True, slots=True)
class Stop:
    """A silo in a column: its place, its journeys, and how many of them end here."""

    silo: str
    step: int
    colour: int
    journeys: int
    ending: int
    x: float
    y: float
    height: float


@dataclass(frozen=True, slots=True)
class Ribbon:
    """Journeys on their way from one silo to the next."""

    from_silo: str
    to_silo: str
    step: int
    colour: int
    journeys: int
    path: str


@dataclass(frozen=True, slots=True)
class Flow:
    """The picture, in a box of `width` × `height`; `more` journeys go on beyond the last column."""

    stops: tuple[Stop, ...]
    ribbons: tuple[Ribbon, ...]
    steps: int
    more: int
    width: float = WIDTH
    height: float = HEIGHT


def flow(engine: Engine) -> Flow | None:
    """From silo_visits; None where no journey goes from one silo to another."""
    rows = engine.rows(_PAIRS, [STEPS])
    if not any(other is not None for _, _, other, _ in rows):
        return None
    colours = _colours(engine)
    links, ends, more = _counted(rows, colours)
    columns = _columns(links, ends)
    scale = min((HEIGHT - GAP * (len(c) - 1)) / sum(c.values()) for c in columns)
    stops = _placed(columns, ends, colours, scale)
    return Flow(tuple(stops.values()), tuple(_ribbons(links, stops, scale)), len(columns), more)


def _colours(engine: Engine) -> dict[str, int]:
    """The colour of a silo is that of its frame on the map: by name, or by size where there are more than colours."""
    sizes = dict(engine.rows("SELECT silo, count(*) FROM visits WHERE silo IS NOT NULL GROUP BY silo"))
    names = sorted(sizes, key=lambda silo: (-sizes[silo] if len(sizes) > MOST else 0, silo))
    return {silo: at for at, silo in enumerate(names[:MOST])}


_Links = Counter[tuple[int, str, str]]
_Ends = Counter[tuple[int, str]]


def _counted(rows: list[tuple[Any, ...]], colours: dict[str, int]) -> tuple[_Links, _Ends, int]:
    links: _Links = Counter()
    ends: _Ends = Counter()
    more = 0
    for step, silo, other, n in rows:
        name = silo if silo in colours else OTHERS
        if other is None:
            ends[step, name] += n
        elif step == STEPS - 1:
            ends[step, name] += n
            more += n
        else:
            links[step, name, other if other in colours else OTHERS] += n
    return links, ends, more


def _columns(links: _Links, ends: _Ends) -> list[Counter[str]]:
    """How many journeys are in each silo of each column."""
    columns: dict[int, Counter[str]] = defaultdict(Counter)
    for (step, silo, other), n in links.items():
        columns[step][silo] += n
        columns[step + 1][other] += 0
    for (step, silo), n in ends.items():
        columns[step][silo] += n
    return [columns[step] for step in sorted(columns)]


def _placed(
    columns: list[Counter[str]], ends: _Ends, colours: dict[str, int], scale: float
) -> dict[tuple[int, str], Stop]:
    stops = {}
    for step, column in enumerate(columns):
        y = 0.0
        x = step * (WIDTH - BAR) / max(len(columns) - 1, 1)
        for silo in sorted(column, key=lambda s: colours.get(s, MOST)):
            height = column[silo] * scale
            stops[step, silo] = Stop(
                words.label(silo),
                step,
                colours.get(silo, MOST),
                column[silo],
                ends[step, silo],
                round(x, 1),
                round(y, 1),
                round(height, 1),
            )
            y += height + GAP
    return stops


def _ribbons(links: _Links, stops: dict[tuple[int, str], Stop], scale: float) -> list[Ribbon]:
    """Ribbons leave and arrive in the order of the silos, so that they cross as little as the columns allow."""
    left: dict[tuple[int, str], float] = defaultdict(float)
    came: dict[tuple[int, str], float] = defaultdict(float)
    made = []
    for (step, silo, other), n in sorted(links.items(), key=lambda i: _heights(stops, i[0])):
        start, end = stops[step, silo], stops[step + 1, other]
        y0, y1, thick = start.y + left[step, silo], end.y + came[step + 1, other], n * scale
        left[step, silo] += thick
        came[step + 1, other] += thick
        made.append(Ribbon(start.silo, end.silo, step, start.colour, n, _curve(start.x + BAR, y0, end.x, y1, thick)))
    return made


def _heights(stops: dict[tuple[int, str], Stop], link: tuple[int, str, str]) -> tuple[int, float, float]:
    step, silo, other = link
    return step, stops[step, silo].y, stops[step + 1, other].y


def _curve(x0: float, y0: float, x1: float, y1: float, thick: float) -> str:
    middle = (x0 + x1) / 2
    a, b = y0 + thick, y1 + thick
    return (
        f"M{x0:.1f} {y0:.1f}C{middle:.1f} {y0:.1f} {middle:.1f} {y1:.1f} {x1:.1f} {y1:.1f}"
        f"L{x1:.1f} {b:.1f}C{middle:.1f} {b:.1f} {middle:.1f} {a:.1f} {x0:.1f} {a:.1f}Z"
    )

"""The view: all that the report shows, as plain data, before any HTML."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict, dataclass
from itertools import zip_longest
from typing import Any

from miner.events.notes import CLOSING
from miner.report.tables import tables
from miner.report.view.cost import Cost, cost, currency
from miner.report.view.fixes import Fix, fixes
from miner.report.view.headline import Headline, headline
from miner.report.view.information import Information, information
from miner.report.view.journeys import Journeys, journeys
from miner.report.view.loops import Loops, loops
from miner.report.view.maps import Map, read_map
from miner.report.view.people import People, people
from miner.report.view.reading import Reading, reading, zone_of
from miner.report.view.silos import Silos, silos
from miner.report.view.time import Time, time
from miner.workspace import Workspace

__all__ = ["View", "view"]


@dataclass(frozen=True, slots=True)
class View:
    """The parts of the page in their order; a map is None where the log has nothing for it."""

    headline: Headline
    fixes: tuple[Fix, ...]
    cost: Cost
    process: Map | None
    teams: Map | None
    silos: Silos
    information: Information | None
    loops: Loops
    time: Time
    people: People | None
    journeys: Journeys
    reading: Reading

    def to_json(self) -> dict[str, Any]:
        """The view as plain lists and dicts, for `json.dumps`."""
        return asdict(self)


def view(workspace: Workspace) -> View:
    """Build the view of a finished workspace: SQL over its tables, and its JSON files. Nothing is mined again."""
    summary, manifest = workspace.summary, workspace.manifest
    with tables(workspace) as engine:
        shown = dict(engine.rows("SELECT owner, shown FROM owners"))
        cards = fixes(summary, shown)
        priced = cost(engine, summary, workspace.read_json("assumptions.json"), shown)
        between = silos(engine, summary)
        lost = information(engine, summary)
        process, teams = read_map(engine, "process"), read_map(engine, "teams")
        circles = loops(engine, shown, summary["journeys"])
        measured = people(engine, currency(summary.get("fragmentation_cost", {})))
        asked = next((n["message"] for n in workspace.quality.get("notes") or () if n["kind"] == CLOSING), None)
        spent = time(engine, summary, zone_of(manifest), asked)
        wanted = _wanted(cards, circles, between, [m for m in (process, teams) if m])
        examples = journeys(engine, wanted, summary["journeys"])
        read = reading(engine, summary, workspace.quality, manifest)
    return View(
        headline(summary), cards, priced, process, teams, between, lost, circles, spent, measured, examples, read
    )


def _wanted(cards: tuple[Fix, ...], circles: Loops, between: Silos, maps: list[Map]) -> Iterator[str]:
    for card in cards:
        yield from card.examples[:5]
    for loss in between.losses:
        yield from loss.examples[:5]
    for loop in circles.loops:
        yield from loop.examples
    for turn in zip_longest(*(shown.examples() for shown in maps)):
        yield from (example for example in turn if example is not None)

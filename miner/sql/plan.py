"""In which order models run, and which tables are dropped after each."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from graphlib import CycleError, TopologicalSorter

from miner.errors import UsageError
from miner.sql.catalog import model
from miner.sql.header import Model


@dataclass(frozen=True, slots=True)
class Step:
    """A model to run, and the tables that nothing reads after it."""

    model: Model
    drops: tuple[str, ...]


def plan(wanted: Collection[str], given: Collection[str] = ()) -> list[Step]:
    """The steps that make the wanted tables; what is `given` is there already, and stays.

    Of the models that can run, the one runs that lets most tables go, else one that reads the newest table: so few
    tables are there at the same time. The same tables always give the same plan.
    """
    needed = _needed(wanted, given)
    sorter = _sorter(needed)
    tables = _Tables(needed, wanted, given)
    steps: list[Step] = []
    ready: set[str] = set()
    while sorter.is_active():
        ready.update(sorter.get_ready())
        name = min(ready, key=tables.rank)
        ready.remove(name)
        steps.append(Step(model(name), tables.make(name)))
        sorter.done(name)
    return steps


class _Tables:
    """The tables while a plan is made: which models still read those that may be dropped, and which are new."""

    def __init__(self, needed: set[str], wanted: Collection[str], given: Collection[str]) -> None:
        stays = {name for name in needed if name in wanted or model(name).is_saved} | set(given)
        self._readers: dict[str, set[str]] = {}
        for name in needed:
            for table in set(model(name).reads) - stays:
                self._readers.setdefault(table, set()).add(name)
        self._made: dict[str, int] = {}  # at which step

    def rank(self, name: str) -> tuple[int, int, str]:
        """How early a model should run: the least is first."""
        reads = model(name).reads
        dropped = sum(self._readers.get(table) == {name} for table in reads)
        newest = max((self._made.get(table, 0) for table in reads), default=0)
        return (-dropped, -newest, name)

    def make(self, name: str) -> tuple[str, ...]:
        """Take note that a model has run; returns the tables that nothing reads after it."""
        self._made[name] = len(self._made) + 1
        last = tuple(table for table in model(name).reads if self._readers.get(table) == {name})
        for table in model(name).reads:
            self._readers.get(table, set()).discard(name)
        return last


def _sorter(needed: set[str]) -> TopologicalSorter[str]:
    """What reads what; UsageError for a circle."""
    sorter = TopologicalSorter({name: set(model(name).reads) & needed for name in sorted(needed)})
    try:
        sorter.prepare()
    except CycleError as error:
        names = " → ".join(error.args[1])
        fix = "take one of them out of -- reads"
        raise UsageError(f"models read each other in a circle: {names}", fix=fix) from None
    return sorter


def _needed(wanted: Collection[str], given: Collection[str]) -> set[str]:
    """The models to run: the wanted ones and all that they read, up to inputs and what is given."""
    needed: set[str] = set()
    left = list(wanted)
    while left:
        name = left.pop()
        if name not in needed and name not in given and not model(name).is_input:
            needed.add(name)
            left += model(name).reads
    return needed

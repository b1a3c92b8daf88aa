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
    readers = {
        table: {name for name in needed if table in model(name).reads}
        for table in {table for name in needed for table in model(name).reads} - set(given)
    }
    stays = {name for name in needed if name in wanted or model(name).is_saved}
    sorter = TopologicalSorter({name: set(model(name).reads) & needed for name in sorted(needed)})
    try:
        sorter.prepare()
    except CycleError as error:
        names = " → ".join(error.args[1])
        raise UsageError(
            f"models read each other in a circle: {names}", fix="take one of them out of -- reads"
        ) from None
    age = dict.fromkeys(needed, 0)
    steps: list[Step] = []
    ready: set[str] = set()
    while sorter.is_active():
        ready.update(sorter.get_ready())

        def rank(name: str) -> tuple[int, int, str]:
            lets_go = sum(readers.get(table) == {name} and table not in stays for table in model(name).reads)
            newest = max((age.get(table, 0) for table in model(name).reads), default=0)
            return (-lets_go, -newest, name)

        name = min(ready, key=rank)
        ready.remove(name)
        for table in model(name).reads:
            readers.get(table, set()).discard(name)
        drops = [table for table in model(name).reads if readers.get(table) == set() and table not in stays]
        steps.append(Step(model(name), tuple(drops)))
        age[name] = len(steps)
        sorter.done(name)
    return steps


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

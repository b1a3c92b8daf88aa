"""Which queues are slow: their waits are longer, beyond chance, than those for others about the same.

A wait after a handoff, one before the first owner and one in a queue are of different length everywhere, and before the
first owner calls wait shorter than tickets. So waits are compared with others of the same intent that came about alike.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from miner.chance import Excess, compare, level

if TYPE_CHECKING:
    import pyarrow as pa

LEAST = 30  # waits of a queue that is looked at
MOST = 200  # queues that are looked at, those with most waits
LEAST_ALIKE, MOST_ALIKE = 10, 1_000


def slow(waits: pa.Table, agents: bool = False) -> dict[str, Excess]:
    """The queues whose waits are longer than as many for others about the same, in seconds; all are one family.

    Persons are looked at only with `agents`.
    """
    if not waits.num_rows:
        return {}
    team, kind, alike = (np.asarray(waits[name].to_pylist(), object) for name in ("team", "kind", "alike"))
    wait = waits["wait_s"].to_numpy()
    chosen = (agents | (kind != "person")) & np.isin(alike, _largest(alike, LEAST_ALIKE, MOST_ALIKE))
    team, alike, wait = team[chosen], alike[chosen], wait[chosen]
    members = _largest(team, LEAST, MOST)
    if len(set(team)) < 2 or not members:
        return {}
    took = np.column_stack([team == name for name in members])
    _, stratum = np.unique(alike.astype(str), return_inverse=True)
    excesses = compare(wait, took, stratum, level("bottleneck"))
    return {name: one for name, one in zip(members, excesses, strict=True) if one.found}


def examples(waits: pa.Table, team: str, ending: str | None = None) -> list[str]:
    """Up to ten journeys that waited longest for a team, each once; only those with this ending, if one is given."""
    import pyarrow.compute as pc

    chosen = pc.equal(waits["team"], team)
    if ending is not None:
        chosen = pc.and_(chosen, pc.equal(waits["ending"], ending))
    return list(dict.fromkeys(waits.filter(chosen)["journey_id"].slice(0, 1_000).to_pylist()))[:10]


def _largest(values: np.ndarray[Any, Any], least: int, most: int) -> list[str]:
    """The values that occur at least so often, the most frequent first, at most so many."""
    names, counts = np.unique(values.astype(str), return_counts=True)
    order = [at for at in np.argsort(-counts, kind="stable") if counts[at] >= least]
    return [str(names[at]) for at in order[:most]]

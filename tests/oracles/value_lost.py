"""Value lost on cross-silo paths, journey by journey (definitions: Value lost on cross-silo paths).

A journey is a dict: id, intent, outcome (None where unknown), value (None likewise), silos (of its visits, in order,
None where unknown).
"""

from __future__ import annotations

import itertools
import random
from collections import defaultdict
from typing import Any

Row = dict[str, Any]
Path = tuple[str, ...]


def collapsed(silos: list[str | None]) -> list[str]:
    """The silos in order, unknown ones looked through, equal neighbours taken together."""
    return [silo for silo, _ in itertools.groupby(s for s in silos if s is not None)]


def taken(journey: Row) -> set[Path]:
    """Every contiguous run of 2 to 4 entries of the journey's silo sequence."""
    sequence = collapsed(journey["silos"])
    return {tuple(sequence[at : at + length]) for length in (2, 3, 4) for at in range(len(sequence) - length + 1)}


def lost(journeys: list[Row], path: Path, good: set[str]) -> tuple[float, float]:
    """(value lost on a path, value left out), by the formula, stratum by stratum."""
    total = left_out = 0.0
    strata: dict[str | None, tuple[list[Row], list[Row]]] = defaultdict(lambda: ([], []))
    for journey in journeys:
        if journey["outcome"] is not None:
            strata[journey["intent"]][path not in taken(journey)].append(journey)
    for on, off in strata.values():
        value = sum(journey["value"] or 0.0 for journey in on)
        if min(len(on), len(off)) < 5:
            left_out += value
            continue
        shares = [sum(j["outcome"] in good for j in side) / len(side) for side in (on, off)]
        total += value * (shares[1] - shares[0])
    return total, left_out


def shuffled(journeys: list[Row], rng: random.Random) -> list[Row]:
    """The same journeys, the known outcomes dealt out anew among the journeys of each intent."""
    dealt: dict[str | None, list[Any]] = defaultdict(list)
    for journey in journeys:
        if journey["outcome"] is not None:
            dealt[journey["intent"]].append(journey["outcome"])
    for outcomes in dealt.values():
        rng.shuffle(outcomes)
    return [
        {**journey, "outcome": dealt[journey["intent"]].pop() if journey["outcome"] is not None else None}
        for journey in journeys
    ]

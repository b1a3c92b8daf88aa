"""More than chance, row by row (definitions: Chance, everywhere): sizes by loops, chance by shuffling lists.

A row is a dict: value, stratum, members (a set of their numbers), base (whether it serves as the reference).
"""

from __future__ import annotations

import math
import random
import statistics
from typing import Any

Row = dict[str, Any]


def sides(rows: list[Row], member: int) -> dict[Any, tuple[list[float], list[float]]]:
    """The values on and off a member by stratum, where each side has at least 5."""
    found: dict[Any, tuple[list[float], list[float]]] = {}
    for row in rows:
        on, off = found.setdefault(row["stratum"], ([], []))
        if member in row["members"]:
            on.append(row["value"])
        elif row["base"]:
            off.append(row["value"])
    return {stratum: both for stratum, both in found.items() if min(map(len, both)) >= 5}


def excess(rows: list[Row], member: int) -> float:
    """The sum of the values on the member less n × mean of the reference."""
    return sum(sum(on) - len(on) * statistics.fmean(off) for on, off in sides(rows, member).values())


def score(rows: list[Row], member: int) -> float:
    """The excess over its standard deviation if the values of each stratum were dealt out by chance."""
    variance = 0.0
    for stratum, (on, off) in sides(rows, member).items():
        spread = statistics.variance([row["value"] for row in rows if row["stratum"] == stratum])
        variance += len(on) ** 2 * spread * (1 / len(on) + 1 / len(off))
    many = sum(member in row["members"] for row in rows) >= 30
    return excess(rows, member) / math.sqrt(variance) if variance > 0 and many else -math.inf


def shuffled(rows: list[Row], rng: random.Random) -> list[Row]:
    """The same rows, the values dealt out anew within each stratum."""
    dealt: dict[Any, list[float]] = {}
    for row in rows:
        dealt.setdefault(row["stratum"], []).append(row["value"])
    for values in dealt.values():
        rng.shuffle(values)
    return [{**row, "value": dealt[row["stratum"]].pop()} for row in rows]

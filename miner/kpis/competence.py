"""Competence of people and AI: the same intents and complexity side by side, and never beyond what can be compared.

Definitions: Competence of people and AI. A conversation counts for who had it first, a bot or a person; bots get the
easier work, so the difference is taken within strata (intent × first or repeated contact) and says how much of the
contacts lies in strata that both had. Machine customers are left out here: they are counted apart.
"""

from __future__ import annotations

from math import sqrt
from typing import Any

from miner.events.engine import Engine
from miner.kpis.intervals import Z
from miner.sql import add

LEAST_SIDE = 5  # contacts of each kind in a stratum
LEAST_OVERLAP = 0.1  # of the contacts lie in strata that both had; below that it says "not comparable"

ASPECTS = ("verified_resolution", "recontact", "escalation", "handling_time_s", "score")
SHARES = ("verified_resolution", "recontact", "escalation")


def competence(engine: Engine) -> list[dict[str, Any]]:
    """One row for each aspect: people's and bots' mean, the stratified difference (bot − people) with its interval.

    Needs the engine table `conversations`. Columns: aspect, people, people_n, bots, bots_n, strata, overlap (share of
    the contacts in strata that both had), difference, low, high, verdict (better, worse, no difference shown, not
    comparable; seen from the bots).
    """
    add(engine, "competence_strata")
    return [_aspect(engine, name) for name in ASPECTS]


def _aspect(engine: Engine, name: str) -> dict[str, Any]:
    rows = engine.rows(
        "SELECT first_actor, intent, is_repeat, n, mean, variance FROM competence_strata WHERE aspect = ? ORDER BY ALL",
        [name],
    )
    sides: dict[str, dict[tuple[str, bool], tuple[int, float, float]]] = {"human": {}, "bot": {}}
    for actor, intent, repeat, n, mean, variance in rows:
        sides[actor][intent, repeat] = (n, mean, variance or 0.0)
    people, bots = sides["human"], sides["bot"]
    both = [s for s in people if s in bots and min(people[s][0], bots[s][0]) >= LEAST_SIDE]
    counted = sum(n for side in sides.values() for n, *_ in side.values())
    overlap = sum(people[s][0] + bots[s][0] for s in both) / counted if counted else None
    told = {
        "aspect": name,
        "people": _mean(people),
        "people_n": sum(n for n, *_ in people.values()),
        "bots": _mean(bots),
        "bots_n": sum(n for n, *_ in bots.values()),
        "strata": len(both),
        "overlap": overlap,
    }
    if not both or overlap is None or overlap < LEAST_OVERLAP:
        return {**told, "difference": None, "low": None, "high": None, "verdict": "not comparable"}
    difference, half = _difference(people, bots, both, name in SHARES)
    return {
        **told,
        "difference": difference,
        "low": difference - half,
        "high": difference + half,
        "verdict": _verdict(name, difference, half),
    }


def _mean(side: dict[tuple[str, bool], tuple[int, float, float]]) -> float | None:
    n = sum(count for count, *_ in side.values())
    return sum(count * mean for count, mean, _ in side.values()) / n if n else None


def _difference(
    people: dict[Any, tuple[int, float, float]],
    bots: dict[Any, tuple[int, float, float]],
    both: list[Any],
    shares: bool,
) -> tuple[float, float]:
    """Mantel–Haenszel weights n₁n₂/(n₁+n₂); the variance is that of the weighted differences.

    That of shares is Agresti and Caffo's (2000): five of five are no proof that it never fails.
    """
    total = difference = variance = 0.0
    for stratum in both:
        (n1, mean1, var1), (n2, mean2, var2) = people[stratum], bots[stratum]
        weight = n1 * n2 / (n1 + n2)
        total += weight
        difference += weight * (mean2 - mean1)
        spreads = (_of_share(mean1, n1) + _of_share(mean2, n2)) if shares else var1 / n1 + var2 / n2
        variance += weight**2 * spreads
    return difference / total, Z * sqrt(variance) / total


def _of_share(share: float, n: int) -> float:
    drawn = (share * n + 1) / (n + 2)
    return drawn * (1 - drawn) / (n + 2)


def _verdict(name: str, difference: float, half: float) -> str:
    if abs(difference) <= half:
        return "no difference shown"
    more_is_better = name in ("verified_resolution", "score")
    return "better" if (difference > 0) == more_is_better else "worse"

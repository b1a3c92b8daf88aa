"""Intent × capability × outcome: which team brings which intent to a good end, and at what cost.

Definitions: Intent × capability × outcome. A journey counts for the team that had it first (that is what routing
decides). Resolution is shrunk towards the intent's own (empirical Bayes, beta-binomial); a cell under 30 journeys
gives no rate and no capability. All of it is an association: teams get different work of one intent.
"""

from __future__ import annotations

from collections import defaultdict
from typing import Any

from miner.events.engine import Engine
from miner.sql import add

LEAST_CELL = 30
_COSTS = """
WITH costs AS (
  SELECT journey_id, {hours} AS cost_s, {money} AS money FROM transitions GROUP BY journey_id
)
SELECT nullif(j.intent, ''), v.owner, total(c.cost_s), total(c.money)
FROM journeys j
JOIN visits v ON v.journey_id = j.journey_id AND v.position = 0
JOIN costs c ON c.journey_id = j.journey_id
GROUP BY 1, 2
"""


def economy(engine: Engine) -> list[dict[str, Any]]:
    """A row a pair of intent and first team.

    intent, team, journeys, known (of known outcome), good, value, value_lost (of those that did not end well), cost_s
    and money (Fragmentation Cost; null where not computed), resolution (good / known), shrunk, capable (at least 30
    known).
    """
    add(engine, "intent_team_outcomes")
    by_intent: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for intent, team, journeys, known, good, value, lost in engine.rows(
        "SELECT intent, team, journeys, known, good, value, value_lost FROM intent_team_outcomes ORDER BY ALL"
    ):
        counted = {"journeys": journeys, "known": known, "good": int(good) if known else None}
        by_intent[intent].append(
            {"intent": intent or None, "team": team, **counted, "value": value, "value_lost": lost}
        )
    for cells in by_intent.values():
        _shrink(cells)
    return _priced(engine, [cell for cells in by_intent.values() for cell in cells])


def _priced(engine: Engine, cells: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The cells with the Fragmentation Cost that the transitions have now."""
    sql = _COSTS.format(hours=_summed(engine, "_cost_s"), money=_paid(engine))
    costs = {(intent, team): (cost_s, money) for intent, team, cost_s, money in engine.rows(sql)}
    unknown = (None, None)
    pairs = [costs.get((cell["intent"], cell["team"]), unknown) for cell in cells]
    return [{**cell, "cost_s": pair[0], "money": pair[1]} for cell, pair in zip(cells, pairs, strict=True)]


def _summed(engine: Engine, ending: str) -> str:
    """SQL that adds up the components of the transitions, null where none is computed."""
    names = [row[0] for row in engine.rows("DESCRIBE transitions") if row[0].endswith(ending)]
    if not names:
        return "CAST(NULL AS DOUBLE)"
    known = " + ".join(f"count({name})" for name in names)
    return f"CASE WHEN {known} > 0 THEN {' + '.join(f'coalesce(sum({name}), 0)' for name in names)} END"


def _paid(engine: Engine) -> str:
    """The same of money; null where it is nothing but hours without a price."""
    there = {row[0] for row in engine.rows("DESCRIBE transitions")}
    names = [name.removesuffix("_cost_s") for name in there if name.endswith("_cost_s")]
    free = [
        f"count(*) FILTER (WHERE {name}_cost_s > 0 AND {name}_money IS NULL)"
        for name in sorted(names)
        if f"{name}_money" in there
    ]
    money = _summed(engine, "_money")
    return f"CASE WHEN {money} <> 0 OR {' + '.join(free)} = 0 THEN {money} END" if free else money


def _shrink(cells: list[dict[str, Any]]) -> None:
    """Each cell's share, drawn to the intent's own as far as the cells differ no more than chance makes them."""
    known, good = sum(c["known"] for c in cells), sum(c["good"] or 0 for c in cells)
    strength = _strength(cells, good / known) if known else None
    for cell in cells:
        cell["capable"] = cell["known"] >= LEAST_CELL
        cell["resolution"] = cell["good"] / cell["known"] if cell["capable"] else None
        cell["shrunk"] = None
        if cell["capable"]:
            share = good / known
            drawn = None if strength is None else (cell["good"] + strength * share) / (cell["known"] + strength)
            cell["shrunk"] = share if drawn is None else drawn


def _strength(cells: list[dict[str, Any]], share: float) -> float | None:
    """The prior's weight in journeys, by moments; None where the cells differ no more than chance makes them."""
    sized = [c for c in cells if c["known"]]
    total = sum(c["known"] for c in sized)
    chance = share * (1 - share)
    if len(sized) < 2 or chance == 0:
        return None
    spread = sum(c["known"] * (c["good"] / c["known"] - share) ** 2 for c in sized)
    scale = total - sum(c["known"] ** 2 for c in sized) / total
    between = (spread - (len(sized) - 1) * chance) / scale
    return max(chance / between - 1, 0.0) if between > 0 else None

"""What better routing could reach: the team with which an intent ends well more often, where that is beyond chance.

Definitions: Intent × capability × outcome; Chance. All teams of all intents are one family. A team is compared with
the other teams' journeys about the same that took the same found path across silos or none: a path on which journeys
are lost is a matter of that path, not of the team before it.
"""

from __future__ import annotations

from collections import defaultdict
from typing import Any

import numpy as np

from miner.chance import Excess, Groups, compare_groups, level
from miner.chance.strata import LEAST
from miner.events.engine import Engine
from miner.sql import add

_Cell = tuple[str, int, str, int, int]  # intent, found path (0 for none), first team, known, good


def gaps(engine: Engine) -> list[dict[str, Any]]:
    """A row an intent with two capable teams: intent, known, resolution, and what routing could add.

    `gap` is the share of journeys of the intent that would end well beyond today's if all of them went to `best_team`,
    less what picking that team adds; `low` and `high` hold it in 95 of 100 logs; `best` is `resolution` and `gap`
    together; `team_known` are the journeys of the team that could be compared. All of these are null where no team is
    better beyond chance.
    """
    add(engine, "routing_cells")
    rows = engine.rows("SELECT intent, path, team, known, good FROM routing_cells ORDER BY ALL")
    cells: list[_Cell] = [tuple(row) for row in rows]
    found = _compared(cells)
    made = []
    for intent, teams in _capable(cells).items():
        mine = [cell for cell in cells if cell[0] == intent]
        known, good = sum(cell[3] for cell in mine), sum(cell[4] for cell in mine)
        made.append(_row(intent, known, good / known, {team: found[intent, team] for team in teams}))
    return sorted(made, key=lambda row: (-(row["gap"] or 0.0) * row["known"], row["intent"] or ""))


def _capable(cells: list[_Cell]) -> dict[str, list[str]]:
    """The teams with at least 30 journeys of known outcome, of intents that have two of them."""
    known: dict[str, dict[str, int]] = defaultdict(lambda: defaultdict(int))
    for intent, _, team, n, _ in cells:
        known[intent][team] += n
    able = {intent: [team for team, n in teams.items() if n >= LEAST] for intent, teams in known.items()}
    return {intent: teams for intent, teams in able.items() if len(teams) > 1}


def _compared(cells: list[_Cell]) -> dict[tuple[str, str], Excess]:
    """Each capable team of each intent against the other teams; the size is the gap."""
    members = [(intent, team) for intent, teams in _capable(cells).items() for team in teams]
    if not members:
        return {}
    number = {member: no for no, member in enumerate(members)}
    known: dict[Any, int] = defaultdict(int)
    for intent, path, _, journeys, _ in cells:
        known[intent] += journeys
        known[intent, path] += journeys
    at = {key: no for no, key in enumerate(sorted({cell[:2] for cell in cells}))}
    took = np.zeros((len(cells), len(members)), dtype=bool)
    for row, cell in enumerate(cells):
        if (cell[0], cell[2]) in number:
            took[row, number[cell[0], cell[2]]] = True
    n, good = np.array([cell[3] for cell in cells], dtype=np.int64), np.array([float(cell[4]) for cell in cells])
    # What a team has more in a stratum would come to those that others had first there.
    weight = np.array([(known[cell[:2]] - cell[3]) / known[cell[0]] for cell in cells])
    stratum = np.array([at[cell[:2]] for cell in cells], dtype=np.int64)
    groups = Groups(stratum, n, good, good, weight, took, np.ones(len(cells), dtype=bool))
    return dict(zip(members, compare_groups(groups, level("routing")), strict=True))


def _row(intent: str, known: int, resolution: float, teams: dict[str, Excess]) -> dict[str, Any]:
    better = [(one.corrected, team, one) for team, one in teams.items() if one.found and one.corrected]
    told = {"intent": intent or None, "known": known, "resolution": resolution}
    if not better:
        return {**told, **dict.fromkeys(("best", "best_team", "team_known", "gap", "low", "high", "p"))}
    gap, team, one = max(better, key=lambda each: (each[0], each[1]))
    return {
        **told,
        "best": resolution + gap,
        "best_team": team,
        "team_known": one.compared,
        "gap": gap,
        "low": one.low,
        "high": one.high,
        "p": one.p,
    }

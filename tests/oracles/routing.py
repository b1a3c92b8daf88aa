"""What better routing could reach, journey by journey (definitions: Intent × capability × outcome).

A journey is a dict: intent, team (its first), path (the found path it took, None for none), good.
"""

from __future__ import annotations

from typing import Any


def gap(journeys: list[dict[str, Any]], intent: str, team: str) -> float:
    """How much larger the share that ends well is if every journey of an intent ends as the team's on its path do.

    A path that fewer than 5 of the team or fewer than 5 of others took stays as it is.
    """
    mine = [j for j in journeys if j["intent"] == intent]
    reached = 0.0
    for path in {j["path"] for j in mine}:
        here = [j for j in mine if j["path"] == path]
        its = [j["good"] for j in here if j["team"] == team]
        if len(its) >= 5 and len(here) - len(its) >= 5:
            reached += len(here) * sum(its) / len(its)
        else:
            reached += sum(j["good"] for j in here)
    return (reached - sum(j["good"] for j in mine)) / len(mine)

"""CSV files about teams: the silo each is in, and the tier of its support."""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path
from typing import TYPE_CHECKING

from miner.errors import InputError, Problem
from miner.events.pairs import read_pairs

if TYPE_CHECKING:
    from miner.events.sink import Sink


def read_silos(path: Path) -> dict[str, str]:
    """Team → silo from a CSV with the columns team and silo; InputError lists all that is wrong with it."""
    by_team, problems = _column(path, "silo")
    if problems:
        raise InputError(problems)
    return {team: silo for team, (silo, _) in by_team.items()}


def read_tiers(path: Path) -> dict[str, int]:
    """Team → tier, a whole number, from a CSV with the columns team and tier; InputError as for silos."""
    by_team, problems = _column(path, "tier")
    problems += [
        Problem(f"the tier of {team!r} is {tier!r}", str(path), line, "tier", fix="use a whole number: 1, 2, 3")
        for team, (tier, line) in by_team.items()
        if not (tier.isascii() and tier.isdigit() and len(tier) < 4)
    ]
    if problems:
        raise InputError(problems)
    return {team: int(tier) for team, (tier, _) in by_team.items()}


def note_absent(sink: Sink, what: str, teams: Collection[str]) -> None:
    """Note the teams of which silos or tiers are given and that no event has: they may be misspelt."""
    if not teams:
        return
    sink.flush()
    bots = "SELECT DISTINCT coalesce(actor, agent) FROM raw_events WHERE actor_type = 'bot'"
    there = {name for (name,) in sink.engine.rows(f"SELECT DISTINCT team FROM raw_events UNION {bots}")}
    if absent := sorted(set(teams) - there):
        names = ", ".join(absent[:5]) + ", …" * (len(absent) > 5)
        sink.source = "all sources"
        sink.note("absent_teams", f"{what} are given for teams that have no events: {names}", len(absent))


def _column(path: Path, column: str) -> tuple[dict[str, tuple[str, int]], list[Problem]]:
    """Team → what a column says of it and in which line, and the teams of which it says two things."""
    made: dict[str, tuple[str, int]] = {}
    problems = []
    for line, team, its in read_pairs(path, ("team",), column):
        if made.setdefault(team, (its, line))[0] != its:
            what = f"the team {team!r} is in {made[team][0]!r} and in {its!r}"
            problems.append(Problem(what, str(path), line, fix="keep one of them"))
    return made, problems

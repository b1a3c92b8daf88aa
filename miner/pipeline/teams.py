"""What is said of teams in a CSV: the silo each is in, and the tier of its support."""

from __future__ import annotations

import csv
from collections.abc import Collection
from pathlib import Path
from typing import TYPE_CHECKING

from miner.errors import InputError, Problem

if TYPE_CHECKING:
    from miner.events.sink import Sink


def read_silos(path: Path) -> dict[str, str]:
    """Team → silo from a CSV with the columns team and silo; InputError lists all that is wrong with it."""
    found, problems = _column(path, "silo")
    if problems:
        raise InputError(problems)
    return {team: silo for team, (silo, _) in found.items()}


def read_tiers(path: Path) -> dict[str, int]:
    """Team → tier, a whole number, from a CSV with the columns team and tier; InputError as for silos."""
    found, problems = _column(path, "tier")
    problems += [
        Problem(f"the tier of {team!r} is {tier!r}", str(path), line, "tier", fix="give a whole number: 1, 2, 3")
        for team, (tier, line) in found.items()
        if not (tier.isascii() and tier.isdigit() and len(tier) < 4)
    ]
    if problems:
        raise InputError(problems)
    return {team: int(tier) for team, (tier, _) in found.items()}


def tell_absent(sink: Sink, what: str, teams: Collection[str]) -> None:
    """Note the teams of which silos or tiers are given and that no event has: they may be misspelt."""
    if not teams:
        return
    sink.flush()
    bots = "SELECT DISTINCT coalesce(actor, agent) FROM raw_events WHERE actor_type = 'bot'"
    there = {name for (name,) in sink.engine.rows(f"SELECT DISTINCT team FROM raw_events UNION {bots}")}
    if absent := sorted(set(teams) - there):
        names = ", ".join(absent[:5]) + ", …" * (len(absent) > 5)
        sink.source = "all sources"
        sink.note("absent_teams", f"{what} are given of teams that no event has: {names}", len(absent))


def _column(path: Path, column: str) -> tuple[dict[str, tuple[str, int]], list[Problem]]:
    """Team → what a column says of it and in which line, and the teams of which it says two things."""
    try:
        with path.open(encoding="utf-8-sig", newline="") as f:
            sample = f.readline()
            f.seek(0)
            rows = csv.DictReader(f, delimiter=max(",;\t", key=sample.count))
            names = {(n or "").strip().lower(): n for n in rows.fieldnames or ()}
            if not {"team", column} <= names.keys():
                raise InputError(Problem(f"needs the columns team and {column}", str(path), 1, fix=f"team,{column}"))
            return _pairs(rows, names["team"], names[column], str(path))
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        reason = getattr(error, "strerror", None) or error
        raise InputError(Problem(f"the {column}s cannot be read: {reason}", str(path))) from None


def _pairs(
    rows: csv.DictReader[str], team: str, column: str, file: str
) -> tuple[dict[str, tuple[str, int]], list[Problem]]:
    made: dict[str, tuple[str, int]] = {}
    problems = []
    for row in rows:
        name, its = (row[team] or "").strip(), (row[column] or "").strip()
        if name and its and made.setdefault(name, (its, rows.line_num))[0] != its:
            what = f"the team {name!r} is in {made[name][0]!r} and in {its!r}"
            problems.append(Problem(what, file, rows.line_num, fix="keep one of them"))
    return made, problems

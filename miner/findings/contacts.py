"""Findings about contacts: false containment by bots, customers that are software, and being asked again."""

from __future__ import annotations

from collections.abc import Sequence
from math import floor

import numpy as np

from miner.chance import Groups, compare_groups, level
from miner.findings.finding import Finding, hours
from miner.findings.rows import Containment, Example, Gap, GapOfSilos, MachineCustomer, MachineIntent
from miner.findings.tables import Tables
from miner.kpis.intervals import share_interval
from miner.wording import percent, plural, spoken

LEAST_BACK = 10  # customers who were back
WORSE = 0.1  # at least this share of them, and more than elsewhere beyond chance
INTENTS, PAIRS = 3, 3
MOST = 0.8  # of what is asked again between two silos is asked between two teams: the two say it better


def find(tables: Tables, journeys: int) -> list[Finding]:
    """All findings about contacts; none where bots, customer types or questions are unknown."""
    return [*_contained(tables, journeys), *_machines(tables, journeys), *_asked(tables, journeys)]


def _contained(tables: Tables, journeys: int) -> list[Finding]:
    """Intents whose customers are back more often after the bot than those of the other intents, beyond chance."""
    rows = [row for row in tables.ask("false_containment", Containment) if row["known"]]
    findings = []
    for row, more in zip(rows, _more_often(rows), strict=True):
        low, high = share_interval(row["back"] / row["known"], row["known"])
        if more and row["back"] >= LEAST_BACK and row["intent"] is not None and (low or 0.0) > WORSE:
            findings.append(_contained_one(tables, row, low, high))
    return findings[:INTENTS]


def _more_often(rows: Sequence[Containment]) -> list[bool]:
    """Which intents have more customers back than the others together; all of them are tested as one family."""
    if len(rows) < 2:
        return [False] * len(rows)
    known = np.array([row["known"] for row in rows], dtype=np.int64)
    back = np.array([float(row["back"]) for row in rows])
    none, every = np.zeros(len(rows), dtype=np.int64), np.ones(len(rows), dtype=bool)
    groups = Groups(none, known, back, back, known.astype(float), np.eye(len(rows), dtype=bool), every)
    return [one.found for one in compare_groups(groups, level("false_containment"))]


def _contained_one(tables: Tables, row: Containment, low: float | None, high: float | None) -> Finding:
    examples = tables.ask("back_after_bot", Example, intent=row["intent"])
    concerned = list(dict.fromkeys(example["journey"] for example in examples))
    return Finding(
        "false_containment",
        f"Of {row['known']:,} contacts about {row['intent']} that a bot ended alone, {row['back']:,} customers "
        f"({percent(row['back'], row['known'])}) came back with the same intent within a week.",
        {"intent": row["intent"]},
        len(concerned),
        None,
        row["known"],
        row["back"] / row["known"],
        "outcomes/false_containment",
        {"intent": row["intent"]},
        concerned[:10],
        low=low,
        high=high,
    )


def _machines(tables: Tables, journeys: int) -> list[Finding]:
    rows = tables.ask("machine_customers", MachineCustomer)
    if not rows:
        return []
    contacts, concerned = sum(row["contacts"] for row in rows), sum(row["journeys"] for row in rows)
    people = sum(row["handled_by_people"] for row in rows)
    first = tables.ask("machine_intents", MachineIntent)[:1]
    about = [row["intent"] for row in first if row["intent"] is not None]
    sure = min((row["sure"] for row in rows if row["sure"] is not None), default=1.0)
    least = f" (the least certain of them: {floor(10_000 * sure) / 100:.2f} %)" if sure < 1 else ""
    return [
        Finding(
            "machine_customers",
            f"{plural(len(rows), 'customer is', 'customers are')} software{least}: {plural(contacts, 'contact')} in "
            f"{plural(concerned, 'journey')}{f', most of them about {about[0]}' if about else ''}; "
            f"people handled {people:,} of them.",
            {"intent": about[0]} if about else {},
            concerned,
            None,
            contacts,
            concerned / journeys,
            "overview/machine_customers",
            {},
            [row["journey"] for row in rows[:10]],
        )
    ]


def _asked(tables: Tables, journeys: int) -> list[Finding]:
    """Where it is asked again, between silos where many of their teams do, else between two teams; most hours first."""
    teams = tables.ask("information_gaps", Gap)
    silos = tables.ask("information_gaps_of_silos", GapOfSilos)
    spread = [row for row in silos if _largest(row, teams) < MOST * row["asked_s"]]
    of = {(row["from_silo"], row["to_silo"]) for row in spread}
    rows: list[Gap | GapOfSilos] = [*spread, *(row for row in teams if (row["from_silo"], row["to_silo"]) not in of)]
    return [_asked_one(row, journeys) for row in sorted(rows, key=lambda row: -row["asked_s"])[:PAIRS]]


def _largest(silos: GapOfSilos, teams: list[Gap]) -> float:
    """The hours of that pair of teams of two silos which has most."""
    same = (silos["from_silo"], silos["to_silo"])
    return max((row["asked_s"] for row in teams if (row["from_silo"], row["to_silo"]) == same), default=0.0)


def _asked_one(row: Gap | GapOfSilos, journeys: int) -> Finding:
    if "pairs" in row:
        level, ends, query = "silo", [row["from_silo"], row["to_silo"]], "costs/information_gaps_of_silos"
        between = f"from {ends[0]} to {ends[1]}, in {plural(row['pairs'], 'pair')} of teams,"
    else:
        level, ends, query = "team", [row["from_team"], row["to_team"]], "costs/information_gaps"
        between = f"from {ends[0]} to {ends[1]}"
    return Finding(
        "asked_again",
        f"After {plural(row['handoffs'], 'handoff')} {between} it was asked again what was known before: "
        f"{spoken(row['asked_s'])} of people's time.",
        {f"{level}s": sorted(set(ends)) if level == "silo" else ends, "path": ends},
        row["journeys"],
        hours(row["asked_s"]),
        row["handoffs"],
        row["journeys"] / journeys,
        query,
        {f"from_{level}": ends[0], f"to_{level}": ends[1]},
        row["examples"],
    )

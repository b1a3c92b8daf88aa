"""Bottlenecks: what journeys wait for, slow or only busy, with its queue, its hours and who gave up in it."""

from __future__ import annotations

from typing import Any

from miner.chance import Excess
from miner.findings.finding import WEEKDAYS, Finding, hours
from miner.findings.rows import PaidWaits, Queue, QueueHour, Step, StepExample
from miner.findings.tables import Tables
from miner.findings.waits import examples, slow
from miner.kpis.intervals import share_interval
from miner.wording import percent, plural, spoken

TEAMS, STEPS, QUEUES = 5, 3, 3
PEAK = 1.5  # a weekday is named with half as much again as an even spread would give it
LEAST_WAITING = 0.05  # journeys, on average
LEAST_GONE = 10  # customers who gave up


def find(tables: Tables, journeys: int, agents: bool = False) -> list[Finding]:
    """What journeys wait for, slow before busy, each by total time; the slowest steps where that is nobody or people.

    A single person is reported only with `agents`.
    """
    queues = [row for row in tables.ask("team_queues", Queue) if agents or row["kind"] != "person"]
    teams = [row for row in queues if row["wait_s_total"]]
    waits = tables.arrow("waits")
    excess = slow(waits, agents)
    teams.sort(key=lambda row: row["team"] not in excess)
    steps = [] if teams else [row for row in tables.ask("slow_steps", Step, most=STEPS) if row["own_wait_s_total"]]
    paid = {row["team"]: row for row in tables.ask("paid_waits", PaidWaits)} if teams else {}
    gone = sorted(
        (row for row in queues if row["gave_up"] >= LEAST_GONE and row["gave_up_share"] is not None),
        key=lambda row: -row["gave_up_s_total"],
    )
    return [
        *(
            _team(tables, row, journeys, paid.get(row["team"]), excess.get(row["team"]), examples(waits, row["team"]))
            for row in teams[:TEAMS]
        ),
        *(_gave_up(row, examples(waits, row["team"], "gave_up")) for row in gone[:QUEUES]),
        *(_step(tables, row, journeys) for row in steps),
    ]


def is_busy(finding: Finding) -> bool:
    """Whether a queue is reported without a sign that it is slow."""
    return finding.kind == "bottleneck" and "teams" in finding.where and "slow" not in finding.where


def _team(
    tables: Tables, row: Queue, journeys: int, paid: PaidWaits | None, excess: Excess | None, shown: list[str]
) -> Finding:
    team = row["team"]
    week = tables.ask("queue_hours", QueueHour, team=team)
    where: dict[str, Any] = {"teams": [team], "hours": _began(week)}
    if excess is not None:
        where["slow"] = True
    return Finding(
        "bottleneck",
        f"{_pace(row, excess)} {_parts(row)}{_weekday(week)}{_usual(row['wait_s_median'], row['wait_s_p95'])}"
        f"{_waiting(row['mean_waiting'])}.",
        where,
        row["journeys"],
        hours(row["wait_s_total"]),
        row["waits"],
        row["journeys"] / journeys,
        "bottlenecks/team_queues",
        {"team": team},
        shown,
        money=paid["money"] if paid else None,
        unpriced_hours=hours(paid["unpriced_s"]) if paid else None,
    )


def _waiting(mean: float | None) -> str:
    """How many wait at any time, where that is a number to speak of."""
    return f"; on average {mean:.1f} journeys wait at any time" if mean and mean >= LEAST_WAITING else ""


def _pace(row: Queue, excess: Excess | None) -> str:
    """Slow, with how much longer; else busy, without comparing."""
    share = percent(row["share"] or 0, 1)
    total = f"{spoken(row['wait_s_total'])} in {plural(row['waits'], 'wait')}, {share} of all waiting for us"
    if excess is None:
        return f"{row['team']} is busy: journeys waited {total}."
    return (
        f"{row['team']} is slow: journeys waited {total}. That is about {spoken(excess.corrected or 0)} "
        f"(95 % interval {spoken(excess.low or 0)} to {spoken(excess.high or 0)}) more than as many waits of the same "
        f"intent and kind for others (n = {excess.compared:,})."
    )


def _parts(row: Queue) -> str:
    """What was handed over, first routing and queue, where there is more than one of them."""
    parts = (
        (row["handed_s_total"], "after handoffs"),
        (row["routing_s_total"], "before the first owner"),
        (row["queue_s_total"], "in a queue"),
    )
    named = [f"{spoken(seconds)} {words}" for seconds, words in parts if seconds]
    return f"Of this, {', '.join(named)}. " if len(named) > 1 else ""


def _weekday(week: list[QueueHour]) -> str:
    """The weekday on which most waiting begins and what lies on it, where it stands out."""
    began = {row["weekday"]: 0.0 for row in week}
    lies = dict(began)
    for row in week:
        began[row["weekday"]] += row["began_s_total"]
        lies[row["weekday"]] += row["waiting_s_total"]
    total, days = sum(began.values()), sum(1 for value in began.values() if value)
    if not total or days < 2:
        return ""
    top = max(began, key=lambda day: (began[day], -day))
    if began[top] < PEAK * total / days:
        return ""
    day = f"{WEEKDAYS[top - 1]}s"
    return (
        f"Waits that began on {day} make up {percent(began[top], total)} of this time; {percent(lies[top], total)} "
        f"of it falls on {day}. "
    )


def _began(week: list[QueueHour]) -> dict[str, Any]:
    """The hour of the week in which most waiting began, on the weekday on which most began."""
    days: dict[int, float] = {}
    for row in week:
        days[row["weekday"]] = days.get(row["weekday"], 0.0) + row["began_s_total"]
    day = max(days, key=lambda day: (days[day], -day))
    best = max((row for row in week if row["weekday"] == day), key=lambda row: (row["began_s_total"], -row["hour"]))
    return {"weekday": WEEKDAYS[day - 1], "hour": best["hour"]}


def _gave_up(row: Queue, shown: list[str]) -> Finding:
    team, share, n = row["team"], row["gave_up_share"] or 0.0, row["queued"]
    low, high = share_interval(share, n)
    between = f" (95 % interval {100 * (low or 0):.1f} to {100 * (high or 0):.1f} %)" if low is not None else ""
    return Finding(
        "abandonment",
        f"{row['gave_up']:,} customers gave up waiting for {team}, {100 * share:.1f} % of {n:,} that were queued"
        f"{between}; they had waited {spoken(row['gave_up_s_total'])} in total. Of all "
        f"who were queued: {_usual(row['queued_s_median'] or 0.0, row['queued_s_p95'] or 0.0).lower()}.",
        {"teams": [team]},
        row["gave_up"],
        hours(row["gave_up_s_total"]),
        n,
        share,
        "bottlenecks/team_queues",
        {"team": team},
        shown,
        low=low,
        high=high,
    )


def _step(tables: Tables, row: Step, journeys: int) -> Finding:
    a, b = row["from_activity"], row["to_activity"]
    shown = tables.ask("journeys_of_step", StepExample, from_activity=a, to_activity=b)
    concerned = shown[0]["journeys"] if shown else 0
    return Finding(
        "bottleneck",
        f"From “{a}” to “{b}” journeys waited {spoken(row['own_wait_s_total'])} for us in "
        f"{plural(row['count'], 'step')} ({percent(row['share'] or 0, 1)} of all such waiting). "
        f"{_usual(row['median_s'], row['p95_s'])}.",
        {"activity": b, "path": [a, b]},
        concerned,
        hours(row["own_wait_s_total"]),
        row["count"],
        concerned / journeys,
        "bottlenecks/transitions",
        {"from_activity": a, "to_activity": b},
        list(dict.fromkeys(example["journey"] for example in shown)),
    )


def _usual(median_s: float, p95_s: float) -> str:
    return f"Half of the waits are over within {spoken(median_s)}, one in twenty takes longer than {spoken(p95_s)}"

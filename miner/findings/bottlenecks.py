"""Bottlenecks: what journeys wait for, told as slow or as busy, with its queue, its hours and who gave up in it."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from miner.chance import Excess
from miner.findings.finding import WEEKDAYS, Finding, hours
from miner.findings.waits import examples, slow
from miner.performance.intervals import share_interval
from miner.wording import percent, spoken

if TYPE_CHECKING:
    import pyarrow as pa

Ask = Callable[..., list[dict[str, Any]]]
TEAMS, STEPS, QUEUES = 5, 3, 3
PEAK = 1.5  # a weekday is told with half as much again as an even spread would give it
LEAST_WAITING = 0.05  # journeys, on average
LEAST_GONE = 10  # customers who gave up


def find(ask: Ask, journeys: int, waits: pa.Table | None = None, agents: bool = False) -> list[Finding]:
    """What journeys wait for, slow before busy, each by total time; the slowest steps where that is nobody or people.

    `waits` are those of `findings.waits.read`; without them nothing is compared. A single person is reported only with
    `agents`.
    """
    rows = [row for row in ask("bottlenecks/team_queues", limit=1_000_000) if agents or row["kind"] != "person"]
    teams = [row for row in rows if row["wait_s_total"]]
    found = slow(waits, agents)
    teams.sort(key=lambda row: row["team"] not in found)
    steps = [] if teams else [row for row in ask("bottlenecks/transitions", limit=STEPS) if row["own_wait_s_total"]]
    paid = _paid(ask) if teams else {}
    gone = sorted(
        (row for row in rows if row["gave_up"] >= LEAST_GONE and row["gave_up_share"] is not None),
        key=lambda row: -row["gave_up_s_total"],
    )
    return [
        *(_team(ask, row, journeys, paid, found.get(row["team"]), waits) for row in teams[:TEAMS]),
        *(_gave_up(row, journeys, waits) for row in gone[:QUEUES]),
        *(_step(ask, row, journeys) for row in steps),
    ]


def is_busy(finding: Finding) -> bool:
    """Whether a queue is told without anything that says that it is slow."""
    return finding.kind == "bottleneck" and "teams" in finding.where and "slow" not in finding.where


def _paid(ask: Ask) -> dict[str, tuple[float, float | None]]:
    """What the handoffs to each team cost in money, and the hours that this leaves out; empty without rates."""
    paid: dict[str, float] = {}
    free: dict[str, float] = {}
    for row in ask("costs/team_pairs", limit=1_000_000):
        free[row["to_team"]] = free.get(row["to_team"], 0.0) + (row["unpriced_s"] or 0.0)
        if row["money"] is not None:
            paid[row["to_team"]] = paid.get(row["to_team"], 0.0) + row["money"]
    return {team: (money, hours(free[team])) for team, money in paid.items() if money}


def _team(
    ask: Ask,
    row: dict[str, Any],
    journeys: int,
    paid: dict[str, tuple[float, float | None]],
    more: Excess | None,
    waits: pa.Table | None,
) -> Finding:
    team = row["team"]
    money, free = paid.get(team, (None, None))
    week = ask("bottlenecks/team_queue_by_weekday_hour", team=team)
    where: dict[str, Any] = {"teams": [team], "hours": _began(week)}
    shown = examples(waits, team) or _distinct(ask("handoffs/examples", to_team=team, limit=100))
    if more is not None:
        where["slow"] = True
    return Finding(
        "bottleneck",
        f"{_pace(row, more)} {_parts(row)}{_weekday(week)}{_usual(row['wait_s_median'], row['wait_s_p95'])}"
        f"{_waiting(row['mean_waiting'])}.",
        where,
        row["journeys"],
        hours(row["wait_s_total"]),
        row["waits"],
        row["journeys"] / journeys,
        "bottlenecks/team_queues",
        {"team": team},
        shown,
        money=money,
        unpriced_hours=free,
    )


def _waiting(mean: float | None) -> str:
    """How many wait at any time, where that is a number to speak of."""
    return f"; on average {mean:.1f} journeys wait at any time" if mean and mean >= LEAST_WAITING else ""


def _pace(row: dict[str, Any], more: Excess | None) -> str:
    """Slow, with how much longer; else busy, without comparing."""
    share = percent(row["share"] or 0, 1)
    total = f"{spoken(row['wait_s_total'])} in {row['waits']:,} waits, {share} of all waiting for us"
    if more is None:
        return f"{row['team']} is busy: journeys waited {total}."
    return (
        f"{row['team']} is slow: journeys waited {total}. That is about {spoken(more.corrected or 0)} "
        f"(95 % interval {spoken(more.low or 0)} to {spoken(more.high or 0)}) more than as many waits of the same "
        f"intent and kind for others (n = {more.compared:,})."
    )


def _parts(row: dict[str, Any]) -> str:
    """What was handed over, first routing and queue, where there is more than one of them."""
    names = (
        ("handed_s_total", "after handoffs"),
        ("routing_s_total", "before the first owner"),
        ("queue_s_total", "in a queue"),
    )
    said = [f"{spoken(row[key])} {words}" for key, words in names if row[key]]
    return f"Of this, {', '.join(said)}. " if len(said) > 1 else ""


def _weekday(week: list[dict[str, Any]]) -> str:
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


def _began(week: list[dict[str, Any]]) -> dict[str, Any]:
    """The hour of the week in which most waiting began, on the weekday on which most began."""
    days: dict[int, float] = {}
    for row in week:
        days[row["weekday"]] = days.get(row["weekday"], 0.0) + row["began_s_total"]
    day = max(days, key=lambda day: (days[day], -day))
    best = max((row for row in week if row["weekday"] == day), key=lambda row: (row["began_s_total"], -row["hour"]))
    return {"weekday": WEEKDAYS[day - 1], "hour": best["hour"]}


def _gave_up(row: dict[str, Any], journeys: int, waits: pa.Table | None) -> Finding:
    team, share, n = row["team"], row["gave_up_share"], row["queued"]
    low, high = share_interval(share, n)
    between = f" (95 % interval {100 * (low or 0):.1f} to {100 * (high or 0):.1f} %)" if low is not None else ""
    shown = examples(waits, team, "gave_up")
    return Finding(
        "abandonment",
        f"{row['gave_up']:,} customers gave up waiting for {team}, {100 * share:.1f} % of {n:,} that were queued"
        f"{between}; they had waited {spoken(row['gave_up_s_total'])} in total. Of all "
        f"who were queued: {_usual(row['queued_s_median'], row['queued_s_p95']).lower()}.",
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


def _step(ask: Ask, row: dict[str, Any], journeys: int) -> Finding:
    a, b = row["from_activity"], row["to_activity"]
    shown = ask("bottlenecks/journeys_of_transition", from_activity=a, to_activity=b)
    concerned = shown[0]["journeys"] if shown else 0
    return Finding(
        "bottleneck",
        f"From “{a}” to “{b}” journeys waited {spoken(row['own_wait_s_total'])} for us in {row['count']:,} steps "
        f"({percent(row['share'] or 0, 1)} of all such waiting). {_usual(row['median_s'], row['p95_s'])}.",
        {"activity": b, "path": [a, b]},
        concerned,
        hours(row["own_wait_s_total"]),
        row["count"],
        concerned / journeys,
        "bottlenecks/transitions",
        {"from_activity": a, "to_activity": b},
        _distinct(shown),
    )


def _usual(median_s: float, p95_s: float) -> str:
    return f"Half of the waits are over within {spoken(median_s)}, one in twenty takes longer than {spoken(p95_s)}"


def _distinct(rows: list[dict[str, Any]]) -> list[str]:
    """Up to ten journeys, each once."""
    return list(dict.fromkeys(row["journey"] for row in rows))[:10]

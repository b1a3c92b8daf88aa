"""Bottlenecks: teams and steps before which most time is lost, with their queue and the hours it builds up."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from miner.findings.finding import WEEKDAYS, Finding, hours, percent, spoken
from miner.measures.calendars import offsets

Ask = Callable[..., list[dict[str, Any]]]
TEAMS, STEPS = 5, 3
PEAK = 1.5  # a weekday stands out with half as much again as an even spread would give it


def find(ask: Ask, journeys: int, tz: str | None) -> list[Finding]:
    """The teams that journeys wait for, ranked by total time; the slowest steps where the log knows no owners."""
    clock = _clock(ask, tz)
    teams = [row for row in ask("bottlenecks/team_queues", limit=TEAMS) if row["wait_s_total"]]
    steps = [] if teams else [row for row in ask("bottlenecks/transitions", limit=STEPS) if row["own_wait_s_total"]]
    paid = _paid(ask) if teams else {}
    return [_team(ask, row, journeys, clock, paid) for row in teams] + [_step(ask, row, journeys) for row in steps]


def _clock(ask: Ask, tz: str | None) -> list[list[int]]:
    """When the clocks of a zone changed, and how many minutes they are ahead of UTC from then on; empty for UTC."""
    spans = ask("overview/span") if tz else []
    if not tz or not spans or spans[0]["first_ms"] is None:
        return []
    steps = offsets(tz, 1000 * spans[0]["first_ms"], 1000 * spans[0]["last_ms"] + 1)
    return [[begin // 1000, ahead // 60_000_000] for begin, _, ahead in steps]


def _paid(ask: Ask) -> dict[str, float]:
    """What the handoffs to each team cost in money; empty without rates."""
    paid: dict[str, float] = {}
    for row in ask("costs/team_pairs", limit=1_000_000):
        if row["money"] is not None:
            paid[row["to_team"]] = paid.get(row["to_team"], 0.0) + row["money"]
    return paid if any(paid.values()) else {}


def _team(ask: Ask, row: dict[str, Any], journeys: int, clock: list[list[int]], paid: dict[str, float]) -> Finding:
    team = row["team"]
    peak = _peak(ask("bottlenecks/team_queue_by_weekday", team=team, shifts=clock))
    when = f", {percent(peak[1], 1)} of it on {WEEKDAYS[peak[0] - 1]}s" if peak else ""
    where: dict[str, Any] = {"teams": [team]}
    if peak:
        where["hours"] = {"weekday": WEEKDAYS[peak[0] - 1], "hour": _hour(ask, team, peak[0], clock)}
    return Finding(
        "bottleneck",
        f"Journeys waited {spoken(row['wait_s_total'])} in total for {team}{when}: {percent(row['share'] or 0, 1)} of"
        f" all waiting between teams. {_usual(row['wait_s_median'], row['wait_s_p95'])}; "
        f"{row['mean_waiting'] or 0:.1f} wait at a time.",
        where, row["journeys"], hours(row["wait_s_total"]), row["handoffs"], row["journeys"] / journeys,
        "bottlenecks/team_queues", {"team": team},
        _distinct(ask("handoffs/examples", to_team=team, limit=100)), money=paid.get(team))  # fmt: skip


def _peak(rows: list[dict[str, Any]]) -> tuple[int, float] | None:
    """The weekday with most of the waiting and its share, where it stands out."""
    total = sum(row["wait_s_total"] for row in rows)
    if not total or len(rows) < 2:
        return None
    top = max(rows, key=lambda row: (row["wait_s_total"], -row["weekday"]))
    share = top["wait_s_total"] / total
    return (top["weekday"], share) if share >= PEAK / len(rows) else None


def _hour(ask: Ask, team: str, weekday: int, clock: list[list[int]]) -> int | None:
    week = ask("bottlenecks/team_queue_by_weekday_hour", team=team, shifts=clock)
    rows = [r for r in week if r["weekday"] == weekday]
    return max(rows, key=lambda r: (r["wait_s_total"], -r["hour"]))["hour"] if rows else None


def _step(ask: Ask, row: dict[str, Any], journeys: int) -> Finding:
    a, b = row["from_activity"], row["to_activity"]
    shown = ask("bottlenecks/journeys_of_transition", from_activity=a, to_activity=b)
    concerned = shown[0]["journeys"] if shown else 0
    return Finding(
        "bottleneck",
        f"From “{a}” to “{b}” journeys waited {spoken(row['own_wait_s_total'])} for us in {row['count']:,} steps "
        f"({percent(row['share'] or 0, 1)} of all such waiting). {_usual(row['median_s'], row['p95_s'])}.",
        {"activity": b, "path": [a, b]}, concerned, hours(row["own_wait_s_total"]), row["count"], concerned / journeys,
        "bottlenecks/transitions", {"from_activity": a, "to_activity": b}, _distinct(shown))  # fmt: skip


def _usual(median_s: float, p95_s: float) -> str:
    return f"Half of the waits are over within {spoken(median_s)}, one in twenty takes longer than {spoken(p95_s)}"


def _distinct(rows: list[dict[str, Any]]) -> list[str]:
    """Up to ten journeys, each once."""
    return list(dict.fromkeys(row["journey"] for row in rows))[:10]

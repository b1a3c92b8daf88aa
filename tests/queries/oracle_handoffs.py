"""Oracles of queries/handoffs and queries/bottlenecks."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

from tests.queries.oracle import Log, Row, Tables, grouped, journeys_in, oracle, rank


def _waits(group: list[Row], *percents: tuple[str, int], of: str = "own_wait_s") -> Row:
    """Total and percentiles of the own waits of handoffs, or of another column."""
    waits = [h[of] for h in group]
    return {"wait_s_total": sum(waits), **{f"wait_s_{name}": rank(waits, percent) for name, percent in percents}}


def _others(group: list[Row]) -> Row:
    """What others took meanwhile."""
    return {f"{name}_s_total": sum(h[f"{name}_s"] for h in group) for name in ("customer_wait", "between")}


MEDIAN, P95 = ("median", 50), ("p95", 95)


@oracle("bottlenecks/handoff_waits")
def handoff_waits(tables: Tables) -> list[Row]:
    """Waiting by pair of teams."""
    whole = sum(h["own_wait_s"] for h in tables["handoffs"])
    return [
        {
            "from_team": a,
            "to_team": b,
            "handoffs": len(group),
            "journeys": journeys_in(group),
            **_waits(group, MEDIAN, P95),
            **_others(group),
            "share": sum(h["own_wait_s"] for h in group) / whole if whole else None,
        }
        for (a, b), group in grouped(tables["handoffs"], "from_owner", "to_owner").items()
    ]


@oracle("bottlenecks/team_queues", {}, {"team": "L2"})
def team_queues(tables: Tables, team: str | None = None) -> list[Row]:
    """Waiting before each team from its waits, with the mean number waiting counted from their lengths."""
    whole = sum(w["wait_s"] for w in tables["waits"])
    first, last = min(j["started_ms"] for j in tables["journeys"]), max(j["ended_ms"] for j in tables["journeys"])
    hours = (last - first) / 3_600_000
    rows = []
    for (name, kind), group in grouped(tables["waits"], "team", "kind").items():
        if team not in (None, name):
            continue
        queued = [w for w in group if w["queued"]]
        gone = sum(1 for w in queued if w["ending"] == "gave_up")
        total = sum(w["wait_s"] for w in group)
        rows.append(
            {
                "team": name,
                "kind": kind,
                "waits": len(group),
                "journeys": journeys_in(group),
                "queued": len(queued),
                "handed_over": sum(1 for w in group if (w["position"] or 0) > 0),
                "gave_up": sum(1 for w in group if w["position"] is None),
                "gave_up_share": gone / len(queued) if queued else None,
                **{f"{part}_s_total": sum(w[f"{part}_s"] for w in group) for part in ("handed", "routing", "queue")},
                "gave_up_s_total": sum(w["wait_s"] for w in group if w["position"] is None),
                "queued_s_median": rank([w["wait_s"] for w in queued], 50) if queued else None,
                "queued_s_p95": rank([w["wait_s"] for w in queued], 95) if queued else None,
                **_waits(group, MEDIAN, P95, of="wait_s"),
                "share": total / whole if whole else None,
                "arrivals_per_h": len(group) / hours if hours else None,
                "mean_waiting": total / 3600 / hours if hours else None,
            }
        )
    return rows


def _moment(us: int) -> datetime:
    return datetime(1970, 1, 1, tzinfo=UTC) + timedelta(microseconds=us)


@oracle("bottlenecks/team_queue_by_weekday", {}, {"team": "L2"})
def by_weekday(tables: Tables, team: str | None = None) -> list[Row]:
    """The hours of the week added up by day."""
    names = ("arrivals", "began_s_total", "waiting_s_total")
    return [
        {"team": name, "weekday": weekday, **{column: sum(row[column] for row in group) for column in names}}
        for (name, weekday), group in grouped(by_weekday_hour(tables, team), "team", "weekday").items()
    ]


@oracle("bottlenecks/team_queue_by_weekday_hour", {}, {"team": "L1"})
def by_weekday_hour(tables: Tables, team: str | None = None) -> list[Row]:
    """Waits by weekday and hour of their beginning; where they lie is what the table says."""
    begun = [
        {**w, "weekday": _moment(w["joined_us"]).isoweekday(), "hour": _moment(w["joined_us"]).hour}
        for w in tables["waits"]
    ]
    ended = [
        (w["team"], _moment(w["ended_us"]).isoweekday(), _moment(w["ended_us"]).hour)
        for w in tables["waits"]
        if w["ending"] == "visit"
    ]
    groups = grouped(begun, "team", "weekday", "hour")
    return [
        {
            "team": row["team"],
            "weekday": row["weekday"],
            "hour": row["hour"],
            "arrivals": len(groups.get((row["team"], row["weekday"], row["hour"]), [])),
            "began_s_total": sum(
                (w["wait_s"] for w in groups.get((row["team"], row["weekday"], row["hour"]), [])), 0.0
            ),
            "waiting_s_total": row["waiting_s"],
            "taken_up": ended.count((row["team"], row["weekday"], row["hour"])),
        }
        for row in tables["queue_hours"]
        if team in (None, row["team"])
    ]


@oracle("bottlenecks/transitions", {}, {"from_activity": "call"}, {"from_activity": "call", "to_activity": "verify"})
def transitions(tables: Tables, from_activity: str | None = None, to_activity: str | None = None) -> list[Row]:
    """Gaps between activities, from the transitions themselves."""
    steps = [
        t
        for t in tables["transitions"]
        if t["seq"] > 0 and t["from_activity"] is not None and t["to_activity"] is not None
    ]
    whole = sum(t["queue_wait_s"] + t["handoff_wait_s"] for t in steps)
    rows = []
    for (a, b), group in grouped(steps, "from_activity", "to_activity").items():
        if from_activity in (None, a) and to_activity in (None, b):
            gaps = [t["gap_s"] for t in group]
            own = sum(t["queue_wait_s"] + t["handoff_wait_s"] for t in group)
            rows.append(
                {
                    "from_activity": a,
                    "to_activity": b,
                    "count": len(gaps),
                    "total_s": sum(gaps),
                    "median_s": rank(gaps, 50),
                    "p95_s": rank(gaps, 95),
                    "own_wait_s_total": own,
                    "share": own / whole if whole else None,
                }
            )
    return rows


@oracle(
    "bottlenecks/journeys_of_transition",
    {"from_activity": "call", "to_activity": "verify"},
    {"from_activity": "call", "to_activity": "never"},
)
def journeys_of_transition(tables: Tables, from_activity: str, to_activity: str) -> list[Row]:
    """Single steps from one activity to another."""
    times = {(e["journey_id"], e["seq"]): e["started_ms"] for e in tables["events"]}
    steps = [
        t
        for t in tables["transitions"]
        if (t["from_activity"], t["to_activity"]) == (from_activity, to_activity) and t["seq"] > 0
    ]
    return [
        {
            "journey": t["journey_id"],
            "seq": t["seq"],
            "started_ms": times[t["journey_id"], t["seq"]],
            "gap_s": t["gap_s"],
            "journeys": journeys_in(steps),
        }
        for t in steps
    ]


@oracle("handoffs/team_pairs", {}, {"min_handoffs": 5})
def team_pairs(tables: Tables, min_handoffs: int = 1) -> list[Row]:
    """Handoffs by pair of teams."""
    leaving = grouped(tables["handoffs"], "from_owner")
    return [
        {
            "from_team": a,
            "to_team": b,
            "handoffs": len(group),
            "journeys": journeys_in(group),
            "share_of_from": len(group) / len(leaving[a,]),
            "returns": sum(h["second"]["is_return"] for h in group),
        }
        for (a, b), group in grouped(Log(tables).handoffs(), "from_owner", "to_owner").items()
        if len(group) >= min_handoffs
    ]


@oracle("handoffs/between_silos")
def between_silos(tables: Tables) -> list[Row]:
    """Handoffs by pair of silos."""
    crossing = [
        h
        for h in Log(tables).handoffs()
        if None not in (h["from_silo"], h["to_silo"]) and h["from_silo"] != h["to_silo"]
    ]
    return [
        {
            "from_silo": a,
            "to_silo": b,
            "handoffs": len(group),
            "journeys": journeys_in(group),
            **_others(group),
            **_waits(group, MEDIAN, P95),
            "returns": sum(h["second"]["is_return"] for h in group),
        }
        for (a, b), group in grouped(crossing, "from_silo", "to_silo").items()
    ]


@oracle("handoffs/examples", {}, {"from_team": "L1"}, {"to_team": "L3"}, {"from_team": "L1", "to_team": "L2"})
def examples(tables: Tables, from_team: str | None = None, to_team: str | None = None) -> list[Row]:
    """Single handoffs."""
    same = (
        "wait_s",
        "own_wait_s",
        "customer_wait_s",
        "between_s",
        "overlap_s",
        "kind",
        "crosses_silo",
        "crosses_system",
        "changes_channel",
    )
    return [
        {
            "journey": h["journey_id"],
            "position": h["position"],
            "from_team": h["from_owner"],
            "to_team": h["to_owner"],
            "left_ms": h["first"]["left_ms"],
            **{name: h[name] for name in same},
        }
        for h in Log(tables).handoffs()
        if from_team in (None, h["from_owner"]) and to_team in (None, h["to_owner"])
    ]


@oracle("handoffs/kinds")
def kinds(tables: Tables) -> list[Row]:
    """Handoffs by kind."""
    return [
        {
            "kind": kind,
            "handoffs": len(group),
            "journeys": journeys_in(group),
            "crossing_silos": sum(h["crosses_silo"] is True for h in group),
            **_waits(group, MEDIAN, P95),
        }
        for (kind,), group in grouped(tables["handoffs"], "kind").items()
    ]


def _last(tables: Tables, column: str) -> Callable[[Row], Any]:
    """A column of the last own event of a handoff's first visit."""
    events = {(e["journey_id"], e["seq"]): e for e in tables["events"]}
    return lambda h: events[h["journey_id"], h["first"]["closed_seq"]][column]


def _changes(tables: Tables, column: str, name: str) -> list[Row]:
    last = _last(tables, column)
    marked = [{**h, "before": last(h), "after": h["second"][column]} for h in Log(tables).handoffs()]
    changed = [h for h in marked if None not in (h["before"], h["after"]) and h["before"] != h["after"]]
    return [
        {
            f"from_{name}": a,
            f"to_{name}": b,
            "handoffs": len(group),
            "journeys": journeys_in(group),
            **_waits(group, MEDIAN),
        }
        for (a, b), group in grouped(changed, "before", "after").items()
    ]


@oracle("handoffs/channel_changes")
def channel_changes(tables: Tables) -> list[Row]:
    """Handoffs whose channel differs, from the events at their ends."""
    return _changes(tables, "channel", "channel")


@oracle("handoffs/system_changes")
def system_changes(tables: Tables) -> list[Row]:
    """Handoffs whose source system differs, from the events at their ends."""
    return _changes(tables, "source_system", "system")


@oracle("handoffs/bot_to_human")
def bot_to_human(tables: Tables) -> list[Row]:
    """Handoffs from a bot, by bot and team."""
    rows = [h for h in tables["handoffs"] if h["kind"] == "bot_to_human"]
    return [
        {"bot": a, "to_team": b, "handoffs": len(group), "journeys": journeys_in(group), **_waits(group, MEDIAN, P95)}
        for (a, b), group in grouped(rows, "from_owner", "to_owner").items()
    ]

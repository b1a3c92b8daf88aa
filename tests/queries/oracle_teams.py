"""Oracles of queries about teams and the routes between them."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from itertools import combinations, pairwise, permutations
from typing import Any
from zoneinfo import ZoneInfo

from tests.graph.made import ZONE
from tests.queries.oracle import Log, Row, Tables, grouped, journeys_in, oracle, rank


def _routes(tables: Tables, min_handoffs: int, min_share: float) -> dict[tuple[str, str], list[Row]]:
    """Handoffs by pair of teams, the rare ones left out."""
    leaving = grouped(tables["handoffs"], "from_owner")
    return {
        (a, b): group
        for (a, b), group in grouped(tables["handoffs"], "from_owner", "to_owner").items()
        if len(group) >= min_handoffs and len(group) >= min_share * len(leaving[a,])
    }


@oracle(
    "loops/team_cycles",
    {},
    {"min_handoffs": 1, "min_share": 0.0},
    {"min_handoffs": 1, "min_share": 0.0, "max_order": 3},
    {"min_handoffs": 20},
    {"min_share": 0.3},
    {"min_handoffs": 1, "max_order": 2},
)
def team_cycles(tables: Tables, min_handoffs: int = 5, min_share: float = 0.1, max_order: int = 5) -> list[Row]:
    """Every ordered choice of different teams that begins with the first of them, tried one by one."""
    routes = _routes(tables, min_handoffs, min_share)
    teams = sorted({v["owner"] for v in tables["visits"]})
    rows = []
    for order in range(2, max_order + 1):
        for chosen in combinations(teams, order):
            for rest in permutations(chosen[1:]):
                cycle = (chosen[0], *rest)
                steps = [(a, cycle[(at + 1) % order]) for at, a in enumerate(cycle)]
                if all(step in routes for step in steps):
                    counts = [len(routes[step]) for step in steps]
                    waits = [[h["own_wait_s"] for h in routes[step]] for step in steps]
                    rows.append(
                        {
                            "cycle": list(cycle),
                            "loop_order": order,
                            "least": min(counts),
                            "handoffs": sum(counts),
                            "wait_s_total": sum(map(sum, waits)),
                            "round_s": sum(rank(w, 50) for w in waits),
                        }
                    )
    return rows


@oracle("loops/by_intent", {}, {"min_journeys": 20})
def by_intent(tables: Tables, min_journeys: int = 1) -> list[Row]:
    """Returns by the intent of their journey."""
    log = Log(tables)
    loops = [{**loop, "intent": log.journeys[loop["journey_id"]]["intent"]} for loop in log.loops()]
    rows = []
    for (intent,), group in grouped(loops, "intent").items():
        if journeys_in(group) >= min_journeys:
            journeys = sum(j["intent"] == intent for j in tables["journeys"])
            judged = [row["avoidable"] for row in group if row["avoidable"] is not None]
            rows.append(
                {
                    "intent": intent,
                    "journeys": journeys,
                    "returned": journeys_in(group),
                    "returned_share": journeys_in(group) / journeys,
                    "returns": len(group),
                    "avoidable": sum(judged) if judged else None,
                    "away_s_total": sum(row["away"] for row in group),
                }
            )
    return rows


@oracle("handoffs/forwarders", {}, {"most_events": 1}, {"min_visits": 100})
def forwarders(tables: Tables, most_events: int = 2, min_visits: int = 1) -> list[Row]:
    """Visits of few events that were handed on, by team."""
    waits = {(h["journey_id"], h["position"]): h["own_wait_s"] for h in tables["handoffs"]}
    handed = {(journey, position - 1) for journey, position in waits}
    rows = []
    for (team,), visits in grouped(tables["visits"], "owner").items():
        on = [v for v in visits if (v["journey_id"], v["position"]) in handed]
        passed = [v for v in on if v["events"] <= most_events]
        if passed and len(visits) >= min_visits:
            rows.append(
                {
                    "team": team,
                    "visits": len(visits),
                    "handed_on": len(on),
                    "passed": len(passed),
                    "passed_share": len(passed) / len(visits),
                    "held_s_median": rank(((v["left_ms"] - v["arrived_ms"]) / 1000 for v in passed), 50),
                    "wait_s_total": float(sum(waits.get((v["journey_id"], v["position"]), 0) for v in passed)),
                }
            )
    return rows


@oracle("handoffs/go_between", {"team": "L2"}, {"team": "L1", "min_passages": 5}, {"team": "nobody"})
def go_between(tables: Tables, team: str, min_passages: int = 1) -> list[Row]:
    """Three visits in a row with the team in the middle and two others around it."""
    found = []
    for journey, chain in Log(tables).chains.items():
        for a, b, c in zip(chain, chain[1:], chain[2:], strict=False):
            if b["owner"] == team and a["owner"] != c["owner"]:
                detour = max(0, c["arrived_ms"] - a["left_ms"]) / 1000
                found.append({"journey_id": journey, "from": a["owner"], "to": c["owner"], "detour": detour})
    return [
        {
            "from_team": a,
            "to_team": b,
            "passages": len(group),
            "journeys": journeys_in(group),
            "direct": sum((h["from_owner"], h["to_owner"]) == (a, b) for h in tables["handoffs"]),
            "detour_s_total": sum(row["detour"] for row in group),
            "detour_s_median": rank((row["detour"] for row in group), 50),
        }
        for (a, b), group in grouped(found, "from", "to").items()
        if len(group) >= min_passages
    ]


def _reached(doors: set[str], routes: set[tuple[str, str]], hops: int) -> set[str]:
    """Teams at the end of some route of so many handoffs at most."""
    reached = set(doors)
    for _ in range(hops):
        reached |= {b for a, b in routes if a in reached}
    return reached


def _gates(tables: Tables) -> list[dict[str, Any]]:
    """Thresholds at which some team is a gate; on a dense graph they are few."""
    tried = [{"min_share": share / 100, "hops": hops} for share in range(20, 60, 2) for hops in (1, 2, 8)]
    found = [case for case in tried if only_through(tables, **case)]
    named = [{**case, "team": only_through(tables, **case)[0]["team"]} for case in found[:2]]
    return [{}, {"min_handoffs": 40, "min_share": 0.0}, *found[:8], *named]


@oracle("handoffs/only_through", chosen=_gates)
def only_through(
    tables: Tables, min_handoffs: int = 1, min_share: float = 0.05, hops: int = 8, team: str | None = None
) -> list[Row]:
    """Teams that are reached with a team and not without it."""
    visits = grouped(tables["visits"], "owner")
    first = {owner: sum(v["position"] == 0 for v in group) for owner, group in visits.items()}
    doors = {
        owner
        for (owner,), group in visits.items()
        if first[owner,] >= min_handoffs and first[owner,] >= min_share * len(group)
    }
    routes = set(_routes(tables, min_handoffs, min_share))
    rows = []
    for (gone,) in visits:
        without = _reached(doors - {gone}, {route for route in routes if gone not in route}, hops)
        lost = sorted(_reached(doors, routes, hops) - without - {gone})
        if lost and team in (None, gone):
            rows.append(
                {
                    "team": gone,
                    "cut_off": len(lost),
                    "cut_off_teams": lost,
                    "cut_off_visits": sum(len(visits[t,]) for t in lost),
                }
            )
    return rows


EDGES = [0, 60, 900, 3600, 28800, 86400, 259200, None]


@oracle("handoffs/wait_bands", {}, {"to_team": "L2"}, {"to_team": "nobody"})
def wait_bands(tables: Tables, to_team: str | None = None) -> list[Row]:
    """Handoffs by band of their wait."""
    handoffs = [h for h in tables["handoffs"] if to_team in (None, h["to_owner"])]
    whole = sum(h["own_wait_s"] for h in handoffs)
    rows = []
    for least, most in pairwise(EDGES):
        group = [h for h in handoffs if h["own_wait_s"] >= (least or 0) and (most is None or h["own_wait_s"] < most)]
        if group:
            total = sum(h["own_wait_s"] for h in group)
            rows.append(
                {
                    "from_s": least,
                    "to_s": most,
                    "handoffs": len(group),
                    "share": len(group) / len(handoffs),
                    "journeys": journeys_in(group),
                    "wait_s_total": total,
                    "wait_share": total / whole if whole else None,
                }
            )
    return rows


@oracle("handoffs/overlaps")
def overlaps(tables: Tables) -> list[Row]:
    """Handoffs whose visits overlap, by pair."""
    rows = []
    for (a, b), group in grouped(tables["handoffs"], "from_owner", "to_owner").items():
        both = [h for h in group if h["overlap_s"] > 0]
        if both:
            rows.append(
                {
                    "from_team": a,
                    "to_team": b,
                    "handoffs": len(both),
                    "share": len(both) / len(group),
                    "journeys": journeys_in(both),
                    "overlap_s_total": sum(h["overlap_s"] for h in both),
                    "overlap_s_median": rank((h["overlap_s"] for h in both), 50),
                }
            )
    return rows


def _own(row: Row) -> float:
    """The wait of a handoff without the customer's part."""
    return float(row["own_wait_s"])


@oracle("bottlenecks/system_boundaries")
def system_boundaries(tables: Tables) -> list[Row]:
    """Handoffs between two systems, by systems and teams, from the events at their ends."""
    events = {(e["journey_id"], e["seq"]): e for e in tables["events"]}
    whole = sum(map(_own, tables["handoffs"]))
    crossings = []
    for h in Log(tables).handoffs():
        before = events[h["journey_id"], h["first"]["closed_seq"]]["source_system"]
        after = events[h["journey_id"], h["second"]["opened_seq"]]["source_system"]
        if None not in (before, after) and before != after:
            crossings.append({**h, "before": before, "after": after})
    return [
        {
            "from_system": before,
            "to_system": after,
            "from_team": a,
            "to_team": b,
            "handoffs": len(group),
            "journeys": journeys_in(group),
            "wait_s_total": sum(map(_own, group)),
            "wait_s_median": rank(map(_own, group), 50),
            "wait_s_p95": rank(map(_own, group), 95),
            "share": sum(map(_own, group)) / whole if whole else None,
        }
        for (before, after, a, b), group in grouped(crossings, "before", "after", "from_owner", "to_owner").items()
    ]


def moment(ms: int) -> datetime:
    """The local time of a moment, in the run's zone."""
    return (datetime(1970, 1, 1, tzinfo=UTC) + timedelta(milliseconds=ms)).astimezone(ZoneInfo(ZONE))


def week(ms: int) -> int:
    """When the local Monday of a moment's week begins, in ms since 1970 in UTC."""
    day = moment(ms).date()
    monday = datetime.combine(day - timedelta(days=day.weekday()), time(), ZoneInfo(ZONE))
    return (monday - datetime(1970, 1, 1, tzinfo=UTC)) // timedelta(milliseconds=1)


@oracle("bottlenecks/team_queue_by_week", {}, {"team": "L2"})
def team_queue_by_week(tables: Tables, team: str | None = None) -> list[Row]:
    """Waiting before teams by the week of its beginning."""
    dated = [{**h, "week": week(h["first"]["left_ms"])} for h in Log(tables).handoffs()]
    return [
        {
            "week_ms": monday,
            "team": owner,
            "handoffs": len(group),
            "wait_s_total": sum(map(_own, group)),
            "wait_s_median": rank(map(_own, group), 50),
            "wait_s_p95": rank(map(_own, group), 95),
        }
        for (monday, owner), group in grouped(dated, "week", "to_owner").items()
        if team in (None, owner)
    ]


def _steps(_: Tables) -> list[dict[str, Any]]:
    call = {"from_activity": "call", "to_activity": "verify"}
    return [call, {"from_activity": "call", "to_activity": "never"}]


@oracle("bottlenecks/transition_by_weekday_hour", chosen=_steps)
def transition_by_weekday_hour(tables: Tables, from_activity: str, to_activity: str) -> list[Row]:
    """Gaps between two activities by the hour in which they began."""
    ended = {(e["journey_id"], e["seq"]): e["ended_ms"] for e in tables["events"]}
    steps = []
    for t in tables["transitions"]:
        if t["seq"] > 0 and (t["from_activity"], t["to_activity"]) == (from_activity, to_activity):
            began = moment(ended[t["journey_id"], t["seq"] - 1])
            own = t["queue_wait_s"] + t["handoff_wait_s"]
            steps.append({"weekday": began.isoweekday(), "hour": began.hour, "gap": t["gap_s"], "own": own})
    return [
        {
            "weekday": weekday,
            "hour": hour,
            "steps": len(group),
            "gap_s_total": sum(s["gap"] for s in group),
            "gap_s_median": rank((s["gap"] for s in group), 50),
            "gap_s_p95": rank((s["gap"] for s in group), 95),
            "own_wait_s_total": sum(s["own"] for s in group),
        }
        for (weekday, hour), group in grouped(steps, "weekday", "hour").items()
    ]

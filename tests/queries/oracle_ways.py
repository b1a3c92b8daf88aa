"""Oracles of queries/paths that look at the way of a journey as a whole."""

from __future__ import annotations

from typing import Any

from tests.queries.oracle import Log, Row, Tables, grouped, oracle, rank


def _seconds(ms: int) -> float:
    return max(0, ms) / 1000


def _teams(log: Log, journey: str) -> list[str]:
    return [v["owner"] for v in log.chains.get(journey, [])]


def _popular(tables: Tables) -> list[dict[str, Any]]:
    """A journey of each number of handoffs, one without visits, and one that is not there."""
    log = Log(tables)
    some = {min(len(_teams(log, j)), 4): j for j in sorted(log.journeys)}
    return [{"journey": j} for j in (*some.values(), "no such journey")]


@oracle("paths/journeys_like", chosen=_popular)
def journeys_like(tables: Tables, journey: str) -> list[Row]:
    """All other journeys, each compared with the one."""
    log = Log(tables)
    if journey not in log.journeys:
        return []
    mine, teams, silos = log.journeys[journey], _teams(log, journey), log.silo_path(journey)
    rows = []
    for other, row in log.journeys.items():
        same_intent = (row["intent"] or "") == (mine["intent"] or "")
        if teams and _teams(log, other) == teams:
            closeness = 3 if same_intent else 2
        elif silos and log.silo_path(other) == silos and same_intent:
            closeness = 1
        else:
            continue
        if other != journey:
            rows.append(
                {
                    "journey": other,
                    "closeness": closeness,
                    "intent": row["intent"],
                    "handoffs": row["handoffs"],
                    "elapsed_s": log.elapsed(other),
                    "apart_s": abs(log.elapsed(other) - log.elapsed(journey)),
                    "outcome": row["outcome"],
                }
            )
    return rows


def _busiest(tables: Tables) -> list[dict[str, Any]]:
    ordered = sorted(tables["journeys"], key=lambda j: (j["events"], j["journey_id"]))
    return [{"journey": ordered[at]["journey_id"]} for at in (0, len(ordered) // 2, -1)]


@oracle("paths/critical_path", chosen=_busiest)
def critical_path(tables: Tables, journey: str) -> list[Row]:
    """Every step with the time that it added, laid end to end."""
    log = Log(tables)
    steps = {t["seq"]: t for t in tables["transitions"] if t["journey_id"] == journey}
    events = sorted((e for e in tables["events"] if e["journey_id"] == journey), key=lambda e: e["seq"])
    teams = [log.visits[journey, e["position"]]["owner"] if e["owned"] else None for e in events]
    rows, latest = [], events[0]["started_ms"]
    for at, event in enumerate(events):
        step = steps[event["seq"]]
        wait = step["gap_s"] if at else 0.0
        busy = _seconds(event["ended_ms"] - max(latest, event["started_ms"]))
        latest = max(latest, event["ended_ms"])
        rows.append(
            {
                "seq": event["seq"],
                "activity": event["activity"],
                "team": teams[at],
                "after_activity": events[at - 1]["activity"] if at else None,
                "after_team": teams[at - 1] if at else None,
                "wait_s": wait,
                "own_wait_s": step["queue_wait_s"] + step["handoff_wait_s"] if at else 0.0,
                "busy_s": busy,
                "step_s": wait + busy,
                "share": (wait + busy) / log.elapsed(journey) if log.elapsed(journey) else None,
            }
        )
    assert abs(sum(row["step_s"] for row in rows) - log.elapsed(journey)) < 0.001 * len(rows), "no second is lost"
    return rows


@oracle("paths/first_contact_chains", {}, {"team": "L1"}, {"min_journeys": 4})
def first_contact_chains(tables: Tables, team: str | None = None, min_journeys: int = 1) -> list[Row]:
    """Journeys by their first three teams."""
    log = Log(tables)
    begun: dict[tuple[str, ...], list[str]] = {}
    for journey in log.chains:
        teams = _teams(log, journey)
        if team in (None, teams[0]):
            begun.setdefault(tuple(teams[:3]), []).append(journey)
    return [
        {
            "chain": list(chain),
            "journeys": len(ids),
            "ended": sum(_teams(log, j) == list(chain) for j in ids),
            "ended_share": sum(_teams(log, j) == list(chain) for j in ids) / len(ids),
            "elapsed_s_total": sum(map(log.elapsed, ids)),
        }
        for chain, ids in begun.items()
        if len(ids) >= min_journeys
    ]


@oracle("paths/wrong_door", {}, {"most_events": 1}, {"min_journeys": 2})
def wrong_door(tables: Tables, most_events: int = 2, min_journeys: int = 1) -> list[Row]:
    """Journeys whose first visit has few events."""
    log = Log(tables)
    detours = [
        {
            "intent": log.journeys[journey]["intent"],
            "first": chain[0]["owner"],
            "next": chain[1]["owner"],
            "kept": len(chain) == 2,
            "delay": _seconds(chain[1]["arrived_ms"] - chain[0]["arrived_ms"]),
        }
        for journey, chain in log.chains.items()
        if len(chain) > 1 and chain[0]["events"] <= most_events
    ]
    return [
        {
            "intent": intent,
            "first_team": first,
            "next_team": following,
            "journeys": len(group),
            "settled": sum(d["kept"] for d in group),
            "delay_s_total": sum(d["delay"] for d in group),
            "delay_s_median": rank((d["delay"] for d in group), 50),
        }
        for (intent, first, following), group in grouped(detours, "intent", "first", "next").items()
        if len(group) >= min_journeys
    ]


@oracle("paths/slow_journeys", {}, {"min_journeys": 60}, {"min_journeys": 1})
def slow_journeys(tables: Tables, min_journeys: int = 10) -> list[Row]:
    """Journeys above the median of their intent."""
    log = Log(tables)
    rows = []
    for (intent,), group in grouped(tables["journeys"], "intent").items():
        usual = rank((log.elapsed(j["journey_id"]) for j in group), 50)
        for row in group if len(group) >= min_journeys else ():
            elapsed = log.elapsed(row["journey_id"])
            if elapsed > usual:
                rows.append(
                    {
                        "journey": row["journey_id"],
                        "intent": intent,
                        "elapsed_s": elapsed,
                        "usual_s": usual,
                        "extra_s": elapsed - usual,
                        "handoffs": row["handoffs"],
                        "returns": log.returns(row["journey_id"]),
                        "outcome": row["outcome"],
                    }
                )
    return rows

"""Oracles of queries/overview and queries/paths."""

from __future__ import annotations

from typing import Any

from tests.graph.made import ZONE
from tests.queries.oracle import Log, Row, Tables, contacts_in, grouped, journeys_in, oracle, rank


@oracle("overview/run")
def run(tables: Tables) -> list[Row]:
    """What the generated workspaces say of their run (tests/graph/made.py)."""
    good = ["closed won", "completed", "resolved", "solved"]
    others = ("settling", "journeys_by", "window", "min_probability", "tiers")
    return [{"good": good, "tz": ZONE, **dict.fromkeys(others)}]


@oracle("overview/journeys")
def journeys(tables: Tables) -> list[Row]:
    """Journeys by intent."""
    log = Log(tables)
    rows = []
    for (intent,), group in grouped(tables["journeys"], "intent").items():
        times = [log.elapsed(j["journey_id"]) for j in group]
        rows.append(
            {
                "intent": intent,
                "journeys": len(group),
                "handed_over": sum(j["handoffs"] > 0 for j in group),
                "returned": sum(log.returns(j["journey_id"]) > 0 for j in group),
                "handoffs": sum(j["handoffs"] for j in group),
                "events": sum(j["events"] for j in group),
                "elapsed_s_total": sum(times),
                "elapsed_s_median": rank(times, 50),
                "elapsed_s_p95": rank(times, 95),
            }
        )
    return rows


@oracle("overview/span")
def span(tables: Tables) -> list[Row]:
    """The whole log in one row."""
    rows = tables["journeys"]
    return [
        {
            "first_ms": min((j["started_ms"] for j in rows), default=None),
            "last_ms": max((j["ended_ms"] for j in rows), default=None),
            "journeys": len(rows),
            "customers": len({j["customer"] for j in rows} - {None}),
            "handed_over": sum(j["handoffs"] > 0 for j in rows),
            "handoffs": sum(j["handoffs"] for j in rows),
        }
    ]


@oracle("overview/teams", {}, {"team": "L1"})
def teams(tables: Tables, team: str | None = None) -> list[Row]:
    """Teams and what passes through them."""
    handoffs = Log(tables).handoffs()
    rows = []
    for (owner,), visits in grouped(tables["visits"], "owner").items():
        arriving = [h for h in handoffs if h["to_owner"] == owner]
        leaving = [h for h in handoffs if h["from_owner"] == owner]
        rows.append(
            {
                "team": owner,
                "visits": len(visits),
                "journeys": journeys_in(visits),
                "handoffs_in": len(arriving),
                "handoffs_out": len(leaving),
                "returns_in": sum(h["second"]["is_return"] for h in arriving),
                "passed_on_share": len(leaving) / len(visits),
                "wait_s_total": sum(h["own_wait_s"] for h in arriving),
            }
        )
    return [row for row in rows if team in (None, row["team"])]


@oracle("overview/channels")
def channels(tables: Tables) -> list[Row]:
    """Contacts by channel and system."""
    return [
        {
            "channel": channel,
            "system": system,
            "contacts": len(group),
            "journeys": journeys_in(group),
            "repeats": sum(i["is_repeat"] is True for i in group),
        }
        for (channel, system), group in grouped(contacts_in(tables), "channel", "source_system").items()
    ]


def _some_journey(tables: Tables) -> list[dict[str, Any]]:
    longest = max(tables["journeys"], key=lambda j: (j["events"], j["journey_id"]))
    return [{"journey": longest["journey_id"]}, {"journey": "no such journey"}]


@oracle("paths/journey", chosen=_some_journey)
def journey(tables: Tables, journey: str) -> list[Row]:
    """The events of one journey."""
    log = Log(tables)
    gaps = {t["seq"]: t["gap_s"] for t in tables["transitions"] if t["journey_id"] == journey and t["seq"] > 0}
    rows = []
    for e in (e for e in tables["events"] if e["journey_id"] == journey):
        visit = log.visits[journey, e["position"]] if e["owned"] else {"owner": None, "position": None}
        rows.append(
            {
                "seq": e["seq"],
                "interaction": e["interaction_id"],
                "activity": e["activity"],
                "team": visit["owner"],
                "position": visit["position"],
                "channel": e["channel"],
                "system": e["source_system"],
                "actor_type": e["actor_type"],
                "started_ms": e["started_ms"],
                "ended_ms": e["ended_ms"],
                "gap_s": gaps.get(e["seq"]),
            }
        )
    return rows


@oracle("paths/longest_chains", {}, {"min_handoffs": 1}, {"min_handoffs": 4})
def longest_chains(tables: Tables, min_handoffs: int = 2) -> list[Row]:
    """Journeys with most handoffs."""
    log = Log(tables)
    return [
        {
            "journey": j["journey_id"],
            "handoffs": j["handoffs"],
            "returns": log.returns(j["journey_id"]),
            "elapsed_s": log.elapsed(j["journey_id"]),
            "intent": j["intent"],
            "outcome": j["outcome"],
            "teams": [v["owner"] for v in log.chains[j["journey_id"]]],
        }
        for j in tables["journeys"]
        if j["handoffs"] >= min_handoffs
    ]


@oracle("paths/first_contact")
def first_contact(tables: Tables) -> list[Row]:
    """Journeys by the owner of their first visit."""
    log = Log(tables)
    first = [v for v in tables["visits"] if v["position"] == 0]
    rows = []
    for (owner,), visits in grouped(first, "owner").items():
        ids = [v["journey_id"] for v in visits]
        kept = sum(log.journeys[j]["handoffs"] == 0 for j in ids)
        rows.append(
            {
                "team": owner,
                "journeys": len(ids),
                "kept": kept,
                "kept_share": kept / len(ids),
                "came_back": sum(log.returns(j) > 0 for j in ids),
                "elapsed_s_median": rank(map(log.elapsed, ids), 50),
            }
        )
    return rows


@oracle("paths/team_paths", {}, {"min_journeys": 2})
def team_paths(tables: Tables, min_journeys: int = 1) -> list[Row]:
    """Chains of teams from first to last."""
    log = Log(tables)
    paths: dict[tuple[str, ...], list[str]] = {}
    for journey, chain in log.chains.items():
        if len(chain) > 1:
            paths.setdefault(tuple(v["owner"] for v in chain), []).append(journey)
    return [
        {
            "path": list(path),
            "handoffs": len(path) - 1,
            "journeys": len(ids),
            "elapsed_s_total": sum(map(log.elapsed, ids)),
            "elapsed_s_median": rank(map(log.elapsed, ids), 50),
        }
        for path, ids in paths.items()
        if len(ids) >= min_journeys
    ]

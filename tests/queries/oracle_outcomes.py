"""Oracles of queries/outcomes."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

from tests.queries.oracle import Log, Row, Tables, counted, grouped, oracle, rank

OPEN = ["open", "new", "pending", "on hold", "hold", "in progress"]
GOOD = ["resolved", "solved", "completed", "closed won"]
BANDS = [(0, 1), (1, 3), (3, 7), (7, 30), (30, None)]
DAY = 86_400_000


def _is_work(event: Row) -> bool:
    surveys = ("survey_offered", "survey_answered")
    return event["event_type"] not in surveys and event["actor_type"] not in ("system", "rule")


def _closes(event: Row, closing: list[str] | None) -> bool:
    """As a list of activities says, else what the source calls so, and good outcomes; nothing settles in the run."""
    if closing is not None:
        return (event["activity"] or "").lower() in closing
    return event["event_type"] in ("resolved", "closed") or (event["outcome"] or "").lower() in GOOD


def _reopenings(tables: Tables, closing: list[str] | None) -> list[Row]:
    """Closings of an interaction that some work in it follows, other than closing."""
    visits, found = Log(tables).visits, []
    events = sorted(tables["events"], key=lambda e: e["seq"])
    following = {a["event_id"]: b for chain in grouped(events, "journey_id").values() for a, b in pairwise(chain)}
    for (interaction,), chain in grouped(events, "interaction_id").items():
        for at, event in enumerate(chain):
            after = next((e for e in chain[at + 1 :] if _is_work(e)), None)
            directly = following.get(event["event_id"])
            again = directly and directly["interaction_id"] == interaction and _closes(directly, closing)
            if _closes(event, closing) and after and not _closes(after, closing) and not again:
                visit = visits[event["journey_id"], event["position"]] if event["owned"] else {"owner": None}
                found.append(
                    {
                        "team": visit["owner"],
                        "reopener": after["actor_type"],
                        "interaction": interaction,
                        "until": max(0, after["started_ms"] - event["ended_ms"]) / 1000,
                    }
                )
    return found


@oracle("outcomes/reopened", {}, {"closing": ["call"]}, {"closing": ["call", "verify"]}, {"closing": []})
def reopened(tables: Tables, closing: list[str] | None = None) -> list[Row]:
    """Closings after which work went on, by the team and who came."""
    return [
        {
            "team": team,
            "reopener": reopener,
            "interactions": len({r["interaction"] for r in group}),
            "times": len(group),
            "until_s_total": sum(r["until"] for r in group),
            "until_s_median": rank((r["until"] for r in group), 50),
        }
        for (team, reopener), group in grouped(_reopenings(tables, closing), "team", "reopener").items()
    ]


def _open(tables: Tables, outcomes: list[str]) -> list[Row]:
    """Journeys without a known outcome, with who had them last and their ages in ms."""
    log = Log(tables)
    now = max(j["ended_ms"] for j in tables["journeys"])
    return [
        {
            **j,
            "team": log.chains[j["journey_id"]][-1]["owner"] if j["journey_id"] in log.chains else None,
            "age": now - j["started_ms"],
            "idle": (now - j["ended_ms"]) / 1000,
        }
        for j in tables["journeys"]
        if j["outcome"] is None or j["outcome"].lower() in outcomes
    ]


@oracle("outcomes/open_by_team", {}, {"open": ["lost"]}, {"open": []})
def open_by_team(tables: Tables, open: list[str] = OPEN) -> list[Row]:  # noqa: A002 - the parameter's name
    """Open journeys by last team and age."""
    rows = []
    for least, most in BANDS:
        aged = [j for j in _open(tables, open) if least <= j["age"] / DAY and (most is None or j["age"] / DAY < most)]
        for (team,), group in grouped(aged, "team").items():
            rows.append(
                {
                    "team": team,
                    "age_from_d": least,
                    "age_to_d": most,
                    "journeys": len(group),
                    "handed_over": sum(j["handoffs"] > 0 for j in group),
                    "idle_s_median": rank((j["idle"] for j in group), 50),
                }
            )
    return rows


@oracle("outcomes/oldest_open", {}, {"team": "L2"}, {"open": ["solved"]})
def oldest_open(tables: Tables, team: str | None = None, open: list[str] = OPEN) -> list[Row]:  # noqa: A002
    """Open journeys one by one."""
    log = Log(tables)
    return [
        {
            "journey": j["journey_id"],
            "intent": j["intent"],
            "team": j["team"],
            "age_s": j["age"] / 1000,
            "idle_s": j["idle"],
            "handoffs": j["handoffs"],
            "returns": log.returns(j["journey_id"]),
        }
        for j in _open(tables, open)
        if team in (None, j["team"])
    ]


def _ended(tables: Tables, journeys: list[Row], good: list[str]) -> dict[str, Any]:
    """How journeys ended: how many have an outcome that counts, and the share of good ones."""
    outcomes = counted(tables)
    known = [outcomes[j["journey_id"]].lower() for j in journeys if j["journey_id"] in outcomes]
    return {"known": len(known), "good_share": sum(o in good for o in known) / len(known) if known else None}


@oracle("outcomes/by_handoffs", {}, {"most": 2}, {"intent": "refund"}, {"good": ["lost"]})
def by_handoffs(tables: Tables, intent: str | None = None, most: int = 5, good: list[str] = GOOD) -> list[Row]:
    """Journeys by number of handoffs, the many taken together."""
    log = Log(tables)
    capped = [{**j, "capped": min(most, j["handoffs"])} for j in tables["journeys"] if intent in (None, j["intent"])]
    return [
        {
            "handoffs": handoffs,
            "journeys": len(group),
            "returned": sum(log.returns(j["journey_id"]) > 0 for j in group),
            **_ended(tables, group, good),
            "elapsed_s_median": rank((log.elapsed(j["journey_id"]) for j in group), 50),
            "elapsed_s_p95": rank((log.elapsed(j["journey_id"]) for j in group), 95),
        }
        for (handoffs,), group in grouped(capped, "capped").items()
    ]


@oracle("outcomes/intents_of_teams", {}, {"intent": "order"}, {"min_journeys": 10}, {"good": ["solved", "lost"]})
def intents_of_teams(
    tables: Tables, intent: str | None = None, min_journeys: int = 1, good: list[str] = GOOD
) -> list[Row]:
    """Journeys by intent and the team that had them last."""
    log = Log(tables)
    last = [{**log.journeys[j], "team": chain[-1]["owner"]} for j, chain in log.chains.items()]
    return [
        {
            "intent": matter,
            "team": team,
            "journeys": len(group),
            "alone": sum(j["handoffs"] == 0 for j in group),
            **_ended(tables, group, good),
            "elapsed_s_median": rank((log.elapsed(j["journey_id"]) for j in group), 50),
        }
        for (matter, team), group in grouped(last, "intent", "team").items()
        if len(group) >= min_journeys and intent in (None, matter)
    ]

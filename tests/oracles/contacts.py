"""Contacts, one interaction at a time (definitions: Contact-centre measures).

Events are those of `tests.oracles.ordered`: dicts with `seq`, `owned` and `own_owner`. Readings: an owner that the log
calls nothing else is a person; times are in microseconds.
"""

from __future__ import annotations

import itertools
import json
from typing import Any

from tests.oracles.order import Event, Row
from tests.oracles.visits import visits

DAY = 86_400_000_000
DAYS = (1, 7, 14, 30)


def contacts(log: dict[str, list[Event]], good: set[str], tiers: dict[str, int] | None = None) -> list[Row]:
    """One row for each interaction that somebody owned, or that waited in a queue or was given up."""
    by_id: dict[str, list[Event]] = {}
    for journey in log.values():
        for event in journey:
            by_id.setdefault(event["interaction_id"], []).append(event)
    facts = {name: _facts(events) for name, events in by_id.items()}
    end = max(event["ended_us"] for journey in log.values() for event in journey)
    handed = _transfers(log)
    all_of_them = [event for events in by_id.values() for event in events]
    spanning = {e["source_system"] for e in all_of_them if _owned(e) and e["ended_us"] > e["started_us"]}
    escalating = {e["source_system"] for e in all_of_them if e["event_type"] == "escalated"}
    rows = []
    for name, events in by_id.items():
        fact = facts[name]
        row = {**fact, **_acts(events), "interaction_id": name, "transfers": len(handed.get(name, []))}
        if fact["system"] not in spanning or fact["system"] is None:
            row["human_handle_us"] = row["bot_handle_us"] = None
        recorded = fact["system"] in escalating and fact["system"] is not None
        row["escalated"] = _escalated(row["escalated"] or (False if recorded else None), handed.get(name, []), tiers)
        row["resolved"] = None if fact["outcome"] is None else fact["outcome"].lower() in good
        row["repeats_caused"] = None if fact["customer"] is None or fact["intent"] is None else sum(
            _blamed(other, facts) == name for other in facts.values()
        )
        for days in DAYS:
            row[f"recontact_{days}d"] = _back(fact, facts.values(), days * DAY, end)
        waited = any(event["event_type"] in ("queue_enter", "abandoned") for event in events)
        if row["has_human"] or row["has_bot"] or waited:
            rows.append(row)
    return rows


def _owned(event: Event) -> bool:
    return event["own_owner"] is not None


def _first(events: list[Event], column: str) -> Any:
    return next((event[column] for event in events if event[column] is not None), None)


def _facts(events: list[Event]) -> Row:
    last = [event["outcome"] for event in events if event["outcome"] is not None]
    return {
        "system": _first(events, "source_system"), "customer": _first(events, "customer"),
        "intent": _first(events, "intent"), "outcome": last[-1] if last else None,
        "started_us": min(event["started_us"] for event in events), "ended_us": max(e["ended_us"] for e in events),
    }  # fmt: skip


def _acts(events: list[Event]) -> Row:
    people = [e for e in events if _owned(e) and e["actor_type"] != "bot"]
    bots = [e for e in events if _owned(e) and e["actor_type"] == "bot"]
    owned = [e for e in events if _owned(e)]
    queue = [e["started_us"] for e in events if e["event_type"] == "queue_enter"]
    answers = [e["started_us"] for e in people if queue and e["started_us"] >= min(queue)]
    gave_up = any(e["event_type"] == "abandoned" for e in events)
    called_back = any(e["event_type"] == "callback_requested" for e in events)
    surveys = [e["attributes"] for e in events if e["event_type"] == "survey_answered" and e["attributes"]]
    scores = [json.loads(answer)["score"] for answer in surveys]
    return {
        "first_actor": None if not owned else "bot" if owned[0]["actor_type"] == "bot" else "human",
        "has_human": bool(people), "has_bot": bool(bots),
        "queued": bool(queue) and not called_back,
        "abandoned": gave_up and not called_back,
        "answer_wait_us": min(answers) - min(queue) if answers and not gave_up else None,
        "human_handle_us": sum(e["ended_us"] - e["started_us"] for e in people) if people else None,
        "bot_handle_us": sum(e["ended_us"] - e["started_us"] for e in bots) if bots else None,
        "escalated": any(e["event_type"] == "escalated" for e in events),
        "finished": any(e["event_type"] in ("resolved", "closed") for e in events),
        "reopens": sum(e["event_type"] == "reopened" for e in events),
        "replies": sum(e["event_type"] == "message" and _owned(e) for e in events),
        "score": float(scores[-1]) if scores else None,
    }  # fmt: skip


def _escalated(recorded: bool | None, handed: list[tuple[str, str]], tiers: dict[str, int] | None) -> bool | None:
    """As recorded, or by the tiers of those who handed over; false only where nothing is left open."""
    steps = [(tiers or {}).get(team) for pair in handed for team in pair]
    pairs = list(zip(steps[::2], steps[1::2], strict=True))
    if recorded or any(a is not None and b is not None and b > a for a, b in pairs):
        return True
    return False if recorded is not None or (tiers and None not in steps) else None


def _transfers(log: dict[str, list[Event]]) -> dict[str, list[tuple[str, str]]]:
    """Handoffs, as (from, to), whose visits end and begin in the same interaction."""
    found: dict[str, list[tuple[str, str]]] = {}
    for journey in log.values():
        runs, at = visits(journey), {event["seq"]: event for event in journey}
        for before, after in itertools.pairwise(runs):
            one, other = at[before["closed_seq"]]["interaction_id"], at[after["opened_seq"]]["interaction_id"]
            if one == other:
                found.setdefault(one, []).append((before["owner"], after["owner"]))
    return found


def _blamed(own: Row, facts: dict[str, Row]) -> str | None:
    """The contact that a repeat is charged to: the same customer's about the same that was over last before it."""
    if own["customer"] is None or own["intent"] is None:
        return None
    before = [
        (other["ended_us"], name)
        for name, other in facts.items()
        if (other["customer"], other["intent"]) == (own["customer"], own["intent"])
        and own["started_us"] - other["ended_us"] > 0
    ]
    last = max(before, default=None)
    return last[1] if last and own["started_us"] - last[0] <= 7 * DAY else None


def _back(own: Row, others: Any, within: int, end: int) -> bool | None:
    """Whether the same customer began another contact about the same, after this one's end and within so long."""
    if own["customer"] is None or own["intent"] is None:
        return None
    for other in others:
        same = (other["customer"], other["intent"]) == (own["customer"], own["intent"])
        if same and 0 < other["started_us"] - own["ended_us"] <= within:
            return True
    return False if own["ended_us"] + within <= end else None

"""Counts of one interaction in one system, as its own totals are compared with (docs/definitions.md: Reconciliation).

Brute force over its events in order (start, sequence, file, line, activity). A run is a row of equal known values; what
is unknown does not end one.
"""

from __future__ import annotations

from tests.oracles.order import NOBODY, NOT_OWNERS, Event

MOVES = ("from_team", "to_team", "from_agent", "to_agent")


def counts(events: list[Event]) -> dict[str, int]:
    """Every count of the events of one interaction; `moves` of an event holds what an assignment says."""
    events = sorted(events, key=_place)
    acting = [event for event in events if event["actor_type"] not in NOT_OWNERS]
    teams = _runs([_somebody(event["team"]) for event in acting])
    agents = _runs([_somebody(event["agent"]) for event in acting if event["actor_type"] != "bot"])
    held_teams, held_agents = (_runs(_held(events, kind)) for kind in ("team", "agent"))
    spoken = [event for event in events if event["event_type"] == "message"]
    moved = [
        event["handoff_kind"]
        for event in events
        if event["event_type"] == "handoff" and event["handoff_kind"] not in ("consult_only", "requeue_no_answer")
    ]
    return {
        "team_visits": teams,
        "team_handoffs": max(teams - 1, 0),
        "agent_visits": agents,
        "agent_handoffs": max(agents - 1, 0),
        "team_assignments": held_teams,
        "team_reassignments": max(held_teams - 1, 0),
        "agent_assignments": held_agents,
        "agent_reassignments": max(held_agents - 1, 0),
        "assignments": sum(event["event_type"] == "assigned" for event in events),
        "reopens": sum(event["event_type"] == "reopened" for event in events),
        "replies": sum(event["actor_type"] == "agent" for event in spoken),
        "messages": len(spoken),
        "transfers": len(moved),
        "blind_transfers": moved.count("blind"),
        "consult_transfers": moved.count("consult") + moved.count("conference"),
        **_lengths(events),
    }


def _lengths(events: list[Event]) -> dict[str, int]:
    us = dict.fromkeys(("queue", "ivr", "talk", "hold", "wrap"), 0)
    for event in events:
        kind, held = event["event_type"], event["hold_us"] or 0
        lasted = (event["ended_us"] or event["started_us"]) - event["started_us"]
        if kind in ("agent_connected", "conference_join") and event["actor_type"] == "agent":
            us["talk"] += lasted - held
        us["hold"] += lasted if kind == "hold" else held
        for name, its in (("queue", "queue_enter"), ("ivr", "ivr_enter"), ("wrap", "wrapup_start")):
            us[name] += lasted if kind == its else 0
    return {
        f"{name}_{unit}": (2 * n + size) // (2 * size)
        for name, n in us.items()
        for unit, size in (("s", 1_000_000), ("ms", 1_000))
    }


def _held(events: list[Event], kind: str) -> list[str | None]:
    moves = [event["moves"].get(f"{way}_{kind}") for event in events for way in ("from", "to")]
    return moves if any(moves) else [_somebody(event[kind]) for event in events]


def _runs(values: list[str | None]) -> int:
    known = [value for value in values if value is not None]
    return sum(i == 0 or known[i - 1] != value for i, value in enumerate(known))


def _somebody(name: str | None) -> str | None:
    return None if name is None or name.lower() in NOBODY else name


def _place(event: Event) -> tuple[object, ...]:
    sequence = event["sequence"]
    known = (sequence is not None, sequence or 0)
    return (event["started_us"], *known, event["source_no"], event["line"], event["activity"])

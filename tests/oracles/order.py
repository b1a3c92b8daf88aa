"""Order, owner and the owner carried forward (definitions: Order; Owner, visit, handoff).

Readings where the definition leaves room:
- Rows are ordered by (start, source sequence, source line); the line of several files is
  (number of the file as given, line). No sequence comes before any sequence.
- An end that is missing or before its start makes the event a point.
- The owner is the team; of a bot without a team its name; the agent where no event of the
  whole log has a team. Of an interaction that an agent without a team was connected to, such
  agents' answers (connected, hold, message, wrap-up, handoff) are owned by "no known team".
  Customers, systems, rules and IVRs own nothing, nor do pseudo-owners, who are no agent either.
"""

from __future__ import annotations

from typing import Any

from tests.oracles.settled import PLAIN, Rules, mark

Event = dict[str, Any]
Row = dict[str, Any]

NOT_OWNERS = ("customer", "system", "rule", "ivr")
ANSWERS = ("agent_connected", "hold", "message", "wrapup_start", "handoff")
NOBODY = ("siebel", "no_server", "?", "-1", "unassigned", "empty", "(empty)", "missing", "unknown", "nil", "#n/a")


def ordered(raw: list[Event], rules: Rules = PLAIN) -> dict[str, list[Event]]:
    """The journeys of a log, each a list of copied events in order.

    Every event gets `seq`, `own_owner`, `owned`, `owner` (carried forward) and `position`
    (of the visit of the carried owner; None before the first), and what `settled.mark` says.
    """
    by_team = any(event["team"] is not None for event in raw)
    teamless = {
        event["interaction_id"]
        for event in raw
        if by_team and event["event_type"] == "agent_connected" and event["team"] is None and event["agent"] is not None
    }
    journeys: dict[str, list[Event]] = {}
    for event in raw:
        journeys.setdefault(event["journey_id"], []).append(dict(event))
    for events in journeys.values():
        events.sort(key=_place)
        owner, position = None, None
        for seq, event in enumerate(events):
            if event["ended_us"] is None or event["ended_us"] < event["started_us"]:
                event["ended_us"] = event["started_us"]
            own = own_owner(event, by_team)
            nobody = event["agent"] is None or event["agent"].lower() in NOBODY or event["actor_type"] in NOT_OWNERS
            if event["team"] is None and event["interaction_id"] in teamless and event["event_type"] in ANSWERS:
                own = own or (None if nobody else "no known team")
            if event["agent"] is not None and event["agent"].lower() in NOBODY:
                event["agent"] = None
            if own is not None and own != owner:
                owner, position = own, 0 if position is None else position + 1
            event.update(seq=seq, own_owner=own, owned=own is not None, owner=owner, position=position)
    has_owners = any(event["owned"] for events in journeys.values() for event in events)
    for events in journeys.values():
        mark(events, rules, has_owners)
    return {journey: journeys[journey] for journey in sorted(journeys)}


def own_owner(event: Event, by_team: bool = True) -> str | None:
    """Who owns the journey by this event itself, None where it changes nothing."""
    if event["actor_type"] in NOT_OWNERS:
        return None
    owner = event["team"] if by_team else event["agent"]
    if owner is None and event["actor_type"] == "bot":
        owner = event["agent"] or event["actor"]
    if owner is None or owner.lower() in NOBODY:
        return None
    return str(owner)


def _place(event: Event) -> tuple[int, int, int, int]:
    sequence = event["sequence"]
    return (event["started_us"], -1 if sequence is None else sequence, event["source_no"], event["line"])

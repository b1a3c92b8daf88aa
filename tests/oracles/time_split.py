"""The time of one journey, every microsecond once (definitions: Time, every second once).

The method is deliberately another one than a query would take: cut the journey at every
start, end and begin of hold; ask for each elementary interval which spans cover it; where
none does, look for the event it waits for.

Readings:
- An event without an own owner is done in the visit of the owner carried forward ("in a return
  visit"), but what a visit did are its owned events ("an activity of an earlier visit").
- An actor's span is one of any actor but customer, system, rule (an unknown actor included).
- Reasons of rework, the first that holds: `return` (the visit has an earlier visit of the same
  owner), `reopen` (an event of type reopened lies before it in order), `repeat` (the activity
  occurs in a visit of an earlier position, and the type is not in NATURAL).
- A span of type hold or hold_start is wholly hold; declared hold is the last `hold_us` of a
  span, at most all of it.
- The piece of an interval is that of the first event in order that ends at or after it.
- A gap waits for the first event in order that starts at or after it and has an owner or is
  the customer's, where it is neither tail nor between (`settled`); an event `abandoned` ends a wait for us.
"""

from __future__ import annotations

from itertools import pairwise

from tests.oracles.order import Event, Row
from tests.oracles.settled import ends_a_gap, gap_of
from tests.oracles.visits import visits

PARTS = ("hold", "work", "rework", "customer_wait", "queue_wait", "handoff_wait", "off_hours", "between", "tail")
PRIORITY = PARTS[:5]
NATURAL = (
    "message",
    "note",
    "agent_connected",
    "agent_offered",
    "agent_no_answer",
    "hold",
    "hold_start",
    "hold_end",
    "queue_enter",
    "queue_exit",
    "wrapup_start",
    "wrapup_end",
    "ivr_enter",
    "ivr_exit",
    "consult_start",
    "conference_join",
    "agent_released",
    "started",
)


def transitions(journey: list[Event]) -> list[Row]:
    """One row an event: the gap before it and the parts of its piece, in microseconds."""
    rows: list[Row] = []
    for k, event in enumerate(journey):
        latest = max((e["ended_us"] for e in journey[:k]), default=event["started_us"])
        rows.append(
            {
                "journey_id": event["journey_id"],
                "seq": k,
                "from_activity": journey[k - 1]["activity"] if k else None,
                "to_activity": event["activity"],
                "gap_us": max(0, event["started_us"] - latest),
                **dict.fromkeys(PARTS, 0),
            }
        )
    for start, end, part, piece in elementary(journey):
        rows[piece][part] += end - start
    return rows


def elementary(journey: list[Event]) -> list[tuple[int, int, str, int]]:
    """(start, end, part, seq of the piece) of every elementary interval, in order of time."""
    covers = [(span["from_us"], span["to_us"], span["part"]) for span in spans(journey)]
    opening = {visit["opened_seq"] for visit in visits(journey) if visit["position"] > 0}
    cuts = {event[name] for event in journey for name in ("started_us", "ended_us")}
    cuts |= {start for start, _, _ in covers}
    times = sorted(cuts)
    answer = []
    for start, end in pairwise(times):
        covering = {part for a, b, part in covers if a <= start and end <= b}
        part = next((p for p in PRIORITY if p in covering), None) or _gap(journey, start, end, opening)
        answer.append((start, end, part, next(e["seq"] for e in journey if e["ended_us"] >= end)))
    return answer


def _gap(journey: list[Event], start: int, end: int, opening: set[int]) -> str:
    if (named := gap_of(journey, start, end)) is not None:
        return named
    for event in journey:
        if event["started_us"] >= end and ends_a_gap(event):
            if event["event_type"] == "abandoned":
                return "queue_wait"
            if event["actor_type"] == "customer":
                return "customer_wait"
            return "handoff_wait" if event["seq"] in opening else "queue_wait"
    return "queue_wait"


def spans(journey: list[Event]) -> list[Row]:
    """What each event with a length is: one row, or two where a part of it is declared hold."""
    rows: list[Row] = []
    for event, reason in zip(journey, rework_reasons(journey), strict=True):
        start, end = event["started_us"], event["ended_us"]
        held = end if event["hold_us"] is None else max(start, end - event["hold_us"])
        if event["event_type"] in ("hold", "hold_start"):
            held = start
        if event["actor_type"] == "customer":
            part = "customer_wait"
        elif event["actor_type"] in ("system", "rule"):
            part = "queue_wait"
        else:
            part = "work" if reason is None else "rework"
        for a, b, name, why in ((start, held, part, reason), (held, end, "hold", None)):
            if a < b:
                rows.append(
                    {
                        "journey_id": event["journey_id"],
                        "seq": event["seq"],
                        "from_us": a,
                        "to_us": b,
                        "part": name,
                        "reason": why,
                    }
                )
    return rows


def rework_reasons(journey: list[Event]) -> list[str | None]:
    """Why each event is rework, None where it is not (points, customers and systems never are)."""
    returning = {visit["position"] for visit in visits(journey) if visit["is_return"]}
    reasons: list[str | None] = []
    for k, event in enumerate(journey):
        actor = event["actor_type"] not in ("customer", "system", "rule")
        if not actor or event["started_us"] == event["ended_us"]:
            reasons.append(None)
        elif event["position"] in returning:
            reasons.append("return")
        elif any(earlier["event_type"] == "reopened" for earlier in journey[:k]):
            reasons.append("reopen")
        elif event["event_type"] not in NATURAL and _seen_in_earlier_visit(journey, event):
            reasons.append("repeat")
        else:
            reasons.append(None)
    return reasons


def _seen_in_earlier_visit(journey: list[Event], event: Event) -> bool:
    if event["position"] is None:
        return False
    return any(
        other["owned"] and other["position"] < event["position"] and other["activity"] == event["activity"]
        for other in journey
    )

"""Returns, loops by order, ping-pong runs (definitions: Loops).

Readings of *avoidable*: looked at are the events strictly between the last owned event of the
partner visit and the first owned event of the returning visit, owned or not. One of TRACES
there makes the return worked (False); none makes it avoidable (True); it is unknown (None)
where no source system of the journey records such an event anywhere in the log. An unknown
source system is a source of its own.
"""

from __future__ import annotations

from tests.oracles.order import Event, Row
from tests.oracles.visits import visits

TRACES = (
    "status_changed",
    "field_changed",
    "message",
    "resolved",
    "closed",
    "reopened",
    "escalated",
    "survey_answered",
    "callback_requested",
)


def returns(journey: list[Event]) -> list[Row]:
    """Each visit with an earlier visit of the same owner; its partner is the latest of them."""
    rows = []
    owners = [visit["owner"] for visit in visits(journey)]
    for j in range(len(owners)):
        for i in range(j - 2, -1, -1):
            if owners[i] == owners[j]:
                rows.append(
                    {
                        "journey_id": journey[0]["journey_id"],
                        "from_position": i,
                        "to_position": j,
                        "owner": owners[j],
                        "hops": j - i,
                        "order": len(set(owners[i + 1 : j])) + 1,
                    }
                )
                break
    return rows


def avoidables(log: dict[str, list[Event]]) -> list[Row]:
    """The returns of all journeys, with `avoidable`; needs the whole log."""
    recording = {e["source_system"] for journey in log.values() for e in journey if e["event_type"] in TRACES}
    rows = []
    for journey in log.values():
        recorded = any(event["source_system"] in recording for event in journey)
        journey_visits = visits(journey)
        for row in returns(journey):
            closing = journey_visits[row["from_position"]]["closed_seq"]
            opening = journey_visits[row["to_position"]]["opened_seq"]
            worked = any(event["event_type"] in TRACES for event in journey[closing + 1 : opening])
            rows.append({**row, "avoidable": not worked if recorded else None})
    return rows


def loops_by_order(rows: list[Row]) -> dict[int, int]:
    """How many returns there are of each order."""
    counts: dict[int, int] = {}
    for row in rows:
        counts[row["order"]] = counts.get(row["order"], 0) + 1
    return dict(sorted(counts.items()))


def pingpongs(journey: list[Event]) -> list[Row]:
    """The maximal alternating runs of at least three visits over two owners."""
    owners = [visit["owner"] for visit in visits(journey)]
    runs = [
        (first, last)
        for first in range(len(owners))
        for last in range(first + 2, len(owners))
        if _alternates(owners[first : last + 1])
    ]
    return [
        {
            "journey_id": journey[0]["journey_id"],
            "owner_a": owners[first],
            "owner_b": owners[first + 1],
            "first_position": first,
            "last_position": last,
            "bounces": last - first + 1 - 2,
        }
        for first, last in runs
        if not any((a, b) != (first, last) and a <= first and last <= b for a, b in runs)
    ]


def _alternates(owners: list[str]) -> bool:
    even, odd = set(owners[0::2]), set(owners[1::2])
    return len(even) == len(odd) == 1 and even != odd

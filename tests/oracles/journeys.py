"""What is known of a journey as a whole (definitions: Outcome and value of a journey)."""

from __future__ import annotations

from tests.oracles.order import Event, Row
from tests.oracles.visits import first_known, visits


def journeys(log: dict[str, list[Event]]) -> list[Row]:
    """One row a journey; outcome and value are the last known of its events, in order."""
    return [
        {
            "journey_id": journey_id,
            "started_us": min(event["started_us"] for event in events),
            "ended_us": max(event["ended_us"] for event in events),
            "events": len(events),
            "handoffs": max(0, len(visits(events)) - 1),
            "outcome": first_known(events[::-1], "outcome"),
            "value": first_known(events[::-1], "value"),
        }
        for journey_id, events in log.items()
    ]

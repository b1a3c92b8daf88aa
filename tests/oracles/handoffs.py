"""Handoffs of one journey (definitions: Handoff, Wait of a handoff, Crosses).

Readings:
- `customer_wait_us` is every microsecond of [previous left, next arrived] whose part, after
  the priority of parts, is customer_wait: the customer's spans and the gaps before them; `own_wait_us` likewise is
  queue_wait and handoff_wait, `between_us` is between.
- System and channel are compared between the last owned event of the previous visit and the
  first owned event of the next; silos between the visits. Unknown on a side makes it unknown.
"""

from __future__ import annotations

from itertools import pairwise

from tests.oracles.order import Event, Row
from tests.oracles.time_split import elementary
from tests.oracles.visits import visits

_SHARES = {
    "own_wait_us": ("queue_wait", "handoff_wait"),
    "customer_wait_us": ("customer_wait",),
    "between_us": ("between",),
}


def handoffs(journey: list[Event]) -> list[Row]:
    """Each two consecutive visits."""
    rows = []
    all_visits = visits(journey)
    pieces = elementary(journey) if len(all_visits) > 1 else []
    for before, after in pairwise(all_visits):
        last, first = journey[before["closed_seq"]], journey[after["opened_seq"]]
        wait = after["arrived_us"] - before["left_us"]
        rows.append(
            {
                "journey_id": after["journey_id"],
                "position": after["position"],
                "from_owner": before["owner"],
                "to_owner": after["owner"],
                "from_silo": before["silo"],
                "to_silo": after["silo"],
                "wait_us": max(0, wait),
                "overlap_us": max(0, -wait),
                "happened_us": after["arrived_us"],
                **{
                    name: sum(
                        max(0, min(end, after["arrived_us"]) - max(start, before["left_us"]))
                        for start, end, part, _ in pieces
                        if part in parts
                    )
                    for name, parts in _SHARES.items()
                },
                "crosses_silo": differ(before["silo"], after["silo"]),
                "crosses_system": differ(last["source_system"], first["source_system"]),
                "changes_channel": differ(last["channel"], first["channel"]),
            }
        )
    return rows


def differ(one: object, other: object) -> bool | None:
    """Whether two values differ, None where one is unknown."""
    if one is None or other is None:
        return None
    return one != other

"""Visits of one journey (definitions: Visit, Return).

Readings: `events` counts owned events only; the silo is that of the first owned event that
has one, and so are team, channel and source system.
"""

from __future__ import annotations

from tests.oracles.order import Event, Row


def visits(journey: list[Event]) -> list[Row]:
    """The maximal runs of owned events with the same owner, in order."""
    runs: list[list[Event]] = []
    for event in journey:
        if event["own_owner"] is None:
            continue
        if runs and runs[-1][0]["own_owner"] == event["own_owner"]:
            runs[-1].append(event)
        else:
            runs.append([event])
    owners = [run[0]["own_owner"] for run in runs]
    return [
        {
            "journey_id": run[0]["journey_id"],
            "position": j,
            "owner": owners[j],
            "team": first_known(run, "team"),
            "silo": first_known(run, "silo"),
            "channel": run[0]["channel"],
            "source_system": run[0]["source_system"],
            "arrived_us": min(event["started_us"] for event in run),
            "left_us": max(event["ended_us"] for event in run),
            "events": len(run),
            "is_return": owners[j] in owners[:j],
            "opened_seq": run[0]["seq"],
            "closed_seq": run[-1]["seq"],
        }
        for j, run in enumerate(runs)
    ]


def first_known(events: list[Event], name: str) -> object:
    """The first value of a column that is not unknown."""
    for event in events:
        if event[name] is not None:
            return event[name]
    return None


def silo_visits(journey: list[Event]) -> list[Row]:
    """The maximal runs of a journey's visits in one silo; visits whose silo is unknown are looked through."""
    runs: list[Row] = []
    for visit in visits(journey):
        if visit["silo"] is None:
            continue
        if not runs or runs[-1]["silo"] != visit["silo"]:
            runs.append(
                {
                    "journey_id": visit["journey_id"],
                    "position": len(runs),
                    "silo": visit["silo"],
                    "first_position": visit["position"],
                }
            )
        runs[-1]["last_position"] = visit["position"]
    return runs

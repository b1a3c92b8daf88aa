"""Why work waits (definitions: causes of waiting, after Lashkevich et al.), instant by instant.

Readings: a wait is the unbroken waiting, in gaps and queues, that an owned event of a known person, with a length, ends
itself; it was possible (enabled) where that began, without a wait from the latest end so far in its journey. A batch is
two or more instances of one activity by one person, done without a pause in between, all of which were possible before
the first of them began; batching lasts until the last of them was possible. Of the rest an instant goes to contention
when the person then worked on something that was possible at or before it, to prioritisation when only on something
possible after it, to unavailability when idle while the calendar was closed, and else it is extraneous.
"""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise

from tests.oracles.bottlenecks import waited
from tests.oracles.order import Event, Row

CAUSES = ("batching", "contention", "prioritisation", "unavailability", "extraneous")
Log = dict[str, list[Event]]


def instances(log: Log) -> list[Row]:
    """Work of known people with a length, and since when each was possible."""
    found = []
    for journey, events in log.items():
        waits = waited(events)
        for k, event in enumerate(events):
            if not event["owned"] or event["agent"] is None or event["started_us"] == event["ended_us"]:
                continue
            reached = max((e["ended_us"] for e in events[:k]), default=event["started_us"])
            enabled = event["started_us"]
            for start, end, _, ender in reversed(waits):
                if ender == k and end == enabled:
                    enabled = start
            found.append(
                {
                    "journey_id": journey,
                    "seq": k,
                    "person": event["agent"],
                    "team": event["own_owner"],
                    "activity": event["activity"],
                    "enabled": min(reached, enabled),
                    "waited": enabled < event["started_us"],
                    "start": event["started_us"],
                    "end": event["ended_us"],
                }
            )
    return found


def batches(work: list[Row]) -> dict[tuple[str, int], int]:
    """Of each instance in a batch, when the batch was complete: the last of it possible."""
    found = {}
    for person, activity in {(row["person"], row["activity"]) for row in work}:
        rows = [row for row in work if (row["person"], row["activity"]) == (person, activity)]
        rows.sort(key=lambda row: (row["start"], row["end"]))
        runs: list[list[Row]] = []
        for row in rows:
            if runs and row["start"] <= max(other["end"] for other in runs[-1]):
                runs[-1].append(row)
            else:
                runs.append([row])
        for run in runs:
            batch = [row for row in run if row["enabled"] <= min(other["start"] for other in run)]
            if len(batch) > 1:
                found |= {(row["journey_id"], row["seq"]): max(other["enabled"] for other in batch) for row in batch}
    return found


def waiting_causes(log: Log, closed: Callable[[Row, int, int], int] | None = None) -> list[Row]:
    """Each wait with its causes in microseconds; `closed` says how much of a span is outside a person's calendar."""
    work = instances(log)
    complete = batches(work)
    rows = []
    for row in work:
        if not row["waited"]:
            continue
        parts = dict.fromkeys(CAUSES, 0)
        parts["batching"] = min(complete.get((row["journey_id"], row["seq"]), row["enabled"]), row["start"])
        parts["batching"] -= row["enabled"]
        begin, end = row["enabled"] + parts["batching"], row["start"]
        others = [other for other in work if other["person"] == row["person"] and other is not row]
        cuts = {begin, end} | {t for other in others for t in (other["start"], other["end"]) if begin < t < end}
        for a, b in pairwise(sorted(cuts)):
            doing = [other["enabled"] for other in others if other["start"] <= a and b <= other["end"]]
            if any(enabled <= row["enabled"] for enabled in doing):
                parts["contention"] += b - a
            elif doing:
                parts["prioritisation"] += b - a
            else:
                shut = closed(row, a, b) if closed else 0
                parts["unavailability"] += shut
                parts["extraneous"] += b - a - shut
        rows.append(
            {
                "journey_id": row["journey_id"],
                "seq": row["seq"],
                "team": row["team"],
                "activity": row["activity"],
                "wait": end - row["enabled"],
                **parts,
            }
        )
    return rows

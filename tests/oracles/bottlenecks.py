"""Waits and the queue before each team (definitions: Bottleneck), interval by interval and moment by moment.

Readings:
- Ours is every elementary interval that the time split calls queue_wait or handoff_wait. A gap is ended by the event it
  is named after; a span in a queue by the first event in order, from its end on, that has an owner or is `abandoned`.
- One wait is one visit's: what its opening event ends. And one contact's that was given up: what its first event
  `abandoned` ends, where it went into a queue before, or nobody ever owned it, and no callback was asked for.
- A wait went through a queue where its contact entered one (an event queue_enter, or a system's or rule's span that is
  no ringing) since the last wait of this contact ended. The latest of these is the queue: its team, else its actor,
  else its activity.
- Hours are calendar hours from the log's first event to its last. A wait begins where its first interval does.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from datetime import UTC, datetime
from itertools import pairwise
from zoneinfo import ZoneInfo

from tests.oracles.flow import nearest_rank
from tests.oracles.order import Event, Row
from tests.oracles.time_split import elementary
from tests.oracles.visits import visits

Log = dict[str, list[Event]]
HOUR = 3_600_000_000


def waited(journey: list[Event]) -> list[tuple[int, int, str, int]]:
    """(start, end, what it is, seq of the event that ends it) of all of our waiting that is ended, in order of time."""
    found = []
    for start, end, part, _ in elementary(journey):
        if part not in ("queue_wait", "handoff_wait"):
            continue
        spanned = any(e["started_us"] <= start and end <= e["ended_us"] for e in journey)
        for event in journey:
            gave_up = event["event_type"] == "abandoned" and (spanned or event["actor_type"] == "customer")
            if event["started_us"] < end or not (
                event["owned"] or gave_up or (event["actor_type"] == "customer" and not spanned)
            ):
                continue
            if event["owned"] or gave_up:
                kind = "queue" if spanned else "handed" if part == "handoff_wait" else "routing"
                found.append((start, end, kind, event["seq"]))
            break
    return found


def waits(log: Log) -> list[Row]:
    """One row a visit and one a contact that was given up."""
    by_team = any(e["team"] is not None for its in log.values() for e in its)
    found = []
    for journey, events in log.items():
        own = waited(events)
        ends = {v["opened_seq"]: v for v in visits(events)}
        ends |= {seq: None for contact in {e["interaction_id"] for e in events} for seq in _given_up(events, contact)}
        for seq, visit in ends.items():
            queue = _queue(events, seq, ends)
            mine = [(a, b, kind) for a, b, kind, ender in own if ender == seq]
            is_bot = visit is not None and events[seq]["actor_type"] == "bot"
            otherwise = events[seq]["team"] or events[seq]["channel"] or "unknown"
            arrived = visit["arrived_us"] if visit else events[seq]["started_us"]
            if visit is None:
                last = _latest_queue(events, seq)
                team = otherwise if last is None else _name(last)
            else:
                team = _name(queue) if queue is not None and not by_team and not is_bot else visit["owner"]
            kind = "team" if by_team or is_bot else "queue" if visit is None or queue is not None else "person"
            found.append(
                {
                    "journey_id": journey,
                    "seq": seq,
                    "position": visit and visit["position"],
                    "team": team,
                    "kind": kind,
                    "ending": "visit" if visit else "gave_up",
                    "queued": queue is not None,
                    "ended": arrived,
                    "joined": min((a for a, _, _ in mine), default=arrived),
                    "pieces": [(a, b) for a, b, _ in mine],
                    "handed_over": visit is not None and visit["position"] > 0,
                    "wait": sum(b - a for a, b, _ in mine),
                    **{
                        name: sum(b - a for a, b, kind in mine if kind == name)
                        for name in ("handed", "routing", "queue")
                    },
                }
            )
    return sorted(found, key=lambda row: (row["journey_id"], row["seq"]))


def _given_up(events: list[Event], contact: str) -> list[int]:
    own = [e for e in events if e["interaction_id"] == contact]
    gone = next((e["seq"] for e in own if e["event_type"] == "abandoned"), None)
    if gone is None or any(e["event_type"] == "callback_requested" for e in own):
        return []
    queued = any(e["event_type"] == "queue_enter" and e["seq"] < gone for e in own)
    return [gone] if queued or not any(e["owned"] for e in own) else []


def _enters(event: Event) -> bool:
    span = event["actor_type"] in ("system", "rule") and event["started_us"] < event["ended_us"]
    return event["event_type"] == "queue_enter" or (
        span and event["event_type"] not in ("agent_offered", "agent_no_answer")
    )


def _latest_queue(events: list[Event], seq: int) -> Event | None:
    mine = [e for e in events[:seq] if e["interaction_id"] == events[seq]["interaction_id"] and _enters(e)]
    return mine[-1] if mine else None


def _queue(events: list[Event], seq: int, ends: dict[int, Row]) -> Event | None:
    """The queue that the wait before an event went through."""
    last = _latest_queue(events, seq)
    contact = events[seq]["interaction_id"]
    since = max((s for s in ends if s < seq and events[s]["interaction_id"] == contact), default=-1)
    return last if last is not None and last["seq"] > since else None


def _name(queue: Event) -> str:
    return str(queue["team"] or queue["actor"] or queue["activity"])


def queues(log: Log) -> dict[str, Row]:
    """By team: counts, totals, median, p95, the mean number waiting, the most that wait at once."""
    events = [event for its in log.values() for event in its]
    span = max(e["ended_us"] for e in events) - min(e["started_us"] for e in events)
    found = {}
    rows = waits(log)
    for team in {row["team"] for row in rows}:
        own = [row for row in rows if row["team"] == team]
        pieces = [piece for row in own for piece in row["pieces"]]
        cuts = sorted({t for piece in pieces for t in piece})
        waiting = [(b - a, sum(1 for x, y in pieces if x <= a and b <= y)) for a, b in pairwise(cuts)]
        gone = [row for row in own if row["ending"] == "gave_up"]
        queued = [row for row in own if row["queued"]]
        found[team] = {
            "waits": len(own),
            "visits": len(own) - len(gone),
            "waited": sum(1 for row in own if row["wait"]),
            "journeys": len({row["journey_id"] for row in own}),
            "queued": len(queued),
            "gave_up": len(gone),
            "handed_over": sum(row["handed_over"] for row in own),
            "gave_up_share": sum(1 for row in gone if row["queued"]) / len(queued) if queued else None,
            **{f"{name}_us": sum(row[name] for row in own) for name in ("wait", "handed", "routing", "queue")},
            "gave_up_us": sum(row["wait"] for row in gone),
            "median_us": nearest_rank([row["wait"] for row in own], 50),
            "queued_median_us": nearest_rank([row["wait"] for row in queued], 50) if queued else None,
            "queued_p95_us": nearest_rank([row["wait"] for row in queued], 95) if queued else None,
            "p95_us": nearest_rank([row["wait"] for row in own], 95),
            "waiting_counted": sum(us * n for us, n in waiting) / span if span else None,
            "most_waiting": max((n for _, n in waiting), default=0),
        }
    return found


def queue_hours(log: Log, tz_of: Callable[[str], str]) -> dict[tuple[str, int, int], tuple[int, int, int, int]]:
    """By team, weekday (1 is Monday) and local hour: what begins, its length, what lies there, what is taken up."""
    found: dict[tuple[str, int, int], Counter[str]] = {}
    for row in waits(log):
        zone = ZoneInfo(tz_of(row["team"]))

        def cell(us: int, team: str = row["team"], zone: ZoneInfo = zone) -> Counter[str]:
            local = datetime.fromtimestamp(us // 1_000_000, UTC).astimezone(zone)
            return found.setdefault((team, local.isoweekday(), local.hour), Counter())

        cell(row["joined"]).update(arrivals=1, wait=row["wait"])
        if row["ending"] == "visit":
            cell(row["ended"])["taken_up"] += 1
        for begin, end in row["pieces"]:  # zones here are whole quarters of an hour off, and so change
            while begin < end:
                until = min(end, (begin // (HOUR // 4) + 1) * (HOUR // 4))
                cell(begin)["lies"] += until - begin
                begin = until
    return {key: (one["arrivals"], one["wait"], one["lies"], one["taken_up"]) for key, one in found.items()}

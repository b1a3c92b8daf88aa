"""The components of the Fragmentation Cost of every transition (definitions: Fragmentation Cost), by brute force.

Readings where the definition leaves room:
- Handling time is person time: the span of every actor but customers, systems and rules, hold included. What one
  person's spans cover twice in a journey goes to the first event in order. Who is unknown is one person per owner.
- Asked again: the activity is of a topic that an earlier event of the journey was of, whoever acted.
- The same-intent medians are by the journey's intent; a journey of unknown intent has that of all.
- The handoff median falls back on all intents below 30 visits, as the delay median does below 30 gaps. Visits without
  any handling time are unknown, not zero.
- The seconds of a receiving visit are counted in the order of its events; those after the median are the cost.
- Changes are counted between consecutive owned events where both sides are known; several changes at once count each.
"""

from __future__ import annotations

from itertools import pairwise

from tests.oracles.flow import nearest_rank
from tests.oracles.handoffs import handoffs
from tests.oracles.order import Event, Row
from tests.oracles.settled import ends_a_gap, gap_of
from tests.oracles.time_split import rework_reasons, transitions
from tests.oracles.visits import first_known, visits

FEW = 30
WEEK = 7 * 86_400_000_000
Log = dict[str, list[Event]]


def components(log: Log, topics: dict[str, str], window_us: int = WEEK) -> list[Row]:
    """One row an event; a component without its input is None. `topics` maps activities to what they ask for."""
    repeats = repeated(log, window_us)
    handled = {journey: handling(events) for journey, events in log.items()}
    intents = {journey: first_known(events, "intent") for journey, events in log.items()}
    waits = {journey: _inside_visits(events) for journey, events in log.items()}
    alone = {
        journey: [sum(handled[journey][e["seq"]] or 0 for e in events if e["owned"])]
        for journey, events in log.items()
        if len(visits(events)) == 1 and any(handled[journey][e["seq"]] is not None for e in events if e["owned"])
    }
    owned = any(event["owned"] for events in log.values() for event in events)
    timed = any(us is not None for times in handled.values() for us in times)
    asks = any(event["activity"] in topics for events in log.values() for event in events)
    rows = []
    for journey, events in log.items():
        delay_median = median(waits, intents, intents[journey])
        handoff_median = median(alone, intents, intents[journey])
        rest = _rest(events, handled[journey], topics, repeats)
        excess = _excess(events, rest, handoff_median or 0)
        opened = {visit["position"]: visit["opened_seq"] for visit in visits(events)}
        own_waits = {opened[row["position"]]: row["own_wait_us"] for row in handoffs(events)}
        for row in transitions(events):
            k = row["seq"]
            us = handled[journey][k] or 0
            to = rest[k][0]
            late = own_waits.get(k, 0) - (delay_median or 0)
            rows.append(
                {
                    "journey_id": journey,
                    "seq": k,
                    "handled": handled[journey][k],
                    "delay": max(0, late) if owned and delay_median is not None else None,
                    "handoff": excess[k] if owned and timed and handoff_median is not None else None,
                    "rework": (us if to == "rework" else 0) if timed else None,
                    "information_gap": (us if to == "information_gap" else 0) if timed and asks else None,
                    "repeat_contact": (us if to == "repeat_contact" else 0)
                    if timed and any(said is not None for said in repeats.values())
                    else None,
                    "system_changes": _changes(events, k)[0],
                    "context_shifts": _changes(events, k)[1],
                }
            )
    return rows


def handling(events: list[Event]) -> list[int | None]:
    """Handling time of each event, None where it has none: every instant of a person to the first event covering it."""
    acting = [
        e for e in events if e["actor_type"] not in ("customer", "system", "rule") and e["started_us"] < e["ended_us"]
    ]
    times: list[int | None] = [None] * len(events)
    for event in acting:
        times[event["seq"]] = 0
    for person in {_person(event) for event in acting}:
        spans = [event for event in acting if _person(event) == person]
        cuts = sorted({event[name] for event in spans for name in ("started_us", "ended_us")})
        for start, end in pairwise(cuts):
            first = next((e for e in spans if e["started_us"] <= start and end <= e["ended_us"]), None)
            if first is not None:
                times[first["seq"]] = (times[first["seq"]] or 0) + end - start
    return times


def _person(event: Event) -> str:
    return event["agent"] or event["actor"] or event["owner"] or ""


def waits_for(events: list[Event], k: int) -> str:
    """What the gap before an event waits for: customer, handoff, visit, routing, the next contact, or nobody."""
    reached = max((e["ended_us"] for e in events[:k]), default=events[k]["started_us"])
    start = events[k]["started_us"]
    if reached <= start and (named := gap_of(events, reached, start)) is not None:
        return {"tail": "nobody", "between": "next contact"}[named]
    for event in events[k:]:
        if ends_a_gap(event) and event["settled_seq"] is not None and event["settled_seq"] < event["seq"]:
            return "nobody"
        if event["event_type"] == "abandoned":
            return "abandoned"
        if event["actor_type"] == "customer":
            return "customer"
        if event["owned"]:
            before = [e for e in events[: event["seq"]] if e["owned"]]
            if not before:
                return "routing"
            return "visit" if before[-1]["own_owner"] == event["own_owner"] else "handoff"
    return "nobody"


def _inside_visits(events: list[Event]) -> list[int]:
    rows = transitions(events)
    return [row["gap_us"] - row["off_hours"] for row in rows[1:] if waits_for(events, row["seq"]) == "visit"]


def median(samples: dict[str, list[int]], intents: dict[str, object], intent: object) -> int | None:
    """The median of the samples of an intent, of all where it is unknown or has few."""
    everything = [us for values in samples.values() for us in values]
    own = [us for journey, values in samples.items() if intents[journey] == intent for us in values]
    chosen = own if intent is not None and len(own) >= FEW else everything
    return nearest_rank(chosen, 50) if chosen else None


def _rest(
    events: list[Event], handled: list[int | None], topics: dict[str, str], repeats: dict[str, bool | None]
) -> list[tuple[str, int]]:
    """Which component the handling time of each event goes to, and how much of it is left for the handoff."""
    reasons = _reasons(events)
    found = []
    for k, event in enumerate(events):
        topic = topics.get(event["activity"])
        if topic is not None and any(topics.get(e["activity"]) == topic for e in events[:k]):
            to = "information_gap"
        elif reasons[k] is not None:
            to = "rework"
        elif repeats[event["interaction_id"]]:
            to = "repeat_contact"
        else:
            to = "handoff"
        found.append((to, (handled[k] or 0) if to == "handoff" else 0))
    return found


def _reasons(events: list[Event]) -> list[str | None]:
    return rework_reasons(events)


def _excess(events: list[Event], rest: list[tuple[str, int]], median_us: int) -> list[int]:
    """Of each event the seconds that come after the median of its visit has been used up."""
    used: dict[int, int] = {}
    found = []
    for event, (_, us) in zip(events, rest, strict=True):
        position = event["position"]
        if not event["owned"] or not position:
            found.append(0)
            continue
        free = max(0, median_us - used.get(position, 0))
        used[position] = used.get(position, 0) + us
        found.append(max(0, us - free))
    return found


def _changes(events: list[Event], k: int) -> tuple[int, int]:
    """Changes of system, and of channel, intent and agent inside a team, since the owned event before."""
    before = [event for event in events[:k] if event["owned"]]
    if not events[k]["owned"] or not before:
        return 0, 0
    one, other = before[-1], events[k]
    changed = {
        name
        for name in ("source_system", "channel", "intent", "agent")
        if one[name] is not None and other[name] is not None and one[name] != other[name]
    }
    if one["own_owner"] != other["own_owner"]:
        changed.discard("agent")
    return int("source_system" in changed), len(changed - {"source_system"})


def repeated(log: Log, window_us: int) -> dict[str, bool | None]:
    """Whether each interaction repeats another; None where its customer or intent is unknown."""
    inside: dict[str, list[Event]] = {}
    for events in log.values():
        for event in events:
            inside.setdefault(event["interaction_id"], []).append(event)
    told = {
        name: (
            first_known(events, "customer"),
            first_known(events, "intent"),
            min(e["started_us"] for e in events),
            max(e["contact"][1] for e in events),
        )
        for name, events in inside.items()
    }
    answer: dict[str, bool | None] = {}
    for name, (customer, intent, start, _) in told.items():
        if customer is None or intent is None:
            answer[name] = None
        else:
            answer[name] = any(
                other != name and theirs[:2] == (customer, intent) and theirs[3] < start <= theirs[3] + window_us
                for other, theirs in told.items()
            )
    return answer

"""Contacts and conversations, one at a time (definitions: Interaction; Conversation; Contact-centre measures).

Events are those of `tests.oracles.ordered`: dicts with `seq`, `owned`, `own_owner` and `contact`. Readings: an owner
that the log calls nothing else is a person; the events of a conversation are in order of start, then of their journeys;
times are in microseconds.
"""

from __future__ import annotations

import itertools
import json
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from tests.oracles.order import Event, Row

DAY = 86_400_000_000
DAYS = (1, 7, 14, 30)
OVER = ("resolved", "closed", "ended", "abandoned")
WHOLE = ("is_repeat", "resolved", "repeats_caused", *(f"recontact_{days}d" for days in DAYS))
Log = dict[str, list[Event]]


@dataclass(frozen=True)
class Said:
    """What is known beside the events: the conversation of a leg, what is no contact, what readers declare."""

    conversations: dict[str, str] = field(default_factory=dict)
    records: frozenset[str] = frozenset()
    declared: dict[str, tuple[str, ...]] = field(default_factory=dict)  # source → outcomes

    def conversation(self, interaction: str) -> str:
        """The conversation of an interaction."""
        return self.conversations.get(interaction, interaction)


def contacts(log: Log, good: set[str], tiers: dict[str, int] | None = None, said: Said | None = None) -> list[Row]:
    """One row for each interaction that is a contact and that somebody owned, or that waited or was given up."""
    said = said or Said()
    whole = {row["name"]: row for row in _all(log, good, tiers, said)}
    rows = _acts(log, tiers, said, {})
    return [{**row, **{name: whole[said.conversation(row["name"])][name] for name in WHOLE}} for row in rows]


def conversations(log: Log, good: set[str], tiers: dict[str, int] | None = None, said: Said | None = None) -> list[Row]:
    """The same, one row for each conversation."""
    return [row for row in _all(log, good, tiers, said or Said()) if row["counts"]]


def shown(log: Log, good: set[str], said: Said | None = None) -> dict[str, str]:
    """What each system's export shows: nothing, failures, successes, too few (known ends) or both."""
    said = said or Said()
    found: dict[str, list[tuple[bool, str | None]]] = {}
    declaring = set()
    for events in _grouped(log, said, with_records=True).values():
        system = _first(events, "source_system", said) or ""
        outcome = _outcome(events)
        over = outcome is not None or any(e["event_type"] in OVER for e in events)
        found.setdefault(system, []).append((over, outcome))
        for event in events:
            if {word.lower() for word in said.declared.get(event["source"], ())} - good:
                declaring.add(_leg_first(events, event["interaction_id"], "source_system") or "")
    return {system: _shows(ends, good, system in declaring) for system, ends in found.items()}


def _shows(ends: list[tuple[bool, str | None]], good: set[str], declares_others: bool) -> str:
    known = [outcome for _, outcome in ends if outcome is not None]
    if not known:
        return "nothing"
    if not any(outcome in good for outcome in known):
        return "failures"
    if all(outcome in good for outcome in known) and not declares_others:
        return "successes"
    return "too few" if len(known) / sum(over for over, _ in ends) < 0.9 else "both"


def _all(log: Log, good: set[str], tiers: dict[str, int] | None, said: Said) -> list[Row]:
    rows = _acts(log, tiers, said, said.conversations, everything=True)
    shows = shown(log, good, said)
    elsewhere = {
        name: _outcome([e for e in events if shows[_system(log, said, e)] == "both"]) for name, events in log.items()
    }
    end = max(event["ended_us"] for journey in log.values() for event in journey)
    for row in rows:
        by_itself = shows[row["system"] or ""] == "both"
        outcome = row["outcome"] if by_itself else elsewhere[row["journey"]]
        row["resolved"] = None if outcome is None else outcome in good
        known = row["customer"] is not None and row["intent"] is not None
        row["is_repeat"] = _blamed(row, rows) is not None if known else None
        row["repeats_caused"] = sum(_blamed(other, rows) == row["name"] for other in rows) if known else None
        for days in DAYS:
            is_over = known and row["until_us"] + days * DAY <= end
            row[f"recontact_{days}d"] = _back(row, rows, days * DAY) if is_over else None
    return rows


def _grouped(
    log: Log, said: Said, labels: dict[str, str] | None = None, with_records: bool = False
) -> dict[str, list[Event]]:
    found: dict[str, list[Event]] = {}
    names = said.conversations if labels is None else labels
    for event in itertools.chain.from_iterable(log.values()):
        own = event["interaction_id"]
        if own not in said.records or with_records:
            found.setdefault(str(names.get(own, own)), []).append(event)
    for events in found.values():
        events.sort(key=lambda e: (e["started_us"], e["journey_id"], e["seq"]))
    return found


def _acts(
    log: Log, tiers: dict[str, int] | None, said: Said, labels: dict[str, str], everything: bool = False
) -> list[Row]:
    """What was done in each contact; those that nobody had and that did not wait only with `everything`."""
    found = _grouped(log, said, labels)
    all_of_them = [event for events in found.values() for event in events]
    spanning = {e["source_system"] for e in all_of_them if _owned(e) and e["ended_us"] > e["started_us"]}
    replying = {e["source_system"] for e in all_of_them if e["event_type"] == "message"} - {None}
    escalating = {e["source_system"] for e in all_of_them if e["event_type"] == "escalated"}
    rows = []
    for name, events in found.items():
        row = {"name": name, **_facts(events, said), **_done(events)}
        if row["system"] not in spanning or row["system"] is None:
            row["human_handle_us"] = row["bot_handle_us"] = None
        row["replies"] = row["replies"] if row["system"] in replying else None
        recorded = row["system"] in escalating and row["system"] is not None
        handed = _handed(events)
        row["transfers"] = max(len(handed), sum(e["event_type"] == "handoff" and _owned(e) for e in events))
        row["escalated"] = _escalated(row["escalated"] if recorded else None, handed, tiers)
        waited = any(event["event_type"] in ("queue_enter", "abandoned") for event in events)
        row["counts"] = row["has_human"] or row["has_bot"] or waited
        rows.append(row)
    return [row for row in rows if row["counts"] or everything]


def _owned(event: Event) -> bool:
    return event["own_owner"] is not None


def _leg_first(events: list[Event], leg: str, column: str) -> Any:
    """The first known value in one interaction, in the order of its journey."""
    own = sorted((e for e in events if e["interaction_id"] == leg), key=lambda e: e["seq"])
    return next((e[column] for e in own if e[column] is not None), None)


def _first(events: list[Event], column: str, said: Said) -> Any:
    """The first known value of the interactions, in order of their starts."""
    starts: dict[str, int] = {}
    for event in events:
        leg = event["interaction_id"]
        starts[leg] = min(starts.get(leg, event["started_us"]), event["started_us"])
    legs = sorted(starts, key=lambda leg: (starts[leg], leg))
    return next((value for leg in legs if (value := _leg_first(events, leg, column)) is not None), None)


def _system(log: Log, said: Said, event: Event) -> str:
    return _leg_first(log[event["journey_id"]], event["interaction_id"], "source_system") or ""


def _outcome(events: list[Event]) -> str | None:
    known = [event["outcome"].lower() for event in events if event["outcome"] is not None]
    return known[-1] if known else None


def _facts(events: list[Event], said: Said) -> Row:
    return {
        "system": _first(events, "source_system", said),
        "customer": _first(events, "customer", said),
        "intent": _first(events, "intent", said),
        "journey": _first(events, "journey_id", said),
        "outcome": _outcome(events),
        "started_us": min(event["started_us"] for event in events),
        "ended_us": max(e["ended_us"] for e in events),
        "until_us": max(e["contact"][1] for e in events),
    }


def _done(events: list[Event]) -> Row:
    people = [e for e in events if _owned(e) and e["actor_type"] != "bot"]
    bots = [e for e in events if _owned(e) and e["actor_type"] == "bot"]
    owned = [e for e in events if _owned(e)]
    queue = [e["started_us"] for e in events if e["event_type"] == "queue_enter"]
    answers = [e["started_us"] for e in people if queue and e["started_us"] >= min(queue)]
    given_up = [e["started_us"] for e in events if e["event_type"] == "abandoned"]
    answered = bool(answers) and (not given_up or min(answers) <= min(given_up))
    called_back = any(e["event_type"] == "callback_requested" for e in events)
    said = [json.loads(e["attributes"]) for e in events if e["attributes"]]
    scores = [one for one in said if isinstance(one.get("score"), (int, float))]
    ratings = [one["score"] for one in said if isinstance(one.get("score"), str)]
    tones = [one["sentiment"] for one in said if "sentiment" in one]
    return {
        "first_actor": None if not owned else "bot" if owned[0]["actor_type"] == "bot" else "human",
        "has_human": bool(people),
        "has_bot": bool(bots),
        "queued": bool(queue) and not called_back,
        "abandoned": bool(given_up) and not called_back,
        "answer_wait_us": min(answers) - min(queue) if answered else None,
        "human_handle_us": sum(e["ended_us"] - e["started_us"] for e in people) if people else None,
        "bot_handle_us": sum(e["ended_us"] - e["started_us"] for e in bots) if bots else None,
        "escalated": any(e["event_type"] == "escalated" for e in events),
        "finished": any(e["event_type"] in ("resolved", "closed") for e in events),
        "reopens": sum(e["event_type"] == "reopened" for e in events),
        "replies": sum(e["event_type"] == "message" and _owned(e) for e in events),
        "score": float(scores[-1]["score"]) if scores else None,
        "score_scale": next((one["scale"] for one in reversed(scores) if "scale" in one), None),
        "rating": next((word.lower() for word in reversed(ratings) if word not in ("offered", "unoffered")), None),
        "sentiment": next((float(tone) for tone in reversed(tones) if not isinstance(tone, str)), None),
        "tone": next((tone.lower() for tone in reversed(tones) if isinstance(tone, str)), None),
        **{name: next((one[name] for one in said if name in one), None) for name in ("region", "language")},
    }


def _escalated(recorded: bool | None, handed: list[tuple[str, str]], tiers: dict[str, int] | None) -> bool | None:
    """As recorded, or by the tiers of those who handed over; unknown where neither tells all."""
    steps = [(tiers or {}).get(team) for pair in handed for team in pair]
    pairs = list(zip(steps[::2], steps[1::2], strict=True))
    raised = any(a is not None and b is not None and b > a for a, b in pairs)
    if recorded is not None:
        return recorded or raised
    return raised if tiers and None not in steps else None


def _handed(events: list[Event]) -> list[tuple[str, str]]:
    """From owner to owner, as far as these events tell."""
    owners = [name for name, _ in itertools.groupby(e["own_owner"] for e in events if _owned(e))]
    return list(itertools.pairwise(owners))


def _alike(own: Row, rows: Iterable[Row]) -> list[Row]:
    return [other for other in rows if (other["customer"], other["intent"]) == (own["customer"], own["intent"])]


def _blamed(own: Row, rows: list[Row]) -> str | None:
    """The contact that a repeat is charged to: the same customer's about the same that was over last before it."""
    if own["customer"] is None or own["intent"] is None:
        return None
    before = [(r["until_us"], r["name"]) for r in _alike(own, rows) if own["started_us"] - r["until_us"] > 0]
    last = max(before, default=None)
    return last[1] if last and own["started_us"] - last[0] <= 7 * DAY else None


def _back(own: Row, rows: list[Row], within: int) -> bool:
    """Whether the customer began another contact about the same after this one's contact time and within so long."""
    return any(0 < other["started_us"] - own["until_us"] <= within for other in _alike(own, rows))

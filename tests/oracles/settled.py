"""Where an interaction is settled, and the time between contacts (definitions: Settled; Contact time; between).

An interaction is followed event by event: what settles it marks the place, what undoes it takes the mark away.

Readings:
- Legs of one conversation are followed as one.
- A closing is an event of type closed or merged, or an activity that says so: it settles what nothing else has settled,
  and undoes nothing. Neither does a survey, nor the customer who hangs up or closes.
- A contact is waited for where we begin it (its event `started` is not the customer's, or its channel is callback), or
  where a reference joins it to an earlier contact that is not settled when it begins.
- Where nobody in the log owns anything, nobody follows anywhere: that says nothing, and no gap is a tail for it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

Event = dict[str, Any]
GOOD = ("resolved", "solved", "completed", "closed won")
_CLOSING = re.compile(r"clos|.* clos|auto.*clos|.*archiv", re.DOTALL)


@dataclass(frozen=True)
class Rules:
    """What is declared of a log: outcomes and activities that settle, whether its journeys are linked.

    `records` are interactions that are no contacts, `conversations` name the conversation of a leg, `references` are
    pairs of interactions.
    """

    good: tuple[str, ...] = GOOD
    ends: tuple[str, ...] = ()
    linked: bool = False
    records: tuple[str, ...] = ()
    conversations: tuple[tuple[str, str], ...] = ()
    references: tuple[tuple[str, str], ...] = ()

    def conversation(self, event: Event) -> str:
        """The conversation that an event belongs to."""
        return dict(self.conversations).get(event["interaction_id"], event["interaction_id"])


PLAIN = Rules()


def mark(journey: list[Event], rules: Rules, has_owners: bool) -> None:
    """Give each event what the time split asks: `settled_seq`, `contact` (from, until), `waited_for`."""
    names = dict.fromkeys(rules.conversation(event) for event in journey)
    own = {name: [e for e in journey if rules.conversation(e) == name] for name in names}
    settled = {name: _settled(events, rules) for name, events in own.items()}
    for name, events in own.items():
        is_record = name in rules.records
        acts = [e for e in events if e["owned"] or e["actor_type"] == "customer"]
        seq = settled[name]
        until = journey[seq]["ended_us"] if seq is not None else max(e["ended_us"] for e in acts or events)
        waited_for = not is_record and (
            _begun_by_us(events)
            or any(
                other != name
                and other not in rules.records
                and own[other][0]["seq"] < events[0]["seq"]
                and (settled[other] is None or settled[other] > events[0]["seq"])  # type: ignore[operator]
                for other in _referred(name, rules)
                if other in own
            )
        )
        for event in events:
            event.update(
                settled_seq=seq,
                contact=None if is_record else (events[0]["started_us"], until),
                waited_for=waited_for,
                linked=rules.linked,
                has_owners=has_owners,
            )


def gap_of(journey: list[Event], start: int, end: int) -> str | None:
    """`tail` or `between` where a gap is one of these, else None."""
    here = next(e for e in journey if e["started_us"] >= end)
    following = next((e for e in journey if e["started_us"] >= end and ends_a_gap(e)), None)
    if following is None:
        if here["has_owners"]:
            return "tail"
    elif _is_after(following):
        return "tail"
    inside = any(e["contact"] and e["contact"][0] <= start and end <= e["contact"][1] for e in journey)
    if not here["linked"] or inside:
        return None
    if _is_after(here):
        return "tail"
    return None if following is not None and following["waited_for"] else "between"


def ends_a_gap(event: Event) -> bool:
    """Whether a gap is named after this event."""
    return event["owned"] or event["actor_type"] == "customer" or event["event_type"] == "abandoned"


def _is_after(event: Event) -> bool:
    return event["settled_seq"] is not None and event["settled_seq"] < event["seq"]


def _settled(events: list[Event], rules: Rules) -> int | None:
    place, by_closing = None, False
    for event in events:
        if _undoes(event):
            place = None
        if _settles(event, rules) and (not _closes(event) or place is None or by_closing):
            place, by_closing = event["seq"], _closes(event)
    return place


def _settles(event: Event, rules: Rules) -> bool:
    return (
        event["event_type"] == "resolved"
        or (event["outcome"] or "").lower() in rules.good
        or event["activity"].lower() in {name.lower() for name in rules.ends}
    )


def _closes(event: Event) -> bool:
    return event["event_type"] in ("closed", "merged") or bool(_CLOSING.match(event["activity"].lower()))


def _undoes(event: Event) -> bool:
    if event["event_type"] == "reopened":
        return True
    if _closes(event) or event["event_type"] in ("survey_offered", "survey_answered"):
        return False
    if event["actor_type"] == "customer":
        return event["event_type"] not in ("resolved", "ended")
    return bool(event["owned"])


def _begun_by_us(events: list[Event]) -> bool:
    starts = [e for e in events if e["event_type"] == "started" and e["actor_type"] is not None]
    if any(e["actor_type"] == "customer" for e in starts):
        return False
    return bool(starts) or any(e["channel"] == "callback" for e in events)


def _referred(name: str, rules: Rules) -> set[str]:
    legs = dict(rules.conversations)
    pairs = [(legs.get(a, a), legs.get(b, b)) for a, b in rules.references]
    return {b for a, b in pairs if a == name} | {a for a, b in pairs if b == name}

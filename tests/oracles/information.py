"""Information loss of every handoff (definitions: Information loss), by brute force.

Readings where the definition leaves room:
- A note is an owned event of type note; it belongs to the visit it lies in. A visit's source system is that of its last
  owned event. A system that has no note anywhere records none, so a missing note says nothing.
- Asked again: the activity is of a topic that an earlier event of the journey was of, whoever acted.
- The setup is the first owned event of a visit with a length; it is compared with the first visits of journeys that
  were never handed over, same intent, of all intents under 30.
- Texts: whatever is no note and has a text is a message. A fact is in a text when all its words are.
"""

from __future__ import annotations

from collections.abc import Callable

from tests.oracles.flow import nearest_rank
from tests.oracles.order import Event, Row
from tests.oracles.visits import first_known, visits

FEW = 30
Log = dict[str, list[Event]]
Fact = frozenset[str]
Facts = Callable[[Event], set[Fact]]  # the facts that a message tells
Words = Callable[[str], set[str]]  # the words and identifiers of a text


def information(log: Log, topics: dict[str, str], kinds: dict[tuple[str, int], str]) -> list[Row]:
    """The proxies of each handoff; `kinds` are what the handoffs are called, `topics` what activities ask for."""
    events = [event for journey in log.values() for event in journey]
    noting = {event["source_system"] for event in events if _is_note(event)}
    asks = any(event["activity"] in topics for event in events)
    alone = [
        (first_known(journey, "intent"), _setup(journey, 0)) for journey in log.values() if len(visits(journey)) == 1
    ]
    known = [(intent, us) for intent, us in alone if us is not None]
    rows = []
    for name, journey in log.items():
        same = [us for intent, us in known if intent == first_known(journey, "intent") and intent is not None]
        median = _median(same if len(same) >= FEW else [us for _, us in known])
        for visit in visits(journey)[1:]:
            place = visit["position"]
            setup = _setup(journey, place)
            kind = kinds[name, place]
            rows.append(
                {
                    "journey_id": name,
                    "position": place,
                    "blind": {"blind": True, "consult": False, "conference": False}.get(kind),
                    "no_note": _no_note(_in(journey, place - 1), noting),
                    "asked_again": _asked(journey, place, topics) if asks else None,
                    "setup_excess_us": None if setup is None or median is None else setup - median,
                }
            )
    return rows


def texts(log: Log, facts: Facts, words: Words) -> list[Row]:
    """What the texts say of each handoff."""
    events = [event for journey in log.values() for event in journey]
    noting = {event["source_system"] for event in events if _is_note(event) and event["text"]}
    return [
        _told(journey, visit["position"], facts, words, noting)
        for journey in log.values()
        for visit in visits(journey)[1:]
    ]


def _told(journey: list[Event], place: int, facts: Facts, words: Words, noting: set[str | None]) -> Row:
    first = next(event["seq"] for event in journey if event["owned"] and event["position"] == place)
    said = [event for event in journey if event["text"] and event["event_type"] != "note"]
    earlier = [event for event in said if event["seq"] < first]
    row: Row = {"journey_id": journey[0]["journey_id"], "position": place}
    row |= {"before": None, "missing": None, "again": None}
    if not earlier:
        return row
    told = {fact for event in earlier for fact in facts(event)}
    sent, received = _in(journey, place - 1), _in(journey, place)
    row["before"] = len(told)
    if sent[-1]["source_system"] in noting:
        notes = [words(event["text"]) for event in sent if _is_note(event) and event["text"]]
        row["missing"] = sum(not any(fact <= note for note in notes) for fact in told)
    theirs = [event for event in said if event in received]
    if theirs:
        own = {fact for event in earlier if event["actor_type"] == "customer" for fact in facts(event)}
        questions = [event["seq"] for event in theirs if "?" in event["text"]]
        last = max((e["seq"] for e in journey if e["position"] == place), default=0)
        answers = [
            words(event["text"])
            for event in said
            if event["actor_type"] == "customer" and questions and min(questions) < event["seq"] <= last
        ]
        row["again"] = sum(any(fact <= answer for answer in answers) for fact in own)
    return row


def _is_note(event: Event) -> bool:
    return bool(event["owned"]) and event["event_type"] == "note"


def _in(journey: list[Event], place: int) -> list[Event]:
    """The owned events of a visit."""
    return [event for event in journey if event["owned"] and event["position"] == place]


def _no_note(sent: list[Event], noting: set[str | None]) -> bool | None:
    if any(_is_note(event) for event in sent):
        return False
    return True if sent[-1]["source_system"] in noting else None


def _asked(journey: list[Event], place: int, topics: dict[str, str]) -> int:
    return sum(
        any(topics.get(before["activity"]) == topics[event["activity"]] for before in journey[: event["seq"]])
        for event in _in(journey, place)
        if event["activity"] in topics
    )


def _setup(journey: list[Event], place: int) -> int | None:
    spans = [event["ended_us"] - event["started_us"] for event in _in(journey, place)]
    return next((us for us in spans if us > 0), None)


def _median(values: list[int]) -> int | None:
    return nearest_rank(values, 50) if values else None

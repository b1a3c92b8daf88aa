"""Logs as drawings: `"L1 L2 L1"` is a journey of three events of the teams L1, L2, L1.

A line (or an argument of `draw`) is a journey; journeys are named j1, j2, … Each word is an
event: a name, then any of these marks in any order, each at most once:

    L1             an event of an agent of team L1; a team is any name that is not one below
    customer  system  rule  ivr  supervisor  third_party  unknown
                   an event of such an actor, who has no team
    nobody         an event of an agent without a team
    bot:Ada        an event of the bot Ada, which has no team
    L1/5           it lasts 5 minutes (else it is a point)
    L1@7           it starts at minute 7 (else one minute after the latest end so far, the first at 0)
    L1~2           2 minutes of it are declared as hold
    L1=verify      its activity (else one that no other event has)
    L1!message     its event_type (else none)
    L1#Billing     its silo           L1%crm    its source system (else "log")
    L1&chat        its channel        L1$12.5   its value        L1?solved   its outcome

Minutes may have decimals. Spaces inside a value are written as `_`.
"""

from __future__ import annotations

import re
from typing import Any

from miner.events.schema import RAW_EVENTS

MINUTE = 60_000_000
START = 1_709_251_200_000_000  # 2024-03-01T00:00:00Z, in microseconds
ACTORS = ("customer", "system", "rule", "ivr", "supervisor", "third_party", "unknown")
MARKS = {"=": "activity", "!": "event_type", "#": "silo", "%": "source_system", "&": "channel", "?": "outcome"}
_WORD = re.compile(r"(?P<name>(?:bot:)?[^/@~=!#%&$?]+)(?P<marks>(?:[/@~=!#%&$?][^/@~=!#%&$?]+)*)")


def draw(*drawings: str) -> list[dict[str, Any]]:
    """The events of a drawing, as dicts with the names of RAW_EVENTS and a `journey_id`."""
    lines = [line.strip() for drawing in drawings for line in drawing.splitlines()]
    events: list[dict[str, Any]] = []
    for number, line in enumerate((line for line in lines if line), start=1):
        latest = START - MINUTE
        for word in line.split():
            event = _event(word, latest + MINUTE)
            event.update(journey_id=f"j{number}", interaction_id=f"j{number}", line=len(events) + 1)
            event["activity"] = event["activity"] or f"step {len(events) + 1}"
            latest = max(latest, event["ended_us"])
            events.append(event)
    return events


def _event(word: str, start: int) -> dict[str, Any]:
    match = _WORD.fullmatch(word)
    assert match, f"not a word of a drawing: {word!r}"
    event: dict[str, Any] = {**dict.fromkeys(RAW_EVENTS), "journey_id": None}
    event.update(source="drawing", source_no=0, source_system="log", **_actor(match["name"]))
    minutes = {}
    for mark, text in re.findall(r"([/@~=!#%&$?])([^/@~=!#%&$?]+)", match["marks"]):
        if mark in MARKS:
            event[MARKS[mark]] = text.replace("_", " ") if mark != "!" else text
        elif mark == "$":
            event["value"] = float(text)
        else:
            minutes[mark] = round(float(text) * MINUTE)
    event["started_us"] = START + minutes["@"] if "@" in minutes else start
    event["ended_us"] = event["started_us"] + minutes.get("/", 0)
    event["hold_us"] = minutes.get("~")
    return event


def _actor(name: str) -> dict[str, str]:
    if name.startswith("bot:"):
        return {"actor_type": "bot", "actor": name[4:], "agent": name[4:]}
    if name in ACTORS:
        return {"actor_type": name, "actor": name}
    if name == "nobody":
        return {"actor_type": "agent", "actor": "Nemo", "agent": "Nemo"}
    team = name.replace("_", " ")
    return {"actor_type": "agent", "actor": f"{team} agent", "agent": f"{team} agent", "team": team}

"""Generated logs for the measures: as nasty as an export may be, and small enough to read.

Starts come from a coarse grid, so ties are common; lengths are often zero; spans nest and
overlap; any column may be unknown. `logs()` is for hypothesis, `random_log` makes one large
log from the same choices, `write_csv` a file that `miner run --map …` reads.
"""

from __future__ import annotations

import csv
import random
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from hypothesis import strategies as st

from miner.events.schema import RAW_EVENTS
from tests.drawings import MINUTE, START

TEAMS = ("L1", "L1", "L2", "L2", "L3", "Ünits & Co", None, "?", "Unassigned")
ACTORS = (
    *("agent",) * 8,
    "customer",
    "customer",
    "system",
    "rule",
    "ivr",
    "bot",
    "supervisor",
    "third_party",
    "unknown",
    None,
)
TYPES = (
    None,
    None,
    None,
    "message",
    "note",
    "hold",
    "hold_start",
    "reopened",
    "status_changed",
    "agent_connected",
    "resolved",
    "assigned",
    "started",
)
LENGTHS = (0, 0, 0, 1, MINUTE, MINUTE, 2 * MINUTE, 3 * MINUTE + 333_333, 7 * MINUTE, 30 * MINUTE)
HOLDS = (None, None, None, 0, MINUTE, 2 * MINUTE + 7, 60 * MINUTE)
COLUMNS: dict[str, tuple[Any, ...]] = {
    "activity": ("call", "verify", "write", "Prüfen", "close;it"),
    "event_type": TYPES,
    "channel": ("voice", "voice", "chat", None),
    "source_system": ("crm", "crm", "phone", "mail", None),
    "silo": ("Sales", "Sales", "Service", None),
    "agent": ("Ann", "Bob", None),
    "customer": ("c1", None),
    "intent": ("refund", "order", None),
    "outcome": ("solved", "lost", None, None),
    "value": (1.5, 20.0, None, None),
}
MAPPED = {
    "case": "journey_id",
    "activity": "activity",
    "time": "started_us",
    "end": "ended_us",
    "team": "team",
    "agent": "agent",
    "silo": "silo",
    "channel": "channel",
    "system": "source_system",
    "customer": "customer",
    "intent": "intent",
    "outcome": "outcome",
    "value": "value",
    "actor_type": "actor_type",
}

Choose = Callable[[Sequence[Any]], Any]


@st.composite
def logs(draw: st.DrawFn, journeys: int = 3, events: int = 8, **fixed: Any) -> list[dict[str, Any]]:
    """A log of up to so many journeys of up to so many events each, as `tests.drawings.draw` gives it.

    `fixed` columns have that value in every event; `points=True` leaves out all lengths.
    """
    return _log(lambda values: draw(st.sampled_from(values)), journeys, events, fixed)


def random_log(seed: int, journeys: int, events: int = 12, **fixed: Any) -> list[dict[str, Any]]:
    """One log of exactly so many journeys, the same for the same seed."""
    choose = random.Random(seed).choice  # noqa: S311 - not for secrets
    blocks = [_log(choose, 1, events, fixed) for _ in range(journeys)]
    log = [{**event, "journey_id": f"j{n}"} for n, block in enumerate(blocks) for event in block]
    return [{**e, "interaction_id": e["journey_id"], "line": line} for line, e in enumerate(log, start=1)]


def unique_times(log: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The same log with no two events starting together: lengths stay."""
    return [
        {**e, "started_us": e["started_us"] + n * 11, "ended_us": e["ended_us"] + n * 11} for n, e in enumerate(log)
    ]


def _log(choose: Choose, journeys: int, events: int, fixed: dict[str, Any]) -> list[dict[str, Any]]:
    sequenced = choose((True, False))
    columns = {**COLUMNS, **choose(({}, {}, {"source_system": ("crm",)}, {"event_type": (None, "note")}))}
    log = []
    for journey in range(1, choose(range(1, journeys + 1)) + 1):
        for _ in range(choose(range(1, events + 1))):
            event = _event(choose, columns)
            event.update(journey_id=f"j{journey}", interaction_id=f"j{journey}", line=len(log) + 1)
            event["sequence"] = choose(range(3)) if sequenced else None
            event.update({name: value for name, value in fixed.items() if name in event})
            if fixed.get("points"):
                event["ended_us"] = event["started_us"]
            log.append(event)
    return log


def _event(choose: Choose, columns: dict[str, tuple[Any, ...]]) -> dict[str, Any]:
    event: dict[str, Any] = {**dict.fromkeys(RAW_EVENTS), "source": "generated", "source_no": 0}
    event["started_us"] = START + choose(range(12)) * MINUTE + choose((0, 0, 1))
    event["ended_us"] = event["started_us"] + choose(LENGTHS)
    event["actor_type"] = choose(ACTORS)
    for name, values in columns.items():
        event[name] = choose(values)
    event["team"] = choose(TEAMS) if event["actor_type"] != "bot" else choose((None, "L2"))
    if event["actor_type"] == "bot":
        event["agent"] = choose(("Robo", "Ada"))
    if event["started_us"] < event["ended_us"]:
        event["hold_us"] = choose(HOLDS)
    event["actor"] = event["agent"] or event["actor_type"]
    return event


def write_csv(events: list[dict[str, Any]], path: Path, drop: Sequence[str] = ()) -> dict[str, str]:
    """Write events as a plain event log, rows as they stand; gives the `--map` that reads it.

    Declared hold, event types and sequences have no key in a plain log and are left out,
    and so are the keys in `drop`.
    """
    keys = [key for key in MAPPED if key not in drop]
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow([_header(key) for key in keys])
        writer.writerows([_cell(event, MAPPED[key]) for key in keys] for event in events)
    return {key: _header(key) for key in keys}


def _header(key: str) -> str:
    return f"the {key}"


def _cell(event: dict[str, Any], name: str) -> str:
    value = event[name]
    if name == "ended_us" and value == event["started_us"]:
        return ""
    if name.endswith("_us"):
        return (datetime(1970, 1, 1, tzinfo=UTC) + timedelta(microseconds=value)).isoformat().replace("+00:00", "Z")
    return "" if value is None else str(value)

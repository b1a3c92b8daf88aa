"""Histories of tickets, told once, and written down as each system exports them.

A history is a list of saves; the first one is the customer's, who opens the ticket. What each of them means for
events, owners and outcomes is written by hand in `HISTORIES`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

MINUTE = 60_000  # times are in ms after the ticket was opened
TEAMS = {"Desk": "10", "Network": "20"}
PEOPLE = {"ana": "21", "bo": "22", "cust": "501"}
HOME = {"ana": "Desk", "bo": "Network"}
Sets = dict[str, str | None]
Told = tuple[int, str, str | None, str | None]  # ms, event type, "agent of team" or None, outcome


@dataclass(frozen=True)
class Save:
    """Who saves what; `says` is a note or a reply, which a table of comments has `late` ms later."""

    at: int
    by: str
    sets: Sets
    says: str | None = None
    late: int = 0


@dataclass(frozen=True)
class History:
    """The saves of a ticket, the events they are, and the outcome in the end."""

    saves: tuple[Save, ...]
    events: tuple[Told, ...]
    owners: tuple[str, ...]
    outcome: str | None

    def steps(self) -> list[tuple[Save, Sets]]:
        """Each save with what was set before it."""
        now: Sets = {"team": None, "agent": None, "state": None}
        found = []
        for save in self.saves:
            found.append((save, dict(now)))
            now |= save.sets
        return found


def _opened() -> tuple[Save, Save]:
    return (
        Save(0, "cust", {"team": "Desk", "state": "new"}),
        Save(10 * MINUTE, "ana", {"agent": "ana", "state": "open"}),
    )


ANA, BO = "ana of Desk", "bo of Network"
_OPENED: tuple[Told, ...] = (
    (0, "started", None, None),
    (10 * MINUTE, "assigned", ANA, None),
    (10 * MINUTE, "status_changed", ANA, None),
)
_MOVE = Save(30 * MINUTE, "ana", {"team": "Network", "agent": "bo"}, "note")
_MOVED: tuple[Told, ...] = ((30 * MINUTE, "assigned", ANA, None), (30 * MINUTE, "note", ANA, None))

HISTORIES = {
    "a note with a transfer is the sender's": History(
        (*_opened(), _MOVE, Save(90 * MINUTE, "bo", {"state": "resolved"}, "reply")),
        (*_OPENED, *_MOVED, (90 * MINUTE, "message", BO, None), (90 * MINUTE, "resolved", BO, "resolved")),
        ("Desk", "Network"),
        "resolved",
    ),
    "a note that is stored a moment later is the sender's, too": History(
        (
            *_opened(),
            Save(30 * MINUTE, "ana", {"team": "Network", "agent": "bo"}, "note", 40),
            Save(90 * MINUTE, "bo", {"state": "resolved"}),
        ),
        (*_OPENED, *_MOVED, (90 * MINUTE, "resolved", BO, "resolved")),
        ("Desk", "Network"),
        "resolved",
    ),
    "closed after resolved is resolved": History(
        (*_opened(), Save(60 * MINUTE, "ana", {"state": "resolved"}), Save(900 * MINUTE, "ana", {"state": "closed"})),
        (*_OPENED, (60 * MINUTE, "resolved", ANA, "resolved"), (900 * MINUTE, "closed", ANA, None)),
        ("Desk",),
        "resolved",
    ),
    "closed without resolved is closed": History(
        (*_opened(), Save(60 * MINUTE, "ana", {"state": "closed"})),
        (*_OPENED, (60 * MINUTE, "closed", ANA, "closed")),
        ("Desk",),
        "closed",
    ),
    "cancelled is known and not good": History(
        (*_opened(), Save(60 * MINUTE, "ana", {"state": "cancelled"})),
        (*_OPENED, (60 * MINUTE, "closed", ANA, "cancelled")),
        ("Desk",),
        "cancelled",
    ),
    "cancelled after resolved is cancelled": History(
        (*_opened(), Save(60 * MINUTE, "ana", {"state": "resolved"}), Save(70 * MINUTE, "ana", {"state": "cancelled"})),
        (*_OPENED, (60 * MINUTE, "resolved", ANA, "resolved"), (70 * MINUTE, "closed", ANA, "cancelled")),
        ("Desk",),
        "cancelled",
    ),
    "reopened is open": History(
        (*_opened(), Save(60 * MINUTE, "ana", {"state": "resolved"}), Save(200 * MINUTE, "cust", {"state": "open"})),
        (*_OPENED, (60 * MINUTE, "resolved", ANA, "resolved"), (200 * MINUTE, "reopened", None, "open")),
        ("Desk",),
        "open",
    ),
    "reopened and closed without being resolved again is closed": History(
        (
            *_opened(),
            Save(60 * MINUTE, "ana", {"state": "resolved"}),
            Save(200 * MINUTE, "cust", {"state": "open"}),
            Save(300 * MINUTE, "ana", {"state": "closed"}),
        ),
        (
            *_OPENED,
            (60 * MINUTE, "resolved", ANA, "resolved"),
            (200 * MINUTE, "reopened", None, "open"),
            (300 * MINUTE, "closed", ANA, "closed"),
        ),
        ("Desk",),
        "closed",
    ),
    "reopened, moved and back": History(
        (
            *_opened(),
            Save(60 * MINUTE, "ana", {"state": "resolved"}),
            Save(200 * MINUTE, "cust", {"state": "open"}),
            Save(210 * MINUTE, "ana", {"team": "Network", "agent": "bo"}),
            Save(300 * MINUTE, "bo", {"team": "Desk", "agent": "ana"}, "note"),
            Save(400 * MINUTE, "ana", {"state": "resolved"}),
        ),
        (
            *_OPENED,
            (60 * MINUTE, "resolved", ANA, "resolved"),
            (200 * MINUTE, "reopened", None, "open"),
            (210 * MINUTE, "assigned", ANA, None),
            (300 * MINUTE, "assigned", BO, None),
            (300 * MINUTE, "note", BO, None),
            (400 * MINUTE, "resolved", ANA, "resolved"),
        ),
        ("Desk", "Network", "Desk"),
        "resolved",
    ),
    "open to the end has no outcome": History(_opened(), _OPENED, ("Desk",), None),
}


def rows_of(history: History) -> list[dict[str, Any]]:
    """Each field that a save sets, with its value before."""
    return [
        {"save": number, "at": save.at, "by": save.by, "field": name, "old": before[name], "new": value}
        for number, (save, before) in enumerate(history.steps())
        for name, value in save.sets.items()
    ]

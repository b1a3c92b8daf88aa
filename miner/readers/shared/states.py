"""What the state of a ticket says of its outcome: one rule for all systems.

Resolved is resolved. Closed after resolved says nothing new, closed without it is how the ticket ended. Cancelled,
rejected and the like are known and not good. What was resolved or closed and goes on is open again.
"""

from __future__ import annotations

from typing import NamedTuple

_SOLVED = (
    "resolved",
    "solved",
    "done",
    "fixed",
    "completed",
    "complete",
    "closed successful",
    "closed complete",
    "closed completed",
)
_SHUT = {
    "closed": "closed",
    "merged": "closed",
    "removed": "closed",
    "closed without response": "closed",
    **{
        name: name
        for name in (
            "cancelled",
            "rejected",
            "declined",
            "withdrawn",
            "closed unsuccessful",
            "closed incomplete",
            "closed skipped",
            "closed cancelled",
        )
    },
}
_GONE = "deleted"
_GOOD_REASONS = ("resolved", "solved", "done", "fixed", "complete", "successful")
_POOR_REASONS = (
    "won't do",
    "won't fix",
    "duplicate",
    "cannot reproduce",
    "declined",
    "incomplete",
    "cancelled",
    "rejected",
    "known error",
    "abandoned",
    "not solved",
    "not resolved",
    "unsuccessful",
)
ENDED = ("resolved", "closed")  # kinds of states in which a ticket is at its end
OPEN_AGAIN = "open"
# What a ticket system says of tickets that were at their end: both good and not good can be among them.
TICKET_OUTCOMES = ("resolved", "closed", "cancelled", OPEN_AGAIN)
INCIDENT_STATES = {"1": "New", "2": "In Progress", "3": "On Hold", "6": "Resolved", "7": "Closed", "8": "Cancelled"}


class State(NamedTuple):
    """A state by its name and its kind: resolved, closed, deleted, or None for one in which work goes on."""

    name: str | None
    kind: str | None


class StateChange(NamedTuple):
    """What a change of state is: the type of the event, and the outcome known by it, None where it tells none."""

    event_type: str
    outcome: str | None


def plain(name: str | None) -> str:
    """A state's name in small letters, spelt in one way."""
    return (name or "").strip().lower().replace("_", " ").replace("canceled", "cancelled")


def state_kind(name: str | None) -> str | None:
    """What a state means by its usual name: resolved, closed, deleted, or None for one in which work goes on."""
    word = plain(name)
    return "resolved" if word in _SOLVED else "closed" if word in _SHUT else _GONE if word == _GONE else None


def outcome_of(state: State, reason: str | None = None) -> str | None:
    """The outcome of a ticket in a state, None where work goes on; `reason`: the resolution or code it was given."""
    if state.kind not in ENDED:
        return None
    word = plain(reason)
    if word.startswith(_POOR_REASONS):
        return word
    if state.kind == "resolved":
        return "resolved"
    shut = _SHUT.get(plain(state.name), "closed")
    return "resolved" if shut == "closed" and word.startswith(_GOOD_REASONS) else shut


def change_of_state(before: State, now: State, reason: str | None = None) -> StateChange:
    """What it is when a ticket goes from one state to another."""
    if now.kind == _GONE:
        return StateChange("status_changed", None)
    if now.kind is None:
        return StateChange("reopened", OPEN_AGAIN) if before.kind in ENDED else StateChange("status_changed", None)
    outcome = outcome_of(now, reason)
    if now.kind == "closed" and (outcome == "closed" or before.kind == outcome) and before.kind in ENDED:
        outcome = None  # closing what is resolved or closed says nothing new
    return StateChange(now.kind, outcome)


def named_states() -> tuple[str, ...]:
    """The names, as `plain` gives them, that are not those of a state in which work goes on."""
    return (*_SOLVED, *_SHUT, _GONE)

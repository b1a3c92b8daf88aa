"""A row of a Cisco Unified CCX table reduced to what is used; lengths of time are µs.

A leg (sessionSeqNum) has a row of the call, a row for each queue it waited in, and one for each agent it was presented
to.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Literal, TypedDict

from miner.events.values import id_of
from miner.readers.calls.fields import seconds_of
from miner.readers.calls.tables import Row, moment, need, yes
from miner.readers.shared.fields import Malformed
from miner.readers.shared.staging import Staged


class CallRow(TypedDict):
    """A leg of a call, from ContactCallDetail."""

    kind: Literal["call"]
    seq: int
    qindex: str | None
    start: int
    end: int | None
    type: str | None
    disposition: str | None
    from_type: str | None
    from_number: str | None
    from_id: str | None
    to_number: str | None
    called: str | None
    application: str | None
    transfer: bool
    conference: bool
    connected: int | None
    mapped: dict[str, str]


class QueueRow(TypedDict):
    """A wait, from ContactQueueDetail; it says how long, not when."""

    kind: Literal["queue"]
    seq: int
    qindex: str | None
    target_type: str | None
    target: str | None
    disposition: str | None
    queued: int | None


class AgentRow(TypedDict):
    """An agent to whom a leg was presented, from AgentConnectionDetail."""

    kind: Literal["agent"]
    seq: int
    qindex: str | None
    start: int
    end: int | None
    resource: str
    wrapup: str | None
    ring: int | None
    talk: int | None
    hold: int | None
    work: int | None


@dataclass
class Names:
    """What resources and queues are called, by their ids."""

    people: dict[str, str | None] = field(default_factory=dict)
    queues: dict[str, str] = field(default_factory=dict)

    def person(self, key: str | None) -> str | None:
        """The name of a resource, else its id."""
        return self.people.get(key or "") or key


@dataclass
class Leg:
    """The rows of one leg, each with where it was read."""

    calls: list[tuple[Staged, CallRow]] = field(default_factory=list)
    queues: list[tuple[Staged, QueueRow]] = field(default_factory=list)
    agents: list[tuple[Staged, AgentRow]] = field(default_factory=list)


def call_row(row: Row, columns: dict[str, str]) -> CallRow:
    """A row of ContactCallDetail."""
    seq, start = _number(row), _start(row)
    return {
        "kind": "call",
        "seq": seq,
        "qindex": row.get("qindex"),
        "start": start,
        "end": moment(row, "enddatetime"),
        "type": row.get("contacttype"),
        "disposition": row.get("contactdisposition"),
        "from_type": row.get("originatortype"),
        "from_number": row.get("originatordn"),
        "from_id": row.get("originatorid"),
        "to_number": row.get("destinationdn"),
        "called": row.get("callednumber"),
        "application": row.get("applicationname"),
        "transfer": yes(row.get("transfer")),
        "conference": yes(row.get("conference")),
        "connected": seconds_of(row.get("connecttime")),
        "mapped": {key: row[name] for key, name in columns.items() if row.get(name)},
    }


def queue_row(row: Row, columns: dict[str, str]) -> QueueRow:
    """A row of ContactQueueDetail."""
    return {
        "kind": "queue",
        "seq": _number(row),
        "qindex": row.get("qindex"),
        "target_type": row.get("targettype"),
        "target": id_of(row.get("targetid")),
        "disposition": row.get("disposition"),
        "queued": seconds_of(row.get("queuetime")),
    }


def agent_row(row: Row, columns: dict[str, str]) -> AgentRow:
    """A row of AgentConnectionDetail."""
    seq, start, end = _number(row), _start(row), moment(row, "enddatetime")
    return {
        "kind": "agent",
        "seq": seq,
        "qindex": row.get("qindex"),
        "start": start,
        "end": end,
        "resource": need(row, "resourceid"),
        "wrapup": row.get("callwrapupdata"),
        "ring": seconds_of(row.get("ringtime")),
        "talk": seconds_of(row.get("talktime")),
        "hold": seconds_of(row.get("holdtime")),
        "work": seconds_of(row.get("worktime")),
    }


ROWS: dict[str, Callable[[Row, dict[str, str]], CallRow | QueueRow | AgentRow]] = {
    "call": call_row,
    "queue": queue_row,
    "agent": agent_row,
}


def _number(row: Row) -> int:
    number = need(row, "sessionseqnum")
    if not (number.isascii() and number.isdigit()):
        raise Malformed("sessionseqnum", "sessionSeqNum is not a number", number)
    return int(number)


def _start(row: Row) -> int:
    start = moment(row, "startdatetime")
    if start is None:
        raise Malformed("startdatetime", "startDateTime is missing")
    return start

"""What the lines of one call in Asterisk's queue_log say.

All lengths are seconds, but how long a member was rung (RINGNOANSWER) is milliseconds. A queue is nobody's visit;
what a member does belongs to the queue they answered for.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from typing import TypedDict, cast

from miner.events.schema import Event
from miner.events.sink import Sink
from miner.events.times import SECOND
from miner.events.values import phone_key
from miner.readers.calls.fields import seconds_of
from miner.readers.shared import call_steps as steps
from miner.readers.shared.call_steps import Actor, Call, attributes
from miner.readers.shared.staging import Staged

ABOUT_MEMBERS = frozenset(
    (
        "QUEUESTART",
        "CONFIGRELOAD",
        "ADDMEMBER",
        "REMOVEMEMBER",
        "PAUSE",
        "UNPAUSE",
        "PAUSEALL",
        "UNPAUSEALL",
        "PENALTY",
        "PAUSEREASON",
        "AGENTLOGIN",
        "AGENTLOGOFF",
        "AGENTCALLBACKLOGIN",
        "AGENTCALLBACKLOGOFF",
        "MEMBERSTATE",
        "RINGINUSE",
        "WRAPUPSTART",
    )
)
_EXITS = {"EXITEMPTY": 2, "EXITWITHTIMEOUT": 2, "EXITWITHKEY": 3}  # where the seconds waited stand
_TRANSFERS = {"TRANSFER": None, "BLINDTRANSFER": "blind", "ATTENDEDTRANSFER": "consult"}  # up to 11, either is TRANSFER
_COMPLETES = {"COMPLETEAGENT": "agent", "COMPLETECALLER": "customer"}
_ENDS_TALK = frozenset((*_TRANSFERS, *_COMPLETES, "AGENTDUMP"))
_ENDS_WAIT = frozenset(
    (
        *_EXITS,
        "CONNECT",
        "ABANDON",
        "ENTERQUEUE",
        "FULL",
        "JOINEMPTY",
        "JOINUNAVAIL",
        "LEAVEEMPTY",
        "CLOSED",
        "SYSCOMPAT",
    )
)
_OTHERS = frozenset(("DID", "INFO", "AGENTDUMP", *_ENDS_WAIT))
_TAKES = ("ENTERQUEUE", "CONNECT")
_BEGINS = ("ENTERQUEUE", "DID", "INFO")


class QueueLine(TypedDict):
    """One line of a call."""

    queue: str | None
    member: str | None
    event: str
    data: list[str]


class QueueCall:
    """One call, its lines in order of time."""

    def __init__(self, name: str, staged: list[Staged], sink: Sink):
        self.staged, self.sink = staged, sink
        self.lines = [cast(QueueLine, one.body) for one in staged]
        numbers = (_number(line) for line in self.lines if line["event"] == "ENTERQUEUE")
        self.phone = next((number for number in numbers if number), None)
        self.call = Call("asterisk", f"asterisk:{name}", "voice", self.phone)
        self.totals: Counter[str] = Counter()
        self.enters = [i for i, line in enumerate(self.lines) if line["event"] == "ENTERQUEUE"]
        self.taken = max((i for i, line in enumerate(self.lines) if line["event"] in _TAKES), default=-1)
        self.wait_ends = self._nexts(_ENDS_WAIT)

    def steps(self) -> Iterator[Event]:
        """The events of the call, as keywords of `Sink.event`."""
        opens = self.staged[self.enters[0] if self.enters else -1].at
        if self.lines[0]["event"] not in _BEGINS and opens != self.staged[0].at:
            self.sink.note("truncated", "calls that began before the log", example=self.call.key)
        made: list[Event] = []
        for i, (one, line) in enumerate(zip(self.staged, self.lines, strict=True)):
            made += self.call.of(one, self._line(i, one.at, line))
        return steps.numbered(made)

    def declare(self) -> None:
        """The call with what its lines declare, in seconds: holdtime is the wait before each answer."""
        whole = {name: value // SECOND for name, value in sorted(self.totals.items())}
        self.call.declare(self.sink, json.dumps(whole) if whole else None, attributes(phone=self.phone))

    def _line(self, i: int, at: int, line: QueueLine) -> Iterator[Event]:
        event, queue, data = line["event"], line["queue"], line["data"]
        member: Actor = ("agent", line["member"], queue)
        caller: Actor = ("customer", self.phone, None)
        if event == "ENTERQUEUE":
            if i == self.enters[0]:
                yield steps.step("Call started", "started", at, caller)
            yield steps.queued(at, self._until(self.wait_ends[i]), queue, queue)
        elif event == "CONNECT":
            self._declared("holdtime", data, 0)
            ring = attributes(ring_s=_at(line, 2))
            yield steps.conversation(at, self._until(self._talk_end(i)), member, attributes=ring)
        elif event == "RINGNOANSWER":
            yield steps.not_answered(at - _rung(line), at, line["member"], queue)
        elif event == "RINGCANCELED":
            actor: Actor = ("system", line["member"], queue)
            yield steps.step("Ringing ended", "agent_offered", at - _rung(line), actor, at)
        elif event in _TRANSFERS:
            yield self._transfer(i, at, line, member)
        elif event in _COMPLETES:
            self._declared("calltime", data, 1)
            yield steps.ended(at, member if _COMPLETES[event] == "agent" else caller)
        elif event == "ABANDON":
            self._declared("waittime", data, 2)
            yield steps.abandoned(at, self.phone)
        elif event in _EXITS:
            self._declared("waittime", data, _EXITS[event])
            about = attributes(reason=event, key=_at(line, 0) if event == "EXITWITHKEY" else None)
            yield steps.step("Left the queue", "queue_exit", at, ("system", queue, queue), attributes=about)
        else:
            if event not in _OTHERS:
                self.sink.note("unknown values", "unknown events were kept unchanged", example=event)
            actor = ("system", queue or "asterisk", None)
            about = attributes(did=_at(line, 0)) if event == "DID" else None
            yield steps.step(event.capitalize(), None, at, actor, attributes=about)

    def _transfer(self, i: int, at: int, line: QueueLine, member: Actor) -> Event:
        kind, data = line["event"], line["data"]
        # ATTENDEDTRANSFER names one or two things more, so lengths are counted from the end.
        if kind == "ATTENDEDTRANSFER":
            to = attributes(method=_at(line, 0), to=_at(line, 1))
            known = [part for part in data if part]
            self._declared("calltime", known, len(known) - 2)
        else:
            # Numbers of people stay out; phone numbers are longer than extensions.
            number = phone_key(_at(line, 0))
            to = attributes(to_extension="outside" if number else _at(line, 0), to_context=_at(line, 1))
            self._declared("calltime", data, 3)
        if self.taken < i:
            self.sink.note(
                "unknown",
                "calls were transferred to a target without a queue; the log does not say who took them",
                example=self.call.key,
            )
        return steps.transferred(at, member, _TRANSFERS[kind], attributes=to)

    def _nexts(self, ends: frozenset[str]) -> list[int | None]:
        """For each line, when what begins there ends: at the next line of `ends`."""
        nexts: list[int | None] = []
        after: int | None = None
        for one, line in zip(reversed(self.staged), reversed(self.lines), strict=True):
            nexts.append(after)
            if line["event"] in ends:
                after = one.at
        return nexts[::-1]

    def _talk_end(self, i: int) -> int | None:
        """When a conversation ends: as its own line says, else where the caller waits or talks again."""
        again = None
        for one, line in zip(self.staged[i + 1 :], self.lines[i + 1 :], strict=True):
            event = line["event"]
            if event in _ENDS_TALK:
                return one.at
            if event in _TAKES and again is None:
                again = one.at
            if event == "CONNECT":
                break
        return again

    def _until(self, at: int | None) -> int | None:
        if at is None:
            self.sink.note(
                "open",
                "waits and conversations that do not end in the log were read as points in time",
                example=self.call.key,
            )
        return at

    def _declared(self, name: str, data: list[str], place: int) -> None:
        value = seconds_of(data[place]) if 0 <= place < len(data) else None
        if value is not None:
            self.totals[name] += value


def _number(line: QueueLine) -> str | None:
    """The caller's number, after the address of a page; some programs that write the log leave that out."""
    first, second = _at(line, 0), _at(line, 1)
    return phone_key(second) if second and len(second) > 2 else phone_key(first) if first and first.isdigit() else None


def _rung(line: QueueLine) -> int:
    """How long a member was rung, in µs."""
    return seconds_of(_at(line, 0), SECOND // 1000) or 0


def _at(line: QueueLine, place: int) -> str | None:
    return line["data"][place] or None if place < len(line["data"]) else None

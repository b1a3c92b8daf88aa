"""What the lines of one call in Asterisk's queue_log say.

All lengths are seconds, but how long a member was rung (RINGNOANSWER) is milliseconds. A queue is nobody's visit;
what a member does belongs to the queue they answered for.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from typing import Any

from miner.events.sink import Sink
from miner.events.times import SECOND
from miner.events.values import phone_key
from miner.readers.calls.steps import Actor, Step, attributes, common_of, numbered, seconds_of, step
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
_RINGS = {"RINGNOANSWER": "Not answered", "RINGCANCELED": "Ringing ended"}
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


class Call:
    """One call, its lines in order of time."""

    def __init__(self, name: str, lines: list[Staged], sink: Sink):
        self.key, self.lines, self.sink = f"asterisk:{name}", lines, sink
        self.phone = next((key for line in lines if line.body["event"] == "ENTERQUEUE" if (key := _number(line))), None)
        self.totals: Counter[str] = Counter()
        self.enters = [i for i, line in enumerate(lines) if line.body["event"] == "ENTERQUEUE"]
        self.taken = max((i for i, line in enumerate(lines) if line.body["event"] in _TAKES), default=-1)
        self.wait_ends = self._nexts(_ENDS_WAIT)

    def steps(self) -> Iterator[Step]:
        """The events of the call, as keywords of `Sink.event`."""
        found: list[Step] = []
        if self.lines[0].body["event"] not in _BEGINS and self.lines[self.enters[0] if self.enters else -1].at != (
            self.lines[0].at
        ):
            self.sink.note("truncated", "calls that began before the log", example=self.key)
        for i, line in enumerate(self.lines):
            common = common_of(line, "asterisk", self.key, channel="voice", customer=self.phone)
            found += [{**common, **made} for made in self._line(i, line.at, line.body)]
        return numbered(found, {})

    def declare(self) -> None:
        """The call with what its lines declare, in seconds: holdtime is the wait before each answer."""
        whole = {name: value // SECOND for name, value in sorted(self.totals.items())}
        self.sink.interaction(
            interaction_id=self.key,
            source_system="asterisk",
            channel="voice",
            customer=self.phone,
            declared=json.dumps(whole) if whole else None,
            identity=attributes(phone=self.phone),
        )

    def _line(self, i: int, at: int, body: dict[str, Any]) -> Iterator[Step]:
        event, queue, data = body["event"], body["queue"], body["data"]
        member: Actor = ("agent", body["member"], queue)
        caller: Actor = ("customer", self.phone, None)
        if event == "ENTERQUEUE":
            if i == self.enters[0]:
                yield step("Call started", "started", at, caller)
            yield step("Queued", "queue_enter", at, ("system", queue, queue), self._until(self.wait_ends[i]))
        elif event == "CONNECT":
            self._declared("holdtime", data, 0)
            yield step(
                "Conversation",
                "agent_connected",
                at,
                member,
                self._until(self._talk_end(i)),
                attributes=attributes(ring_s=_at(body, 2)),
            )
        elif event in _RINGS:
            rung = seconds_of(_at(body, 0), SECOND // 1000) or 0
            said = event == "RINGNOANSWER"
            yield step(
                _RINGS[event],
                "agent_no_answer" if said else "agent_offered",
                at - rung,
                ("system", body["member"], queue),
                at,
                handoff_kind="requeue_no_answer" if said else None,
            )
        elif event in _TRANSFERS:
            yield self._transfer(i, at, body, member)
        elif event in _COMPLETES:
            self._declared("calltime", data, 1)
            yield step("Ended", "ended", at, member if _COMPLETES[event] == "agent" else caller)
        elif event == "ABANDON":
            self._declared("waittime", data, 2)
            yield step("Abandoned", "abandoned", at, caller, outcome="abandoned")
        elif event in _EXITS:
            self._declared("waittime", data, _EXITS[event])
            yield step(
                "Left the queue",
                "queue_exit",
                at,
                ("system", queue, queue),
                attributes=attributes(reason=event, key=_at(body, 0) if event == "EXITWITHKEY" else None),
            )
        else:
            if event not in _OTHERS:
                self.sink.note("unknown values", "unknown events were kept unchanged", example=event)
            yield step(
                event.capitalize(),
                None,
                at,
                ("system", queue or "asterisk", None),
                attributes=attributes(did=_at(body, 0)) if event == "DID" else None,
            )

    def _transfer(self, i: int, at: int, body: dict[str, Any], member: Actor) -> Step:
        kind, data = body["event"], body["data"]
        # ATTENDEDTRANSFER names one or two things more, so lengths are counted from the end.
        if kind == "ATTENDEDTRANSFER":
            to = attributes(method=_at(body, 0), to=_at(body, 1))
            known = [part for part in data if part]
            self._declared("calltime", known, len(known) - 2)
        else:
            # Numbers of people stay out; phone numbers are longer than extensions.
            number = phone_key(_at(body, 0))
            to = attributes(to_extension="outside" if number else _at(body, 0), to_context=_at(body, 1))
            self._declared("calltime", data, 3)
        if self.taken < i:
            self.sink.note(
                "unknown",
                "calls were transferred to a target without a queue; the log does not say who took them",
                example=self.key,
            )
        return step("Transferred", "handoff", at, member, handoff_kind=_TRANSFERS[kind], attributes=to)

    def _nexts(self, ends: frozenset[str]) -> list[int | None]:
        """For each line, when what begins there ends: at the next line of `ends`."""
        found: list[int | None] = []
        after: int | None = None
        for line in reversed(self.lines):
            found.append(after)
            if line.body["event"] in ends:
                after = line.at
        return found[::-1]

    def _talk_end(self, i: int) -> int | None:
        """When a conversation ends: as its own line says, else where the caller waits or talks again."""
        again = None
        for line in self.lines[i + 1 :]:
            event = line.body["event"]
            if event in _ENDS_TALK:
                return line.at
            if event in _TAKES and again is None:
                again = line.at
            if event == "CONNECT":
                break
        return again

    def _until(self, at: int | None) -> int | None:
        if at is None:
            self.sink.note(
                "open",
                "waits and conversations that do not end in the log were read as points in time",
                example=self.key,
            )
        return at

    def _declared(self, name: str, data: list[str], place: int) -> None:
        value = seconds_of(data[place]) if 0 <= place < len(data) else None
        if value is not None:
            self.totals[name] += value


def _number(line: Staged) -> str | None:
    """The caller's number, after the address of a page; some programs that write the log leave that out."""
    first, second = _at(line.body, 0), _at(line.body, 1)
    return phone_key(second) if second and len(second) > 2 else phone_key(first) if first and first.isdigit() else None


def _at(body: dict[str, Any], place: int) -> str | None:
    data = body["data"]
    return data[place] or None if place < len(data) else None

"""Calls of Asterisk's queue_log that a member makes to ask another queue, before the caller is given to it.

They have an id of their own, the member calls under it, and when the caller takes the member's place there the
transfer is logged under it, while what comes then has the caller's id again. Both are one call.
"""

from __future__ import annotations

from collections import Counter, defaultdict

from miner.events.times import SECOND
from miner.readers.calls.asterisk_steps import QueueLine
from miner.readers.calls.fields import seconds_of

_SLACK = 2 * SECOND
_LEFT = frozenset(
    ("CONNECT", "ABANDON", "EXITEMPTY", "EXITWITHTIMEOUT", "EXITWITHKEY", "COMPLETEAGENT", "COMPLETECALLER")
)

Key = tuple[str | None, str | None]


class Consults:
    """Sees the lines as they are in the file; only who talks and who waits at the moment is kept."""

    def __init__(self) -> None:
        self._talks: dict[Key, tuple[str, int]] = {}  # queue, member -> call, since when
        self._talking: Counter[str] = Counter()  # by call, how many of these talks are its
        self._waits: dict[Key, int] = {}  # queue, call -> since when
        self._began: defaultdict[tuple[str | None, int], set[str]] = defaultdict(set)  # queue, second -> calls
        self._parts: dict[str, str] = {}  # call -> the one that it is a part of

    def see(self, at: int, call: str, line: QueueLine) -> None:
        """One line of a call."""
        event, queue, data = line["event"], line["queue"], [part for part in line["data"] if part]
        if event == "ENTERQUEUE":
            self._left(queue, call)
            self._waits[queue, call] = at
            self._began[queue, at // SECOND].add(call)
        elif event == "ATTENDEDTRANSFER":
            self._transferred(at, call, (queue, line["member"]), data)
        elif event in _LEFT and not self._left(queue, call) and event == "CONNECT" and data:
            self._taken(at, call, queue, seconds_of(data[0]))
        if event == "CONNECT":
            self._connected((queue, line["member"]), call, at)

    def calls(self) -> dict[str, str]:
        """Calls that are parts of others, with the call that they belong to."""
        return {part: self._whole(part) for part in self._parts}

    def _left(self, queue: str | None, call: str) -> bool:
        """The call waits no longer; whether it did."""
        since = self._waits.pop((queue, call), None)
        if since is not None:
            self._began[queue, since // SECOND].discard(call)
        return since is not None

    def _connected(self, who: Key, call: str, at: int) -> None:
        if who in self._talks:
            self._talking[self._talks[who][0]] -= 1
        self._talks[who] = call, at
        self._talking[call] += 1

    def _transferred(self, at: int, call: str, who: Key, data: list[str]) -> None:
        """A transfer under another id than the talk that it ends; how long that was says that it is the one."""
        talk, since = self._talks.get(who, (call, at))
        lasted = seconds_of(data[-2]) if len(data) > 2 else None
        if talk != call and lasted is not None and abs(since + lasted - at) <= _SLACK:
            self._join(call, talk)

    def _taken(self, at: int, call: str, queue: str | None, waited: int | None) -> None:
        """A talk after a wait that began under another id, at the very second that the talk says."""
        if waited is None or self._talking[call] <= 0:
            return
        second = (at - waited) // SECOND
        same = [other for near in (second - 1, second, second + 1) for other in self._began.get((queue, near), ())]
        if len(same) == 1:
            self._left(queue, same[0])
            self._join(same[0], call)

    def _join(self, part: str, call: str) -> None:
        if self._whole(call) != self._whole(part):
            self._parts[self._whole(part)] = self._whole(call)

    def _whole(self, call: str) -> str:
        while call in self._parts:
            call = self._parts[call]
        return call

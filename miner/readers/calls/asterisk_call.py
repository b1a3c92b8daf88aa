"""The rows of one Asterisk call: what is talk, who waits, and who is only asked.

A row that was not answered has no talk, whatever seconds it bills.
"""

from __future__ import annotations

import json
from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import replace
from typing import cast

from miner.events.schema import Event
from miner.events.sink import Sink
from miner.events.times import SECOND
from miner.events.values import customer_key, id_of, phone_key
from miner.readers.calls.asterisk_channels import Channels, endpoint_of, is_outside, local_extension
from miner.readers.calls.asterisk_rows import DISPOSITIONS, CdrRow
from miner.readers.calls.fields import note_unknown
from miner.readers.shared import call_steps as steps
from miner.readers.shared.call_steps import Actor, Call, attributes
from miner.readers.shared.recorded import with_recorded
from miner.readers.shared.staging import Staged

_MENUS = frozenset(("background", "waitexten", "read", "ivr", "playback", "sayalpha", "saydigits", "saynumber", "agi"))


class CdrCall:
    """One call: all rows with one linkedid, in order of their start."""

    def __init__(self, name: str, staged: list[Staged], channels: Channels, sink: Sink):
        self.staged, self.channels, self.sink = staged, channels, sink
        self.rows = [cast(CdrRow, one.body) for one in staged]
        self.people = [(channels.person(row["channel"]), self._called(row)) for row in self.rows]  # caller, called
        self.met = sorted(
            _answered_at(row)
            for row, (_, called) in zip(self.rows, self.people, strict=True)
            if called and row["disposition"] == "ANSWERED"
        )
        mapped = next((key for row in self.rows if (key := customer_key(row["mapped"].get("customer")))), None)
        intent = next((word for row in self.rows if (word := row["mapped"].get("intent"))), None)
        self.phone = self._phone()
        self.call = Call("asterisk", f"asterisk:{name}", "voice", mapped or self.phone)
        self.intent = intent  # of the interaction; the events have none
        # Between colleagues only where nobody from outside takes part in any row.
        self.inside = all(
            caller is not None and (called is not None or not row["dstchannel"]) and not is_outside(row["dst"])
            for (caller, called), row in zip(self.people, self.rows, strict=True)
        )

    def steps(self) -> Iterator[Event]:
        """The events of the call, as keywords of `Sink.event`."""
        first, caller = self.rows[0], self.people[0][0]
        starter: Actor = ("agent", caller, _team(first)) if caller else ("customer", self.call.customer, None)
        made = self.call.of(self.staged[0], [steps.step("Call started", "started", first["start"], starter)])
        for one, row, people in zip(self.staged, self.rows, self.people, strict=True):
            note_unknown(self.sink, row["disposition"] or None, DISPOSITIONS, "dispositions")
            made += self.call.of(one, self._row(row, *people))
        made += self.call.of(self.staged[-1], self._end())
        return steps.numbered(made)

    def declare(self) -> None:
        """The call with the sums of what its rows declare, in seconds."""
        declared = {
            "duration": sum(row["duration"] or 0 for row in self.rows) // SECOND,
            "billsec": sum(row["billsec"] or 0 for row in self.rows) // SECOND,
            "rows": len(self.rows),
        }
        whole = replace(self.call, intent=self.intent)
        whole.declare(self.sink, json.dumps(declared), attributes(phone=self.phone))

    def _row(self, row: CdrRow, caller: str | None, called: str | None) -> Iterator[Event]:
        begin, end, answered = row["start"], row["end"], row["disposition"] == "ANSWERED"
        app, team = (row["lastapp"] or "").lower(), _team(row)
        queue = (row["lastdata"] or "").split(",")[0].split("|")[0] or None if app == "queue" else None
        if end is None:
            self.sink.note("open", "rows without an end were read as points in time", example=self.call.key)
        more = attributes(
            disposition=row["disposition"] if not answered else None,
            queue=queue,
            dst=None if is_outside(row["dst"]) else row["dst"],
        )  # numbers of people stay out
        if called and not answered:
            yield steps.not_answered(begin, end, called, team, attributes=more)
        elif called and caller and not self.inside:
            yield from self._asked(row, caller, called, more)
        elif called and caller:
            agent: Actor = ("agent", caller, team)
            about = attributes(called=called)
            yield steps.step(
                "Call between colleagues", "agent_connected", _answered_at(row), agent, end, attributes=about
            )
        elif called or (caller and answered and row["dstchannel"]):
            if queue:
                message = "a queue answers before its members do; the conversation starts there"
                self.sink.note("assumed", message, example=self.call.key)
            agent = ("agent", called or caller, team)
            yield steps.conversation(_answered_at(row), end, agent, attributes=more)
        elif app == "queue":
            yield steps.queued(begin, self._waited(begin, end), queue, attributes=more)
        elif app.startswith("voicemail"):
            yield steps.step("Voicemail", None, begin, ("system", "voicemail", None), end, attributes=more)
        elif app in _MENUS and not caller:
            yield steps.step("IVR", "ivr_enter", begin, ("ivr", row["lastapp"], None), end, attributes=more)
        else:
            activity = "Routing" if answered else "Not connected"
            yield steps.step(activity, None, begin, ("system", "asterisk", None), end, attributes=more)

    def _asked(self, row: CdrRow, caller: str, called: str, more: str | None) -> Iterator[Event]:
        """A colleague is asked; older systems write no other row where they keep the call when the first leaves."""
        begin, end = _answered_at(row), row["end"]
        with_customer = [
            (pair, other["end"])
            for pair, other in zip(self.people, self.rows, strict=True)
            if other["disposition"] == "ANSWERED" and not all(pair)
        ]
        left = max((until for pair, until in with_customer if caller in pair and until), default=None)
        if left is None or end is None or end <= left or any(called in pair for pair, _ in with_customer):
            yield steps.consulted(begin, end, called, only=True, attributes=more)
            return
        yield steps.consulted(begin, left, called, attributes=more)
        yield steps.conversation(max(left, begin), end, ("agent", called, _team(row)))

    def _end(self) -> Iterator[Event]:
        ends = [row["end"] for row in self.rows if row["end"] is not None]
        if not ends:
            return
        met = any(
            row["disposition"] == "ANSWERED" and (called or (caller and row["dstchannel"]))
            for row, (caller, called) in zip(self.rows, self.people, strict=True)
        )
        queued = any((row["lastapp"] or "").lower() == "queue" for row in self.rows)
        mapped = {key: value for row in self.rows for key, value in row["mapped"].items() if value}
        outcome, more = mapped.get("outcome"), with_recorded(None, mapped.get)
        if queued and not met and not self.people[0][0]:
            yield steps.abandoned(max(ends), self.call.customer, outcome=outcome or "abandoned", attributes=more)
        else:
            yield steps.ended(max(ends), ("system", "asterisk", None), outcome=outcome, attributes=more)

    def _waited(self, begin: int, end: int | None) -> int | None:
        """When a wait ends: a queue's row goes on while its caller talks to a member, who has a row of their own."""
        at = bisect_left(self.met, begin)
        return end if end is None or at == len(self.met) else min(end, self.met[at])

    def _called(self, row: CdrRow) -> str | None:
        person = self.channels.person(row["dstchannel"])
        # A Local channel stands for an extension that another row of the call names, or that is only known by it.
        extension = local_extension(row["dstchannel"])
        if person or extension is None:
            return person
        others = {endpoint_of(other["dstchannel"]) for other in self.rows}
        return None if any(one and one.partition("/")[2] == extension for one in others) else f"Local/{extension}"

    def _phone(self) -> str | None:
        """The number at the other end: who calls in from outside, or who is called there."""
        for row, (caller, _) in zip(self.rows, self.people, strict=True):
            number = phone_key(row["dst"]) if caller else phone_key(row["src"])
            if number and is_outside(number):
                return number
        return None


def _answered_at(row: CdrRow) -> int:
    """When a row was answered; its start where that is not known, or where it is said to be earlier."""
    answer, start = row["answer"], row["start"]
    return answer if answer is not None and answer >= start else start


def _team(row: CdrRow) -> str | None:
    return id_of(row["mapped"].get("team"))

"""The rows of one Asterisk call: who in them is a person, what is talk, and who is only asked.

A trunk is no person. Outside numbers come and go through it, whatever it is called; so all rows are looked at before
the first call is told. Only where no row shows what an endpoint is, its name says it. A row that was not answered has
no talk, whatever seconds it bills.
"""

from __future__ import annotations

import json
import re
from bisect import bisect_left
from collections import Counter, defaultdict
from collections.abc import Iterator
from typing import Any

from miner.events.sink import Sink
from miner.events.times import SECOND
from miner.events.values import customer_key, id_of, phone_key
from miner.readers.calls.steps import (
    Actor,
    Step,
    attributes,
    common_of,
    count,
    no_owner,
    numbered,
    step,
)
from miner.readers.shared.recorded import with_recorded
from miner.readers.shared.staging import Staged

_CHANNEL = re.compile(r"([A-Za-z0-9_]+)/(.+?)(?:-[0-9a-fA-F]{1,16})?(?:;[12])?")
_LOCAL = re.compile(r"(.+?)@.*")
_EXTENSION = re.compile(r"\d{2,6}", re.ASCII)
_LINES = ("DAHDI", "ZAP", "LCR", "CAPI", "MISDN", "KHOMP", "DONGLE", "OOH323", "H323", "VISDN")  # cards and gateways
_TRUNKS = re.compile(r"trunk|gateway|(?:^|[-_])gw|provider|pstn|isdn|carrier|(?:\d{1,3}\.){3}\d", re.IGNORECASE)
_MENUS = frozenset(("background", "waitexten", "read", "ivr", "playback", "sayalpha", "saydigits", "saynumber", "agi"))
_SEVERAL = 3
_KNOWN = frozenset(("ANSWERED", "NO ANSWER", "BUSY", "FAILED", "CONGESTION"))

Body = dict[str, Any]


class Channels:
    """What is known of the endpoints of a server's channels: which of them are trunks."""

    def __init__(self) -> None:
        self._carries: Counter[str] = Counter()  # endpoint -> rows in which it carried an outside number
        self._speaks: Counter[str] = Counter()  # endpoint -> rows in which it called or was called by its own number
        self._callers: defaultdict[str, set[str]] = defaultdict(set)  # endpoint -> outside numbers it called under

    def learn(self, body: Body) -> None:
        """An endpoint over which outside numbers call in, or are called from an extension, is a trunk.

        An extension may call somebody outside under an outside number too, but hardly under several.
        """
        here, there = _endpoint(body["channel"]), _endpoint(body["dstchannel"])
        src, dst = id_of(body["src"]), id_of(body["dst"])
        if here and src and _outside(src):
            if len(self._callers[here]) < _SEVERAL:
                self._callers[here].add(src)
            if not (_is_extension(here) and _outside(dst)) or len(self._callers[here]) == _SEVERAL:
                self._carries[here] += 1
        if there and _outside(dst) and _is_person_number(src):
            self._carries[there] += 1
        self._speaks.update(
            one
            for one, number in ((here, src), (there, dst))
            if one and _is_extension(one) and one.partition("/")[2] == number
        )

    def person(self, channel: str | None) -> str | None:
        """The endpoint of a channel where it is a person's, without the number of the channel; None for a trunk."""
        endpoint = _endpoint(channel)
        if endpoint is None or self._carries[endpoint] > self._speaks[endpoint]:
            return None
        kind, _, name = endpoint.partition("/")
        if kind.upper() in _LINES or kind.upper() == "LOCAL" or _TRUNKS.search(name) or _outside(name):
            return None
        return endpoint


class Cdr:
    """One call: all rows with one linkedid, in order of their start."""

    def __init__(self, name: str, rows: list[Staged], channels: Channels, sink: Sink):
        self.key, self.rows, self.channels, self.sink = f"asterisk:{name}", rows, channels, sink
        self.people = [(self._caller(row.body), self._called(row.body)) for row in rows]
        self.met = sorted(
            self._up(row.body)
            for row, (_, called) in zip(rows, self.people, strict=True)
            if called and row.body["disposition"] == "ANSWERED"
        )
        mapped = next((key for row in rows if (key := customer_key(row.body["mapped"].get("customer")))), None)
        self.phone = self._phone()
        self.customer = mapped or self.phone
        # Between colleagues only where nobody from outside takes part in any row.
        self.inside = all(
            a is not None and (b is not None or not row.body["dstchannel"]) and not _outside(row.body["dst"])
            for (a, b), row in zip(self.people, rows, strict=True)
        )

    def steps(self) -> Iterator[Step]:
        """The events of the call, as keywords of `Sink.event`."""
        first, found = self.rows[0], list[Step]()
        who = self.people[0][0]
        starter: Actor = ("agent", who, self._team(first.body)) if who else ("customer", self.customer, None)
        found.append({**self._common(first), **step("Call started", "started", first.at, starter)})
        for row, people in zip(self.rows, self.people, strict=True):
            count(self.sink, row.body["disposition"] or None, _KNOWN, "dispositions")
            found += [{**self._common(row), **made} for made in self._row(row.body, *people)]
        found += [{**self._common(self.rows[-1]), **made} for made in self._end()]
        return numbered(found, {})

    def declare(self) -> None:
        """The call with the sums of what its rows declare, in seconds."""
        sums = {name: sum(row.body[name] or 0 for row in self.rows) // SECOND for name in ("duration", "billsec")}
        intent = next((row.body["mapped"].get("intent") for row in self.rows if row.body["mapped"].get("intent")), None)
        self.sink.interaction(
            interaction_id=self.key,
            source_system="asterisk",
            channel="voice",
            customer=self.customer,
            intent=intent,
            identity=attributes(phone=self.phone),
            declared=json.dumps({**sums, "rows": len(self.rows)}),
        )

    def _common(self, row: Staged) -> dict[str, Any]:
        return common_of(row, "asterisk", self.key, channel="voice", customer=self.customer)

    def _row(self, body: Body, caller: str | None, called: str | None) -> Iterator[Step]:
        begin, end, answered = body["start"], body["end"], body["disposition"] == "ANSWERED"
        app, team = (body["lastapp"] or "").lower(), self._team(body)
        queue = (body["lastdata"] or "").split(",")[0].split("|")[0] or None if app == "queue" else None
        if end is None:
            self.sink.note("open", "rows without an end were read as points in time", example=self.key)
        more = attributes(
            disposition=body["disposition"] if not answered else None,
            queue=queue,
            dst=None if _outside(body["dst"]) else body["dst"],
        )  # numbers of people stay out
        if called and not answered:
            yield step(
                "Not answered",
                "agent_no_answer",
                begin,
                ("system", called, team),
                end,
                attributes=more,
                handoff_kind="requeue_no_answer",
            )
        elif called and caller and not self.inside:
            yield from self._asked(body, caller, called, more)
        elif called and caller:
            yield step(
                "Call between colleagues",
                "agent_connected",
                self._up(body),
                ("agent", caller, team),
                end,
                attributes=attributes(called=called),
            )
        elif called or (caller and answered and body["dstchannel"]):
            if queue:
                self.sink.note(
                    "assumed", "a queue answers before its members do; the conversation starts there", example=self.key
                )
            yield step(
                "Conversation",
                "agent_connected",
                self._up(body),
                ("agent", called or caller, team),
                end,
                attributes=more,
            )
        elif app == "queue":
            until = self._waited(begin, end)
            yield step("Queued", "queue_enter", begin, ("system", queue, None), until, attributes=more)
        elif app.startswith("voicemail"):
            yield step("Voicemail", None, begin, ("system", "voicemail", None), end, attributes=more)
        elif app in _MENUS and not caller:
            yield step("IVR", "ivr_enter", begin, ("ivr", body["lastapp"], None), end, attributes=more)
        else:
            yield step(
                "Routing" if answered else "Not connected",
                None,
                begin,
                ("system", "asterisk", None),
                end,
                attributes=more,
            )

    def _asked(self, body: Body, caller: str, called: str, more: str | None) -> Iterator[Step]:
        """A colleague is asked; older systems write no other row where they keep the call when the first leaves."""
        begin, end = self._up(body), body["end"]
        with_customer = [
            (a, b, row.body)
            for (a, b), row in zip(self.people, self.rows, strict=True)
            if row.body["disposition"] == "ANSWERED" and not (a and b)
        ]
        left = max((other["end"] for a, b, other in with_customer if caller in (a, b) and other["end"]), default=None)
        took = (
            left is not None
            and end is not None
            and end > left
            and not any(called in (a, b) for a, b, _ in with_customer)
        )
        yield no_owner(
            step(
                "Consulted",
                "consult_start",
                begin,
                ("agent", called, None),
                left if took else end,
                attributes=more,
                handoff_kind=None if took else "consult_only",
            )
        )
        if took and left is not None:
            yield step("Conversation", "agent_connected", max(left, begin), ("agent", called, self._team(body)), end)

    def _end(self) -> Iterator[Step]:
        ends = [row.body["end"] for row in self.rows if row.body["end"] is not None]
        if not ends:
            return
        met = any(
            row.body["disposition"] == "ANSWERED" and (people[1] or (people[0] and row.body["dstchannel"]))
            for row, people in zip(self.rows, self.people, strict=True)
        )
        queued = any((row.body["lastapp"] or "").lower() == "queue" for row in self.rows)
        said = {key: value for row in self.rows for key, value in row.body["mapped"].items() if value}
        outcome, more = said.get("outcome"), with_recorded(None, said.get)
        if queued and not met and not self.people[0][0]:
            yield step(
                "Abandoned",
                "abandoned",
                max(ends),
                ("customer", self.customer, None),
                outcome=outcome or "abandoned",
                attributes=more,
            )
        else:
            yield step("Ended", "ended", max(ends), ("system", "asterisk", None), outcome=outcome, attributes=more)

    def _waited(self, begin: int, end: int | None) -> int | None:
        """When a wait ends: a queue's row goes on while its caller talks to a member, who has a row of their own."""
        at = bisect_left(self.met, begin)
        return end if end is None or at == len(self.met) else min(end, self.met[at])

    def _up(self, body: Body) -> int:
        """When a row was answered; its start where that is not known, or where it is said to be earlier."""
        answer: int | None = body["answer"]
        start: int = body["start"]
        return answer if answer is not None and answer >= start else start

    def _team(self, body: Body) -> str | None:
        return id_of(body["mapped"].get("team"))

    def _caller(self, body: Body) -> str | None:
        return self.channels.person(body["channel"])

    def _called(self, body: Body) -> str | None:
        found = self.channels.person(body["dstchannel"])
        if found or _kind(body["dstchannel"]) != "LOCAL":
            return found
        # A Local channel stands for an extension that another row of the call names, or that is only known by it.
        local = _LOCAL.fullmatch((_endpoint(body["dstchannel"]) or "").partition("/")[2])
        name = local.group(1) if local else ""
        others = {_endpoint(row.body["dstchannel"]) for row in self.rows}
        if not _EXTENSION.fullmatch(name) or any(one and one.partition("/")[2] == name for one in others):
            return None
        return f"Local/{name}"

    def _phone(self) -> str | None:
        """The number at the other end: who calls in from outside, or who is called there."""
        for row, (caller, _) in zip(self.rows, self.people, strict=True):
            number = phone_key(row.body["dst"]) if caller else phone_key(row.body["src"])
            if number and _outside(number):
                return number
        return None


def _endpoint(channel: str | None) -> str | None:
    """PJSIP/2001 of PJSIP/2001-0000001a."""
    found = _CHANNEL.fullmatch(channel or "")
    return f"{found.group(1)}/{found.group(2)}" if found else None


def _kind(channel: str | None) -> str:
    return (channel or "").partition("/")[0].upper()


def _is_extension(endpoint: str) -> bool:
    kind, _, name = endpoint.partition("/")
    return kind.upper() not in _LINES and _EXTENSION.fullmatch(name) is not None


def _is_person_number(number: object) -> bool:
    return _EXTENSION.fullmatch(id_of(number) or "") is not None


def _outside(number: object) -> bool:
    """A number of seven digits or more; extensions are shorter."""
    key = phone_key(number)
    return key is not None and len(key.lstrip("+")) >= 7

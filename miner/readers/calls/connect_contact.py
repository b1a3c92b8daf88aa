"""One Amazon Connect call or chat: the legs that share their first contact, each an interaction of its own.

How a leg grew out of the one before, and whose it is, is in `connect_chain`; what happened in one in `connect_legs`.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import cast

from miner.events.schema import Event
from miner.events.sink import Sink
from miner.readers.calls.connect_chain import Chain
from miner.readers.calls.connect_legs import LegSteps
from miner.readers.calls.connect_record import Leg
from miner.readers.shared.call_steps import Call
from miner.readers.shared.staging import Staged

_CHANNELS = {"VOICE": "voice", "CHAT": "chat", "TASK": "task", "EMAIL": "email"}
_SUBTYPES = {
    "connect:SMS": "sms",
    "connect:Apple": "messaging",
    "connect:WhatsApp": "messaging",
    "connect:Guide": "chat",
    "connect:Telephony": "voice",
    "connect:WebRTC": "voice",
    "connect:Email": "email",
}
# Legs of one call: a callback, an outbound call and a reply begin a new one.
_SAME_CALL = frozenset(("TRANSFER", "QUEUE_TRANSFER", "EXTERNAL_OUTBOUND", "MONITOR", "DISCONNECT"))
_TO_OTHERS = ("TRANSFER", "EXTERNAL_OUTBOUND")  # the far end may be a colleague or a third party


class Contact:
    """All legs of one call."""

    def __init__(self, staged: list[Staged], sink: Sink):
        self.chain, self.sink = Chain(staged), sink
        in_time = [cast(Leg, one.body) for one in staged]
        self.customer = next((leg["customer"] for leg in in_time if leg["customer"]), None)
        self.intent = next((intent for leg in in_time if (intent := leg["mapped"].get("intent"))), None)

    def steps(self) -> Iterator[Event]:
        """The events of all legs, as keywords of `Sink.event`; interactions and references go to the sink."""
        made: list[Event] = []
        for staged, leg in zip(self.chain.staged, self.chain.legs, strict=True):
            call = self._call(leg)
            self._declare(leg, call)
            made += call.of(staged, LegSteps(leg, call.customer, self.chain, self.sink).steps())
        # Numbered over all legs: where one takes over in the moment another ends, the earlier leg comes first.
        for number, event in enumerate(sorted(made, key=lambda event: event["started_us"]), 1):
            yield {**event, "sequence": number}

    def _call(self, leg: Leg) -> Call:
        intent = leg["mapped"].get("intent") or self.intent
        return Call("connect", f"connect:{leg['id']}", self._channel(leg), self._customer(leg), intent)

    def _declare(self, leg: Leg, call: Call) -> None:
        declared = {name: value for name, value in leg["declared"].items() if value is not None}
        call.declare(self.sink, json.dumps(declared) if declared else None, self._identity(leg))
        for basis, other in (("previous", leg["previous"]), ("initial", leg["initial"]), ("related", leg["related"])):
            if other and other != leg["id"]:
                same = basis != "related" and leg["method"] in _SAME_CALL
                self.sink.refer(call.key, f"connect:{other}", f"{basis} contact", same)
        for ticket in leg["tickets"]:
            self.sink.refer(call.key, ticket, "ticket id")

    def _customer(self, leg: Leg) -> str | None:
        """The declared customer of the leg or the call; else who is at the other end of it, or of the first leg."""
        own = leg["endpoint"] if leg["method"] not in _TO_OTHERS else None
        return leg["customer"] or self.customer or own or self.chain.legs[0]["endpoint"]

    def _identity(self, leg: Leg) -> str | None:
        """What the call's first leg says of who it is, and this one."""
        own = leg["identity"] if leg["method"] not in _TO_OTHERS else {}
        identity = {**self.chain.legs[0]["identity"], **own}
        return json.dumps(identity) if identity else None

    def _channel(self, leg: Leg) -> str:
        if leg["subtype"] in _SUBTYPES:
            return _SUBTYPES[leg["subtype"]]
        if leg["channel"] not in _CHANNELS:
            self.sink.note("unknown values", "unrecognised channels were read as unknown", example=leg["channel"])
        return _CHANNELS.get(leg["channel"] or "", "unknown")

"""One Intercom conversation or ticket as events of one interaction, and what the whole declares."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import cast

from miner.events.schema import Event
from miner.events.sink import Sink
from miner.events.values import customer_key, email_key, number_of
from miner.readers.base import Report
from miner.readers.chats.intercom_parts import CUSTOMERS, PartSteps
from miner.readers.chats.intercom_record import Contact, ConversationRecord
from miner.readers.shared.recorded import with_recorded
from miner.readers.shared.staging import Staged, hand_over

_CHANNELS = {
    "conversation": "chat",
    "push": "chat",
    "email": "email",
    "facebook": "social",
    "instagram": "social",
    "twitter": "social",
    "whatsapp": "messaging",
    "sms": "sms",
    "phone_call": "voice",
    "phone_switch": "voice",
    "chat": "chat",
    "messenger": "chat",
    "web": "web_form",
}


class Conversation:
    """One conversation on its way through its parts."""

    def __init__(self, staged: Staged, names: dict[str, str], sink: Sink):
        self.staged, self.record, self.sink = staged, cast(ConversationRecord, staged.body), sink
        self.key = f"intercom:{self.record['id']}"
        self.customer = self._customer()
        self.channel = self._channel()
        self.parts = PartSteps(self.record, self.customer, names, sink)

    def steps(self) -> Iterator[Event]:
        """The events of the conversation in order, as keywords of `Sink.event`."""
        events = [] if self.record.get("headless") else [self.parts.first(self.staged.at)]
        events += self.parts.of_parts()
        if (rating := self.parts.rating()) is not None:
            events.append(rating)
            events.sort(key=lambda event: event["started_us"])
        mapped, last = self.record["mapped"], events[-1]
        last["outcome"] = mapped.get("outcome") or last["outcome"]
        last["value"] = number_of(mapped.get("value"))
        last["attributes"] = with_recorded(last.get("attributes"), mapped.get)
        common: Event = {
            "source": self.staged.source,
            "source_no": self.staged.source_no,
            "line": self.staged.line,
            "interaction_id": self.key,
            "channel": self.channel,
            "source_system": "intercom",
            "customer": self.customer,
            "intent": mapped.get("intent"),
        }
        for number, event in enumerate(events, 1):
            yield {**common, **event, "sequence": number}

    def hand_over(self, reports: dict[int, Report]) -> int:
        """Give the events and the interaction to the sink, and note what is missing; returns how many events."""
        count = hand_over(self.sink, reports, self.steps())
        self._declare()
        self._check()
        return count

    def _declare(self) -> None:
        record, score = self.record, self.record["rating"]["score"]
        declared = record["declared"] | ({"rating": score} if score else {})
        self.sink.interaction(
            interaction_id=self.key,
            source_system="intercom",
            channel=self.channel,
            customer=self.customer,
            intent=record["mapped"].get("intent"),
            declared=json.dumps(declared) if declared else None,
            identity=self._identity(),
        )
        for linked in record["linked"]:
            self.sink.refer(self.key, f"intercom:{linked}", "linked object")

    def _check(self) -> None:
        """Note what is missing."""
        record, key = self.record, self.record["id"]
        total, parts = record["total_parts"], len(record["parts"])
        if not record["listed"]:
            message = "conversations were exported without their parts (list requests omit them)"
            self.sink.note("truncated", message, example=key)
        elif total is not None and total > parts:
            message = "conversations have more parts than the export contains"
            self.sink.note("truncated", message, example=f"{key}: {parts} of {total}")
        elif record["declared"].get("count_reopens") not in (None, self.parts.reopens):
            message = "the exported number of reopens differs from what the parts show"
            self.sink.note("reconcile", message, example=key)

    def _customer(self) -> str | None:
        """external_id, else e-mail, else intercom:<id> of the first contact, or of the customer who wrote first."""
        contact, author = self._contact(), self.record["author"]
        external = contact["external_id"] if contact else None
        id, email = (contact["id"], contact["email"]) if contact else (None, None)
        if contact is None and author["type"] in CUSTOMERS:
            id, email = author["id"], author["email"]
        own = f"intercom:{id}" if id else None
        mapped = customer_key(self.record["mapped"].get("customer"))
        return mapped or customer_key(external) or email_key(email) or own

    def _contact(self) -> Contact | None:
        return next(iter(self.record["contacts"]), None)

    def _identity(self) -> str | None:
        contact = self._contact()
        known = {"user_agent": self.record.get("user_agent")}
        if contact:
            known = {
                "id": contact["external_id"] or contact["id"],
                "email": contact["email"],
                "name": contact["name"],
                "phone": contact["phone"],
                **known,
            }
        identity = {key: value for key, value in known.items() if value}
        return json.dumps(identity) if identity else None

    def _channel(self) -> str:
        if self.record.get("headless"):
            return "unknown"
        name, ticket = self.record["channel"], self.record["ticket"]
        if ticket is not None and name is None:
            return "task" if ticket in ("Back-office", "Tracker") else "unknown"
        if name is not None and name not in _CHANNELS:
            self.sink.note("unknown values", "unrecognised channels were read as unknown", example=name)
        return _CHANNELS.get(name or "conversation", "unknown")

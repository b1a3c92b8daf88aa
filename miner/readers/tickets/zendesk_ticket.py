"""What the audits of one Zendesk ticket say, step by step."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Protocol

from miner.events.schema import Event
from miner.events.sink import Sink
from miner.events.values import customer_key, number_of
from miner.readers.shared.fields import Json
from miner.readers.shared.saves import ONE_SAVE
from miner.readers.shared.staging import Staged
from miner.readers.tickets.lifecycle import HOLDERS, SYSTEM, By, Desk, Lifecycle, as_json
from miner.readers.tickets.zendesk_shapes import Body

_CHANNELS = {
    "email": "email",
    "web": "web_form",
    "web_form": "web_form",
    "web_widget": "web_form",
    "help_center": "web_form",
    "mobile": "web_form",
    "voice": "voice",
    "phone": "voice",
    "phone_call_inbound": "voice",
    "voicemail": "voice",
    "phone_call_outbound": "voice",
    "chat": "chat",
    "chat_transcript": "chat",
    "chat_offline_message": "chat",
    "messaging": "messaging",
    "native_messaging": "messaging",
    "mobile_sdk": "messaging",
    "whatsapp": "messaging",
    "facebook_messenger": "messaging",
    "line": "messaging",
    "viber": "messaging",
    "telegram": "messaging",
    "wechat": "messaging",
    "sms": "sms",
    "text": "sms",
    "twitter": "social",
    "facebook": "social",
    "instagram": "social",
    "instagram_dm": "social",
    "twitter_dm": "social",
    "any_channel": "social",
    "api": "unknown",
    "rule": "unknown",
    "system": "unknown",
    "sample_ticket": "unknown",
}
_SPOKEN = frozenset(("email", "voice", "chat", "messaging", "sms", "social"))
_ECHOES = frozenset(
    (
        "Notification",
        "NotificationWithCcs",
        "FollowerNotificationEvent",
        "Cc",
        "EmailCcChange",
        "FollowerChange",
        "Push",
        "WebhookEvent",
        "External",
        "Error",
        "AgentMacroReference",
        "AssociateAttValsEvent",
        "TranslationEvent",
        "AttachmentRedactionEvent",
        "CommentRedactionEvent",
        "CommentPrivacyChange",
        "SecureCommentAttachment",
    )
)
_MESSAGES = frozenset(("Comment", "VoiceComment", "Tweet", "FacebookComment", "FacebookEvent", "ChannelBackEvent"))
_ROLES = {"group_id": "team", "assignee_id": "agent", "status": "state"}
_TOTALS = ("reopens", "replies", "group_stations", "assignee_stations", "status", "group_id")


class Account(Protocol):
    """What a ticket asks of its surroundings."""

    desk: Desk
    mapped: dict[str, str]
    tickets: dict[str, Json]

    def role(self, user_id: str, requester: str | None) -> str:
        """customer, agent or unknown."""

    def customer(self, requester: str | None) -> str | None:
        """The key of the customer."""

    def identity(self, requester: str | None) -> dict[str, str | None]:
        """What tells who the customer is."""


def declared_totals(value: Json, rating: str | None) -> Json:
    """The totals a ticket declares of itself, for reconciling."""
    found = {
        name: str(value[name]) if name in ("status", "group_id") else number_of(value[name])
        for name in _TOTALS
        if value.get(name) is not None
    }
    return found | ({"satisfaction": rating} if rating else {})


class Ticket:
    """One ticket with its audits, which must be in order."""

    def __init__(self, ticket_id: str, audits: list[Staged], account: Account):
        self.id, self.audits, self.account = ticket_id, audits, account
        self.note = account.desk.sink.note
        self.key = f"zendesk:{ticket_id}"
        self.known = account.tickets.get(ticket_id, {"fields": {}, "declared": {}})
        self.requester = self._requester()
        self.mapped = self._mapped()
        customer = customer_key(self.mapped.get("customer")) or account.customer(self.requester)
        self.life = Lifecycle(
            account.desk,
            self.key,
            customer=customer,
            intent=self.mapped.get("intent"),
            channel=self._channel_of(audits[0].body["via"]) or "unknown",
        )

    def steps(self) -> Iterator[Event]:
        """The events of the ticket in order, as keywords of `Sink.event`."""
        self.life.starts({role: self._first(name) for name, role in _ROLES.items()})
        for audit in self.audits:
            events = audit.body["events"]
            created = any(event["type"] == "Create" for event in events)
            acts: dict[tuple[str | None, str | None], list[Body]] = {}
            for event in events:
                acts.setdefault(_author(audit.body, event), []).append(event)
            for author, done in acts.items():
                yield from self._act(audit, self._by(*author), done, created)

    def said(self, key: str) -> str | None:
        """What the field that is mapped to a key says."""
        return self.mapped.get(key)

    def outcome_and_value(self) -> tuple[str | None, object]:
        """What mapped fields say of the ticket as a whole, else the status it is in."""
        status = self.known["declared"].get("status") if self._is_present() else None
        return self.mapped.get("outcome") or self.life.last_known(status), self.mapped.get("value")

    def finish(self, sink: Sink) -> None:
        """The interaction itself, what it refers to, and whether the history is whole."""
        declared = self.known["declared"]
        sink.interaction(
            interaction_id=self.key,
            source_system="zendesk",
            channel=self.life.channel,
            customer=self.life.customer,
            intent=self.life.intent,
            declared=json.dumps(declared) if declared else None,
            identity=self._identity(),
        )
        for audit in self.audits:
            via = audit.body["via"]
            if via["ticket"] and via["ticket"] != self.id:
                sink.refer(self.key, f"zendesk:{via['ticket']}", via["rel"] or "ticket", via["rel"] == "merge")
        if declared.get("group_id") not in (None, self.life.team):
            sink.note("truncated", "the ticket's group differs from that in its last audit", example=self.id)
        if declared.get("reopens") not in (None, self.life.reopens):
            sink.note("reconcile", "the ticket's number of reopens differs from its history", example=self.id)

    def _act(self, audit: Staged, by: By, events: list[Body], created: bool) -> Iterator[Event]:
        """What one author does in an audit: a trigger's changes inside an agent's audit are the trigger's."""
        change: dict[str, str | None] = {}
        before: dict[str, str | None] = {}
        early: list[Event] = []
        steps: list[Event] = []
        creates = any(event["type"] == "Create" for event in events)
        for event in events:
            role = _ROLES.get(event["field"] or "") if event["type"] in ("Create", "Change") else None
            if role:
                change[role] = event["value"]
                if event["type"] == "Change" and not creates and (role != "state" or event["before"]):
                    before.setdefault(role, event["before"])
            elif event["type"] != "Create" and not (created and event["type"] == "Comment"):
                (steps if change.keys() & HOLDERS else early).extend(self._step(event, audit, by))
        yield from self.life.save(audit, by, change, created=creates, before=before, early=early, steps=steps)

    def _step(self, event: Body, audit: Staged, by: By) -> list[Event]:
        kind, name = event["type"], event["field"]
        if kind in _MESSAGES:
            return [self._message(event, audit, by)]
        if kind in _ECHOES:
            self.note("left out", "notifications and other echoes are not steps of a ticket", example=kind)
            return []
        if kind == "SatisfactionRating" or (kind == "Change" and name == "satisfaction_score"):
            score = event["score"] or event["value"]
            offered = score in ("offered", "unoffered")
            return [
                {
                    "activity": "Survey offered" if offered else "Survey answered",
                    "event_type": "survey_offered" if offered else "survey_answered",
                    "attributes": as_json({"score": score}),
                }
            ]
        if kind == "Change":
            field = f"field {name}" if name and name.isdecimal() else name or "field"
            event_type = "sla" if name and "sla" in name else "field_changed"
            return [{"activity": f"Changed {field}", "event_type": event_type, **_triage(event["value"])}]
        if "Sla" in kind or kind == "Metric event":
            return [{"activity": f"{name}: {event['value']}" if name else kind, "event_type": "sla"}]
        self.note("unknown values", "event unknown types were kept by name", example=kind)
        return [{"activity": kind or "(no type)", "event_type": None}]

    def _message(self, event: Body, audit: Staged, by: By) -> Event:
        via = event["via"] or audit.body["via"]
        if via["rel"] == "merge":
            return {"activity": "Merged", "event_type": "merged"}
        if event["public"] is False:
            return {"activity": "Internal note", "event_type": "note", "text": event.get("text")}
        names = {"customer": "Customer message", "agent": "Reply", "rule": "Automatic message"}
        # Where an agent works (web, api) is no channel; how a message reached the customer is.
        spoken = self._channel_of(via)
        return {
            "activity": names.get(by.type, "Message"),
            "event_type": "message",
            "text": event.get("text"),
            **({"channel": spoken} if spoken in _SPOKEN else {}),
        }

    def _by(self, rule: str | None, author: str | None) -> By:
        if rule:
            return By("rule", None, rule)
        if author is None:
            return SYSTEM
        role = self.account.role(author, self.requester)
        if role == "unknown":
            message = "authors who are neither the requester nor known agents; export the users too"
            self.note("unknown roles", message, example=author)
        return By(role, author)

    def _changes(self, name: str) -> Iterator[Body]:
        """The events that set a field, in order."""
        for audit in self.audits:
            yield from (e for e in audit.body["events"] if e["field"] == name and e["type"] in ("Create", "Change"))

    def _first(self, name: str) -> str | None:
        """The value a field had before its first change; None where the audits show how it was created."""
        first = next(self._changes(name), None)
        if first is None:
            return None if name == "status" else self.known["declared"].get(name)
        before: str | None = first["before"]
        return None if first["type"] == "Create" else before

    def _is_present(self) -> bool:
        """Whether what the ticket says of itself is not older than its audits."""
        at = self.known.get("updated_us")
        return at is None or self.audits[-1].at - at <= ONE_SAVE

    def _identity(self) -> str | None:
        """Who the requester is, with their first words' mark and what they wrote them with."""
        first = self.audits[0].body
        said = self.account.identity(self.requester)
        if first["author"] == self.requester:
            marks = (event.get("opening") for event in first["events"])
            said |= {"user_agent": first.get("client"), "opening": next(filter(None, marks), None)}
        kept = {key: value for key, value in said.items() if value}
        return json.dumps(kept) if kept else None

    def _requester(self) -> str | None:
        found: str | None = self.known.get("requester")
        for event in self._changes("requester_id"):
            found = event["value"] or found
        first = self.audits[0].body
        author, created = first["author"], any(event["type"] == "Create" for event in first["events"])
        if found or not created or not author or author.startswith("-") or first["via"]["rule"]:
            return found
        return None if self.account.role(author, None) == "agent" else author

    def _mapped(self) -> dict[str, str | None]:
        """The last value of each custom field that is mapped, from the ticket or its audits."""
        found = {}
        for key, name in self.account.mapped.items():
            name = name.removeprefix("custom_field_").removeprefix("custom_fields_")
            found[key] = self.known["fields"].get(name)
            for event in self._changes(name):
                found[key] = event["value"]
        return found

    def _channel_of(self, via: Json) -> str | None:
        name = via["channel"]
        if name is None:
            return None
        if name not in _CHANNELS:
            self.note("unknown values", "unrecognised channels were read as unknown", example=name)
        return _CHANNELS.get(name, "unknown")


def _author(audit: Body, event: Body) -> tuple[str | None, str | None]:
    """The rule or the person who acted: what an event says of itself comes before what its audit says."""
    own = event if event["type"] != "Create" else {"via": None, "author": None}
    via, author = own["via"] or audit["via"], own["author"] or audit["author"]
    if via["rule"]:
        return via["title"] or via["rel"] or "rule", None
    return None, None if author is None or author.startswith("-") or via["channel"] == "system" else author


def _triage(value: str | None) -> Event:
    """What Zendesk's triage read from a ticket, which it writes as sentiment__very_negative or language__en."""
    kind, parted, said = (value or "").partition("__")
    known = parted and said and kind in ("sentiment", "language")
    return {"attributes": as_json({kind: said.replace("_", " ")})} if known else {}

"""What the audits of one Zendesk ticket say, step by step."""

from __future__ import annotations

from collections.abc import Iterator

from miner.events.schema import Event
from miner.events.sink import Sink
from miner.events.values import customer_key
from miner.readers.shared.fields import Body, Json, as_json
from miner.readers.shared.helpdesk import SYSTEM, Author
from miner.readers.shared.lifecycle import HOLDERS, Lifecycle
from miner.readers.shared.save_grouping import ONE_SAVE
from miner.readers.shared.staging import Staged
from miner.readers.shared.ticket import Ticket
from miner.readers.tickets.zendesk_account import Account

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


class ZendeskTicket(Ticket[Account]):
    """One ticket with its audits, which must be in order."""

    def __init__(self, id: str, audits: list[Staged], account: Account):
        super().__init__(id, audits, account)
        self.note = account.sink.note
        self.known = account.tickets.get(id, {"fields": {}, "declared": {}})
        self.requester = self._requester()
        self._mapped = self._mapped_values()
        self.life = Lifecycle(
            account,
            f"zendesk:{id}",
            channel=self._channel_of(audits[0].body["via"]) or "unknown",
            customer=customer_key(self.mapped("customer")) or account.customer(self.requester),
            intent=self.mapped("intent"),
        )

    def steps(self) -> Iterator[Event]:
        """The events of the ticket in order, as keywords of `Sink.event`."""
        self.life.starts({role: self._first(name) for name, role in _ROLES.items()})
        for audit in self.records:
            events = audit.body["events"]
            created = any(event["type"] == "Create" for event in events)
            acts: dict[tuple[str | None, str | None], list[Body]] = {}
            for event in events:
                acts.setdefault(_author(audit.body, event), []).append(event)
            for author, done in acts.items():
                yield from self._act(audit, self._author_of(*author), done, created)

    def mapped(self, key: str) -> str | None:
        """The last value of the custom field that is mapped to a key, from the ticket or its audits."""
        return self._mapped.get(key)

    def last_state(self) -> tuple[str | None, str | None]:
        """The status the ticket says it is in, unless that is older than its audits."""
        at = self.known.get("updated_us")
        is_present = at is None or self.records[-1].at - at <= ONE_SAVE
        return self.known["declared"].get("status") if is_present else None, None

    def declared(self) -> Json:
        """The totals of the ticket."""
        declared: Json = self.known["declared"]
        return declared

    def identity(self) -> Json:
        """Who the requester is, with their first words' mark and what they wrote them with."""
        first = self.records[0].body
        identity: Json = dict(self.account.identity(self.requester))
        if first["author"] == self.requester:
            marks = (event.get("opening") for event in first["events"])
            identity |= {"user_agent": first.get("client"), "opening": next(filter(None, marks), None)}
        return {key: value for key, value in identity.items() if value}

    def references(self) -> Iterator[tuple[str, str, bool]]:
        """Tickets that audits came from."""
        for audit in self.records:
            via = audit.body["via"]
            if via["ticket"] and via["ticket"] != self.id:
                yield f"zendesk:{via['ticket']}", via["rel"] or "ticket", via["rel"] == "merge"

    def check(self, sink: Sink) -> None:
        """Group and reopens of the ticket must be those of its history."""
        declared = self.known["declared"]
        if declared.get("group_id") not in (None, self.life.team):
            sink.note("truncated", "the ticket's group differs from that in its last audit", example=self.id)
        if declared.get("reopens") not in (None, self.life.reopens):
            sink.note("reconcile", "the ticket's number of reopens differs from its history", example=self.id)

    def _act(self, audit: Staged, author: Author, events: list[Body], created: bool) -> Iterator[Event]:
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
                (steps if change.keys() & HOLDERS else early).extend(self._step(event, audit, author))
        yield from self.life.save(audit, author, change, created=creates, before=before, early=early, steps=steps)

    def _step(self, event: Body, audit: Staged, author: Author) -> list[Event]:
        kind, name = event["type"], event["field"]
        if kind in _MESSAGES:
            return [self._message(event, audit, author)]
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

    def _message(self, event: Body, audit: Staged, author: Author) -> Event:
        via = event["via"] or audit.body["via"]
        if via["rel"] == "merge":
            return {"activity": "Merged", "event_type": "merged"}
        if event["public"] is False:
            return {"activity": "Internal note", "event_type": "note", "text": event.get("text")}
        names = {"customer": "Customer message", "agent": "Reply", "rule": "Automatic message"}
        # Where an agent works (web, api) is no channel; how a message reached the customer is.
        spoken = self._channel_of(via)
        return {
            "activity": names.get(author.type, "Message"),
            "event_type": "message",
            "text": event.get("text"),
            **({"channel": spoken} if spoken in _SPOKEN else {}),
        }

    def _author_of(self, rule: str | None, author: str | None) -> Author:
        if rule:
            return Author("rule", None, rule)
        if author is None:
            return SYSTEM
        role = self.account.role(author, self.requester)
        if role == "unknown":
            message = "authors who are neither the requester nor known agents; export the users too"
            self.note("unknown roles", message, example=author)
        return Author(role, author)

    def _changes(self, name: str) -> Iterator[Body]:
        """The events that set a field, in order."""
        for audit in self.records:
            yield from (e for e in audit.body["events"] if e["field"] == name and e["type"] in ("Create", "Change"))

    def _first(self, name: str) -> str | None:
        """The value a field had before its first change; None where the audits show how it was created."""
        first = next(self._changes(name), None)
        if first is None:
            return None if name == "status" else self.known["declared"].get(name)
        before: str | None = first["before"]
        return None if first["type"] == "Create" else before

    def _requester(self) -> str | None:
        found: str | None = self.known.get("requester")
        for event in self._changes("requester_id"):
            found = event["value"] or found
        first = self.records[0].body
        author, created = first["author"], any(event["type"] == "Create" for event in first["events"])
        if found or not created or not author or author.startswith("-") or first["via"]["rule"]:
            return found
        return None if self.account.role(author, None) == "agent" else author

    def _mapped_values(self) -> dict[str, str | None]:
        values = {}
        for key, name in self.account.mapping.items():
            name = name.removeprefix("custom_field_").removeprefix("custom_fields_")
            values[key] = self.known["fields"].get(name)
            for event in self._changes(name):
                values[key] = event["value"]
        return values

    def _channel_of(self, via: Body) -> str | None:
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
    kind, mark, label = (value or "").partition("__")
    known = mark and label and kind in ("sentiment", "language")
    return {"attributes": as_json({kind: label.replace("_", " ")})} if known else {}

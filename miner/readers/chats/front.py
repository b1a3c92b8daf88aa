"""Front: the events of conversations, as the Core API lists them.

An inbox is the team of a conversation while it lies there; a teammate's step is that of the inbox when they act.
Rules, the API and reminders own nothing.
"""

from __future__ import annotations

from typing import Any

from miner.events.sink import Sink
from miner.events.times import SECOND
from miner.events.values import customer_key, email_key, id_of, number_of, phone_key, text_of
from miner.readers.base import Match, SourceFile
from miner.readers.shared.account_files import AccountFiles
from miner.readers.shared.conversation import SYSTEM, Actor, Conversation, first_key, mapped_text, words
from miner.readers.shared.fields import Malformed, child
from miner.readers.shared.records import Record, sample, shows
from miner.readers.shared.save_grouping import ActingTeam
from miner.readers.shared.staging import Staged

NAME = "front"
TITLE = "Front conversation events"
LINKED = True
OUTCOMES = ("closed", "deleted", "open")

_PAGES = ("_results",)
_CHANNELS = {
    "email": "email",
    "sms": "sms",
    "whatsapp": "messaging",
    "front_chat": "chat",
    "intercom": "chat",
    "call": "voice",
    "phone-call": "voice",
    "facebook": "social",
    "tweet": "social",
    "tweet_dm": "social",
    "custom": "messaging",
}
_STEPS: dict[str, tuple[str, str | None, str | None]] = {
    "archive": ("Archived", "closed", "closed"),
    "trash": ("Deleted", "closed", "deleted"),
    "reopen": ("Reopened", "reopened", "open"),
    "restore": ("Restored", "reopened", "open"),
    "comment": ("Comment", "note", None),
    "mention": ("Mention", "note", None),
    "tag": ("Tagged", "field_changed", None),
    "untag": ("Untagged", "field_changed", None),
    "link_added": ("Link added", "field_changed", None),
    "link_removed": ("Link removed", "field_changed", None),
    "reminder": ("Reminder", "status_changed", None),
    "sending_error": ("Sending failed", None, None),
    "message_bounce_error": ("Message bounced", None, None),
    "forward": ("Forwarded", "message", None),
    "conversations_merged": ("Merged", "merged", None),
}
_OUT = frozenset(("outbound", "out_reply"))


def sniff(file: SourceFile) -> Match | None:
    """Events with `emitted_at`, `type` and a conversation whose id begins with cnv_."""
    if any(_is_event(record.value) for record in sample(file, _PAGES)):
        return Match(95, "events with emitted_at and a conversation cnv_…, as in Front")
    return Match(70, "a long list of events as in Front") if shows(file, "emitted_at", "conversation") else None


class _Files(AccountFiles):
    """Read the files of one company together: the events of a conversation lie on many pages."""

    name = NAME
    pages = _PAGES
    time_words = "epoch seconds, UTC"
    nothing, fix = "there are no conversations", "export /events or /conversations/{id}/events"

    def take(self, record: Record) -> None:
        """An event, under its conversation."""
        value = record.value
        if not _is_event(value):
            raise Malformed("emitted_at", "not an event of a conversation", sorted(value)[:10])
        conversation, source, target = child(value, "conversation"), child(value, "source"), child(value, "target")
        at, key = self.clock.need(value, "emitted_at"), str(id_of(conversation.get("id")))
        data = target.get("data")
        message: dict[str, Any] = data if isinstance(data, dict) else {}
        recipient = child(conversation, "recipient")
        id = id_of(value.get("id"))
        body = {
            "type": text_of(value.get("type")) or "",
            "source": _party(source),
            "target": _party(target),
            "author": _person(message.get("author")),
            "message": text_of(message.get("type")),
            "text": text_of(message.get("text")),
            "created": self.clock.of(conversation, "created_at"),
            "handle": text_of(recipient.get("handle")),
            "name": text_of(recipient.get("name")),
            "mapped": mapped_text(child(conversation, "custom_fields"), self.mapping),
        }
        self.staging.add(record.line, key, body, at=at, id=id)

    def interaction(self, key: str, records: list[Staged]) -> Conversation:
        """The steps of a conversation."""
        return _Steps(key, records, self.sink).tell()


read, read_all = _Files.read, _Files.read_all


class _Steps:
    """One conversation on its way through its events."""

    def __init__(self, key: str, events: list[Staged], sink: Sink):
        self.key, self.events, self.sink = key, events, sink
        last = events[-1].body
        handle = next((e.body["handle"] for e in reversed(events) if e.body["handle"]), None)
        customer = first_key(
            customer_key(last["mapped"].get("customer")),
            email_key(handle),
            phone_key(handle),
            f"{NAME}:{handle}" if handle else None,
        )
        self.chat = Conversation(sink, f"{NAME}:{key}", NAME, self._channel(), customer, last["mapped"].get("intent"))
        self.chat.identity = {"email": email_key(handle), "phone": phone_key(handle), "name": last["name"]}
        self.chat.outcome, self.chat.value = (
            last["mapped"].get("outcome"),
            number_of(last["mapped"].get("value")),
        )
        self.acting = ActingTeam()
        self.inbox: str | None = None
        self.owner: str | None = None
        self.owners_inbox: str | None = None
        self.customer: Actor = ("customer", customer)

    def tell(self) -> Conversation:
        """All steps, in the order of time."""
        created = self.events[0].body["created"]
        if created is not None and created < self.events[0].at - 60 * SECOND:
            self.sink.note("truncated", "the first events of conversations are missing", example=self.key)
        for event in self.events:
            self._event(event)
        return self.chat

    def _event(self, event: Staged) -> None:
        body, kind = event.body, event.body["type"]
        actor = self._actor(body["source"])
        if body["source"]["kind"] == "inboxes":
            self.inbox = self.inbox or body["source"]["name"]
        if kind == "inbound":
            self._add(event, self.customer, "Customer message", "message", text=body["text"])
        elif kind in _OUT:
            author: Actor = ("agent", body["author"]) if body["author"] else actor
            self._add(event, author, "Reply", "message", text=body["text"])
        elif kind in ("assign", "unassign"):
            self._assign(event, actor)
        elif kind == "move":
            self._move(event, actor)
        elif kind in _STEPS:
            activity, event_type, outcome = _STEPS[kind]
            self._add(event, actor, activity, event_type, outcome=outcome)
            for merged in body["target"]["ids"] if kind == "conversations_merged" else ():
                self.sink.refer(self.chat.key, f"{NAME}:{merged}", "merged", same=True)
        else:
            self.sink.note("unknown values", "unknown event types were kept by name", example=kind)
            self._add(event, actor if actor[0] == "agent" else SYSTEM, words(kind), None)

    def _assign(self, event: Staged, actor: Actor) -> None:
        """Passing the conversation on is the sender's step; the first assignment is routing."""
        to = event.body["target"]["name"] if event.body["type"] == "assign" else None
        kind = "agent_reassign" if to and self.owner and to != self.owner else None
        # Who moves a conversation and then assigns it does both for the inbox it was theirs in.
        team = self.owners_inbox if actor == ("agent", self.owner) else self.inbox
        self.chat.add(
            event,
            event.at,
            actor,
            "Assigned to agent" if to else "Unassigned",
            "assigned" if to else "unassigned",
            team,
            handoff_kind=kind,
            details={"from_agent": self.owner, "to_agent": to},
        )
        self.owner, self.owners_inbox = to, self.inbox

    def _move(self, event: Staged, actor: Actor) -> None:
        to = event.body["target"]["name"]
        kind = "group_reassign" if to and self.inbox and to != self.inbox and self._was_owned() else None
        self._add(
            event,
            actor,
            "Moved to inbox",
            "assigned",
            handoff_kind=kind,
            details={"from_team": self.inbox, "to_team": to},
        )
        self.inbox = to or self.inbox

    def _was_owned(self) -> bool:
        return any(step["actor_type"] == "agent" for step in self.chat.steps)

    def _add(self, event: Staged, actor: Actor, activity: str, event_type: str | None, **more: Any) -> None:
        team = self.acting.team(actor, event.at, self.inbox)
        self.chat.add(event, event.at, actor, activity, event_type, team, **more)

    def _actor(self, source: dict[str, Any]) -> Actor:
        kind, name = source["kind"], source["name"]
        if kind == "teammate":
            return "agent", name
        if kind == "rule":
            return "rule", name or "rule"
        if kind not in (None, "inboxes", "recipient", "reminder", "api", "import", "gmail"):
            self.sink.note("unknown values", "unknown kinds of source", example=kind)
        return "system", name or kind or "system"

    def _channel(self) -> str:
        kind = next((e.body["message"] for e in self.events if e.body["message"]), None)
        if kind is not None and kind not in _CHANNELS:
            self.sink.note("unknown values", "unrecognised channels were read as unknown", example=kind)
        return _CHANNELS.get(kind or "", "unknown")


def _party(holder: dict[str, Any]) -> dict[str, Any]:
    """A source or target: what it is, its name (of several inboxes the first), and the ids it lists."""
    data = holder.get("data")
    items = data if isinstance(data, list) else [data]
    first = next(iter(items), None)
    return {
        "kind": text_of(child(holder, "_meta").get("type")),
        "name": _person(first),
        "ids": [key for item in items if (key := id_of(item.get("id") if isinstance(item, dict) else item))],
    }


def _person(value: object) -> str | None:
    """A teammate's or inbox's name, else its id."""
    if not isinstance(value, dict):
        return id_of(value)
    full = " ".join(name for part in ("first_name", "last_name") if (name := text_of(value.get(part))))
    return full or text_of(value.get("name")) or text_of(value.get("username")) or id_of(value.get("id"))


def _is_event(value: dict[str, Any]) -> bool:
    conversation = value.get("conversation")
    return (
        "emitted_at" in value
        and "type" in value
        and isinstance(conversation, dict)
        and (id_of(conversation.get("id")) or "").startswith("cnv_")
    )

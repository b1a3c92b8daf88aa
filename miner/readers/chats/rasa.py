"""Rasa: the events of trackers, as `/conversations/{id}/tracker` gives them or as a broker writes them line by line.

A session is an interaction. The assistant is a bot; `agent` events are a human's. Rasa has no standard handoff:
which action means one is declared with `--map agent=ACTION` or `--map "team=TEAM: ACTION"`.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from typing import Any

from miner.events.sink import Sink
from miner.events.times import SECOND
from miner.events.values import id_of, number_of, text_of
from miner.readers.base import Match, Options, SourceFile
from miner.readers.chats.people import People
from miner.readers.shared.account_files import AccountFiles
from miner.readers.shared.conversation import SYSTEM, Actor, Conversation, person_key, words
from miner.readers.shared.fields import Json, Malformed, child, children
from miner.readers.shared.records import Record, sample, shows
from miner.readers.shared.staging import Staged

NAME = "rasa"
TITLE = "Rasa tracker events"
LINKED = True

HUMAN = "human agent"  # the name of a human whose name the tracker does not say

_PAGES = ("trackers",)
_CHANNELS = {
    "rest": "chat",
    "socketio": "chat",
    "webchat": "chat",
    "callback": "chat",
    "cmdline": "chat",
    "rasa": "chat",
    "twilio": "sms",
    "facebook": "social",
    "telegram": "messaging",
    "slack": "messaging",
    "whatsapp": "messaging",
    "mattermost": "messaging",
    "rocketchat": "messaging",
    "webexteams": "messaging",
    "twilio_voice": "voice",
    "audiocodes": "voice",
    "email": "email",
}
# Events of the engine itself, which say nothing of the conversation.
_INNER = frozenset(
    (
        "slot",
        "session_started",
        "action_execution_rejected",
        "user_featurization",
        "entities",
        "active_loop",
        "form",
        "loop_interrupted",
        "form_validation",
        "reminder",
        "cancel_reminder",
        "undo",
        "rewind",
        "export",
        "reset_slots",
        "followup",
        "stack",
        "flow_started",
        "flow_interrupted",
        "flow_resumed",
        "flow_completed",
        "flow_cancelled",
        "dialogue_stack_updated",
        "routing_session_ended",
    )
)
_QUIET = frozenset(("action_listen", "action_session_start", "action_default_fallback", "action_extract_slots"))
_SMALL_TALK = frozenset(
    "greet goodbye affirm deny thank thanks thankyou chitchat bot_challenge nlu_fallback "
    "out_of_scope session_start restart back".split()
)


def sniff(file: SourceFile) -> Match | None:
    """Trackers with `sender_id` and events, or events with `sender_id`, `event` and `timestamp`."""
    if any(_is_tracker(record.value) or _is_event(record.value) for record in sample(file, _PAGES)):
        return Match(93, "events with sender_id, as in Rasa trackers")
    return Match(70, "a long tracker as in Rasa") if shows(file, "sender_id", "parse_data") else None


class _Files(AccountFiles):
    """The files of one assistant: events are delivered again, and a session goes over files."""

    name = NAME
    pages = _PAGES
    time_words = "epoch seconds, UTC"
    nothing, fix = "there are no conversations", "export the trackers with their events"

    def __init__(self, options: Options, sink: Sink):
        super().__init__(options, sink)
        self.actions = People(options)

    def take(self, record: Record) -> None:
        """A tracker with all its events, or one event."""
        value = record.value
        sender = id_of(value.get("sender_id"))
        if sender is None or not (_is_tracker(value) or _is_event(value)):
            raise Malformed("sender_id", "neither a tracker nor an event of one", value.get("sender_id"))
        events = children(value, "events") if "events" in value else [value]
        if "events" not in value or not events:
            for event in events:
                self._event(record.line, sender, event, record.line)
            return
        for event in events:
            self.clock.need(event, "timestamp")  # before the first is laid down
        for rank, event in enumerate(events, 1):
            self._event(record.line, sender, event, rank)

    def _event(self, line: int, sender: str, event: Json, rank: int) -> None:
        at, kind = self.clock.need(event, "timestamp"), text_of(event.get("event")) or ""
        intent, metadata = child(child(event, "parse_data"), "intent"), child(event, "metadata")
        text = text_of(event.get("text"))
        body = {
            "kind": kind,
            "name": text_of(event.get("name")),
            "text": text,
            "channel": text_of(event.get("input_channel")),
            "intent": text_of(intent.get("name")),
            "bot": text_of(metadata.get("assistant_id")),
            "slot": text_of(event.get("value")) if kind == "slot" else None,
            "agent": text_of(metadata.get("agent")) or text_of(metadata.get("agent_name")),
        }
        mark = hashlib.sha256(f"{kind} {body['name']} {body['slot']} {text}".encode("utf-8", "replace")).hexdigest()
        self.staging.add(line, sender, body, at=at, id=f"{sender} {at} {mark}", rank=rank)

    def interactions(self, key: str, records: list[Staged]) -> Iterator[Conversation | None]:
        """Every session is an interaction."""
        return (_Session(key, session, self).tell() for session in _sessions(records))

    def conclude(self) -> None:
        """Note the declared actions that never came up."""
        self.actions.note_unused(self.sink)


read, read_all = _Files.read, _Files.read_all


class _Session:
    """One session on its way through its events."""

    def __init__(self, sender: str, events: list[Staged], trackers: _Files):
        self.events, self.sink, self.actions = events, trackers.sink, trackers.actions
        slots = {e.body["name"]: e.body["slot"] for e in events if e.body["kind"] == "slot"}
        mapped = {key: slots.get(name) for key, name in trackers.mapping.items()}
        intents = [e.body["intent"] for e in events if e.body["kind"] == "user"]
        intent = mapped.get("intent") or next((i for i in intents if i and i.lower() not in _SMALL_TALK), None)
        self.chat = Conversation(
            self.sink,
            f"{NAME}:{sender}/{events[0].at // SECOND}",
            NAME,
            self._channel(),
            person_key(NAME, sender, declared=mapped.get("customer")),
            intent,
        )
        self.chat.identity = {"id": mapped.get("customer") or sender}
        self.chat.outcome, self.chat.value = mapped.get("outcome"), number_of(mapped.get("value"))
        self.bot: Actor = ("bot", next((e.body["bot"] for e in events if e.body["bot"]), "rasa"))
        self.team: str | None = None
        self.human = False

    def tell(self) -> Conversation | None:
        """All steps; None where nothing was said or done."""
        for event in self.events:
            self._event(event)
        return self.chat if self.chat.steps else None

    def _event(self, event: Staged) -> None:
        body, kind = event.body, event.body["kind"]
        declared = self.actions.find(body["name"] if kind in ("action", "followup") else kind)
        if declared is not None and kind != "followup":
            self._handoff(event, declared)
        elif kind == "user":
            if body["intent"] not in ("session_start", "restart"):
                activity, event_type = (
                    ("Customer message", "message") if self.chat.steps else ("Conversation started", "started")
                )
                self._add(
                    event,
                    ("customer", self.chat.customer),
                    activity,
                    event_type,
                    text=body["text"],
                    details={"intent": body["intent"]},
                )
        elif kind == "bot":
            self._add(event, self.bot, "Bot message", "message", text=body["text"])
        elif kind == "agent":
            self.human = True
            self._add(event, ("agent", body["agent"] or HUMAN), "Reply", "message", text=body["text"])
        elif kind == "action":
            self._action(event)
        elif kind in ("pause", "resume", "restart"):
            back = "human_to_bot" if kind == "resume" and self.human else None
            self._add(event, SYSTEM, f"{words(kind)}d" if kind != "restart" else "Restarted", None, handoff_kind=back)
        elif kind in _INNER:
            self.sink.note("left out", "internal events of the engine are not steps", example=kind)
        else:
            self.sink.note("unknown values", "unknown events were kept by name", example=kind)
            self._add(event, SYSTEM, words(kind), None)

    def _action(self, event: Staged) -> None:
        name = event.body["name"] or ""
        if name in _QUIET or name.startswith("utter_") or not name:
            self.sink.note("left out", "actions that only listen, start or speak are not steps", example=name)
        else:
            self._add(event, self.bot, words(name), None)

    def _handoff(self, event: Staged, declared: str) -> None:
        self.team, self.human = self.actions.team(declared), True
        self._add(
            event,
            self.bot,
            "Handed over to human",
            "escalated",
            handoff_kind="bot_to_human",
            details={"action": event.body["name"], "to_team": self.team},
        )

    def _add(self, event: Staged, actor: Actor, activity: str, event_type: str | None, **more: Any) -> None:
        self.chat.add(event, event.at, actor, activity, event_type, self.team, **more)

    def _channel(self) -> str:
        name = next((e.body["channel"] for e in self.events if e.body["channel"]), None)
        if name is not None and name.lower() not in _CHANNELS:
            self.sink.note("unknown values", "unrecognised channels were read as unknown", example=name)
        return _CHANNELS.get((name or "").lower(), "unknown")


def _sessions(events: list[Staged]) -> list[list[Staged]]:
    """The events cut where a session begins; what comes before the first is one too."""
    sessions: list[list[Staged]] = []
    for event in events:
        begins = event.body["kind"] == "action" and event.body["name"] == "action_session_start"
        if begins or not sessions:
            sessions.append([])
        sessions[-1].append(event)
    return sessions


def _is_tracker(value: Json) -> bool:
    events = value.get("events")
    return (
        "sender_id" in value
        and isinstance(events, list)
        and all(isinstance(event, dict) and "event" in event for event in events[:5])
    )


def _is_event(value: Json) -> bool:
    return "sender_id" in value and isinstance(value.get("event"), str) and "timestamp" in value

"""What the parts of one Intercom conversation or ticket show, step by step.

A teammate's step belongs to the team the conversation is assigned to when they act; the part by which
they pass it on is still their own team's. Bots and the AI agent own what they do under their own name.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Unpack, cast

from miner.events.schema import Event
from miner.events.sink import Sink
from miner.readers.chats.intercom_record import Author, ConversationRecord, Part
from miner.readers.shared.conversation import Actor
from miner.readers.shared.details import AnyDetails
from miner.readers.shared.save_grouping import ActingTeam

CUSTOMERS = frozenset(("user", "lead", "contact"))
_BY_RULE = frozenset(("default_assignment", "away_mode_assignment", "operator_workflow_event", "timer_unsnooze"))
_ASSIGNMENTS = frozenset(("assignment", "assign_and_reopen", "assign_and_unsnooze", *_BY_RULE - {"timer_unsnooze"}))
_STEPS = {
    "snoozed": ("Snoozed", "status_changed"),
    "unsnoozed": ("Unsnoozed", "status_changed"),
    "timer_unsnooze": ("Unsnoozed", "status_changed"),
    "close": ("Closed", "closed"),
    "note": ("Internal note", "note"),
    "conversation_rating_changed": ("Survey answered", "survey_answered"),
    "conversation_rating_requested": ("Survey offered", "survey_offered"),
    "merged_primary_conversation": ("Merged", "merged"),
    "merged_secondary_conversation": ("Merged", "merged"),
}
_ECHOES = frozenset(
    (
        "participant_added",
        "participant_removed",
        "language_detection_details",
        "title_changed",
        "fin_guidance_applied",
        "conversation_rating_remark_added",
        "custom_action_started",
        "custom_action_finished",
        "conversation_tags_updated",
    )
)


class PartSteps:
    """The steps of one conversation: who acts, and who has it meanwhile."""

    def __init__(self, record: ConversationRecord, customer: str | None, names: dict[str, str], sink: Sink):
        self.record, self.customer, self.names, self.sink = record, customer, names, sink
        # Equal times keep the order of the source; redelivered parts of one page are read once.
        parts = {part["id"] or f"#{n}": part for n, part in enumerate(record["parts"])}
        self.parts = sorted(parts.values(), key=lambda part: part["at"])
        self.team = None if any(part["to_type"] == "team" for part in self.parts) else record["team"]
        self.admin: str | None = None
        self.acting = ActingTeam()
        self.resolved = False
        self.reopens = 0

    def first(self, at: int) -> Event:
        """The first message, which is no part."""
        author = self.record["author"]
        actor = self._actor(author, "")
        if author["type"] is None:
            actor = ("customer", self.customer)
        name = "Conversation started" if self.record["ticket"] is None else "Ticket created"
        return self._event(at, actor, name, "started", text=self.record["text"])

    def of_parts(self) -> Iterator[Event]:
        """The steps of all parts; call after `first`."""
        for part in self.parts:
            yield from self._part(part)

    def rating(self) -> Event | None:
        """The rating, where no part has it."""
        at = self.record["rating"]["at"]
        if at is None or any(part["type"] == "conversation_rating_changed" for part in self.parts):
            return None
        customer: Actor = ("customer", self.customer)
        return self._event(at, customer, "Survey answered", "survey_answered", attributes=self._score())

    def _score(self) -> str | None:
        """The rating, the last that is known, with Intercom's scale of faces."""
        score = self.record["rating"]["score"]
        return json.dumps({"score": score, "scale": "1-5"}) if score else None

    def _part(self, part: Part) -> Iterator[Event]:
        kind, actor = part["type"], self._actor(part["author"], part["type"])
        if kind in _ECHOES:
            self.sink.note("left out", "parts that are not steps of a conversation", example=kind)
        elif kind in _ASSIGNMENTS:
            if kind == "assign_and_reopen":
                yield self._reopened(part, actor)
            if kind in _BY_RULE and part["to_type"] is None:
                yield self._event(part["at"], actor, kind.replace("_", " ").capitalize(), None)
            else:
                yield self._assignment(part, actor)
        elif kind in ("open", "note_and_reopen"):
            if kind == "note_and_reopen":
                yield self._event(part["at"], actor, "Internal note", "note")
            yield self._reopened(part, actor)
        elif kind in ("comment", "quick_reply"):
            names = {"customer": "Customer message", "agent": "Reply", "bot": "Bot message"}
            yield self._event(part["at"], actor, names.get(actor[0], "Message"), "message", text=part["text"])
        else:
            yield self._other(part, actor)

    def _reopened(self, part: Part, actor: Actor) -> Event:
        self.reopens += 1
        self.resolved = False
        # What was closed is open again: the outcome known last is no longer that of the close.
        return self._event(part["at"], actor, "Reopened", "reopened", outcome="open")

    def _assignment(self, part: Part, actor: Actor) -> Event:
        """Passing the conversation on: the step is the sender's, the next is the receiver's."""
        to, is_team = part["to"], (part["to_type"] or "").endswith("team")
        kind = None
        if actor[0] == "bot" and to:
            kind = "bot_to_human"
        elif is_team and to and self.team and to != self.team:
            kind = "group_reassign"
        elif not is_team and to and self.admin and to != self.admin:
            kind = "agent_reassign"
        nobody = to is None or (part["to_type"] or "").startswith("nobody")
        name = ("Assigned to team" if is_team else "Assigned to agent") if not nobody else "Unassigned"
        attributes = {"to_team" if is_team else "to_agent": self._named("team" if is_team else "admin", to)}
        event = self._event(
            part["at"],
            actor,
            name,
            "unassigned" if nobody else "assigned",
            handoff_kind=kind,
            attributes=json.dumps(attributes) if to else None,
        )
        if is_team:
            self.team, self.admin = (None if nobody else to), None
        else:
            self.admin = None if nobody else to
        return event

    def _state(self, part: Part, actor: Actor) -> Event:
        """A ticket's state: resolved is an outcome, back from there is reopened."""
        now, before = part["state"], part["before"]
        actor = ("rule", actor[1]) if actor[0] == "bot" else actor
        if before == "resolved" and now != "resolved":
            return self._reopened(part, actor)
        if now == "resolved" and before != "resolved":
            self.resolved = True
            return self._event(part["at"], actor, "Resolved", "resolved", outcome="resolved")
        return self._event(part["at"], actor, f"State {now or 'unknown'}", "status_changed")

    def _other(self, part: Part, actor: Actor) -> Event:
        kind = part["type"]
        if kind.startswith("ticket_state_updated"):
            return self._state(part, actor)
        if kind == "close":
            # Closing what is resolved says nothing new.
            return self._event(part["at"], actor, "Closed", "closed", outcome=None if self.resolved else "closed")
        if kind in _STEPS:
            rated = self._score() if kind == "conversation_rating_changed" else None
            return self._event(part["at"], actor, *_STEPS[kind], attributes=rated)
        # What a bot does beside talking, assigning and closing is a workflow's, and takes nothing over.
        actor = ("rule", actor[1]) if actor[0] == "bot" else actor
        if "attribute_updated" in kind:
            return self._event(part["at"], actor, "Changed attribute", "field_changed")
        if "sla" in kind:
            return self._event(part["at"], actor, kind.replace("_", " ").capitalize(), "sla")
        self.sink.note("unknown values", "unknown part types were kept by name", example=kind)
        return self._event(part["at"], actor, kind or "(no type)", None)

    def _actor(self, author: Author, part_type: str) -> Actor:
        kind, who = author["type"], author["id"]
        if part_type in _BY_RULE:
            return "rule", author["name"] or part_type
        if kind == "bot" or author["ai"]:
            return "bot", author["name"] or who or "bot"
        if kind in CUSTOMERS:
            return "customer", self.customer or who
        if kind == "admin":
            return "agent", self._named("admin", who, author["name"])
        if kind in ("team", None):
            return "system", self._named("team", who) or "system"
        self.sink.note("unknown values", "unknown kinds of author", example=kind)
        return "unknown", who

    def _event(self, at: int, actor: Actor, activity: str, event_type: str | None, **more: Unpack[AnyDetails]) -> Event:
        kind, name = actor
        team = None if kind in ("bot", "customer") else self.acting.team(actor, at, self.team)
        event: Event = {
            "started_us": at,
            "activity": activity,
            "event_type": event_type,
            "actor_type": kind,
            "actor": name,
            "agent": name if kind == "agent" else None,
            "team": self._named("team", team),
            "outcome": None,
        }
        return cast(Event, {**event, **more})

    def _named(self, sort: str, key: str | None, name: str | None = None) -> str | None:
        return self.names.get(f"{sort} {key}") or name or key

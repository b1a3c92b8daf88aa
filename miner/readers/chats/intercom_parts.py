"""What the parts of one Intercom conversation or ticket say, step by step.

A teammate's step belongs to the team the conversation is assigned to when they act; the part by which
they pass it on is still their own team's. Bots and the AI agent own what they do under their own name.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from miner.events.sink import Sink
from miner.events.values import customer_key, email_key, number_of
from miner.readers.shared.recorded import with_recorded
from miner.readers.shared.save_grouping import ActingTeam
from miner.readers.shared.staging import Staged

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
_CUSTOMERS = frozenset(("user", "lead", "contact"))
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


class Conversation:
    """One conversation on its way through its parts."""

    def __init__(self, staged: Staged, names: dict[str, str], sink: Sink):
        self.staged, self.body, self.names, self.sink = staged, staged.body, names, sink
        self.key = f"intercom:{self.body['id']}"
        # Equal times keep the order of the source; redelivered parts of one page are read once.
        parts = {part["id"] or f"#{n}": part for n, part in enumerate(self.body["parts"])}
        self.parts = sorted(parts.values(), key=lambda part: part["at"])
        self.team = None if any(part["to_type"] == "team" for part in self.parts) else self.body["team"]
        self.admin: str | None = None
        self.acting = ActingTeam()
        self.resolved = False
        self.sequence = self.reopens = 0
        self.customer = self._customer()
        self.channel = self._channel()

    def steps(self) -> Iterator[dict[str, Any]]:
        """The events of the conversation in order, as keywords of `Sink.event`."""
        found = [] if self.body.get("headless") else [self._first()]
        for part in self.parts:
            found += self._part(part)
        rating = self.body["rating"]
        if rating["at"] is not None and not any(part["type"] == "conversation_rating_changed" for part in self.parts):
            found.append(
                self._event(
                    rating["at"],
                    ("customer", self.customer),
                    "Survey answered",
                    "survey_answered",
                    attributes=self._score(),
                )
            )
            found.sort(key=lambda event: event["started_us"])
        mapped = self.body["mapped"]
        last = {
            "outcome": mapped.get("outcome") or found[-1]["outcome"],
            "value": number_of(mapped.get("value")),
            "attributes": with_recorded(found[-1].get("attributes"), mapped.get),
        }
        found[-1].update(last)
        for number, event in enumerate(found, 1):
            yield {**event, "sequence": number}

    def finish(self) -> None:
        """The interaction itself, and whether its history is whole."""
        declared, total = self.body["declared"], self.body["total_parts"]
        score = self.body["rating"]["score"]
        declared |= {"rating": score} if score else {}
        self.sink.interaction(
            interaction_id=self.key,
            source_system="intercom",
            channel=self.channel,
            customer=self.customer,
            intent=self.body["mapped"].get("intent"),
            declared=json.dumps(declared) if declared else None,
            identity=self._identity(),
        )
        for linked in self.body["linked"]:
            self.sink.refer(self.key, f"intercom:{linked}", "linked object")
        if not self.body["listed"]:
            self.sink.note(
                "truncated",
                "conversations were exported without their parts (list requests omit them)",
                example=self.body["id"],
            )
        elif total is not None and total > len(self.body["parts"]):
            self.sink.note(
                "truncated",
                "conversations have more parts than the export contains",
                example=f"{self.body['id']}: {len(self.body['parts'])} of {total}",
            )
        elif declared.get("count_reopens") not in (None, self.reopens):
            self.sink.note(
                "reconcile", "the exported number of reopens differs from what the parts show", example=self.body["id"]
            )

    def _score(self) -> str | None:
        """The rating, the last that is known, with Intercom's scale of faces."""
        score = self.body["rating"]["score"]
        return json.dumps({"score": score, "scale": "1-5"}) if score else None

    def _first(self) -> dict[str, Any]:
        """The first message, which is no part."""
        actor = self._actor(self.body["author"], "")
        if self.body["author"]["type"] is None:
            actor = ("customer", self.customer)
        name = "Conversation started" if self.body["ticket"] is None else "Ticket created"
        return self._event(self.staged.at, actor, name, "started", text=self.body.get("text"))

    def _part(self, part: dict[str, Any]) -> Iterator[dict[str, Any]]:
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

    def _reopened(self, part: dict[str, Any], actor: tuple[str, str | None]) -> dict[str, Any]:
        self.reopens += 1
        self.resolved = False
        # What was closed is open again: the outcome known last is no longer that of the close.
        return self._event(part["at"], actor, "Reopened", "reopened", outcome="open")

    def _assignment(self, part: dict[str, Any], actor: tuple[str, str | None]) -> dict[str, Any]:
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

    def _state(self, part: dict[str, Any], actor: tuple[str, str | None]) -> dict[str, Any]:
        """A ticket's state: resolved is an outcome, back from there is reopened."""
        now, before = part["state"], part["before"]
        actor = ("rule", actor[1]) if actor[0] == "bot" else actor
        if before == "resolved" and now != "resolved":
            return self._reopened(part, actor)
        if now == "resolved" and before != "resolved":
            self.resolved = True
            return self._event(part["at"], actor, "Resolved", "resolved", outcome="resolved")
        return self._event(part["at"], actor, f"State {now or 'unknown'}", "status_changed")

    def _other(self, part: dict[str, Any], actor: tuple[str, str | None]) -> dict[str, Any]:
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

    def _actor(self, author: dict[str, Any], part_type: str) -> tuple[str, str | None]:
        kind, who = author["type"], author["id"]
        if part_type in _BY_RULE:
            return "rule", author["name"] or part_type
        if kind == "bot" or author["ai"]:
            return "bot", author["name"] or who or "bot"
        if kind in _CUSTOMERS:
            return "customer", self.customer or who
        if kind == "admin":
            return "agent", self._named("admin", who, author["name"])
        if kind in ("team", None):
            return "system", self._named("team", who) or "system"
        self.sink.note("unknown values", "unknown kinds of author", example=kind)
        return "unknown", who

    def _event(
        self, at: int, actor: tuple[str, str | None], activity: str, event_type: str | None, **more: Any
    ) -> dict[str, Any]:
        staged, (kind, name) = self.staged, actor
        team = None if kind in ("bot", "customer") else self.acting.team(actor, at, self.team)
        return {
            "source": staged.source,
            "source_no": staged.source_no,
            "line": staged.line,
            "interaction_id": self.key,
            "started_us": at,
            "activity": activity,
            "event_type": event_type,
            "channel": self.channel,
            "source_system": "intercom",
            "actor_type": kind,
            "actor": name,
            "agent": name if kind == "agent" else None,
            "team": self._named("team", team),
            "customer": self.customer,
            "intent": self.body["mapped"].get("intent"),
            "outcome": None,
            **more,
        }

    def _named(self, sort: str, key: str | None, name: str | None = None) -> str | None:
        return self.names.get(f"{sort} {key}") or name or key

    def _customer(self) -> str | None:
        """external_id, else e-mail, else intercom:<id> of the first contact, or of the customer who wrote first."""
        author = self.body["author"]
        contact = next(iter(self.body["contacts"]), None)
        if contact is None:
            contact = {**author, "external_id": None} if author["type"] in _CUSTOMERS else {}
        own = f"intercom:{contact['id']}" if contact.get("id") else None
        return (
            customer_key(self.body["mapped"].get("customer"))
            or customer_key(contact.get("external_id"))
            or email_key(contact.get("email"))
            or own
        )

    def _identity(self) -> str | None:
        contact = next(iter(self.body["contacts"]), None) or {}
        known = {
            "id": contact.get("external_id") or contact.get("id"),
            "email": contact.get("email"),
            "name": contact.get("name"),
            "phone": contact.get("phone"),
            "user_agent": self.body.get("user_agent"),
        }
        known = {key: value for key, value in known.items() if value}
        return json.dumps(known) if known else None

    def _channel(self) -> str:
        if self.body.get("headless"):
            return "unknown"
        name = self.body["channel"]
        if self.body["ticket"] is not None and name is None:
            return "task" if self.body["ticket"] in ("Back-office", "Tracker") else "unknown"
        if name is not None and name not in _CHANNELS:
            self.sink.note("unknown values", "unrecognised channels were read as unknown", example=name)
        return _CHANNELS.get(name or "conversation", "unknown")

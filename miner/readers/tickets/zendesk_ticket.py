"""What the audits of one Zendesk ticket say, step by step.

An agent's step belongs to the group the ticket is in when the agent acts; the audit that changes group
and assignee together is one assignment.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any, Protocol

from miner.events.sink import Sink
from miner.events.values import customer_key, number_of
from miner.readers.staging import Staged

_CHANNELS = {
    "email": "email", "web": "web_form", "web_form": "web_form", "web_widget": "web_form", "help_center": "web_form",
    "mobile": "web_form", "voice": "voice", "phone": "voice", "phone_call_inbound": "voice", "voicemail": "voice",
    "phone_call_outbound": "voice", "chat": "chat", "chat_transcript": "chat", "chat_offline_message": "chat",
    "messaging": "messaging", "native_messaging": "messaging", "mobile_sdk": "messaging", "whatsapp": "messaging",
    "facebook_messenger": "messaging", "line": "messaging", "viber": "messaging", "telegram": "messaging",
    "wechat": "messaging", "sms": "sms", "text": "sms", "twitter": "social", "facebook": "social",
    "instagram": "social", "instagram_dm": "social", "twitter_dm": "social", "any_channel": "social",
    "api": "unknown", "rule": "unknown", "system": "unknown", "sample_ticket": "unknown",
}
_SPOKEN = frozenset(("email", "voice", "chat", "messaging", "sms", "social"))
_ECHOES = frozenset((
    "Notification", "NotificationWithCcs", "FollowerNotificationEvent", "Cc", "EmailCcChange", "FollowerChange",
    "Push", "WebhookEvent", "External", "Error", "AgentMacroReference", "AssociateAttValsEvent", "TranslationEvent",
    "AttachmentRedactionEvent", "CommentRedactionEvent", "CommentPrivacyChange", "SecureCommentAttachment",
))
_MESSAGES = frozenset(("Comment", "VoiceComment", "Tweet", "FacebookComment", "FacebookEvent", "ChannelBackEvent"))
_DONE = ("solved", "closed")
_PRIVATE = ("subject", "description", "requester_id", "submitter_id")
_TOTALS = ("reopens", "replies", "group_stations", "assignee_stations", "status", "group_id")


class Account(Protocol):
    """What a ticket asks of its surroundings."""

    sink: Sink
    mapped: dict[str, str]
    tickets: dict[str, dict[str, Any]]

    def role(self, user_id: str, requester: str | None) -> str:
        """customer, agent or unknown."""

    def person(self, user_id: str) -> str:
        """The name of a person, or the id."""

    def team(self, group_id: str | None) -> str | None:
        """The name of a group, or the id."""

    def customer(self, requester: str | None) -> str | None:
        """The key of the customer."""

    def identity(self, requester: str | None) -> dict[str, str | None]:
        """What tells who the customer is."""


def declared_totals(value: dict[str, Any], rating: str | None) -> dict[str, Any]:
    """The totals a ticket declares of itself, for reconciling."""
    found = {name: str(value[name]) if name in ("status", "group_id") else number_of(value[name])
             for name in _TOTALS if value.get(name) is not None}
    return found | ({"satisfaction": rating} if rating else {})


class Ticket:
    """One ticket on its way through its audits, which must be in order."""

    def __init__(self, ticket_id: str, audits: list[Staged], account: Account):
        self.id, self.audits, self.account = ticket_id, audits, account
        self.key = f"zendesk:{ticket_id}"
        self.known = account.tickets.get(ticket_id, {"fields": {}, "declared": {}})
        self.requester = self._requester()
        self.channel = self._channel_of(audits[0].body["via"]) or "unknown"
        self.mapped = self._mapped()
        self.customer = customer_key(self.mapped.get("customer")) or account.customer(self.requester)
        self.group, self.assignee = self._first("group_id"), self._first("assignee_id")
        self.status: str | None = None
        self.sequence = 0
        self.reopens = 0

    def steps(self) -> Iterator[dict[str, Any]]:
        """The events of the ticket in order, as keywords of `Sink.event`."""
        last: dict[str, Any] | None = None
        for audit in self.audits:
            for event in self._audit(audit):
                if last:
                    yield last
                last = event
        if last:
            outcome = self.mapped.get("outcome") or last["outcome"]
            yield last | {"outcome": outcome, "value": number_of(self.mapped.get("value"))}

    def finish(self, sink: Sink) -> None:
        """The interaction itself, what it refers to, and whether the history is whole."""
        declared = self.known["declared"]
        sink.interaction(interaction_id=self.key, source_system="zendesk", channel=self.channel, customer=self.customer,
                         intent=self.mapped.get("intent"), declared=json.dumps(declared) if declared else None,
                         identity=self._identity())
        for audit in self.audits:
            via = audit.body["via"]
            if via["ticket"] and via["ticket"] != self.id:
                sink.refer(self.key, f"zendesk:{via['ticket']}", via["rel"] or "ticket", via["rel"] == "merge")
        if declared.get("group_id") not in (None, self.group):
            sink.note("truncated", "the ticket is in another group than its audits end in", example=self.id)
        if declared.get("reopens") not in (None, self.reopens):
            sink.note("reconcile", "the ticket declares another number of reopens than it shows", example=self.id)

    def _audit(self, audit: Staged) -> Iterator[dict[str, Any]]:
        events = audit.body["events"]
        created = [e for e in events if e["type"] == "Create"]
        after = {e["field"]: e["value"] for e in events if e["type"] in ("Create", "Change")}
        self._mind_gap(events)
        team = self._acting_team(audit, after, bool(created))
        if created:
            self.status = after.get("status")
            yield self._event(audit, None, team, "Ticket created", "started",
                              outcome="solved" if self.status in _DONE else None, attributes=_attributes(after))
        assigned = False
        for event in events:
            if event["field"] in ("group_id", "assignee_id") and event["type"] == "Change":
                if not assigned:
                    yield self._assignment(audit, event, team, after)
                assigned = True
            elif event["type"] != "Create" and not (created and event["type"] == "Comment"):
                step = self._step(event, audit, after)
                if step:
                    yield self._event(audit, event, team, **step)
        self.group, self.assignee = after.get("group_id", self.group), after.get("assignee_id", self.assignee)

    def _assignment(
        self, audit: Staged, event: dict[str, Any], team: str | None, after: dict[str, Any]
    ) -> dict[str, Any]:
        """The one step of an audit that moves the ticket to a group, an agent, or both."""
        group, agent = after.get("group_id", self.group), after.get("assignee_id", self.assignee)
        kind = None
        if group and self.group and group != self.group:
            kind = "group_reassign"
        elif agent and self.assignee and agent != self.assignee:
            kind = "agent_reassign"
        moved = group != self.group
        if (moved and not group) or (not moved and not agent):
            activity, event_type = "Unassigned", "unassigned"
        else:
            activity, event_type = ("Assigned to team" if moved else "Assigned to agent"), "assigned"
        person = self.account.person
        return self._event(audit, event, team, activity, event_type, handoff_kind=kind, attributes=_attributes({
            "from_team": self.account.team(self.group), "to_team": self.account.team(group),
            "from_agent": self.assignee and person(self.assignee), "to_agent": agent and person(agent)}))

    def _step(self, event: dict[str, Any], audit: Staged, after: dict[str, Any]) -> dict[str, Any] | None:
        kind, name = event["type"], event["field"]
        if kind in _MESSAGES:
            return self._message(event, audit)
        if kind in _ECHOES:
            self.account.sink.note("left out", "notifications and other echoes are no steps of a ticket", example=kind)
            return None
        if kind == "SatisfactionRating" or (kind == "Change" and name == "satisfaction_score"):
            score = event["score"] or event["value"]
            offered = score in ("offered", "unoffered")
            return {"activity": "Survey offered" if offered else "Survey answered",
                    "event_type": "survey_offered" if offered else "survey_answered",
                    "attributes": _attributes({"score": score})}
        if kind == "Change" and name == "status":
            return self._status(event)
        if kind == "Change":
            field = f"field {name}" if name and name.isdecimal() else name or "field"
            event_type = "sla" if name and "sla" in name else "field_changed"
            return {"activity": f"Changed {field}", "event_type": event_type}
        if "Sla" in kind or kind == "Metric event":
            return {"activity": f"{name}: {event['value']}" if name else kind, "event_type": "sla"}
        self.account.sink.note("unknown values", "event types that are not known were kept by their name", example=kind)
        return {"activity": kind or "(no type)", "event_type": None}

    def _message(self, event: dict[str, Any], audit: Staged) -> dict[str, Any]:
        if (event["via"] or audit.body["via"])["rel"] == "merge":
            return {"activity": "Merged", "event_type": "merged"}
        if event["public"] is False:
            return {"activity": "Internal note", "event_type": "note", "text": event.get("text")}
        actor_type = self._actor(audit, event)[0]
        names = {"customer": "Customer message", "agent": "Reply", "rule": "Automatic message"}
        return {"activity": names.get(actor_type, "Message"), "event_type": "message", "text": event.get("text")}

    def _status(self, event: dict[str, Any]) -> dict[str, Any]:
        before, now = event["before"] or self.status, event["value"] or "unknown"
        self.status = now
        if before in _DONE and now not in (*_DONE, "deleted"):
            self.reopens += 1
            # What was solved is open again: the outcome known last is no longer the good one.
            return {"activity": "Reopened", "event_type": "reopened", "outcome": "open"}
        if now == "solved":
            return {"activity": "Solved", "event_type": "resolved", "outcome": "solved"}
        if now == "closed":
            return {"activity": "Closed", "event_type": "closed"}
        return {"activity": f"Status {now}", "event_type": "status_changed"}

    def _event(
        self, audit: Staged, event: dict[str, Any] | None, team: str | None, activity: str, event_type: str | None,
        **more: Any,
    ) -> dict[str, Any]:
        actor_type, actor = self._actor(audit, event)
        self.sequence += 1
        # Where an agent works (web, api) is no channel; how a message reached the customer is.
        spoken = self._channel_of((event and event["via"]) or audit.body["via"]) if event_type == "message" else None
        return {
            "source": audit.source, "source_no": audit.source_no, "line": audit.line, "sequence": self.sequence,
            "interaction_id": self.key, "started_us": audit.at, "activity": activity, "event_type": event_type,
            "channel": spoken if spoken in _SPOKEN else self.channel, "source_system": "zendesk",
            "actor_type": actor_type, "actor": actor, "agent": actor if actor_type == "agent" else None,
            "team": self.account.team(team) if actor_type != "customer" else None, "customer": self.customer,
            "intent": self.mapped.get("intent"), "outcome": None, **more,
        }

    def _actor(self, audit: Staged, event: dict[str, Any] | None) -> tuple[str, str | None]:
        """Who acted: what an event says of itself comes before what its audit says."""
        via = (event and event["via"]) or audit.body["via"]
        author = (event and event["author"]) or audit.body["author"]
        if via["rule"]:
            return "rule", via["title"] or via["rel"] or "rule"
        if author is None or author.startswith("-") or via["channel"] == "system":
            return "system", "system"
        role = self.account.role(author, self.requester)
        if role == "unknown":
            message = "authors are neither requester nor known agents; export the users too"
            self.account.sink.note("unknown roles", message, example=author)
        return role, self.account.person(author)

    def _acting_team(self, audit: Staged, after: dict[str, Any], created: bool) -> str | None:
        """The group the ticket is in; without one, the group where the actor takes it or creates it."""
        group = after.get("group_id")
        takes = after.get("assignee_id") is not None and after.get("assignee_id") == audit.body["author"]
        return self.group or (group if created or takes else None)

    def _mind_gap(self, events: list[dict[str, Any]]) -> None:
        """Where a change starts from another group than the one known, audits are missing: the source is right."""
        for event in events:
            if event["type"] == "Change" and event["field"] in ("group_id", "assignee_id"):
                name = "group" if event["field"] == "group_id" else "assignee"
                if event["before"] != getattr(self, name):
                    self.account.sink.note("truncated", "a change starts from another value than the one before: "
                                           "audits are missing", example=f"ticket {self.id}")
                    setattr(self, name, event["before"])

    def _changes(self, name: str) -> Iterator[dict[str, Any]]:
        """The events that set a field, in order."""
        for audit in self.audits:
            yield from (e for e in audit.body["events"] if e["field"] == name and e["type"] in ("Create", "Change"))

    def _first(self, name: str) -> str | None:
        """The value a field had before its first change; None where the audits show how it was created."""
        first = next(self._changes(name), {"type": "", "before": self.known["declared"].get(name)})
        before: str | None = first["before"]
        return None if first["type"] == "Create" else before

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

    def _channel_of(self, via: dict[str, Any]) -> str | None:
        name = via["channel"]
        if name is None:
            return None
        if name not in _CHANNELS:
            self.account.sink.note("unknown values", "channels that are not known were read as unknown", example=name)
        return _CHANNELS.get(name, "unknown")


def _attributes(values: dict[str, Any]) -> str | None:
    """The short values of a step as JSON; no free text."""
    kept = {k: v for k, v in values.items() if k and v is not None and k not in _PRIVATE}
    return json.dumps(kept, ensure_ascii=False) if kept else None

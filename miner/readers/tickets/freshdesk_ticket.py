"""What is known of a Freshdesk account, and what the activities of one ticket say, step by step."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from miner.events.schema import Event
from miner.events.sink import Sink
from miner.events.values import customer_key, email_key, id_of, text_of
from miner.readers.shared.fields import Json
from miner.readers.shared.saves import saves
from miner.readers.shared.staging import Staged
from miner.readers.tickets.lifecycle import SYSTEM, By, Desk, Lifecycle, as_json
from miner.readers.tickets.tables import whole_number

_STATES = {
    "2": "Open",
    "3": "Pending",
    "4": "Resolved",
    "5": "Closed",
    "6": "Waiting on Customer",
    "7": "Waiting on Third Party",
}
_CHANNELS = {
    "1": "email",
    "2": "web_form",
    "3": "voice",
    "5": "social",
    "6": "social",
    "7": "chat",
    "9": "web_form",
    "10": "email",
    "email": "email",
    "portal": "web_form",
    "phone": "voice",
    "chat": "chat",
    "feedback widget": "web_form",
    "outbound email": "email",
    "twitter": "social",
    "facebook": "social",
    "whatsapp": "messaging",
}
_NOTES = {
    "0": ("Reply", "message"),
    "1": ("Forwarded", "message"),
    "2": ("Reply to forward", "message"),
    "3": ("Internal note", "note"),
    "4": ("Public note", "message"),
    "5": ("Call note", "note"),
    "6": ("Broadcast note", "note"),
}
_ROLES = {
    "group": "team",
    "group_id": "team",
    "group_name": "team",
    "agent_id": "agent",
    "responder_id": "agent",
    "status": "state",
}
# What comes with other changes or is sent on their account; the rest of the keys are fields.
_SILENT = frozenset(
    (
        "automation",
        "new_ticket",
        "requester_id",
        "source",
        "due_by",
        "send_email",
        "send_reply_email",
        "added_watcher",
        "removed_watcher",
        "thread",
        "thread_message",
        "description",
        "subject",
        "fr_due_by",
        "add_comment",
        "survey_link",
        "webhook",
        "trigger_webhook",
    )
)
_MOMENTS = frozenset(("created_at", "resolved_at", "closed_at", "reopened_at"))
_TOTALS = ("inbound_count", "outbound_count")
_LISTED = {"agent_interactions": "Agent interactions", "customer_interactions": "Customer interactions"}


@dataclass
class Account:
    """What is known of all tickets before the first is read."""

    desk: Desk
    mapped: dict[str, str]
    tickets: dict[str, Json] = field(default_factory=dict)
    agents: set[str] = field(default_factory=set)
    requesters: dict[str, list[str]] = field(default_factory=dict)  # ticket → requesters, in the order they came
    changers: set[tuple[str, str]] = field(default_factory=set)  # person and ticket

    def name(self, sort: str, value: Json) -> None:
        """Remember an agent or a group."""
        number = id_of(value.get("id"))
        if number is None:
            return
        if sort == "group":
            self.desk.teams[number] = text_of(value.get("name")) or number
            return
        contact = value["contact"]
        self.agents.add(number)
        self.desk.people[number] = text_of(contact.get("name")) or text_of(contact.get("email")) or number

    def ticket(self, ticket: str, row: Json, stats: Json) -> Json:
        """Remember a ticket as REST or the export of an account has it."""
        known = self.tickets.setdefault(ticket, {})
        known["fields"] = {**row, **(row["custom_fields"] if isinstance(row.get("custom_fields"), dict) else {})}
        known["group"], known["agent"] = id_of(row.get("group_id")), id_of(row.get("responder_id"))
        known["source"] = id_of(row.get("source"))
        requester = row.get("requester")
        known["contact"] = requester if isinstance(requester, dict) else {}
        person = id_of(row.get("requester_id"))
        if person:
            self.requesters.setdefault(ticket, []).append(person)
        if known["agent"]:
            self.agents.add(known["agent"])
        known["declared"] = {name: whole_number(stats.get(name)) for name in _TOTALS}
        known["links"] = [(id_of(row.get(name)), name) for name in ("parent_ticket_id", "parent_id", "merged_into")]
        return known

    def listed(self, ticket: str, row: Json) -> Json:
        """Remember a ticket as the list of tickets has it: names, and how many interactions there were."""
        known = self.tickets.setdefault(ticket, {})
        known |= {"fields": row, "group": row.get("group"), "agent": row.get("agent"), "source": row.get("source")}
        known["contact"] = {"email": row.get("email"), "name": row.get("full_name"), "id": row.get("contact_id")}
        person = row.get("contact_id") or row.get("email")
        if person:
            self.requesters.setdefault(ticket, []).append(person)
        if known["agent"]:
            self.agents.add(known["agent"])
        known["declared"] = {title: whole_number(row.get(name)) for name, title in _LISTED.items()}
        return known

    def learn(self, ticket: str, body: Json) -> None:
        """Who is assigned or writes private notes is an agent; who changes tickets of others is one, too."""
        activity, person = body["activity"], body["by"]
        for name in ("agent_id", "responder_id", "internal_agent_id"):
            if id_of(activity.get(name)):
                self.agents.add(id_of(activity[name]) or "")
        if id_of(activity.get("requester_id")):
            self.requesters.setdefault(ticket, []).append(id_of(activity["requester_id"]) or "")
        kind = _note_type(activity)
        if person and kind in ("1", "2", "3", "6"):
            self.agents.add(person)
        if person and "new_ticket" not in activity and kind != "0":
            self.changers.add((person, ticket))

    def know(self) -> None:
        """Call once, after the last file."""
        self.desk.states.update(_STATES)
        self.agents.update(person for person, ticket in self.changers if person not in self.requesters.get(ticket, ()))

    def by(self, body: Json, requester: str | None) -> By:
        """Who acts: automations and the system are rules, the requester a customer; both are users."""
        person = body["by"]
        if body["kind"] == "system" or person is None:
            rule = body["activity"].get("automation")
            name = text_of(rule.get("rule")) if isinstance(rule, dict) else None
            return By("rule", None, name) if name or isinstance(rule, dict) else SYSTEM
        if person in self.agents:
            return By("agent", person)
        if person == requester:
            return By("customer", person)
        message = "performers who are neither requesters nor known agents; export the agents too"
        self.desk.sink.note("unknown roles", message, example=person)
        return By("unknown", person)


class Ticket:
    """One ticket with its activities."""

    def __init__(self, ticket: str, rows: list[Staged], account: Account):
        self.account, self.known = account, account.tickets.get(ticket, {})
        self.key = f"freshdesk:{ticket}"
        self.acts = [row for row in rows if row.body["kind"] not in _MOMENTS]
        self.opens = any("new_ticket" in row.body["activity"] for row in self.acts)
        self.rows = [row for row in rows if row.body["kind"] not in _MOMENTS or self._counts(row)]
        people = [person for person in account.requesters.get(ticket, ()) if person not in account.agents]
        self.requester = people[-1] if people else None
        contact = self.known.get("contact") or {}
        self.email = email_key(contact.get("email"))
        own = customer_key(self.said("customer"))
        key = self.email or (f"freshdesk:{self.requester}" if self.requester else None)
        self.life = Lifecycle(
            account.desk, self.key, channel=self._channel(rows), customer=own or key, intent=self.said("intent")
        )

    def steps(self) -> Iterator[Event]:
        """The events of the ticket in order."""
        for rows in saves(self.rows, _author, _sets):
            if rows[0].body["kind"] in _MOMENTS:
                yield from self._moment(rows[0])
            else:
                yield from self._save(rows)

    def finish(self, sink: Sink) -> None:
        """The interaction itself, what it refers to, and whether its history is whole."""
        contact = self.known.get("contact") or {}
        sink.interaction(
            interaction_id=self.key,
            source_system="freshdesk",
            channel=self.life.channel,
            customer=self.life.customer,
            intent=self.said("intent"),
            declared=as_json(self.known.get("declared") or {}),
            identity=as_json(
                {
                    "id": self.requester,
                    "email": self.email,
                    "phone": text_of(contact.get("phone")),
                    "name": text_of(contact.get("name")),
                }
            )
            if self.requester or self.email
            else None,
        )
        for other, basis in self.known.get("links", ()):
            if other:
                sink.refer(self.key, f"freshdesk:{other}", basis, basis == "merged_into")
        if self.acts and not self.opens:
            sink.note(
                "truncated",
                "tickets began before the first file (files are kept for 30 days): their earlier owner is unknown",
                example=self.key,
            )

    def outcome_and_value(self) -> tuple[str | None, str | None]:
        """What mapped fields of the ticket say of it as a whole, else its last status."""
        status = id_of((self.known.get("fields") or {}).get("status"))
        return self.said("outcome") or self.life.last_known(status), self.said("value")

    def _save(self, rows: list[Staged]) -> Iterator[Event]:
        change: dict[str, str | None] = {}
        steps: list[Event] = []
        created = any("new_ticket" in row.body["activity"] for row in rows)
        for row in rows:
            for name, value in row.body["activity"].items():
                if name in _ROLES:
                    change[_ROLES[name]] = id_of(value)
                elif name == "note":
                    steps.append(self._note(row))
                elif name not in _SILENT and not created:
                    steps += self._field(name)
        by = self.account.by(rows[0].body, self.requester)
        yield from self.life.save(rows[0], by, change, created=created, steps=_once(steps))

    def _note(self, row: Staged) -> Event:
        number = _note_type(row.body["activity"])
        if number not in _NOTES:
            self.account.desk.sink.note("unknown values", "unknown types of notes were read as notes", example=number)
        activity, event_type = _NOTES.get(number or "", ("Note", "note"))
        by = self.account.by(row.body, self.requester)
        if number == "0" and by.type in ("customer", "unknown"):
            activity = {"customer": "Customer message"}.get(by.type, "Message")
        return {"activity": activity, "event_type": event_type}

    def _field(self, name: str) -> list[Event]:
        if name in ("sla_policy",):
            return [{"activity": "SLA applied", "event_type": "sla"}]
        if "merge" in name:
            return [{"activity": "Merged", "event_type": "merged"}]
        if name in ("added_tags", "removed_tags"):
            return [{"activity": "Changed tags", "event_type": "field_changed"}]
        return [{"activity": f"Changed {name}", "event_type": "field_changed"}]

    def _moment(self, row: Staged) -> Iterator[Event]:
        """Without activities, what the ticket says of itself: created, reopened, resolved, closed."""
        kind = row.body["kind"].removesuffix("_at")
        if kind == "created":
            by = By("customer", self.requester) if self.requester else SYSTEM
            yield from self.life.save(row, by, {}, created=True)
            return
        self.life.starts({"team": self.known.get("group"), "agent": self.known.get("agent")})
        self.account.desk.sink.note(
            "assumed", "tickets without activities: the current agent is assumed to have resolved them"
        )
        agent = self.life.agent
        by = (By("agent", agent) if agent else By("unknown")) if kind == "resolved" else SYSTEM
        yield from self.life.turns(row, by, kind)

    def _counts(self, row: Staged) -> bool:
        """Times of the ticket count where no activity tells the same."""
        if row.body["kind"] == "created_at":
            return not self.opens
        return not self.acts

    def _channel(self, rows: list[Staged]) -> str | None:
        told = (id_of(row.body["activity"].get("source")) for row in rows if "new_ticket" in row.body["activity"])
        source = next((value for value in told if value), None) or self.known.get("source")
        if source is None:
            return None
        found = _CHANNELS.get(source.lower())
        if found is None:
            self.account.desk.sink.note(
                "unknown values", "sources that are not a channel were read as unknown", example=source
            )
        return found or "unknown"

    def said(self, key: str) -> str | None:
        """What the field that is mapped to a key says."""
        return text_of((self.known.get("fields") or {}).get(self.account.mapped.get(key, "")))


def _note_type(activity: Json) -> str | None:
    note = activity.get("note")
    return id_of(note.get("type")) if isinstance(note, dict) else None


def _rule(body: Json) -> str | None:
    rule = body["activity"].get("automation")
    return text_of(rule.get("rule")) if isinstance(rule, dict) else None


def _author(row: Staged) -> tuple[str | None, ...]:
    return row.body["by"], row.body["kind"], _rule(row.body)


def _sets(row: Staged) -> list[str]:
    """What a row sets; a change of the ticket by itself sets nothing that others do."""
    return [_ROLES.get(name, name) for name in row.body["activity"] if name != "note"]


def _once(steps: list[Event]) -> list[Event]:
    """Fields that change together twice are one step; every message counts."""
    seen: set[str] = set()
    kept = []
    for step in steps:
        if step["event_type"] != "field_changed" or step["activity"] not in seen:
            kept.append(step)
        seen.add(step["activity"])
    return kept

"""What is known of a Freshdesk account before its first ticket is read: agents, groups, requesters, tickets."""

from __future__ import annotations

from dataclasses import dataclass, field

from miner.events.values import id_of, text_of
from miner.readers.shared.fields import Body, Json, child, whole_number
from miner.readers.shared.helpdesk import SYSTEM, Author, HelpDesk
from miner.readers.tabular.rows import Row

_STATES = {
    "2": "Open",
    "3": "Pending",
    "4": "Resolved",
    "5": "Closed",
    "6": "Waiting on Customer",
    "7": "Waiting on Third Party",
}
_TOTALS = ("inbound_count", "outbound_count")
_LISTED = {"agent_interactions": "Agent interactions", "customer_interactions": "Customer interactions"}


@dataclass
class Account(HelpDesk):
    """Names of groups, who is an agent, who asked for which ticket, and what tickets say of themselves."""

    tickets: dict[str, Body] = field(default_factory=dict)
    agents: set[str] = field(default_factory=set)
    requesters: dict[str, list[str]] = field(default_factory=dict)  # ticket → requesters, in the order they came
    changers: set[tuple[str, str]] = field(default_factory=set)  # person and ticket

    def remember_name(self, sort: str, value: Json) -> None:
        """Remember an agent or a group."""
        number = id_of(value.get("id"))
        if number is None:
            return
        if sort == "group":
            self.teams[number] = text_of(value.get("name")) or number
            return
        contact = child(value, "contact")
        self.agents.add(number)
        self.people[number] = text_of(contact.get("name")) or text_of(contact.get("email")) or number

    def remember_ticket(self, ticket: str, row: Json, stats: Json) -> Json:
        """Remember a ticket as REST or the export of an account has it."""
        known = self.tickets.setdefault(ticket, {})
        custom = row.get("custom_fields")
        known["fields"] = {**row, **(custom if isinstance(custom, dict) else {})}
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

    def remember_listed(self, ticket: str, row: Row) -> Json:
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

    def learn(self, ticket: str, body: Body) -> None:
        """Who is assigned or writes private notes is an agent; who changes tickets of others is one, too."""
        activity, person = body["activity"], body["by"]
        for name in ("agent_id", "responder_id", "internal_agent_id"):
            if id_of(activity.get(name)):
                self.agents.add(id_of(activity[name]) or "")
        if id_of(activity.get("requester_id")):
            self.requesters.setdefault(ticket, []).append(id_of(activity["requester_id"]) or "")
        kind = note_type(activity)
        if person and kind in ("1", "2", "3", "6"):
            self.agents.add(person)
        if person and "new_ticket" not in activity and kind != "0":
            self.changers.add((person, ticket))

    def complete(self) -> None:
        """Call once, after the last file."""
        self.states.update(_STATES)
        self.agents.update(person for person, ticket in self.changers if person not in self.requesters.get(ticket, ()))

    def author(self, body: Body, requester: str | None) -> Author:
        """Who acts: automations and the system are rules, the requester a customer; both are users."""
        person = body["by"]
        if body["kind"] == "system" or person is None:
            automated = isinstance(body["activity"].get("automation"), dict)
            return Author("rule", None, rule_name(body)) if automated else SYSTEM
        if person in self.agents:
            return Author("agent", person)
        if person == requester:
            return Author("customer", person)
        message = "performers who are neither requesters nor known agents; export the agents too"
        self.sink.note("unknown roles", message, example=person)
        return Author("unknown", person)


def note_type(activity: Json) -> str | None:
    """The number of the type of note that an activity adds."""
    note = activity.get("note")
    return id_of(note.get("type")) if isinstance(note, dict) else None


def rule_name(body: Body) -> str | None:
    """The rule that did it."""
    rule = body["activity"].get("automation")
    return text_of(rule.get("rule")) if isinstance(rule, dict) else None

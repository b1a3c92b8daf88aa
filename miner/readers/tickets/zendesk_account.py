"""What is known of a Zendesk account before its first ticket is read: people, groups, tickets."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import Any

from miner.events.sink import Sink
from miner.events.values import customer_key, email_key, id_of, text_of
from miner.readers.staging import Malformed, child, children
from miner.readers.tickets.zendesk_shapes import via
from miner.readers.tickets.zendesk_ticket import declared_totals

_AGENT_FIELDS = frozenset(("group_id", "assignee_id", "priority"))
_PERSONAL = ("name", "email", "role", "phone")


@dataclass
class Account:
    """People with their roles, groups, and what tickets declare."""

    sink: Sink
    mapped: dict[str, str]
    users: dict[str, dict[str, str | None]] = field(default_factory=dict)
    names: Counter[str] = field(default_factory=Counter)
    groups: dict[str, str] = field(default_factory=dict)
    tickets: dict[str, dict[str, Any]] = field(default_factory=dict)
    agents: set[str] = field(default_factory=set)

    def know(self) -> None:
        """Call once, after the last file: names that several people have stand for none of them."""
        self.names.update(user["name"] for user in self.users.values() if user["name"])

    def user(self, value: dict[str, Any]) -> None:
        """Remember a person."""
        self.users[need_id(value)] = {name: text_of(value.get(name)) for name in _PERSONAL} | {
            "external_id": id_of(value.get("external_id"))}

    def group(self, value: dict[str, Any]) -> None:
        """Remember a group."""
        self.groups[need_id(value)] = text_of(value.get("name")) or need_id(value)

    def ticket(self, value: dict[str, Any], ticket_id: str) -> None:
        """Remember what a ticket says of itself, or a set of metrics of its ticket."""
        known = self.tickets.setdefault(ticket_id, {"fields": {}, "declared": {}})
        for entry in (*children(value, "custom_fields"), *children(value, "fields")):
            known["fields"][id_of(entry.get("id"))] = text_of(entry.get("value"))
        known["requester"] = id_of(value.get("requester_id")) or known.get("requester")
        if email_key(value.get("requester_email")) and known["requester"] not in (None, *self.users):
            self.user({"id": known["requester"], "email": value["requester_email"], "name": value.get("requester"),
                       "external_id": value.get("requester_external_id")})
        if id_of(value.get("assignee_id")):
            self.agents.add(id_of(value["assignee_id"]) or "")
        known["via"] = via(value, words=True)
        rating = child(value, "satisfaction_rating").get("score")
        known["declared"] |= declared_totals({**value, **child(value, "metric_set")}, text_of(rating))

    def learn_agents(self, body: dict[str, Any]) -> None:
        """Assignees, and authors of private comments and of changes that only agents make, are agents."""
        for event in body["events"]:
            if event["field"] == "assignee_id":
                self.agents.update(filter(None, (event["value"], event["before"])))
            private = event["public"] is False and event["type"] == "Comment"
            changes = event["type"] == "Change" and event["field"] in _AGENT_FIELDS
            if (private or changes) and not (body["via"] | (event["via"] or {})).get("rule"):
                self.agents.add(event["author"] or body["author"] or "-1")

    def role(self, user_id: str, requester: str | None) -> str:
        """customer, agent or unknown, from the role declared, or from what only agents do."""
        role = self.users.get(user_id, {}).get("role")
        if role:
            return "customer" if role in ("end-user", "End-user") else "agent"
        if user_id == requester:
            return "customer"
        return "agent" if user_id in self.agents else "unknown"

    def person(self, user_id: str) -> str:
        """The name of a person where it is known and only theirs, else the id."""
        name = self.users.get(user_id, {}).get("name")
        return name if name and self.names[name] == 1 else user_id

    def team(self, group_id: str | None) -> str | None:
        """The name of a group, or its id as text."""
        return self.groups.get(group_id, group_id) if group_id else None

    def customer(self, requester: str | None) -> str | None:
        """external_id, else e-mail, else zendesk:<id>."""
        if requester is None:
            return None
        user = self.users.get(requester, {})
        return customer_key(user.get("external_id")) or email_key(user.get("email")) or f"zendesk:{requester}"

    def identity(self, requester: str | None) -> dict[str, str | None]:
        """What the export says of who the requester is."""
        user = self.users.get(requester or "", {})
        return {"id": requester, "email": user.get("email"), "phone": user.get("phone"), "name": user.get("name")}


def need_id(value: dict[str, Any], key: str = "id") -> str:
    """The id under a key; Malformed where there is none."""
    found = id_of(value.get(key))
    if found is None:
        raise Malformed(key, f"{key} is missing", value.get(key))
    return found

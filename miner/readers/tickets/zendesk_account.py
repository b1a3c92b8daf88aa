"""What is known of a Zendesk account before its first ticket is read: people, groups, tickets."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from miner.events.values import customer_key, email_key, id_of, number_of, text_of
from miner.readers.shared.fields import Body, Json, Malformed, child, children, yes
from miner.readers.shared.helpdesk import HelpDesk
from miner.readers.tickets.zendesk_shapes import via

_AGENT_FIELDS = frozenset(("group_id", "assignee_id", "priority"))
_TOTALS = ("reopens", "replies", "group_stations", "assignee_stations", "status", "group_id")
_PERSONAL = ("name", "email", "role", "phone")


@dataclass
class Account(HelpDesk):
    """People with their roles, groups, and what tickets declare."""

    users: dict[str, dict[str, str | None]] = field(default_factory=dict)
    tickets: dict[str, Body] = field(default_factory=dict)
    agents: set[str] = field(default_factory=set)

    def complete(self) -> None:
        """Call once, after the last file."""
        self.people.update({number: user["name"] for number, user in self.users.items() if user["name"]})

    def remember_user(self, value: Mapping[str, object]) -> None:
        """Remember a person."""
        self.users[need_id(value)] = {name: text_of(value.get(name)) for name in _PERSONAL} | {
            "external_id": id_of(value.get("external_id")),
            "active": "false" if _left(value) else None,
        }

    def remember_group(self, value: Mapping[str, object]) -> None:
        """Remember a group."""
        self.teams[need_id(value)] = text_of(value.get("name")) or need_id(value)

    def remember_ticket(self, value: Json, ticket_id: str, updated: int | None = None) -> None:
        """Remember what a ticket says of itself, `updated` then, or a set of metrics of its ticket."""
        known = self.tickets.setdefault(ticket_id, {"fields": {}, "declared": {}})
        if updated is not None and updated < known.get("updated_us", updated):
            return  # an older copy of a ticket that is known already
        if updated is not None:
            known["updated_us"] = updated
        for entry in (*children(value, "custom_fields"), *children(value, "fields")):
            known["fields"][id_of(entry.get("id"))] = text_of(entry.get("value"))
        known["requester"] = id_of(value.get("requester_id")) or known.get("requester")
        if email_key(value.get("requester_email")) and known["requester"] not in (None, *self.users):
            self.remember_user(
                {
                    "id": known["requester"],
                    "email": value["requester_email"],
                    "name": value.get("requester"),
                    "external_id": value.get("requester_external_id"),
                }
            )
        if id_of(value.get("assignee_id")):
            self.agents.add(id_of(value["assignee_id"]) or "")
        known["via"] = via(value, words=True)
        rating = child(value, "satisfaction_rating").get("score")
        known["declared"] |= _declared_totals({**value, **child(value, "metric_set")}, text_of(rating))

    def learn_agents(self, body: Body) -> None:
        """Assignees, and authors of private comments and of changes that only agents make, are agents."""
        for event in body["events"]:
            if event["field"] == "assignee_id":
                self.agents.update(filter(None, (event["value"], event["before"])))
            private = event["public"] is False and event["type"] == "Comment"
            changes = event["type"] == "Change" and event["field"] in _AGENT_FIELDS
            if (private or changes) and not (body["via"] | (event["via"] or {})).get("rule"):
                self.agents.add(event["author"] or body["author"] or "-1")

    def role(self, user_id: str, requester: str | None) -> str:
        """customer, agent or unknown, from the role declared, or from what only agents do.

        Agents who have left are listed as inactive end users: who did what only agents do was one.
        """
        user = self.users.get(user_id, {})
        role = (user.get("role") or "").lower()
        left = user.get("active") == "false" and user_id in self.agents and user_id != requester
        if role:
            return "customer" if role == "end-user" and not left else "agent"
        if user_id == requester:
            return "customer"
        return "agent" if user_id in self.agents else "unknown"

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


def _left(user: Mapping[str, object]) -> bool:
    """Whether a person is listed as somebody who may sign in no more."""
    active = user.get("active")
    return (active if isinstance(active, bool) else yes(text_of(active))) is False


def need_id(value: Mapping[str, object], key: str = "id") -> str:
    """The id under a key; Malformed where there is none."""
    found = id_of(value.get(key))
    if found is None:
        raise Malformed(key, f"{key} is missing", value.get(key))
    return found


def _declared_totals(value: Json, rating: str | None) -> Json:
    """The totals a ticket declares of itself, for reconciling."""
    found: Json = {
        name: str(value[name]) if name in ("status", "group_id") else number_of(value[name])
        for name in _TOTALS
        if value.get(name) is not None
    }
    return found | ({"satisfaction": rating} if rating else {})

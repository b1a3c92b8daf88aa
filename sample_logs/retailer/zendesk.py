"""Tickets, written as pages of Zendesk audits with side-loaded users, groups and tickets."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import Any

from .clock import DAY, END, iso
from .dice import Dice
from .people import TEAMS, Agent, Customer, Staff

INTENT_FIELD = "360021765432"
PAGE = 1000
_TEXT = "[text removed]"


def _rule(number: int, title: str, kind: str) -> dict[str, Any]:
    return {"channel": "rule", "source": {"from": {"id": number, "title": title}, "rel": kind}}


@dataclass
class Audit:
    """One change to a ticket; `agent` is who made it, None for the customer and for rules."""

    at: int
    author_id: int
    via: dict[str, Any]
    events: list[dict[str, Any]]
    agent: Agent | None = None
    team: str = ""  # the group the ticket is in when the author acts
    moved_to: str | None = None


@dataclass
class Ticket:
    """A ticket and its audits in order. Every method adds one audit, at or after the one before."""

    id: int
    customer: Customer
    requester_id: int
    intent: str | None
    group: str
    channel: str
    status: str = "new"
    assignee: Agent | None = None
    audits: list[Audit] = field(default_factory=list)

    @property
    def last(self) -> int:
        """When the latest audit was."""
        return self.audits[-1].at

    def _add(self, at: int, events: list[dict[str, Any]], agent: Agent | None = None, rule: Any = None) -> int:
        at = max(at, self.last + 1) if self.audits else at
        author = -1 if rule else agent.user_id if agent else self.requester_id
        via = rule or {"channel": "web" if agent else self.channel}
        self.audits.append(Audit(at, author, via, events, agent, self.group))
        return at

    def _status(self, value: str) -> list[dict[str, Any]]:
        if value == self.status:
            return []
        change = {"type": "Change", "field_name": "status", "value": value, "previous_value": self.status}
        self.status = value
        return [change]

    def _assign(self, agent: Agent | None) -> list[dict[str, Any]]:
        before, self.assignee = self.assignee, agent
        if before == agent:
            return []
        old, new = (str(a.user_id) if a else None for a in (before, agent))
        return [{"type": "Change", "field_name": "assignee_id", "value": new, "previous_value": old}]

    def _comment(self, author_id: int, public: bool) -> dict[str, Any]:
        return {"type": "Comment", "author_id": author_id, "public": public, "body": _TEXT}

    def create(self, at: int, agent: Agent | None) -> int:
        """The customer writes, or an agent opens the ticket for them."""
        events: list[dict[str, Any]] = [{"type": "Create", "field_name": "status", "value": "new"}]
        events.append({"type": "Create", "field_name": "group_id", "value": str(TEAMS[self.group].group_id)})
        events.append({"type": "Create", "field_name": "requester_id", "value": str(self.requester_id)})
        if self.intent:
            events.append({"type": "Create", "field_name": INTENT_FIELD, "value": self.intent})
        events.append(self._comment(agent.user_id if agent else self.requester_id, agent is None))
        events.append({"type": "Notification", "via": _rule(77, "Auto-ack", "trigger")})
        return self._add(at, events, agent)

    def take(self, at: int, agent: Agent) -> int:
        """An agent takes the ticket."""
        return self._add(at, self._assign(agent) + self._status("open"), agent)

    def rule_assigns(self, at: int, agent: Agent) -> int:
        """A trigger assigns the ticket; nobody has acted."""
        return self._add(at, self._assign(agent), rule=_rule(80, "Assign by load", "trigger"))

    def note(self, at: int, agent: Agent) -> int:
        """An internal comment and nothing else."""
        return self._add(at, [self._comment(agent.user_id, False)], agent)

    def reply(self, at: int, agent: Agent, status: str = "open") -> int:
        """An agent writes to the customer."""
        return self._add(at, [self._comment(agent.user_id, True), *self._status(status)], agent)

    def customer_writes(self, at: int) -> int:
        """The customer writes; a pending or solved ticket opens again."""
        return self._add(at, [self._comment(self.requester_id, True), *self._status("open")])

    def move(self, at: int, agent: Agent, team: str) -> int:
        """An agent hands the ticket to another group."""
        old, new = str(TEAMS[self.group].group_id), str(TEAMS[team].group_id)
        events: list[dict[str, Any]] = [
            {"type": "Change", "field_name": "group_id", "value": new, "previous_value": old}
        ]
        events += [*self._assign(None), self._comment(agent.user_id, False)]
        at = self._add(at, events, agent)
        self.audits[-1].moved_to = self.group = team
        return at

    def solve(self, at: int, agent: Agent) -> int:
        """An agent answers and solves."""
        return self._add(at, [self._comment(agent.user_id, True), *self._assign(agent), *self._status("solved")], agent)

    def close(self) -> int:
        """The automation closes what has been solved for a day."""
        return self._add(self.last + DAY, self._status("closed"), rule=_rule(91, "Close solved", "automation"))


class Zendesk:
    """All tickets of the retailer."""

    def __init__(self, staff: Staff) -> None:
        self.staff = staff
        self.tickets: list[Ticket] = []

    def open(
        self,
        customer: Customer,
        at: int,
        intent: str | None,
        team: str,
        channel: str = "email",
        agent: Agent | None = None,
        known: bool = True,
    ) -> Ticket:
        """A new ticket; a requester who is not `known` has no customer key."""
        requester = customer.user_id if known else 900_000 + len(self.tickets)
        ticket = Ticket(40_000 + len(self.tickets), customer, requester, intent, team, channel)
        ticket.create(at, agent)
        self.tickets.append(ticket)
        return ticket

    def cut(self) -> None:
        """Forget what comes after the export."""
        for ticket in self.tickets:
            ticket.audits = [audit for audit in ticket.audits if audit.at < END]
        self.tickets = [ticket for ticket in self.tickets if ticket.audits]

    def write(self) -> tuple[str, int]:
        """The export as text, and how many audits are in it twice."""
        rows = sorted(((a.at, t.id, n) for t in self.tickets for n, a in enumerate(t.audits)))
        by_id = {ticket.id: ticket for ticket in self.tickets}
        audits, event_id = [], 0
        for number, (_, ticket_id, n) in enumerate(rows):
            audit = by_id[ticket_id].audits[n]
            events = [{"id": 2_000_001 + event_id + i, **event} for i, event in enumerate(audit.events)]
            event_id += len(events)
            head = {"id": 900_001 + number, "ticket_id": ticket_id, "created_at": iso(audit.at)}
            audits.append({**head, "author_id": audit.author_id, "via": audit.via, "events": events})
        dice, pages, twice = Dice("zendesk pages"), [], 0
        for begin in range(0, len(audits), PAGE):
            overlap = dice.whole(0, 3) if begin else 0  # a time-based cursor repeats what it has given already
            twice += overlap
            pages.append(self._page(audits[begin - overlap : begin + PAGE], by_id))
        return "\n".join(reversed(pages)) + "\n", twice  # newest page first

    def _page(self, audits: list[dict[str, Any]], by_id: dict[int, Ticket]) -> str:
        tickets = [by_id[number] for number in sorted({audit["ticket_id"] for audit in audits})]
        users: dict[int, dict[str, Any]] = {}
        for ticket in tickets:
            users[ticket.requester_id] = _requester(ticket)
        for agent in (agent for team in self.staff.agents.values() for agent in team):
            group = TEAMS[agent.team].group_id
            if group is not None:
                user = {"id": agent.user_id, "name": agent.name, "role": "agent", "default_group_id": group}
                users[agent.user_id] = {**user, "external_id": None}
        groups = [{"id": team.group_id, "name": team.name} for team in TEAMS.values() if team.group_id]
        parts = {
            "audits": audits,
            "users": [users[n] for n in sorted(users)],
            "groups": groups,
            "tickets": [_side_load(ticket) for ticket in tickets],
        }
        return "{" + ",\n".join(f'"{name}":[\n{_lines(items)}]' for name, items in parts.items()) + "}"


def _requester(ticket: Ticket) -> dict[str, Any]:
    """Who is not known by a key writes from the known address or from another one; most have left their number."""
    known = ticket.requester_id == ticket.customer.user_id
    email = ticket.customer.other_email if not known and ticket.id % 2 == 0 else ticket.customer.email
    user = {"id": ticket.requester_id, "role": "end-user", "external_id": ticket.customer.key if known else None}
    phone = ticket.customer.phone if ticket.customer.number % 10 < 7 else None
    return {**user, "name": ticket.customer.name, "email": email, "phone": phone}


def _lines(items: list[dict[str, Any]]) -> str:
    return ",\n".join(json.dumps(item, separators=(",", ":")) for item in items)


def _side_load(ticket: Ticket) -> dict[str, Any]:
    """The ticket as it stands at the export, with the system's own totals."""
    values: dict[str, Any] = {}
    replies = reopens = stations = 0
    for audit in ticket.audits:
        for event in audit.events:
            name, value = event.get("field_name"), event.get("value")
            reopens += name == "status" and value == "open" and event.get("previous_value") == "solved"
            stations += name == "group_id"
            replies += event["type"] == "Comment" and event["public"] and audit.agent is not None
            if name:
                values[name] = value
    assignee = values.get("assignee_id")
    totals = {"reopens": reopens, "replies": replies, "group_stations": stations}
    times = {"created_at": iso(ticket.audits[0].at), "updated_at": iso(ticket.last)}
    return {
        "id": ticket.id,
        "requester_id": ticket.requester_id,
        "group_id": int(values["group_id"]),
        "assignee_id": int(assignee) if assignee else None,
        "status": values["status"],
        **times,
        "custom_fields": [{"id": int(INTENT_FIELD), "value": ticket.intent}],
        "metric_set": totals,
    }

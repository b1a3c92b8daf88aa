"""What is known of a Zammad installation before its first ticket is read: users, groups, tickets, articles."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from miner.events.values import id_of, text_of
from miner.readers.shared.fields import Body, Json
from miner.readers.shared.helpdesk import SYSTEM, Author, HelpDesk
from miner.readers.tabular.rows import Row

NOBODY = "1"  # the first user stands for nobody as an owner, and for the system as an author
_AGENT, _CUSTOMER = "2", "3"  # roles


@dataclass
class Account(HelpDesk):
    """Names and roles of people, names of groups and states, and what tickets and articles say of themselves."""

    tickets: dict[str, Mapping[str, object]] = field(default_factory=dict)
    users: dict[str, Mapping[str, object]] = field(default_factory=dict)
    articles: dict[str, Mapping[str, object]] = field(default_factory=dict)
    words: dict[str, str] = field(default_factory=dict)  # "history_types 3" → its name
    agents: set[str] = field(default_factory=set)
    ends: dict[tuple[str, str], str | None] = field(default_factory=dict)  # attribute and id → name

    def remember_assets(self, assets: Json) -> None:
        """Remember users, groups, tickets and articles that came along."""
        kinds = {"User": "users", "Group": "groups", "Ticket": "tickets", "TicketArticle": "articles"}
        for name, kind in kinds.items():
            rows = assets.get(name)
            for number, row in rows.items() if isinstance(rows, dict) else ():
                if isinstance(row, dict):
                    self.remember(kind, {"id": number, **row})

    def remember(self, kind: str, row: Mapping[str, object]) -> None:
        """Remember one user, group, ticket or article."""
        number = id_of(row.get("id"))
        if number is None:
            return
        if kind == "groups":
            self.teams[number] = text_of(row.get("name")) or number
        elif kind == "users":
            self.users[number] = row
            names = (text_of(row.get("firstname")), text_of(row.get("lastname")))
            name = " ".join(n for n in names if n and n != "-") or text_of(row.get("login"))
            if name and number != NOBODY:
                self.people[number] = name
        else:
            (self.tickets if kind == "tickets" else self.articles)[number] = row

    def word_of(self, kind: str, line: int, row: Row) -> None:
        """Remember the name of a type, object or attribute."""
        self.words[f"{kind} {row.get('id')}"] = row.get("name") or ""

    def learn(self, body: Body) -> None:
        """Remember the ends of changes: they name groups and owners, and an owner is an agent."""
        for end in ("from", "to"):
            if body["attribute"] and body[f"id_{end}"]:
                self.ends[body["attribute"], body[f"id_{end}"]] = body[f"value_{end}"]

    def complete(self) -> None:
        """Call once, after the last file."""
        self.agents.update(filter(None, (id_of(ticket.get("owner_id")) for ticket in self.tickets.values())))
        names = {"owner": self.people, "group": self.teams, "state": self.states}
        for (attribute, number), name in self.ends.items():
            known = names.get(self.word(attribute) or "")
            if known is not None and name and name != "-":
                known.setdefault(number, name)
            if known is self.people:
                self.agents.add(number)
        self.agents.discard(NOBODY)

    def word(self, value: str | None) -> str | None:
        """A type, object or attribute by its name."""
        return self.words.get(value[1:]) if value and value.startswith("#") else value

    def author(self, body: Body, customer: str | None) -> Author:
        """Who acts: triggers and jobs are rules, the first user is the system, roles tell the rest."""
        if (body.get("sourceable_type") or "") not in ("", "Macro", "User"):
            return Author("rule", None, body.get("sourceable_name") or body["sourceable_type"])
        person = body["created_by_id"]
        if person in (None, NOBODY):
            return SYSTEM
        roles = self.users.get(person, {}).get("role_ids")
        known = {id_of(role) for role in roles} if isinstance(roles, list) else set()
        if person in self.agents or _AGENT in known:
            return Author("agent", person)
        if person == customer or known == {_CUSTOMER}:
            return Author("customer", person)
        self.sink.note(
            "unknown roles", "authors who are neither customers nor known agents; export the users too", example=person
        )
        return Author("unknown", person)

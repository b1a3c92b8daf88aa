"""What is known of a Zammad installation, and what the history of one ticket says, step by step."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from miner.events.schema import Event
from miner.events.sink import Sink
from miner.events.values import customer_key, email_key, id_of, number_of, text_of
from miner.readers.shared.fields import Json
from miner.readers.shared.saves import saves
from miner.readers.shared.staging import Staged
from miner.readers.tickets.lifecycle import SYSTEM, By, Desk, Lifecycle, as_json
from miner.readers.tickets.tables import yes

_ROLES = {"group": "team", "owner": "agent", "state": "state"}
_NOBODY = "1"  # the first user stands for nobody as an owner, and for the system as an author
_ECHOES = frozenset(("notification", "email", "online_notification", "reminder_reached", "removed", "mention"))
_SLA = frozenset(("escalation", "escalation_warning"))
_DERIVED = ("_at", "_in_min", "_diff", "article_count", "title", "preferences", "number", "last_contact")
# The types of articles that every installation begins with, by the number of the first of a ticket.
_CHANNELS = {
    "1": "email",
    "2": "sms",
    "3": "chat",
    "5": "voice",
    "6": "social",
    "7": "social",
    "8": "social",
    "9": "social",
    "10": "unknown",
    "11": "web_form",
}
_AGENT, _CUSTOMER = "2", "3"


@dataclass
class Helpdesk:
    """What is known of all tickets before the first is read."""

    desk: Desk
    mapped: dict[str, str]
    tickets: dict[str, Json] = field(default_factory=dict)
    users: dict[str, Json] = field(default_factory=dict)
    articles: dict[str, Json] = field(default_factory=dict)
    words: dict[str, str] = field(default_factory=dict)  # "history_types 3" → its name
    agents: set[str] = field(default_factory=set)
    ends: dict[tuple[str, str], str | None] = field(default_factory=dict)  # attribute and id → name

    def assets(self, found: Json) -> None:
        """Remember users, groups, tickets and articles that came along."""
        kinds = {"User": "users", "Group": "groups", "Ticket": "tickets", "TicketArticle": "articles"}
        for name, kind in kinds.items():
            rows = found.get(name)
            for number, row in rows.items() if isinstance(rows, dict) else ():
                if isinstance(row, dict):
                    self.take(kind, {"id": number, **row})

    def take(self, kind: str, row: Json) -> None:
        """Remember one user, group, ticket or article."""
        number = id_of(row.get("id"))
        if number is None:
            return
        if kind == "groups":
            self.desk.teams[number] = text_of(row.get("name")) or number
        elif kind == "users":
            self.users[number] = row
            names = (text_of(row.get("firstname")), text_of(row.get("lastname")))
            name = " ".join(n for n in names if n and n != "-") or text_of(row.get("login"))
            if name and number != _NOBODY:
                self.desk.people[number] = name
        else:
            (self.tickets if kind == "tickets" else self.articles)[number] = row

    def learn(self, body: Json) -> None:
        """Remember the ends of changes: they name groups and owners, and an owner is an agent."""
        for end in ("from", "to"):
            if body["attribute"] and body[f"id_{end}"]:
                self.ends[body["attribute"], body[f"id_{end}"]] = body[f"value_{end}"]

    def know(self) -> None:
        """Call once, after the last file."""
        self.agents.update(filter(None, (id_of(ticket.get("owner_id")) for ticket in self.tickets.values())))
        for (attribute, number), name in self.ends.items():
            known = {"owner": self.desk.people, "group": self.desk.teams, "state": self.desk.states}.get(
                self.word(attribute) or ""
            )
            if known is not None and name and name != "-":
                known.setdefault(number, name)
            if known is self.desk.people:
                self.agents.add(number)
        self.agents.discard(_NOBODY)

    def word(self, value: str | None) -> str | None:
        """A type, object or attribute by its name."""
        return self.words.get(value[1:]) if value and value.startswith("#") else value

    def by(self, body: Json, customer: str | None) -> By:
        """Who acts: triggers and jobs are rules, the first user is the system, roles tell the rest."""
        if (body.get("sourceable_type") or "") not in ("", "Macro", "User"):
            return By("rule", None, body.get("sourceable_name") or body["sourceable_type"])
        person = body["created_by_id"]
        if person in (None, _NOBODY):
            return SYSTEM
        roles = self.users.get(person, {}).get("role_ids")
        known = {id_of(role) for role in roles} if isinstance(roles, list) else set()
        if person in self.agents or _AGENT in known:
            return By("agent", person)
        if person == customer or known == {_CUSTOMER}:
            return By("customer", person)
        self.desk.sink.note(
            "unknown roles", "authors who are neither customers nor known agents; export the users too", example=person
        )
        return By("unknown", person)


class Ticket:
    """One ticket with its history."""

    def __init__(self, ticket: str, rows: list[Staged], account: Helpdesk):
        self.id, self.account = ticket, account
        self.key = f"zammad:{ticket}"
        for row in rows:
            row.body.update({name: account.word(row.body[name]) for name in ("type", "object", "attribute")})
        self.rows = [row for row in rows if row.body["object"] in ("Ticket", "Ticket::Article")]
        self.known = account.tickets.get(ticket, {})
        self.customer = id_of(self.known.get("customer_id")) or self._creator()
        user = account.users.get(self.customer or "", {})
        self.email = email_key(user.get("email"))
        self.phone = text_of(user.get("phone")) or text_of(user.get("mobile"))
        key = self.email or (f"zammad:{self.customer}" if self.customer else None)
        kind = id_of(self.known.get("create_article_type_id"))
        self.life = Lifecycle(
            account.desk,
            self.key,
            channel=_CHANNELS.get(kind, "unknown") if kind else None,
            customer=customer_key(self.said("customer")) or key,
            intent=self.said("intent"),
        )
        self.links: list[tuple[str, str]] = []

    def steps(self) -> Iterator[Event]:
        """The events of the ticket in order."""
        self.life.starts({"team": self._first("group"), "agent": self._first("owner"), "state": self._first("state")})
        for rows in saves(self.rows, lambda r: (r.body["created_by_id"], r.body["sourceable_name"]), _sets):
            yield from self._save(rows)

    def finish(self, sink: Sink) -> None:
        """The interaction itself and what it refers to."""
        count = number_of(self.known.get("article_count"))
        sink.interaction(
            interaction_id=self.key,
            source_system="zammad",
            channel=self.life.channel,
            customer=self.life.customer,
            intent=self.said("intent"),
            declared=as_json({"article_count": count}),
            identity=as_json(
                {
                    "id": self.customer,
                    "email": self.email,
                    "phone": self.phone,
                    "name": self.account.desk.people.get(self.customer or ""),
                }
            )
            if self.customer
            else None,
        )
        for other, basis in dict.fromkeys(self.links):
            if other != self.id:
                sink.refer(self.key, f"zammad:{other}", basis, basis == "merge")

    def outcome_and_value(self) -> tuple[str | None, str | None]:
        """What mapped fields of the ticket say of it as a whole, else its last state."""
        state = id_of(self.known.get("state_id")) or ""
        last = text_of(self.known.get("state")) or self.account.desk.states.get(state)
        return self.said("outcome") or self.life.last_known(last), self.said("value")

    def _save(self, rows: list[Staged]) -> Iterator[Event]:
        change: dict[str, str | None] = {}
        before: dict[str, str | None] = {}
        steps: list[Event] = []
        by = self.account.by(rows[0].body, self.customer)
        created = any(row.body["object"] == "Ticket" and row.body["type"] == "created" for row in rows)
        for row in rows:
            role = _ROLES.get(row.body["attribute"] or "") if row.body["type"] == "updated" else None
            if role:
                before.setdefault(role, self._end(row.body, "from"))
                change[role] = self._end(row.body, "to")
            else:
                steps += self._step(row.body, by, created)
        if created:
            now = {"team": self.life.team, "agent": self.life.agent, "state": self.life.state}
            yield from self.life.save(rows[0], by, {k: v for k, v in now.items() if v is not None}, created=True)
        if change or steps:
            yield from self.life.save(rows[0], by, change, before=before, steps=steps)

    def _step(self, body: Json, by: By, created: bool) -> list[Event]:
        kind, name = body["type"] or "", body["attribute"] or ""
        if body["object"] == "Ticket::Article":
            return [] if created or kind != "created" else [self._message(body, by)]
        if kind in ("merged_into", "received_merge"):
            other = body["id_to"] if kind == "merged_into" else body["id_from"]
            self.links += [(other, "merge")] if other else []
            return [{"activity": "Merged", "event_type": "merged"}]
        if kind in _SLA:
            return [{"activity": kind.replace("_", " ").capitalize(), "event_type": "sla"}]
        if kind == "created":
            return []
        if kind in _ECHOES or any(part in name for part in _DERIVED):
            self.account.desk.sink.note(
                "left out",
                "notifications, and fields that follow from others, are not steps",
                example=kind if kind in _ECHOES else name,
            )
            return []
        if kind in ("updated", "added"):
            return [{"activity": f"Changed {name or 'field'}", "event_type": "field_changed"}]
        self.account.desk.sink.note("unknown values", "unknown types were kept by name", example=kind)
        return [{"activity": kind or "(no type)", "event_type": None}]

    def _message(self, body: Json, by: By) -> Event:
        article = self.account.articles.get(body["o_id"] or "", {})
        if yes(article.get("internal")):
            return {"activity": "Internal note", "event_type": "note"}
        names = {"customer": "Customer message", "agent": "Reply", "rule": "Automatic message"}
        return {"activity": names.get(by.type, "Message"), "event_type": "message"}

    def _end(self, body: Json, end: str) -> str | None:
        """One end of a change: the id of a group or owner, the name of a state."""
        number, name = body[f"id_{end}"], body[f"value_{end}"]
        if body["attribute"] == "owner":
            return None if number == _NOBODY or name == "-" else number or name
        return name or number if body["attribute"] == "state" else number or name

    def _first(self, attribute: str) -> str | None:
        """The value before the first change; without any change the present one."""
        for row in self.rows:
            if row.body["attribute"] == attribute and row.body["type"] == "updated":
                return self._end(row.body, "from")
        now = id_of(self.known.get(f"{attribute}_id"))
        return None if attribute == "state" or (attribute == "owner" and now == _NOBODY) else now

    def _creator(self) -> str | None:
        """Who wrote the first row, unless an agent or the system."""
        first = next((row.body["created_by_id"] for row in self.rows if row.body["type"] == "created"), None)
        return None if first in (None, _NOBODY) or first in self.account.agents else first

    def said(self, key: str) -> str | None:
        """What the field that is mapped to a key says."""
        return text_of(self.known.get(self.account.mapped.get(key, "")))


def _sets(row: Staged) -> list[str]:
    """The field that a row changes."""
    name: str | None = row.body["attribute"] if row.body["type"] == "updated" else None
    return [name] if name else []

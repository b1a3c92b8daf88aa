"""What the history of one Zammad ticket says, step by step."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from miner.events.schema import Event
from miner.events.values import customer_key, email_key, id_of, number_of, text_of
from miner.readers.shared.fields import Body, Json, yes
from miner.readers.shared.helpdesk import Author
from miner.readers.shared.lifecycle import Lifecycle
from miner.readers.shared.save_grouping import group_saves
from miner.readers.shared.staging import Staged
from miner.readers.shared.ticket import Ticket
from miner.readers.tickets.zammad_account import NOBODY, Account

_ROLES = {"group": "team", "owner": "agent", "state": "state"}
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


class ZammadTicket(Ticket[Account]):
    """One ticket with its history."""

    def __init__(self, id: str, rows: list[Staged], account: Account):
        super().__init__(id, rows, account)
        for row in rows:
            row.body.update({name: account.word(row.body[name]) for name in ("type", "object", "attribute")})
        self.rows = [row for row in rows if row.body["object"] in ("Ticket", "Ticket::Article")]
        self.customer = id_of(self.fields.get("customer_id")) or self._creator()
        user = account.users.get(self.customer or "", {})
        self.email = email_key(user.get("email"))
        self.phone = text_of(user.get("phone")) or text_of(user.get("mobile"))
        kind = id_of(self.fields.get("create_article_type_id"))
        self.life = Lifecycle(
            account,
            f"zammad:{id}",
            channel=_CHANNELS.get(kind, "unknown") if kind else None,
            customer=customer_key(self.mapped("customer"))
            or self.email
            or (f"zammad:{self.customer}" if self.customer else None),
            intent=self.mapped("intent"),
        )
        self.links: list[tuple[str, str]] = []

    def known_fields(self) -> Mapping[str, object]:
        """What the ticket says of itself."""
        return self.account.tickets.get(self.id, {})

    def steps(self) -> Iterator[Event]:
        """The events of the ticket in order."""
        self.life.starts({"team": self._first("group"), "agent": self._first("owner"), "state": self._first("state")})
        for rows in group_saves(self.rows, lambda r: (r.body["created_by_id"], r.body["sourceable_name"]), _sets):
            yield from self._save(rows)

    def last_state(self) -> tuple[str | None, str | None]:
        """Its present state."""
        state = id_of(self.fields.get("state_id")) or ""
        return text_of(self.fields.get("state")) or self.account.states.get(state), None

    def declared(self) -> Json:
        """How many articles there are."""
        return {"article_count": number_of(self.fields.get("article_count"))}

    def identity(self) -> Json:
        """The customer."""
        if not self.customer:
            return {}
        name = self.account.people.get(self.customer)
        return {"id": self.customer, "email": self.email, "phone": self.phone, "name": name}

    def references(self) -> Iterator[tuple[str, str, bool]]:
        """Tickets that it was merged with."""
        for other, basis in dict.fromkeys(self.links):
            if other != self.id:
                yield f"zammad:{other}", basis, basis == "merge"

    def _save(self, rows: list[Staged]) -> Iterator[Event]:
        change: dict[str, str | None] = {}
        before: dict[str, str | None] = {}
        steps: list[Event] = []
        author = self.account.author(rows[0].body, self.customer)
        created = any(row.body["object"] == "Ticket" and row.body["type"] == "created" for row in rows)
        for row in rows:
            role = _ROLES.get(row.body["attribute"] or "") if row.body["type"] == "updated" else None
            if role:
                before.setdefault(role, self._end(row.body, "from"))
                change[role] = self._end(row.body, "to")
            else:
                steps += self._step(row.body, author, created)
        if created:
            now = {"team": self.life.team, "agent": self.life.agent, "state": self.life.state}
            yield from self.life.save(rows[0], author, {k: v for k, v in now.items() if v is not None}, created=True)
        if change or steps:
            yield from self.life.save(rows[0], author, change, before=before, steps=steps)

    def _step(self, body: Body, author: Author, created: bool) -> list[Event]:
        kind, name = body["type"] or "", body["attribute"] or ""
        if body["object"] == "Ticket::Article":
            return [] if created or kind != "created" else [self._message(body, author)]
        if kind in ("merged_into", "received_merge"):
            other = body["id_to"] if kind == "merged_into" else body["id_from"]
            self.links += [(other, "merge")] if other else []
            return [{"activity": "Merged", "event_type": "merged"}]
        if kind in _SLA:
            return [{"activity": kind.replace("_", " ").capitalize(), "event_type": "sla"}]
        if kind == "created":
            return []
        if kind in _ECHOES or any(part in name for part in _DERIVED):
            self.account.sink.note(
                "left out",
                "notifications, and fields that follow from others, are not steps",
                example=kind if kind in _ECHOES else name,
            )
            return []
        if kind in ("updated", "added"):
            return [{"activity": f"Changed {name or 'field'}", "event_type": "field_changed"}]
        self.account.sink.note("unknown values", "unknown types were kept by name", example=kind)
        return [{"activity": kind or "(no type)", "event_type": None}]

    def _message(self, body: Body, author: Author) -> Event:
        article = self.account.articles.get(body["o_id"] or "", {})
        if yes(article.get("internal")):
            return {"activity": "Internal note", "event_type": "note"}
        names = {"customer": "Customer message", "agent": "Reply", "rule": "Automatic message"}
        return {"activity": names.get(author.type, "Message"), "event_type": "message"}

    def _end(self, body: Body, end: str) -> str | None:
        """One end of a change: the id of a group or owner, the name of a state."""
        number, name = body[f"id_{end}"], body[f"value_{end}"]
        if body["attribute"] == "owner":
            return None if number == NOBODY or name == "-" else number or name
        return name or number if body["attribute"] == "state" else number or name

    def _first(self, attribute: str) -> str | None:
        """The value before the first change; without any change the present one."""
        for row in self.rows:
            if row.body["attribute"] == attribute and row.body["type"] == "updated":
                return self._end(row.body, "from")
        now = id_of(self.fields.get(f"{attribute}_id"))
        return None if attribute == "state" or (attribute == "owner" and now == NOBODY) else now

    def _creator(self) -> str | None:
        """Who wrote the first row, unless an agent or the system."""
        first = next((row.body["created_by_id"] for row in self.rows if row.body["type"] == "created"), None)
        return None if first in (None, NOBODY) or first in self.account.agents else first


def _sets(row: Staged) -> list[str]:
    """The field that a row changes."""
    name: str | None = row.body["attribute"] if row.body["type"] == "updated" else None
    return [name] if name else []

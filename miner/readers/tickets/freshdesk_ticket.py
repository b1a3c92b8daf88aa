"""What the activities of one Freshdesk ticket say, step by step."""

from __future__ import annotations

from collections.abc import Iterator

from miner.events.schema import Event
from miner.events.sink import Sink
from miner.events.values import customer_key, email_key, id_of, text_of
from miner.readers.shared.fields import Json
from miner.readers.shared.helpdesk import SYSTEM, Author
from miner.readers.shared.lifecycle import Lifecycle
from miner.readers.shared.save_grouping import group_saves
from miner.readers.shared.staging import Staged
from miner.readers.shared.ticket import Ticket
from miner.readers.tickets.freshdesk_account import Account, note_type, rule_name

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


class FreshdeskTicket(Ticket[Account]):
    """One ticket with its activities."""

    def __init__(self, id: str, rows: list[Staged], account: Account):
        super().__init__(id, rows, account)
        self.known = account.tickets.get(id, {})
        self.acts = [row for row in rows if row.body["kind"] not in _MOMENTS]
        self.opens = any("new_ticket" in row.body["activity"] for row in self.acts)
        people = [person for person in account.requesters.get(id, ()) if person not in account.agents]
        self.requester = people[-1] if people else None
        self.contact = self.known.get("contact") or {}
        self.email = email_key(self.contact.get("email"))
        self.life = Lifecycle(
            account,
            f"freshdesk:{id}",
            channel=account.channel(self._source(), _CHANNELS, "sources"),
            customer=customer_key(self.mapped("customer"))
            or self.email
            or (f"freshdesk:{self.requester}" if self.requester else None),
            intent=self.mapped("intent"),
        )

    def steps(self) -> Iterator[Event]:
        """The events of the ticket in order."""
        rows = [row for row in self.records if row.body["kind"] not in _MOMENTS or self._counts(row)]
        for save in group_saves(rows, _author, _sets):
            if save[0].body["kind"] in _MOMENTS:
                yield from self._moment(save[0])
            else:
                yield from self._save(save)

    def known_fields(self) -> Json:
        """The fields of the ticket, its own and those of the account."""
        return self.account.tickets.get(self.id, {}).get("fields") or {}

    def last_state(self) -> tuple[str | None, str | None]:
        """The status of the ticket."""
        return id_of(self.fields.get("status")), None

    def declared(self) -> Json:
        """How many messages there were."""
        return self.known.get("declared") or {}

    def identity(self) -> Json:
        """The requester."""
        if not (self.requester or self.email):
            return {}
        contact = {name: text_of(self.contact.get(name)) for name in ("phone", "name")}
        return {"id": self.requester, "email": self.email, **contact}

    def references(self) -> Iterator[tuple[str, str, bool]]:
        """The parent, and the ticket that this one was merged into."""
        for other, basis in self.known.get("links", ()):
            if other:
                yield f"freshdesk:{other}", basis, basis == "merged_into"

    def check(self, sink: Sink) -> None:
        """Files of activities reach no further back than 30 days."""
        if self.acts and not self.opens:
            sink.note(
                "truncated",
                "tickets began before the first file (files are kept for 30 days): their earlier owner is unknown",
                example=self.life.key,
            )

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
        author = self.account.author(rows[0].body, self.requester)
        yield from self.life.save(rows[0], author, change, created=created, steps=_once(steps))

    def _note(self, row: Staged) -> Event:
        number = note_type(row.body["activity"])
        if number not in _NOTES:
            self.account.sink.note("unknown values", "unknown types of notes were read as notes", example=number)
        activity, event_type = _NOTES.get(number or "", ("Note", "note"))
        author = self.account.author(row.body, self.requester)
        if number == "0" and author.type in ("customer", "unknown"):
            activity = {"customer": "Customer message"}.get(author.type, "Message")
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
            author = Author("customer", self.requester) if self.requester else SYSTEM
            yield from self.life.save(row, author, {}, created=True)
            return
        self.life.starts({"team": self.known.get("group"), "agent": self.known.get("agent")})
        self.account.sink.note(
            "assumed", "tickets without activities: the current agent is assumed to have resolved them"
        )
        agent = self.life.agent
        author = (Author("agent", agent) if agent else Author("unknown")) if kind == "resolved" else SYSTEM
        yield from self.life.moment(row, author, kind)

    def _counts(self, row: Staged) -> bool:
        """Times of the ticket count where no activity tells the same."""
        if row.body["kind"] == "created_at":
            return not self.opens
        return not self.acts

    def _source(self) -> str | None:
        opening = (row.body["activity"] for row in self.acts if "new_ticket" in row.body["activity"])
        sources = (id_of(activity.get("source")) for activity in opening)
        return next((source for source in sources if source), None) or self.known.get("source")


def _author(row: Staged) -> tuple[str | None, ...]:
    return row.body["by"], row.body["kind"], rule_name(row.body)


def _sets(row: Staged) -> list[str]:
    """What a row sets; a change of the ticket by itself sets nothing that others do."""
    return [_ROLES.get(name, name) for name in row.body["activity"] if name != "note"]


def _once(steps: list[Event]) -> list[Event]:
    """Fields that change together twice are one step; every message counts."""
    seen: set[str] = set()
    once = []
    for step in steps:
        if step["event_type"] != "field_changed" or step["activity"] not in seen:
            once.append(step)
        seen.add(step["activity"])
    return once

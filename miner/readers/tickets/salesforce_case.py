"""What the history of one Salesforce case says, step by step.

An owner is a user or a queue. A queue owns nothing by itself: it is where a case waits, and no team of a user. A
user's team is the role or department that `User` names, where it is exported.
"""

from __future__ import annotations

from collections.abc import Iterator

from miner.events.schema import Event
from miner.events.sink import Sink
from miner.events.values import customer_key, email_key
from miner.readers.shared.fields import Json, as_json
from miner.readers.shared.helpdesk import SYSTEM, Author
from miner.readers.shared.lifecycle import Lifecycle
from miner.readers.shared.save_grouping import ONE_SAVE, group_saves
from miner.readers.shared.staging import Staged
from miner.readers.shared.states import ENDED
from miner.readers.shared.ticket import Ticket
from miner.readers.tickets.salesforce_account import Account

_OWNER = frozenset(("owner", "ownerassignment", "owneraccepted", "ownerescalated"))
_CHANNELS = {
    "email": "email",
    "web": "web_form",
    "phone": "voice",
    "chat": "chat",
    "messaging": "messaging",
    "sms": "sms",
    "facebook": "social",
    "twitter": "social",
    "community": "web_form",
}
_CUSTOMER_FIELDS = ("contactid", "suppliedemail", "contactemail", "contact_email", "accountid")


class SalesforceCase(Ticket[Account]):
    """One case with its history."""

    def __init__(self, id: str, rows: list[Staged], account: Account):
        super().__init__(id, rows, account)
        self.known = account.cases.get(id, {})
        contact = next((self.known[name] for name in _CUSTOMER_FIELDS if self.known.get(name)), None)
        self.life = Lifecycle(
            account,
            f"salesforce:{id}",
            channel=account.channel(self.known.get("origin"), _CHANNELS, "origins"),
            customer=customer_key(self.mapped("customer")) or self._customer(contact),
            intent=self.mapped("intent"),
        )
        self.owner: str | None = None
        self.pairs = 0

    def steps(self) -> Iterator[Event]:
        """The events of the case in order."""
        self.owner, self.life.state = self._first_owner(), self._first_state()
        for rows in group_saves(self.records, _author, _sets):
            kind = rows[0].body["kind"]
            if kind == "created":
                yield from self._created(rows[0])
            elif kind == "history":
                yield from self._save(rows)
            elif kind == "history2":
                yield from self._second(rows)
            elif not self._tells_closing(rows[0].at):
                self.life.agent = None if self.account.is_queue(self.owner) else self.owner
                yield from self.life.moment(rows[0], SYSTEM, "closed")

    def known_fields(self) -> Json:
        """The row of the case."""
        return self.account.cases.get(self.id, {})

    def last_state(self) -> tuple[str | None, str | None]:
        """The status of the case."""
        return self.known.get("status"), None

    def identity(self) -> Json:
        """The contact, else what was supplied with the case."""
        known = self.known
        return {
            "id": known.get("contactid"),
            "email": email_key(known.get("contactemail") or known.get("contact_email") or known.get("suppliedemail")),
            "phone": known.get("contactphone") or known.get("suppliedphone"),
            "name": known.get("contact_name") or known.get("suppliedname"),
        }

    def references(self) -> Iterator[tuple[str, str, bool]]:
        """The parent."""
        if self.known.get("parentid"):
            yield f"salesforce:{self.known['parentid'][:15]}", "parent", False

    def check(self, sink: Sink) -> None:
        """Say how many rows told the same change."""
        if self.pairs:
            message = "a changed lookup has two rows, name and id; they were read as one"
            sink.note("paired rows", message, self.pairs)

    def _created(self, row: Staged) -> Iterator[Event]:
        author = self._author_of(row)
        if author.type == "agent" and (self.known.get("origin") or "").lower() in ("web", "email"):
            author = SYSTEM  # what came by web or e-mail was entered by software in an agent's name
        change: dict[str, str | None] = {"state": self.life.state} if self.life.state else {}
        yield from self.life.save(row, author, change, created=True)

    def _save(self, rows: list[Staged]) -> Iterator[Event]:
        fields: dict[str, list[Staged]] = {}
        for row in rows:
            fields.setdefault(row.body["field"], []).append(row)
        steps: list[Event] = []
        change: dict[str, str | None] = {}
        kinds = {name.lower() for name in fields}
        moved = [row for name, found in fields.items() if name.lower() in _OWNER for row in found]
        for name, found in fields.items():
            plain = name.lower()
            if plain == "status":
                change["state"] = found[-1].body["new"]
            elif plain not in _OWNER and plain != "created":
                self._count_pairs(found)
                steps.append({"activity": f"Changed {name}", "event_type": "field_changed"})
        author = self._author_of(rows[0])
        yield from self._moved(rows[0], author, moved, kinds)
        yield from self.life.save(rows[0], author, change, steps=steps, before=_states(fields))

    def _moved(self, place: Staged, author: Author, moved: list[Staged], kinds: set[str]) -> Iterator[Event]:
        """One step for a change of the owner, however many rows tell of it."""
        if not moved:
            return
        best = _telling(moved)
        names = next((row for row in moved if row.body["new"] and not _is_id(row.body["new"])), None)
        self._count_pairs(moved)
        if names is not None and names is not best:
            for end in ("old", "new"):
                if names.body[end] and best.body[end]:
                    self.account.people.setdefault(best.body[end], names.body[end])
        accepted = "owneraccepted" in kinds
        new = best.body["new"] or (author.id if accepted else None)
        if accepted and best.body["old"]:
            self.account.groups.add(best.body["old"])
        yield from self._owned(place, author, best.body["old"], new, "ownerescalated" in kinds, accepted)

    def _second(self, rows: list[Staged]) -> Iterator[Event]:
        """CaseHistory2 has owner and status as they are after each change."""
        if any(row.body["kind"] == "history" for row in self.records):
            self.account.sink.note("left out", "CaseHistory2 repeats what CaseHistory contains")
            return
        for row in rows:
            author, owner = self._author_of(row), row.body["owner"]
            if owner and owner != self.owner:
                yield from self._owned(row, author, self.owner, owner, False, False)
            yield from self.life.save(row, author, {"state": row.body["status"]} if row.body["status"] else {})

    def _owned(
        self, place: Staged, author: Author, old: str | None, new: str | None, escalated: bool, accepted: bool
    ) -> Iterator[Event]:
        is_queue, person = self.account.is_queue, self.account.person
        from_queue = accepted or is_queue(old)
        kind = None
        if old and new and old != new and not from_queue and not is_queue(new):
            kind = "escalation" if escalated else "agent_reassign"
        if is_queue(new):
            words: Event = {"activity": "Sent to queue", "event_type": "queue_enter"}
        else:
            words = {"activity": "Accepted from queue" if accepted else "Assigned to agent", "event_type": "assigned"}
        if escalated:
            words = {"activity": "Escalated", "event_type": "escalated"}
        said_of = {
            "from_queue" if from_queue else "from_agent": person(old),
            "to_queue" if is_queue(new) else "to_agent": person(new),
        }
        self.owner = new
        yield from self.life.save(
            place, author, {}, steps=[words | {"handoff_kind": kind, "attributes": as_json(said_of)}]
        )

    def _author_of(self, row: Staged) -> Author:
        """Who acts: a user; automation and unknown ones are rules; users of the portal are customers."""
        user, name = row.body["by"], row.body.get("by_name")
        if user is None and name is None:
            holder = None if self.account.is_queue(self.owner) else self.owner
            if holder:
                self.account.sink.note("assumed", "changes without CreatedById were attributed to the owner")
            self.life.team = self.account.roles.get(holder or "")
            return Author("agent", holder) if holder else Author("unknown")
        if name and user:
            self.account.people.setdefault(user, name)
        user = user or name
        self.life.team = self.account.roles.get(user or "")
        if user in self.account.robots or (name or "").lower() in ("automated process", "platform integration user"):
            return Author("rule", user)
        return Author("customer" if user in self.account.customers else "agent", user)

    def _first_owner(self) -> str | None:
        first: Staged | None = None
        for row in self.records:
            if row.body["kind"] == "history" and row.body["field"].lower() in _OWNER:
                first = first or row
                if row.at == first.at and _is_id(row.body["old"]):
                    return row.body["old"]
            elif row.body["kind"] == "history2" and first is None:
                return row.body["owner"]
        return first.body["old"] if first else self.known.get("ownerid")

    def _first_state(self) -> str | None:
        for row in self.records:
            if row.body["kind"] == "history" and row.body["field"].lower() == "status":
                return row.body["old"]
            if row.body["kind"] == "history2":
                return row.body["status"]
        status: str | None = self.known.get("status")  # a case is not opened at its end
        return None if self.account.state(status).kind in ENDED else status

    def _tells_closing(self, at: int) -> bool:
        """Whether the history itself says that the case was closed then."""
        state = self.account.state
        return state(self.life.state).kind in ENDED or any(
            state(row.body["new"]).kind in ENDED
            for row in self.records
            if 0 <= row.at - at <= ONE_SAVE and row.body["kind"] == "history" and row.body["field"].lower() == "status"
        )

    def _count_pairs(self, rows: list[Staged]) -> None:
        self.pairs += len(rows) // 2 if any(_is_id(row.body["new"]) or _is_id(row.body["old"]) for row in rows) else 0

    def _customer(self, found: str | None) -> str | None:
        if found is None:
            return None
        return customer_key(found) if "@" in found else f"salesforce:{found}"


def _author(row: Staged) -> tuple[str | None, str]:
    return row.body["by"], row.body["kind"]


def _sets(row: Staged) -> list[str]:
    return [row.body["field"].lower()] if "field" in row.body else ["owner and status"] * ("owner" in row.body)


def _states(fields: dict[str, list[Staged]]) -> dict[str, str | None]:
    found = next((rows for name, rows in fields.items() if name.lower() == "status"), None)
    return {"state": found[0].body["old"]} if found else {}


def _telling(moved: list[Staged]) -> Staged:
    """The row of a change of the owner that has ids, else one with names; rows of special fields may be empty."""
    return next(
        (row for row in moved if _is_id(row.body["new"])),
        next((row for row in moved if row.body["new"] or row.body["old"]), moved[0]),
    )


def _is_id(value: str | None) -> bool:
    return value is not None and len(value) == 15 and value[:3] in ("005", "00G") and value.isalnum()

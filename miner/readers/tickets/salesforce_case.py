"""What is known of a Salesforce organisation, and what the history of one case says, step by step.

An owner is a user or a queue. A queue owns nothing by itself: it is where a case waits, and no team of a user. A
user's team is the role or department that `User` names, where it is exported.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from miner.events.schema import Event
from miner.events.sink import Sink
from miner.events.values import customer_key, email_key
from miner.readers.shared.fields import Json
from miner.readers.shared.saves import ONE_SAVE, saves
from miner.readers.shared.staging import Staged
from miner.readers.table_rows import Row
from miner.readers.tickets.lifecycle import SYSTEM, By, Desk, Lifecycle, as_json
from miner.readers.tickets.states import ENDED

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


@dataclass
class Org:
    """What is known of all cases before the first is read."""

    desk: Desk
    mapped: dict[str, str]
    cases: dict[str, Json] = field(default_factory=dict)
    groups: set[str] = field(default_factory=set)  # ids and names
    roles: dict[str, str] = field(default_factory=dict)  # user → team
    customers: set[str] = field(default_factory=set)  # users of the portal
    robots: set[str] = field(default_factory=set)

    def group(self, group: str | None, row: Row) -> None:
        """Remember a queue by id and name."""
        self.groups.update(filter(None, (group, row.get("name"))))
        if group and row.get("name"):
            self.desk.people[group] = row["name"] or ""

    def user(self, user: str | None, row: Row) -> None:
        """Remember a user: name, team, and whether a customer of the portal or software."""
        if not user:
            return
        self.desk.people[user] = row.get("name") or user
        team = row.get(self.mapped.get("team", "")) or row.get("userrole_name") or row.get("department")
        if team:
            self.roles[user] = team
        sort = (row.get("usertype") or "").lower()
        if "portal" in sort or "customer" in sort:
            self.customers.add(user)
        if sort in ("automatedprocess", "cloudintegrationuser"):
            self.robots.add(user)

    def owner(self, owner: str | None, row: Row) -> None:
        """Remember what a row says of an owner: name and type."""
        if owner and row.get("owner_name"):
            self.desk.people.setdefault(owner, row["owner_name"] or "")
        if owner and (row.get("owner_type") or "").lower() in ("queue", "group"):
            self.groups.update(filter(None, (owner, row.get("owner_name"))))

    def is_queue(self, owner: str | None) -> bool:
        """Whether an owner is a queue: by its id, or because it is known as one."""
        return owner is not None and (owner in self.groups or (owner.startswith("00G") and len(owner) == 15))


class Case:
    """One case with its history."""

    def __init__(self, case: str, rows: list[Staged], org: Org):
        self.org, self.rows, self.known = org, rows, org.cases.get(case, {})
        self.key = f"salesforce:{case}"
        origin = self.known.get("origin")
        found = next((self.known[name] for name in _CUSTOMER_FIELDS if self.known.get(name)), None)
        self.life = Lifecycle(
            org.desk,
            self.key,
            channel=self._channel(origin),
            customer=customer_key(self.said("customer")) or self._customer(found),
            intent=self.said("intent"),
        )
        self.owner: str | None = None
        self.pairs = 0

    def steps(self) -> Iterator[Event]:
        """The events of the case in order."""
        self.owner, self.life.state = self._first_owner(), self._first_state()
        for rows in saves(self.rows, _author, _sets):
            kind = rows[0].body["kind"]
            if kind == "created":
                yield from self._created(rows[0])
            elif kind == "history":
                yield from self._save(rows)
            elif kind == "history2":
                yield from self._second(rows)
            elif not self._tells_closing(rows[0].at):
                self.life.agent = None if self.org.is_queue(self.owner) else self.owner
                yield from self.life.turns(rows[0], SYSTEM, "closed")

    def finish(self, sink: Sink) -> None:
        """The interaction itself and what it refers to."""
        known = self.known
        email = email_key(known.get("contactemail") or known.get("contact_email") or known.get("suppliedemail"))
        sink.interaction(
            interaction_id=self.key,
            source_system="salesforce",
            channel=self.life.channel,
            customer=self.life.customer,
            intent=self.said("intent"),
            declared=None,
            identity=as_json(
                {
                    "id": known.get("contactid"),
                    "email": email,
                    "phone": known.get("contactphone") or known.get("suppliedphone"),
                    "name": known.get("contact_name") or known.get("suppliedname"),
                }
            ),
        )
        if known.get("parentid"):
            sink.refer(self.key, f"salesforce:{known['parentid'][:15]}", "parent")
        if self.pairs:
            message = "a changed lookup has two rows, name and id; they were read as one"
            sink.note("paired rows", message, self.pairs)

    def outcome_and_value(self) -> tuple[str | None, str | None]:
        """What mapped fields say of the case as a whole, else its last status."""
        return self.said("outcome") or self.life.last_known(self.known.get("status")), self.said("value")

    def _created(self, row: Staged) -> Iterator[Event]:
        by = self._by(row)
        if by.type == "agent" and (self.known.get("origin") or "").lower() in ("web", "email"):
            by = SYSTEM  # what came by web or e-mail was entered by software in an agent's name
        change: dict[str, str | None] = {"state": self.life.state} if self.life.state else {}
        yield from self.life.save(row, by, change, created=True)

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
        by = self._by(rows[0])
        yield from self._moved(rows[0], by, moved, kinds)
        yield from self.life.save(rows[0], by, change, steps=steps, before=_states(fields))

    def _moved(self, place: Staged, by: By, moved: list[Staged], kinds: set[str]) -> Iterator[Event]:
        """One step for a change of the owner, however many rows tell of it."""
        if not moved:
            return
        best = _telling(moved)
        names = next((row for row in moved if row.body["new"] and not _is_id(row.body["new"])), None)
        self._count_pairs(moved)
        if names is not None and names is not best:
            for end in ("old", "new"):
                if names.body[end] and best.body[end]:
                    self.org.desk.people.setdefault(best.body[end], names.body[end])
        accepted = "owneraccepted" in kinds
        new = best.body["new"] or (by.id if accepted else None)
        if accepted and best.body["old"]:
            self.org.groups.add(best.body["old"])
        yield from self._owned(place, by, best.body["old"], new, "ownerescalated" in kinds, accepted)

    def _second(self, rows: list[Staged]) -> Iterator[Event]:
        """CaseHistory2 has owner and status as they are after each change."""
        if any(row.body["kind"] == "history" for row in self.rows):
            self.org.desk.sink.note("left out", "CaseHistory2 repeats what CaseHistory contains")
            return
        for row in rows:
            by, owner = self._by(row), row.body["owner"]
            if owner and owner != self.owner:
                yield from self._owned(row, by, self.owner, owner, False, False)
            yield from self.life.save(row, by, {"state": row.body["status"]} if row.body["status"] else {})

    def _owned(
        self, place: Staged, by: By, old: str | None, new: str | None, escalated: bool, accepted: bool
    ) -> Iterator[Event]:
        org, person = self.org, self.org.desk.person
        from_queue = accepted or org.is_queue(old)
        kind = None
        if old and new and old != new and not from_queue and not org.is_queue(new):
            kind = "escalation" if escalated else "agent_reassign"
        if org.is_queue(new):
            words: Event = {"activity": "Sent to queue", "event_type": "queue_enter"}
        else:
            words = {"activity": "Accepted from queue" if accepted else "Assigned to agent", "event_type": "assigned"}
        if escalated:
            words = {"activity": "Escalated", "event_type": "escalated"}
        said_of = {
            "from_queue" if from_queue else "from_agent": person(old),
            "to_queue" if org.is_queue(new) else "to_agent": person(new),
        }
        self.owner = new
        yield from self.life.save(place, by, {}, steps=[words | {"handoff_kind": kind, "attributes": as_json(said_of)}])

    def _by(self, row: Staged) -> By:
        """Who acts: a user; automation and unknown ones are rules; users of the portal are customers."""
        user, name = row.body["by"], row.body.get("by_name")
        if user is None and name is None:
            holder = None if self.org.is_queue(self.owner) else self.owner
            if holder:
                self.org.desk.sink.note("assumed", "changes without CreatedById were attributed to the owner")
            self.life.team = self.org.roles.get(holder or "")
            return By("agent", holder) if holder else By("unknown")
        if name and user:
            self.org.desk.people.setdefault(user, name)
        user = user or name
        self.life.team = self.org.roles.get(user or "")
        if user in self.org.robots or (name or "").lower() in ("automated process", "platform integration user"):
            return By("rule", user)
        return By("customer" if user in self.org.customers else "agent", user)

    def _first_owner(self) -> str | None:
        first: Staged | None = None
        for row in self.rows:
            if row.body["kind"] == "history" and row.body["field"].lower() in _OWNER:
                first = first or row
                if row.at == first.at and _is_id(row.body["old"]):
                    return row.body["old"]
            elif row.body["kind"] == "history2" and first is None:
                return row.body["owner"]
        return first.body["old"] if first else self.known.get("ownerid")

    def _first_state(self) -> str | None:
        for row in self.rows:
            if row.body["kind"] == "history" and row.body["field"].lower() == "status":
                return row.body["old"]
            if row.body["kind"] == "history2":
                return row.body["status"]
        status: str | None = self.known.get("status")  # a case is not opened at its end
        return None if self.org.desk.state(status).kind in ENDED else status

    def _tells_closing(self, at: int) -> bool:
        """Whether the history itself says that the case was closed then."""
        state = self.org.desk.state
        return state(self.life.state).kind in ENDED or any(
            state(row.body["new"]).kind in ENDED
            for row in self.rows
            if 0 <= row.at - at <= ONE_SAVE and row.body["kind"] == "history" and row.body["field"].lower() == "status"
        )

    def _count_pairs(self, rows: list[Staged]) -> None:
        self.pairs += len(rows) // 2 if any(_is_id(row.body["new"]) or _is_id(row.body["old"]) for row in rows) else 0

    def _customer(self, found: str | None) -> str | None:
        if found is None:
            return None
        return customer_key(found) if "@" in found else f"salesforce:{found}"

    def _channel(self, origin: str | None) -> str | None:
        if origin is None:
            return None
        known = _CHANNELS.get(origin.lower())
        if known is None:
            message = "origins that are not a channel were read as unknown"
            self.org.desk.sink.note("unknown values", message, example=origin)
        return known or "unknown"

    def said(self, key: str) -> str | None:
        """What the field that is mapped to a key says."""
        value: str | None = self.known.get(self.org.mapped.get(key, ""))
        return value


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

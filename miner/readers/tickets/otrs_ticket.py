"""What is known of an OTRS or Znuny system, and what the history of one ticket says, step by step.

Names of rows are `%%`-separated parts; plug-ins write free text there, and then the columns of the row tell what
the ticket had after the change. A queue is the team of the agents who answer it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from miner.events.schema import Event
from miner.events.sink import Sink
from miner.events.values import customer_key, email_key, id_of, text_of
from miner.readers.shared.fields import Json
from miner.readers.shared.saves import saves
from miner.readers.shared.staging import Staged
from miner.readers.tickets.lifecycle import SYSTEM, By, Desk, Lifecycle, as_json

_ROOT = "1"  # the first user is the system as an author and nobody as an owner
# As installed, in order.
_TYPE_NAMES = """
NewTicket FollowUp SendAutoReject SendAutoReply SendAutoFollowUp Forward Bounce SendAnswer SendAgentNotification
SendCustomerNotification EmailAgent EmailCustomer PhoneCallAgent PhoneCallCustomer AddNote Move Lock Unlock
Remove TimeAccounting CustomerUpdate PriorityUpdate OwnerUpdate LoopProtection Misc SetPendingTime StateUpdate
TicketDynamicFieldUpdate WebRequestCustomer TicketLinkAdd TicketLinkDelete SystemRequest Merged
ResponsibleUpdate Subscribe Unsubscribe TypeUpdate ServiceUpdate SLAUpdate ArchiveFlagUpdate
""".split()
_TYPES = dict(enumerate(_TYPE_NAMES, 1))
STATES = {
    "1": "new",
    "2": "closed successful",
    "3": "closed unsuccessful",
    "4": "open",
    "5": "removed",
    "6": "pending reminder",
    "7": "pending auto close+",
    "8": "pending auto close-",
    "9": "merged",
}  # so, too
_CHANNELS = {
    "EmailCustomer": "email",
    "EmailAgent": "email",
    "PhoneCallCustomer": "voice",
    "PhoneCallAgent": "voice",
    "WebRequestCustomer": "web_form",
    "SMSCustomer": "sms",
    "ChatExternal": "chat",
}
_CUSTOMERS = frozenset(("EmailCustomer", "WebRequestCustomer", "FollowUp", "SMSCustomer"))
_MESSAGES = {
    **dict.fromkeys(_CUSTOMERS, "Customer message"),
    "PhoneCallCustomer": "Call from customer",
    "PhoneCallAgent": "Call to customer",
    "SendAnswer": "Reply",
    "EmailAgent": "Reply",
    "Forward": "Forwarded",
    "Bounce": "Forwarded",
}
_ECHOES = frozenset(
    (
        "SendAutoReject",
        "SendAutoReply",
        "SendAutoFollowUp",
        "SendAgentNotification",
        "LoopProtection",
        "SendCustomerNotification",
        "TimeAccounting",
        "Subscribe",
        "Unsubscribe",
        "SystemRequest",
        "Misc",
        "ArchiveFlagUpdate",
        "Remove",
        "SetPendingTime",
        "NotificationEvent",
    )
)
_FIELDS = {
    "PriorityUpdate": "priority",
    "TypeUpdate": "type",
    "ServiceUpdate": "service",
    "SLAUpdate": "SLA",
    "ResponsibleUpdate": "responsible",
    "CustomerUpdate": "customer",
    "TitleUpdate": "title",
    "TicketDynamicFieldUpdate": "field",
}
_SETS = {
    "Move": ("team",),
    "OwnerUpdate": ("agent",),
    "StateUpdate": ("state",),
    "Lock": ("lock",),
    "Unlock": ("lock",),
}
_CUSTOMER = re.compile(r"CustomerID=([^;]*);(?:CustomerUser=([^;]*);)?")


@dataclass
class System:
    """What is known of all tickets before the first is read."""

    desk: Desk
    mapped: dict[str, str]
    tickets: dict[str, Json] = field(default_factory=dict)
    types: dict[str, str] = field(default_factory=dict)

    def take(self, kind: str, row: Json) -> None:
        """Remember a ticket, queue, user or type of history."""
        number = id_of(row.get("id"))
        if number is None:
            return
        name = text_of(row.get("name"))
        if kind == "tickets":
            self.tickets[number] = row
        elif kind == "queues" and name:
            self.desk.teams[number] = name
        elif kind == "types" and name:
            self.types[number] = name
        elif kind == "users":
            full = " ".join(filter(None, (text_of(row.get("first_name")), text_of(row.get("last_name")))))
            self.desk.people[number] = full or text_of(row.get("login")) or number

    def learn(self, body: Json) -> None:
        """Names of queues and owners come with the rows that change them."""
        kind, parts = self.type(body), parts_of(body["name"])
        if kind == "Move":
            for name, number in zip(parts[0::2], parts[1::2], strict=False):
                if name and number.isdecimal():
                    self.desk.teams.setdefault(number, name)
        elif kind == "OwnerUpdate" and len(parts) > 1 and parts[1].isdecimal() and parts[0]:
            self.desk.people.setdefault(parts[1], parts[0])
        elif kind == "NewTicket" and len(parts) > 1 and body["queue_id"] and parts[1]:
            self.desk.teams.setdefault(body["queue_id"], parts[1])
        state = parts[3:4] if kind == "NewTicket" else parts[1:2] if kind == "StateUpdate" else []
        if state and state[0] and body["state_id"]:
            self.desk.states[body["state_id"]] = state[0]

    def type(self, body: Json) -> str:
        """The type of a row by its name; numbers by their table, else as installed."""
        number = body["history_type_id"] or ""
        known = body["type"] or self.types.get(number)
        return known or (_TYPES.get(int(number), number) if number.isdecimal() and len(number) < 6 else number)


def parts_of(name: str) -> list[str]:
    """The parts of a name such as `%%Raw%%2`; none where it is free text."""
    return name[2:].split("%%") if name.startswith("%%") else []


class Ticket:
    """One ticket with its history."""

    def __init__(self, ticket: str, rows: list[Staged], system: System):
        self.id, self.rows, self.system, self.known = ticket, rows, system, system.tickets.get(ticket, {})
        self.key = f"otrs:{ticket}"
        self.kinds = [system.type(row.body) for row in rows]
        self.company, self.customer = self._customer()
        channel = next((_CHANNELS[kind] for kind in self.kinds if kind in _CHANNELS), None)
        self.life = Lifecycle(
            system.desk,
            self.key,
            channel=channel,
            intent=self.said("intent"),
            customer=customer_key(self.said("customer")) or customer_key(self.customer or self.company),
        )
        self.links: list[tuple[str, str]] = []
        found = (row.at for row, kind in zip(rows, self.kinds, strict=True) if kind == "NewTicket")
        self.opened = next(found, None)

    def steps(self) -> Iterator[Event]:
        """The events of the ticket in order."""
        self.life.starts(
            {"team": self._first("Move", "queue_id", 3), "agent": self._first_owner(), "state": self._first_state()}
        )
        kinds = {id(row): kind for row, kind in zip(self.rows, self.kinds, strict=True)}
        for rows in saves(
            self.rows, lambda row: self._by(row, kinds[id(row)]), lambda row: _SETS.get(kinds[id(row)], ())
        ):
            yield from self._save([(row, kinds[id(row)]) for row in rows])

    def finish(self, sink: Sink) -> None:
        """The interaction itself and what it refers to."""
        sink.interaction(
            interaction_id=self.key,
            source_system="otrs",
            channel=self.life.channel,
            customer=self.life.customer,
            intent=self.said("intent"),
            declared=None,
            identity=as_json({"id": self.customer or self.company, "email": email_key(self.customer)})
            if self.customer or self.company
            else None,
        )
        for other, basis in dict.fromkeys(self.links):
            if other != self.id:
                sink.refer(self.key, f"otrs:{other}", basis, basis == "merge")

    def outcome_and_value(self) -> tuple[str | None, str | None]:
        """What mapped columns of the table `ticket` say of it as a whole, else its last state."""
        state = id_of(self.known.get("ticket_state_id")) or self.rows[-1].body["state_id"]
        return self.said("outcome") or self.life.last_known(state), self.said("value")

    def _save(self, rows: list[tuple[Staged, str]]) -> Iterator[Event]:
        change: dict[str, str | None] = {}
        before: dict[str, str | None] = {}
        steps: list[Event] = []
        first, kind = rows[0]
        created = any(kind == "NewTicket" for _, kind in rows)
        for row, kind in rows:
            if kind == "Move":
                change["team"], before_team = self._move(row.body)
                if before_team:
                    before.setdefault("team", before_team)
            elif kind == "OwnerUpdate":
                change["agent"] = self._owner(row.body)
            elif kind == "StateUpdate":
                old, change["state"] = self._states(row.body)
                before.setdefault("state", old)
            elif kind != "NewTicket":
                steps += self._step(kind, row.body, row.at == self.opened)
        by = self._by(first, kind)
        if created:
            yield from self.life.save(
                first,
                self._creator(rows, by),
                {"team": self.life.team, "agent": self.life.agent, "state": self.life.state},
                created=True,
            )
        if change or steps:
            yield from self.life.save(first, by, change, before=before, steps=steps)

    def _step(self, kind: str, body: Json, opens: bool) -> list[Event]:
        note = self.system.desk.sink.note
        if kind in _MESSAGES:
            return [] if opens else [{"activity": _MESSAGES[kind], "event_type": "message"}]
        if kind == "AddNote":
            return [{"activity": "Internal note", "event_type": "note"}]
        if kind in ("Lock", "Unlock"):
            return [{"activity": f"{kind}ed", "event_type": "field_changed"}]
        if kind == "Merged":
            parts = parts_of(body["name"])
            self.links += [(number, "merge") for number in parts[1::2] if number.isdecimal()]
            return [{"activity": "Merged", "event_type": "merged"}]
        if kind == "TicketLinkAdd":
            parts = parts_of(body["name"])
            self.links += [(parts[1], "link")] if len(parts) > 1 and parts[1].isdecimal() else []
            return []
        if kind in _FIELDS:
            return [] if opens else [{"activity": f"Changed {_FIELDS[kind]}", "event_type": "field_changed"}]
        if kind.startswith("Escalation"):
            return [{"activity": kind, "event_type": "sla"}]
        if kind in _ECHOES:
            note("left out", "notifications, time accounting and the like are not steps", example=kind)
            return []
        note("unknown values", "unknown history types were kept by name", example=kind)
        return [{"activity": kind, "event_type": None}]

    def _by(self, row: Staged, kind: str) -> By:
        """Who acts: a customer writes by e-mail or the portal whoever enters it; the first user is the system."""
        if kind in _CUSTOMERS:
            return By("customer", self.customer)
        person = row.body["create_by"]
        return SYSTEM if person in (None, _ROOT) else By("agent", person)

    def _creator(self, rows: list[tuple[Staged, str]], by: By) -> By:
        """Tickets that the system enters at the customer's word are begun by the customer."""
        asked = any(kind in _CUSTOMERS for kind in self.kinds[:4])
        return By("customer", self.customer) if by.type == "system" and asked else by

    def _move(self, body: Json) -> tuple[str | None, str | None]:
        parts = parts_of(body["name"])
        if len(parts) >= 4:
            return parts[1] or parts[0], parts[3] or parts[2]
        self._free_text(body)
        return body["queue_id"] or self.life.team, None

    def _owner(self, body: Json) -> str | None:
        parts = parts_of(body["name"])
        if len(parts) < 2 or not parts[1].isdecimal():
            self._free_text(body)
        owner = parts[1] if len(parts) > 1 and parts[1].isdecimal() else body["owner_id"]
        return None if owner == _ROOT else owner

    def _states(self, body: Json) -> tuple[str | None, str | None]:
        parts = parts_of(body["name"])
        if len(parts) >= 2:
            return parts[0] or None, parts[1] or None
        self._free_text(body)
        return None, body["state_id"] or self.life.state

    def _free_text(self, body: Json) -> None:
        message = "names are free text, as plug-ins write it; the row's columns were used"
        self.system.desk.sink.note("free text", message, example=self.system.type(body))

    def _first(self, kind: str, column: str, part: int) -> str | None:
        """The value before the first change, else that of the first row."""
        for row, found in zip(self.rows, self.kinds, strict=True):
            parts = parts_of(row.body["name"])
            if found == kind:
                return (parts[part] or parts[part - 1]) if len(parts) > part else None
            if found == "NewTicket" and row.body[column]:
                return row.body[column]
        return self.rows[0].body[column]

    def _first_owner(self) -> str | None:
        first, kind = self.rows[0].body, self.kinds[0]
        return first["owner_id"] if kind == "NewTicket" and first["owner_id"] != _ROOT else None

    def _first_state(self) -> str | None:
        for row, kind in zip(self.rows, self.kinds, strict=True):
            parts = parts_of(row.body["name"])
            if kind == "NewTicket" and len(parts) >= 4:
                return parts[3] or None
            if kind == "StateUpdate" and len(parts) >= 2:
                return parts[0] or None
        return None

    def _customer(self) -> tuple[str | None, str | None]:
        """Company and user, from the table `ticket` or the last CustomerUpdate."""
        company, user = id_of(self.known.get("customer_id")), id_of(self.known.get("customer_user_id"))
        for row, kind in zip(self.rows, self.kinds, strict=True):
            found = _CUSTOMER.search(row.body["name"]) if kind == "CustomerUpdate" else None
            if found:
                company, user = found[1].strip() or company, (found[2] or "").strip() or user
        return company, user

    def said(self, key: str) -> str | None:
        """What the field that is mapped to a key says."""
        return text_of(self.known.get(self.system.mapped.get(key, "")))

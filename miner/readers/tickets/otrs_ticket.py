"""What the history of one OTRS or Znuny ticket says, step by step.

Names of rows are `%%`-separated parts; plug-ins write free text there, and then the columns of the row tell what
the ticket had after the change. A queue is the team of the agents who answer it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from miner.events.schema import Event
from miner.events.values import customer_key, email_key, id_of
from miner.readers.shared.fields import Body, Json
from miner.readers.shared.helpdesk import SYSTEM, Author
from miner.readers.shared.lifecycle import Lifecycle
from miner.readers.shared.save_grouping import group_saves
from miner.readers.shared.staging import Staged
from miner.readers.shared.ticket import Ticket
from miner.readers.tickets.otrs_account import Account, parts_of

_ROOT = "1"  # the first user is the system as an author and nobody as an owner
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


class OtrsTicket(Ticket[Account]):
    """One ticket with its history."""

    def __init__(self, id: str, rows: list[Staged], account: Account):
        super().__init__(id, rows, account)
        self.kinds = [account.type(row.body) for row in rows]
        self.company, self.customer = self._customer()
        self.life = Lifecycle(
            account,
            f"otrs:{id}",
            channel=next((_CHANNELS[kind] for kind in self.kinds if kind in _CHANNELS), None),
            customer=customer_key(self.mapped("customer")) or customer_key(self.customer or self.company),
            intent=self.mapped("intent"),
        )
        self.links: list[tuple[str, str]] = []
        found = (row.at for row, kind in zip(rows, self.kinds, strict=True) if kind == "NewTicket")
        self.opened = next(found, None)

    def steps(self) -> Iterator[Event]:
        """The events of the ticket in order."""
        self.life.starts(
            {"team": self._first("Move", "queue_id", 3), "agent": self._first_owner(), "state": self._first_state()}
        )
        kinds = {id(row): kind for row, kind in zip(self.records, self.kinds, strict=True)}
        for rows in group_saves(
            self.records, lambda row: self._author(row, kinds[id(row)]), lambda row: _SETS.get(kinds[id(row)], ())
        ):
            yield from self._save([(row, kinds[id(row)]) for row in rows])

    def known_fields(self) -> Mapping[str, object]:
        """The row of the table `ticket`."""
        return self.account.tickets.get(self.id, {})

    def last_state(self) -> tuple[str | None, str | None]:
        """The state in the table `ticket`, else in the last row."""
        return id_of(self.fields.get("ticket_state_id")) or self.records[-1].body["state_id"], None

    def identity(self) -> Json:
        """The customer's user, else the company."""
        person = self.customer or self.company
        return {"id": person, "email": email_key(self.customer)} if person else {}

    def references(self) -> Iterator[tuple[str, str, bool]]:
        """Tickets that are linked or merged."""
        for other, basis in dict.fromkeys(self.links):
            if other != self.id:
                yield f"otrs:{other}", basis, basis == "merge"

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
        author = self._author(first, kind)
        if created:
            yield from self.life.save(
                first,
                self._creator(rows, author),
                {"team": self.life.team, "agent": self.life.agent, "state": self.life.state},
                created=True,
            )
        if change or steps:
            yield from self.life.save(first, author, change, before=before, steps=steps)

    def _step(self, kind: str, body: Body, opens: bool) -> list[Event]:
        note = self.account.sink.note
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

    def _author(self, row: Staged, kind: str) -> Author:
        """Who acts: a customer writes by e-mail or the portal whoever enters it; the first user is the system."""
        if kind in _CUSTOMERS:
            return Author("customer", self.customer)
        person = row.body["create_by"]
        return SYSTEM if person in (None, _ROOT) else Author("agent", person)

    def _creator(self, rows: list[tuple[Staged, str]], author: Author) -> Author:
        """Tickets that the system enters at the customer's word are begun by the customer."""
        asked = any(kind in _CUSTOMERS for kind in self.kinds[:4])
        return Author("customer", self.customer) if author.type == "system" and asked else author

    def _move(self, body: Body) -> tuple[str | None, str | None]:
        parts = parts_of(body["name"])
        if len(parts) >= 4:
            return parts[1] or parts[0], parts[3] or parts[2]
        self._free_text(body)
        return body["queue_id"] or self.life.team, None

    def _owner(self, body: Body) -> str | None:
        parts = parts_of(body["name"])
        if len(parts) < 2 or not parts[1].isdecimal():
            self._free_text(body)
        owner = parts[1] if len(parts) > 1 and parts[1].isdecimal() else body["owner_id"]
        return None if owner == _ROOT else owner

    def _states(self, body: Body) -> tuple[str | None, str | None]:
        parts = parts_of(body["name"])
        if len(parts) >= 2:
            return parts[0] or None, parts[1] or None
        self._free_text(body)
        return None, body["state_id"] or self.life.state

    def _free_text(self, body: Body) -> None:
        message = "names are free text, as plug-ins write it; the row's columns were used"
        self.account.sink.note("free text", message, example=self.account.type(body))

    def _first(self, kind: str, column: str, part: int) -> str | None:
        """The value before the first change, else that of the first row."""
        for row, found in zip(self.records, self.kinds, strict=True):
            parts = parts_of(row.body["name"])
            if found == kind:
                return (parts[part] or parts[part - 1]) if len(parts) > part else None
            if found == "NewTicket" and row.body[column]:
                return row.body[column]
        return self.records[0].body[column]

    def _first_owner(self) -> str | None:
        first, kind = self.records[0].body, self.kinds[0]
        return first["owner_id"] if kind == "NewTicket" and first["owner_id"] != _ROOT else None

    def _first_state(self) -> str | None:
        for row, kind in zip(self.records, self.kinds, strict=True):
            parts = parts_of(row.body["name"])
            if kind == "NewTicket" and len(parts) >= 4:
                return parts[3] or None
            if kind == "StateUpdate" and len(parts) >= 2:
                return parts[0] or None
        return None

    def _customer(self) -> tuple[str | None, str | None]:
        """Company and user, from the table `ticket` or the last CustomerUpdate."""
        company, user = id_of(self.fields.get("customer_id")), id_of(self.fields.get("customer_user_id"))
        for row, kind in zip(self.records, self.kinds, strict=True):
            found = _CUSTOMER.search(row.body["name"]) if kind == "CustomerUpdate" else None
            if found:
                company, user = found[1].strip() or company, (found[2] or "").strip() or user
        return company, user

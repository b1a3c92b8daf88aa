"""What a record of a ServiceNow task table says: when it was opened, resolved, reopened and closed, and by whom."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from miner.events.schema import Event
from miner.events.sink import Sink
from miner.events.values import customer_key
from miner.readers.shared.clock import Clock
from miner.readers.shared.fields import Body, Json, whole_number, yes
from miner.readers.shared.helpdesk import SYSTEM, Author, HelpDesk
from miner.readers.shared.lifecycle import Lifecycle
from miner.readers.shared.staging import Staged
from miner.readers.shared.states import INCIDENT_STATES
from miner.readers.shared.ticket import Ticket
from miner.readers.tabular.rows import Row

# References that connectors copy as NAME_value, and the labels of lists exported in the browser.
_REFERENCES = (
    "assigned_to",
    "assignment_group",
    "caller_id",
    "opened_by",
    "closed_by",
    "resolved_by",
    "reopened_by",
    "parent",
    "parent_incident",
    "problem_id",
    "rfc",
    "caused_by",
    "task",
    "sla",
    "company",
    "duplicate_of",
    "first_reported_by_task",
    "origin_id",
)
LABELS = {f"{name}_value": name for name in _REFERENCES} | {
    "caller": "caller_id",
    "opened": "opened_at",
    "resolved": "resolved_at",
    "closed": "closed_at",
    "updated": "sys_updated_on",
    "created": "sys_created_on",
    "task_type": "sys_class_name",
    "channel": "contact_type",
}
_LINKS = (
    "parent",
    "parent_incident",
    "problem_id",
    "rfc",
    "caused_by",
    "duplicate_of",
    "first_reported_by_task",
    "origin_id",
)
_TOTALS = ("reassignment_count", "reopen_count")
_CHANNELS = {
    "phone": "voice",
    "email": "email",
    "self-service": "web_form",
    "self_service": "web_form",
    "web": "web_form",
    "chat": "chat",
    "virtual_agent": "chat",
    "virtual agent": "chat",
    "social": "social",
}
_MOMENTS = (
    ("opened", "opened_at", "opened_by", 0),
    ("reopened", "reopened_time", "reopened_by", 1),
    ("reopened", "reopened_at", "reopened_by", 1),
    ("resolved", "resolved_at", "resolved_by", 2),
    ("closed", "closed_at", "closed_by", 3),
)


@dataclass
class Account(HelpDesk):
    """Names of people and teams, and what records say of themselves."""

    records: dict[str, Body] = field(default_factory=dict)
    users: dict[str, Row] = field(default_factory=dict)

    def record(self, key: str) -> Body:
        """The fields of a record, from all tables that have it."""
        return self.records.setdefault(key, {})

    def remember_user(self, key: str, row: Row) -> None:
        """Remember a person, by sys_id and by user name."""
        for name in filter(None, (key, row.get("user_name"))):
            self.users[name] = row
        if row.get("name"):
            self.people[key] = row["name"] or ""


def moments(row: Row, clock: Clock) -> Iterator[tuple[str, int, Body]]:
    """The points in time a record tells of: a name, the time, and what is to be laid down."""
    for name, column, author, rank in _MOMENTS:
        columns = (column, "sys_created_on") if name == "opened" and "number" in row else (column,)
        at = clock.of(row, *columns)
        if at is not None:
            yield name, at, {"kind": name, "by": row.get(author), "rank": rank}


def service_level(row: Row, clock: Clock) -> Iterator[tuple[str, int, Body]]:
    """The same of a service level: when it started, and when it was breached."""
    breached = yes(row.get("has_breached"))
    for name, at in (
        ("SLA started", clock.of(row, "start_time")),
        ("SLA breached", clock.of(row, "planned_end_time", "end_time") if breached else None),
    ):
        if at is not None:
            yield name, at, {"kind": name, "by": None, "rank": 1}


class ServicenowRecord(Ticket[Account]):
    """One record with what it tells of its times."""

    def __init__(self, id: str, moments: list[Staged], account: Account):
        super().__init__(id, moments, account)
        self.caller = self.known.get("caller_id")
        self.life = Lifecycle(
            account,
            id,
            channel=account.channel(self.known.get("contact_type"), _CHANNELS, "contact types"),
            customer=customer_key(self.mapped("customer")) or customer_key(self.caller),
            intent=self.mapped("intent"),
        )
        for name, names in (("assignment_group", account.teams), ("assigned_to", account.people)):
            if self.known.get(f"{name}_display") and self.known.get(name):
                names.setdefault(self.known[name], self.known[f"{name}_display"])

    def steps(self) -> Iterator[Event]:
        """The events of the record in order."""
        for moment in self.records:
            kind, person = moment.body["kind"], moment.body["by"]
            if kind == "opened":
                self.life.starts({"team": None, "agent": None})  # whose it was then is not known
                author = self._author(person or self.known.get("sys_created_by"))
                yield from self.life.save(moment, author, {}, created=True)
                continue
            self.life.starts({"team": self.known.get("assignment_group"), "agent": self.known.get("assigned_to")})
            if kind.startswith("SLA"):
                yield from self.life.save(moment, SYSTEM, {}, steps=[{"activity": kind, "event_type": "sla"}])
            else:
                yield from self.life.moment(moment, self._author(person), kind, self.known.get("close_code"))

    def known_fields(self) -> Body:
        """The fields of the record."""
        self.known = self.account.record(self.id)
        return self.known

    def last_state(self) -> tuple[str | None, str | None]:
        """The state it is in, by its label where the numbers are those of incidents, and its close code."""
        known, code = self.known, self.known.get("close_code")
        if known.get("incident_state"):
            return INCIDENT_STATES.get(known["incident_state"], known["incident_state"]), code
        state: str | None = known.get("state")
        incident = known.get("sys_class_name", "incident") == "incident" and (known.get("number") or "INC")[:3] == "INC"
        return INCIDENT_STATES.get(state, state) if state and incident else state, code

    def declared(self) -> Json:
        """How often it was reassigned and reopened."""
        return {name: whole_number(self.known.get(name)) for name in _TOTALS}

    def identity(self) -> Json:
        """The caller."""
        if not self.caller:
            return {}
        user = self.account.users.get(self.caller, {})
        phone = user.get("mobile_phone") or user.get("phone")
        return {"id": self.caller, "email": user.get("email"), "name": user.get("name"), "phone": phone}

    def references(self) -> Iterator[tuple[str, str, bool]]:
        """The records it names."""
        for name in _LINKS:
            if self.known.get(name):
                yield self.known[name], name, False

    def check(self, sink: Sink) -> None:
        """Reassignments are counted here, but only a history names them."""
        moved = self.declared()["reassignment_count"]
        if moved:
            sink.note(
                "truncated",
                "records count reassignments that are not in these tables; export sys_audit",
                example=f"{self.known.get('number') or self.id}: {moved}",
            )

    def _author(self, person: str | None) -> Author:
        if person is None or person.lower() in ("system", "guest"):
            return SYSTEM
        return Author("customer" if person == self.caller else "agent", person)

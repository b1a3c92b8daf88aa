"""What a record of a ServiceNow task table says: when it was opened, resolved, reopened and closed, and by whom."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from miner.events.schema import Event
from miner.events.values import customer_key
from miner.readers.shared.fields import Json
from miner.readers.shared.staging import Staged
from miner.readers.table_rows import Row
from miner.readers.tickets.lifecycle import SYSTEM, By, Desk, Lifecycle, as_json
from miner.readers.tickets.states import INCIDENT_STATES
from miner.readers.tickets.tables import Times, whole_number, yes
from miner.readers.tickets.telling import last_with

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
class Instance:
    """What is known of all records before the first is read."""

    desk: Desk
    mapped: dict[str, str]
    records: dict[str, Json] = field(default_factory=dict)
    users: dict[str, Row] = field(default_factory=dict)

    def record(self, key: str) -> Json:
        """The fields of a record, from all tables that have it."""
        return self.records.setdefault(key, {})

    def user(self, key: str, row: Row) -> None:
        """Remember a person, by sys_id and by user name."""
        for name in filter(None, (key, row.get("user_name"))):
            self.users[name] = row
        if row.get("name"):
            self.desk.people[key] = row["name"] or ""


def moments(row: Row, clock: Times, line: int, sla: bool = False) -> Iterator[tuple[str, int, Json]]:
    """The points in time a row tells of: a name, the time, and what is to be laid down."""
    if sla:
        start, end = clock.of(row.get("start_time"), "start_time", line), None
        if yes(row.get("has_breached")):
            end = clock.of(row.get("planned_end_time") or row.get("end_time"), "planned_end_time", line)
        for name, at in (("SLA started", start), ("SLA breached", end)):
            if at is not None:
                yield name, at, {"kind": name, "by": None, "rank": 1}
        return
    for name, column, author, rank in _MOMENTS:
        at = clock.of(row.get(column), column, line)
        if at is None and name == "opened" and "number" in row:
            at = clock.of(row.get("sys_created_on"), "sys_created_on", line)
        if at is not None:
            yield name, at, {"kind": name, "by": row.get(author), "rank": rank}


def record(key: str, steps: list[Staged], instance: Instance) -> Iterator[Event]:
    """The events of one record, which also gives the interaction and its references to the sink."""
    known, mapped = instance.record(key), instance.mapped
    caller = known.get("caller_id")
    own = known.get(mapped.get("customer", ""))
    life = Lifecycle(
        instance.desk,
        key,
        channel=_channel(instance.desk, known.get("contact_type")),
        customer=customer_key(own) or customer_key(caller),
        intent=known.get(mapped.get("intent", "")),
    )
    for name in ("assignment_group", "assigned_to"):
        names = instance.desk.teams if name == "assignment_group" else instance.desk.people
        if known.get(f"{name}_display") and known.get(name):
            names.setdefault(known[name], known[f"{name}_display"])
    events = _events(life, steps, known, caller)
    yield from last_with(
        events,
        lambda: (
            known.get(mapped.get("outcome", "")) or life.last_known(_state(known), known.get("close_code")),
            known.get(mapped.get("value", "")),
        ),
        lambda name: known.get(mapped.get(name, "")),
    )
    _finish(key, known, life, instance)


def _events(life: Lifecycle, steps: list[Staged], known: Json, caller: str | None) -> Iterator[Event]:
    for step in steps:
        kind, person = step.body["kind"], step.body["by"]
        if kind == "opened":
            life.starts({"team": None, "agent": None})  # whose it was then is not known
            yield from life.save(step, _by(person or known.get("sys_created_by"), caller), {}, created=True)
            continue
        life.starts({"team": known.get("assignment_group"), "agent": known.get("assigned_to")})
        if kind.startswith("SLA"):
            yield from life.save(step, SYSTEM, {}, steps=[{"activity": kind, "event_type": "sla"}])
        else:
            yield from life.turns(step, _by(person, caller), kind, known.get("close_code"))


def _state(known: Json) -> str | None:
    """The state a record is in, by its label where the numbers are those of incidents."""
    if known.get("incident_state"):
        return INCIDENT_STATES.get(known["incident_state"], known["incident_state"])
    state: str | None = known.get("state")
    incident = known.get("sys_class_name", "incident") == "incident" and (known.get("number") or "INC")[:3] == "INC"
    return INCIDENT_STATES.get(state, state) if state and incident else state


def _by(person: str | None, caller: str | None) -> By:
    if person is None or person.lower() in ("system", "guest"):
        return SYSTEM
    return By("customer" if person == caller else "agent", person)


def _finish(key: str, known: Json, life: Lifecycle, instance: Instance) -> None:
    sink = instance.desk.sink
    totals = {name: whole_number(known.get(name)) for name in _TOTALS}
    user = instance.users.get(known.get("caller_id") or "", {})
    sink.interaction(
        interaction_id=key,
        source_system="servicenow",
        channel=life.channel,
        customer=life.customer,
        intent=life.intent,
        declared=as_json(totals),
        identity=as_json(
            {
                "id": known.get("caller_id"),
                "email": user.get("email"),
                "name": user.get("name"),
                "phone": user.get("mobile_phone") or user.get("phone"),
            }
        )
        if known.get("caller_id")
        else None,
    )
    for name in _LINKS:
        if known.get(name):
            sink.refer(key, known[name], name)
    if totals["reassignment_count"]:
        sink.note(
            "truncated",
            "records count reassignments that are not in these tables; export sys_audit",
            example=f"{known.get('number') or key}: {totals['reassignment_count']}",
        )


def _channel(desk: Desk, name: str | None) -> str | None:
    if name is None:
        return None
    found = _CHANNELS.get(name.lower())
    if found is None:
        desk.sink.note("unknown values", "contact types that are not a channel were read as unknown", example=name)
    return found or "unknown"

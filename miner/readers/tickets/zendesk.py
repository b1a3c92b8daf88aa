"""Zendesk ticket audits: pages of the REST interface, arrays, or JSON lines, with what was side-loaded.

`users`, `groups`, `tickets` and `metric_sets` of any file give the names, roles, customers and declared
totals of all files. What an audit means is in `zendesk_ticket`.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import Any

from miner.errors import InputError, Problem
from miner.events import times
from miner.events.sink import Sink
from miner.events.values import customer_key, email_key, id_of, number_of, opening_mark, text_of
from miner.readers.base import Match, Options, Report, SourceFile
from miner.readers.records import Record, paged_records, sample, shows
from miner.readers.staging import Malformed, Staging, child, children, read_files
from miner.readers.tickets.zendesk_ticket import Ticket, declared_totals

NAME = "zendesk"
TITLE = "Zendesk ticket audits"
LINKED = True

_PAGES = ("audits", "users", "groups", "tickets", "metric_sets", "ticket_metrics")
_AGENT_FIELDS = frozenset(("group_id", "assignee_id", "priority"))
_MAPPED = ("intent", "customer", "outcome", "value")


def sniff(file: SourceFile) -> Match | None:
    """Audits have `ticket_id` and a list of `events`; a page of users or tickets names itself."""
    found = sample(file, _PAGES)
    audits = [r for r in found if r.key in (None, "audits") and _is_audit(r.value)]
    if audits:
        return Match(95, "records with ticket_id and a list of events, as in Zendesk ticket audits")
    if found and b"zendesk.com" in file.head and all(r.key in _PAGES for r in found):
        return Match(60, f"a page of Zendesk {found[0].key}")
    return Match(70, "a long record with ticket_id and events") if shows(file, "ticket_id", "field_name") else None


def read(file: SourceFile, options: Options, sink: Sink) -> Report:
    """Read one file of audits; for an export in several files see `read_all`."""
    return read_all([file], options, sink)[0]


def read_all(files: list[SourceFile], options: Options, sink: Sink) -> list[Report]:
    """Read the files of one account together: overlapping pages, tickets split over files, names for all."""
    account = _Account(options, sink)
    return read_files(files, options, sink, NAME, account.stage, account.emit)


@dataclass
class _Account:
    """What is known of all tickets before the first is read."""

    options: Options
    sink: Sink
    users: dict[str, dict[str, str | None]] = field(default_factory=dict)
    names: Counter[str] = field(default_factory=Counter)
    groups: dict[str, str] = field(default_factory=dict)
    tickets: dict[str, dict[str, Any]] = field(default_factory=dict)
    agents: set[str] = field(default_factory=set)

    def __post_init__(self) -> None:
        self.tz = times.zone(self.options.tz) if self.options.tz else None
        self.mapped = {key: self.options.columns[key] for key in _MAPPED if key in self.options.columns}

    def stage(self, file: SourceFile, staging: Staging, report: Report) -> None:
        """Lay the audits of a file down and remember what is side-loaded."""
        report.columns, report.time = dict(self.mapped), "ISO-8601"
        for record in paged_records(file, self.sink, _PAGES):
            try:
                self._take(record, staging, file.name)
                report.rows += 1
            except Malformed as bad:
                self.sink.reject(record.line, bad.field, bad.value, bad.reason)

    def emit(self, staging: Staging, reports: dict[int, Report]) -> None:
        """Turn every ticket into events, an interaction and its references."""
        self.names.update(user["name"] for user in self.users.values() if user["name"])
        count = 0
        for ticket_id, audits in staging.topics():
            count += 1
            self.sink.source = audits[0].source
            ticket = Ticket(ticket_id, audits, self)
            for event in ticket.steps():
                reports[event["source_no"]].events += 1
                self.sink.event(**event)
            ticket.finish(self.sink)
        if not count:
            files = ", ".join(report.file for report in reports.values())
            raise InputError(Problem("there are no ticket audits", files, fix="export /api/v2/tickets/{id}/audits"))

    def role(self, user_id: str, requester: str | None) -> str:
        """customer, agent or unknown, from the role declared, or from what only agents do."""
        role = self.users.get(user_id, {}).get("role")
        if role:
            return "customer" if role == "end-user" else "agent"
        if user_id == requester:
            return "customer"
        return "agent" if user_id in self.agents else "unknown"

    def person(self, user_id: str) -> str:
        """The name of a person where it is known and only theirs, else the id."""
        name = self.users.get(user_id, {}).get("name")
        return name if name and self.names[name] == 1 else user_id

    def team(self, group_id: str | None) -> str | None:
        """The name of a group, or its id as text."""
        return self.groups.get(group_id, group_id) if group_id else None

    def customer(self, requester: str | None) -> str | None:
        """external_id, else e-mail, else zendesk:<id>."""
        if requester is None:
            return None
        user = self.users.get(requester, {})
        return customer_key(user.get("external_id")) or email_key(user.get("email")) or f"{NAME}:{requester}"

    def identity(self, requester: str | None) -> dict[str, str | None]:
        """What the export says of who the requester is."""
        user = self.users.get(requester or "", {})
        return {"id": requester, "email": user.get("email"), "phone": user.get("phone"), "name": user.get("name")}

    def _take(self, record: Record, staging: Staging, file: str) -> None:
        value, key = record.value, record.key
        if key == "users":
            self.users[_id(value)] = {name: text_of(value.get(name)) for name in ("name", "email", "phone", "role")} | {
                "external_id": id_of(value.get("external_id"))}
        elif key == "groups":
            self.groups[_id(value)] = text_of(value.get("name")) or _id(value)
        elif key in ("tickets", "metric_sets", "ticket_metrics"):
            self._take_ticket(value, _id(value) if key == "tickets" else _id(value, "ticket_id"))
        else:
            self._take_audit(record, staging, file)

    def _take_ticket(self, value: dict[str, Any], ticket_id: str) -> None:
        known = self.tickets.setdefault(ticket_id, {"fields": {}, "declared": {}})
        for entry in (*children(value, "custom_fields"), *children(value, "fields")):
            known["fields"][id_of(entry.get("id"))] = text_of(entry.get("value"))
        known["requester"] = id_of(value.get("requester_id")) or known.get("requester")
        rating = child(value, "satisfaction_rating").get("score")
        known["declared"] |= declared_totals({**value, **child(value, "metric_set")}, text_of(rating))

    def _take_audit(self, record: Record, staging: Staging, file: str) -> None:
        audit = child(record.value, "audit") or record.value
        if "child_events" in audit:
            raise Malformed("child_events", "an incremental ticket event; export the ticket audits instead")
        if not _is_audit(audit):
            raise Malformed(None, "not a ticket audit: ticket_id or the list of events is missing", sorted(audit)[:10])
        audit_id = id_of(audit.get("id"))
        client = text_of(child(child(audit, "metadata"), "system").get("client"))
        body = {"author": id_of(audit.get("author_id")), "via": _via(audit), **({"client": client} if client else {}),
                "events": [_slim(event) for event in children(audit, "events")]}
        self._learn_agents(body)
        staging.add(record.line, _id(audit, "ticket_id"), body, id=audit_id,
                    at=self._time(audit.get("created_at"), record.line, file),
                    rank=int(audit_id) if audit_id and audit_id.isdecimal() and len(audit_id) < 19 else None)

    def _learn_agents(self, body: dict[str, Any]) -> None:
        """Assignees, and authors of private comments and of changes that only agents make, are agents."""
        for event in body["events"]:
            if event["field"] == "assignee_id":
                self.agents.update(filter(None, (event["value"], event["before"])))
            private = event["public"] is False and event["type"] == "Comment"
            changes = event["type"] == "Change" and event["field"] in _AGENT_FIELDS
            if (private or changes) and not (body["via"] | (event["via"] or {})).get("rule"):
                self.agents.add(event["author"] or body["author"] or "-1")

    def _time(self, value: object, line: int, file: str) -> int:
        try:
            return times.parse(value, self.tz)
        except times.NoZone:
            raise InputError(Problem("created_at has no time zone", file, line, "created_at",
                                     "name the zone it is in: --tz Europe/Berlin")) from None
        except ValueError as error:
            raise Malformed("created_at", f"created_at is {error}", value) from None


def _is_audit(value: dict[str, Any]) -> bool:
    return "ticket_id" in value and isinstance(value.get("events"), list)


def _id(value: dict[str, Any], key: str = "id") -> str:
    found = id_of(value.get(key))
    if found is None:
        raise Malformed(key, f"{key} is missing", value.get(key))
    return found


def _via(holder: dict[str, Any]) -> dict[str, Any]:
    """Channel, whether a rule acted, its name, the relation and the ticket it came from."""
    via = child(holder, "via")
    source = child(via, "source")
    origin = child(source, "from")
    channel, rel = text_of(via.get("channel")), text_of(source.get("rel"))
    return {"channel": channel, "rel": rel, "rule": channel == "rule" or rel in ("trigger", "automation"),
            "title": text_of(origin.get("title")), "ticket": id_of(origin.get("ticket_id"))}


def _slim(event: dict[str, Any]) -> dict[str, Any]:
    """The parts of an event that are used; no text of the conversation is kept."""
    public = event.get("public")
    return {
        "type": text_of(event.get("type")) or "", "field": id_of(event.get("field_name")),
        "value": _value(event.get("value")), "before": _value(event.get("previous_value")),
        "author": id_of(event.get("author_id")), "public": public if isinstance(public, bool) else None,
        "via": _via(event) if event.get("via") is not None else None,
        "score": text_of(event.get("score")) or number_of(event.get("score")),
        **({"opening": opening_mark(event.get("body"))} if event.get("type") == "Comment" else {}),
    }


def _value(value: object) -> str | None:
    """A field's value: lists (tags) joined, ids as text."""
    if isinstance(value, list):
        return " ".join(filter(None, (text_of(element) for element in value))) or None
    return id_of(value) if not isinstance(value, bool) else text_of(value)


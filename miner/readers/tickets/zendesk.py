"""Zendesk: ticket audits, incremental ticket events, metric events, and the export of an account.

JSON pages, arrays or lines of any of them; the export also as CSV or XML; the tables that Fivetran copies. `users`,
`groups`, `tickets` and `metric_sets` of any file give the names, roles, customers and declared totals of all files.
The forms are brought into one in `zendesk_shapes`; what an audit means is in `zendesk_ticket`.
"""

from __future__ import annotations

from functools import partial

from miner.events.values import id_of
from miner.readers.base import Match, SourceFile
from miner.readers.shared.clock import ASSUMED_UTC, Clock
from miner.readers.shared.fields import Body, Json, Malformed, child, whole_number
from miner.readers.shared.records import Record, paged_records, sample, shows
from miner.readers.shared.staging import Staged
from miner.readers.shared.states import TICKET_OUTCOMES
from miner.readers.shared.ticket_files import TicketFiles
from miner.readers.tabular.read import is_table
from miner.readers.tabular.rows import Row, flat_rows
from miner.readers.tickets import zendesk_export as export
from miner.readers.tickets import zendesk_shapes as shapes
from miner.readers.tickets.zendesk_account import Account, need_id
from miner.readers.tickets.zendesk_ticket import ZendeskTicket

NAME = "zendesk"
TITLE = "Zendesk tickets: audits, events, exports"
TOTALS = {
    "reopens": "reopens",
    "replies": "replies",
    "group_stations": ("team_assignments", "team_visits"),
    "assignee_stations": ("agent_assignments", "agent_visits"),
}
NOT_COMPARED = {"group_id": "it is not a count", "satisfaction": "it is not a count"}
LINKED = True
OUTCOMES = TICKET_OUTCOMES

_PAGES = (
    "audits",
    "users",
    "groups",
    "tickets",
    "metric_sets",
    "ticket_metrics",
    "ticket_events",
    "ticket_metric_events",
)
_SIDE = ("users", "groups", "tickets", "metric_sets", "ticket_metrics")
_LAST = (1 << 62) - 1  # ranks of what comes after everything else of its time


def sniff(file: SourceFile) -> Match | None:
    """Audits, ticket events and metric events by their fields; a page of users or tickets names itself."""
    if is_table(file) != "json":
        kind = "XML export" if export.is_xml(file) else export.table_of(file)
        return Match(86, f"Zendesk's {kind}") if kind else None
    found = sample(file, _PAGES)
    sorts = {_sort(record) for record in found}
    if "audit" in sorts:
        return Match(95, "records with ticket_id and a list of events, as in Zendesk ticket audits")
    if "answer" in sorts:
        return Match(93, "a ticket with its audit, as Zendesk answers to a request that makes or changes one")
    if "event" in sorts:
        return Match(95, "records with ticket_id and child_events, as in Zendesk's incremental ticket events")
    if "metric" in sorts:
        return Match(93, "metric events of tickets, as in Zendesk")
    ours = b"zendesk.com" in file.head or b'"metric_set"' in file.head
    if found and ours and sorts & set(_SIDE):
        return Match(80 if "tickets" in sorts else 60, f"Zendesk {', '.join(sorted(filter(None, sorts)))}")
    return Match(70, "a long record with ticket_id and events") if shows(file, "ticket_id", "field_name") else None


class _Files(TicketFiles[Account]):
    """The files of one account: overlapping pages, tickets split over files, names for all."""

    name, account_type, ticket_type = NAME, Account, ZendeskTicket
    nothing, fix = "there are no ticket audits", "export /api/v2/tickets/{id}/audits"

    def make_clock(self, file: SourceFile) -> Clock:
        """Copied tables have no zone; lists that the browser exports are in the zone of their user."""
        copied = is_table(file) != "json" and not export.is_xml(file) and export.table_of(file) != "list of tickets"
        return Clock(self.options, self.sink, assumed=ASSUMED_UTC if copied else None)

    def stage(self, file: SourceFile) -> None:
        """Lay what was done to tickets down and remember what is side-loaded."""
        if export.is_xml(file):
            self.take_each(export.xml_tickets(file, self.sink), self._ticket)
        elif is_table(file) == "json":
            self.take_each(((record.line, record) for record in paged_records(file, self.sink, _PAGES)), self._record)
        else:
            kind = export.table_of(file) or "list of tickets"
            self.take_each(flat_rows(file, self.sink, {}), partial(self._row, kind))

    def interaction(self, key: str, records: list[Staged]) -> ZendeskTicket | None:
        """A ticket by its audits; what it says of itself counts only where it has none."""
        audits = self._history(key, records)
        return ZendeskTicket(key, audits, self.account) if audits else None

    def _history(self, ticket: str, rows: list[Staged]) -> list[Staged]:
        if any(row.body.get("sort") not in ("made", "metric") for row in rows):
            rows = [row for row in rows if row.body.get("sort") != "made"]
        elif any(row.body.get("sort") == "made" for row in rows):
            self.sink.note(
                "history",
                "tickets without audits: only their creation and their current group, assignee "
                "and status are known; export /api/v2/tickets/{id}/audits",
                example=ticket,
            )
            if any(event["field"] == "status" for row in rows for event in row.body["events"]):
                self.sink.note(
                    "assumed",
                    "tickets without audits record when they were solved, not by whom: the "
                    "solution is attributed to the current assignee",
                    example=ticket,
                )
        audits, via = shapes.joined(rows), self.account.tickets.get(ticket, {}).get("via")
        if audits and via and audits[0].body["via"]["channel"] is None:
            audits[0].body["via"] = via
        return audits

    def _record(self, line: int, record: Record) -> None:
        value, sort = record.value, _sort(record)
        if sort == "answer":
            self._ticket(line, child(value, "ticket"))
            sort = "audit" if value.get("audit") else None
            if sort is None:
                return
        if sort == "users":
            self.account.remember_user(value)
        elif sort == "groups":
            self.account.remember_group(value)
        elif sort in ("metric_sets", "ticket_metrics"):
            self.account.remember_ticket(value, need_id(value, "ticket_id"))
        elif sort == "tickets":
            self._ticket(line, value)
        elif sort == "event":
            at = self.clock.need(value, "timestamp", "created_at")
            self._audit(line, value, shapes.of_ticket_event(value), at, 0)
        elif sort == "metric":
            self._metric(line, value)
        else:
            audit = child(value, "audit") or value
            if not _is_audit(audit):
                reason = "not a ticket audit: ticket_id or the list of events is missing"
                raise Malformed(None, reason, sorted(audit)[:10])
            body = shapes.of_audit(audit)
            self._audit(line, audit, body, self.clock.need(audit, "created_at"), 1)

    def _audit(self, line: int, audit: Json, body: Body, at: int, version: int) -> None:
        """An audit, or the event that is the same by its id; the audit tells more."""
        number = id_of(audit.get("id"))
        self.account.learn_agents(body)
        self.staging.add(
            line, need_id(audit, "ticket_id"), body, id=number, at=at, rank=whole_number(number), version=version
        )

    def _metric(self, line: int, value: Json) -> None:
        body = shapes.of_metric_event(value) | {"sort": "metric"}
        kind = body["events"][0]["value"]
        if kind in shapes.CLOCKS or value.get("deleted") is True:
            self.sink.note("left out", "SLA timer events were skipped", example=kind)
            return
        number = id_of(value.get("id"))
        self.staging.add(
            line,
            need_id(value, "ticket_id"),
            body,
            at=self.clock.need(value, "time"),
            id=f"metric {number}" if number else None,
            rank=_LAST,
        )

    def _ticket(self, line: int, value: Json) -> None:
        ticket = need_id(value)
        self.account.remember_ticket(value, ticket, self._updated(value))
        for number, (column, time, body) in enumerate(shapes.of_ticket(value)):
            at = self.clock.parse(time, column)
            if at is not None:
                self.account.learn_agents(body)
                self.staging.add(
                    line, ticket, body | {"sort": "made"}, at=at, id=f"ticket {ticket} {number}", rank=number
                )

    def _row(self, kind: str, line: int, row: Row) -> None:
        if kind == "users":
            self.account.remember_user(row)
        elif kind == "groups":
            self.account.remember_group(row)
        elif kind == "field history":
            change = {"field": row.get("field_name"), "value": row.get("value")}
            body: Body = {
                "author": row.get("user_id"),
                "via": shapes.NO_VIA,
                "row": change,
                "sort": "row",
                "events": [],
            }
            if change["field"] == "assignee_id" and change["value"]:
                self.account.agents.add(change["value"])
            at = self.clock.need(row, "updated")
            self.staging.add(line, need_id(row, "ticket_id"), body, at=at, rank=line)
        elif kind == "comments":
            body = {
                "author": row.get("user_id"),
                "via": shapes.NO_VIA,
                "sort": "comment",
                "events": [shapes.slim(export.comment_of(row))],
            }
            self.account.learn_agents(body)
            self.staging.add(
                line,
                need_id(row, "ticket_id"),
                body,
                at=self.clock.need(row, "created"),
                id=f"comment {row.get('id')}",
                rank=_LAST - 1,
            )
        else:
            self._ticket(line, export.ticket_of(row))

    def _updated(self, value: Json) -> int | None:
        """When a ticket was changed last, None where that cannot be read."""
        try:
            return self.clock.of(value, "updated_at")
        except Malformed:
            return None


read, read_all = _Files.read, _Files.read_all


def _sort(record: Record) -> str | None:
    """What a record is: audit, event, metric, answer, one of the side-loads, or None for anything else.

    The answer to a request that makes or changes a ticket is the ticket with its audit.
    """
    value = record.value
    ticket, audit = value.get("ticket"), value.get("audit")
    if isinstance(ticket, dict) and "requester_id" in ticket and (audit is None or isinstance(audit, dict)):
        return "answer"
    if "child_events" in value and "ticket_id" in value:
        return "event"
    if {"ticket_id", "metric", "type", "time"} <= value.keys():
        return "metric"
    if record.key in _SIDE:
        return record.key
    if record.key is None and "events" not in value:
        if {"requester_id", "assignee_id", "group_id", "status"} <= value.keys() and "responder_id" not in value:
            return "tickets"
        url = value.get("url")
        if isinstance(url, str) and "zendesk" in url:
            return "users" if "/users/" in url else "groups" if "/groups/" in url else None
    return "audit" if record.key in (None, "audits") and _is_audit(value) else None


def _is_audit(value: Json) -> bool:
    return "ticket_id" in value and isinstance(value.get("events"), list)

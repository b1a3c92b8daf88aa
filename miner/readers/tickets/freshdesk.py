"""Freshdesk: the daily files of ticket activities, with tickets, agents and groups beside them.

Tickets come from the REST interface, the export of an account (`helpdesk_ticket`), or the CSV of the ticket list.
What the activities of one ticket mean is in `freshdesk_ticket`.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections import Counter
from collections.abc import Mapping

from miner.events import times
from miner.events.values import id_of, text_of
from miner.readers.base import Match, SourceFile
from miner.readers.shared.fields import Body, Json, Malformed, child
from miner.readers.shared.records import Record, paged_records, sample, shows
from miner.readers.shared.states import TICKET_OUTCOMES
from miner.readers.shared.ticket_files import TicketFiles
from miner.readers.tabular.read import is_table
from miner.readers.tabular.rows import Row, flat_rows, kind_of
from miner.readers.tickets.freshdesk_account import Account
from miner.readers.tickets.freshdesk_ticket import FreshdeskTicket

NAME = "freshdesk"
TITLE = "Freshdesk activities and tickets"
LINKED = True
OUTCOMES = TICKET_OUTCOMES

_PAGES = ("activities_data", "tickets", "agents", "groups")
_KINDS = {"list": ("ticket_id", "status", "created_time", "agent", "group")}
_FORM = "%d-%m-%Y %H:%M:%S %z"
_COUNT = re.compile(rb'"activities_count"\s*:\s*(\d{1,12})')
_TICKET = frozenset(("requester_id", "responder_id", "group_id", "status"))
_MOMENTS = ("reopened_at", "resolved_at", "closed_at")


def sniff(file: SourceFile) -> Match | None:
    """Activities name themselves; tickets by their fields; the list of tickets by its columns."""
    found = sample(file, _PAGES)
    if any(r.key == "activities_data" or _sort(r.value) == "activity" for r in found):
        return Match(94, "records with performed_at and performer_type, as in Freshdesk activities")
    if any(_sort(r.value) == "ticket" for r in found):
        return Match(85, "tickets with requester_id, responder_id and group_id, as in Freshdesk")
    if any(_sort(r.value) for r in found):
        return Match(55, "agents or groups, as in Freshdesk")
    if kind_of(file, _KINDS, {}):
        return Match(85, "the columns of Freshdesk's list of tickets")
    long = shows(file, "performed_at", "performer_type")
    return Match(70, "a long file of activities, as in Freshdesk") if long else None


class _Files(TicketFiles[Account]):
    """The files of one account: a ticket's activities lie in the files of many days."""

    name, account_type, ticket_type = NAME, Account, FreshdeskTicket
    time_words = "day-month-year with offset, or ISO-8601"
    nothing = "there are no activities or tickets with a time"
    fix = "export /api/v2/export/ticket_activities"

    seen: Counter[str]  # activities of the present file: how many, and how often each came

    def stage(self, file: SourceFile) -> None:
        """Lay activities and the times of tickets down, and remember names."""
        self.seen = Counter()
        if is_table(file) != "json":
            self.take_each(flat_rows(file, self.sink, {}), self._list)
            return
        self.take_each(((record.line, record) for record in paged_records(file, self.sink, _PAGES)), self._take)
        declared, activities = _declared_count(file), self.seen["activities"]
        if declared is not None and declared > activities:
            self.sink.note("truncated", f"the file announces {declared} activities and has {activities}")

    def _take(self, line: int, record: Record) -> None:
        value = record.value
        sort = {"activities_data": "activity", "tickets": "ticket"}.get(record.key or "") or _sort(value)
        if sort == "activity":
            self.seen["activities"] += 1
            self._activity(line, value)
        elif sort == "ticket":
            self._ticket(line, value)
        elif sort in ("agent", "group"):
            self.account.remember_name(sort, value)
        else:
            raise Malformed(None, "neither an activity nor a ticket of Freshdesk", sorted(value)[:10])

    def _activity(self, line: int, value: Json) -> None:
        ticket = id_of(value.get("ticket_id"))
        if ticket is None:
            raise Malformed("ticket_id", "ticket_id is missing")
        activity = child(value, "activity")
        at = self._performed(value)
        # There is no id, and equal rows are genuine: what tells them apart is how many came before in the file.
        mark = hashlib.sha256(
            json.dumps([ticket, at, value.get("performer_id"), activity], sort_keys=True, default=str).encode()
        ).hexdigest()
        self.seen[mark] += 1
        body: Body = {
            "activity": activity,
            "by": id_of(value.get("performer_id")),
            "kind": text_of(value.get("performer_type")),
        }
        # In one second the order of the file counts, but nothing comes before the ticket.
        rank = 0 if "new_ticket" in activity else self.seen["activities"]
        self.staging.add(line, ticket, body, at=at, id=f"{mark} {self.seen[mark]}", rank=rank)
        self.account.learn(ticket, body)

    def _ticket(self, line: int, value: Json) -> None:
        row = child(value, "helpdesk_ticket") or value
        ticket = id_of(row.get("display_id")) or id_of(row.get("id"))
        if ticket is None:
            raise Malformed("id", "id is missing")
        stats = {**child(row, "ticket_states"), **child(row, "stats")}
        known = self.account.remember_ticket(ticket, row, stats)
        self._moments(line, ticket, known, {"created_at": row.get("created_at"), **stats})

    def _list(self, line: int, row: Row) -> None:
        ticket = id_of(row.get("ticket_id"))
        if ticket is None:
            raise Malformed("ticket_id", "ticket_id is missing")
        known = self.account.remember_listed(ticket, row)
        found = {f"{name}_at": row.get(f"{name}_time") for name in ("created", "resolved", "closed")}
        self._moments(line, ticket, known, found)

    def _moments(self, line: int, ticket: str, known: Body, found: Mapping[str, object]) -> None:
        for name in ("created_at", *_MOMENTS):
            at = self.clock.of(found, name)
            if at is not None:
                known[name] = at
                body: Body = {"activity": {}, "by": None, "kind": name}
                rank = -1 if name == "created_at" else 1 + _MOMENTS.index(name)
                self.staging.add(line, ticket, body, at=at, id=f"{name} {ticket}", rank=rank)

    def _performed(self, value: Json) -> int:
        if isinstance(value.get("performed_at"), str) and not self.options.time_format:
            try:
                return times.parse(value["performed_at"], self.clock.zone, form=_FORM)
            except ValueError:
                pass
        return self.clock.need(value, "performed_at")


read, read_all = _Files.read, _Files.read_all


def _sort(value: Json) -> str | None:
    """activity, ticket, agent, group, or None for what is none of them."""
    if "performed_at" in value and "performer_type" in value:
        return "activity"
    if isinstance(value.get("helpdesk_ticket"), dict) or value.keys() >= _TICKET:
        return "ticket"
    if isinstance(value.get("contact"), dict) and {"occasional", "ticket_scope"} & value.keys():
        return "agent"
    return "group" if {"id", "name", "unassigned_for", "escalate_to"} <= value.keys() else None


def _declared_count(file: SourceFile) -> int | None:
    """How many activities the metadata declares, before or after them."""
    with file.path.open("rb") as f:
        f.seek(max(0, file.path.stat().st_size - 4096))
        found = _COUNT.search(f.read()) or _COUNT.search(file.head)
    return int(found[1]) if found else None

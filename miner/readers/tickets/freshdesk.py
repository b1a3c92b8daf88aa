"""Freshdesk: the daily files of ticket activities, with tickets, agents and groups beside them.

Tickets come from the REST interface, the export of an account (`helpdesk_ticket`), or the CSV of the ticket list.
What the activities of one ticket mean is in `freshdesk_ticket`.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections import Counter
from dataclasses import dataclass, field

from miner.events import times
from miner.events.sink import Sink
from miner.events.values import id_of, text_of
from miner.readers.base import Match, Options, Report, SourceFile
from miner.readers.shared.fields import Json, Malformed, child
from miner.readers.shared.records import paged_records, sample, shows
from miner.readers.shared.staging import Staging, nothing_told, read_files, usable
from miner.readers.tabular.keys import ATTRIBUTES
from miner.readers.tabular.read import is_table
from miner.readers.tickets.freshdesk_ticket import Account, Ticket
from miner.readers.tickets.lifecycle import Desk
from miner.readers.tickets.states import TICKET_OUTCOMES
from miner.readers.tickets.tables import Times, flat_rows, kind_of
from miner.readers.tickets.telling import tell

NAME = "freshdesk"
TITLE = "Freshdesk activities and tickets"
LINKED = True
OUTCOMES = TICKET_OUTCOMES

_PAGES = ("activities_data", "tickets", "agents", "groups")
_KINDS = {"list": ("ticket_id", "status", "created_time", "agent", "group")}
_MAPPED = ("intent", "customer", "outcome", "value", *ATTRIBUTES)
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


def read(file: SourceFile, options: Options, sink: Sink) -> Report:
    """Read one file; for several of an account see `read_all`."""
    return read_all([file], options, sink)[0]


def read_all(files: list[SourceFile], options: Options, sink: Sink) -> list[Report]:
    """Read the files of one account together: a ticket's activities lie in the files of many days."""
    reading = _Reading(options, sink)
    return read_files(files, options, sink, NAME, reading.stage, reading.emit)


@dataclass
class _Reading:
    options: Options
    sink: Sink
    account: Account = field(init=False)

    def __post_init__(self) -> None:
        mapped = self.options.mapped(_MAPPED)
        self.account = Account(Desk(self.sink, NAME), mapped)

    def stage(self, file: SourceFile, staging: Staging, report: Report) -> None:
        """Lay activities and the times of tickets down, and remember names."""
        report.columns, report.time = dict(self.account.mapped), "day-month-year with offset, or ISO-8601"
        clock, seen = Times(self.options, self.sink), Counter[str]()
        if is_table(file) != "json":
            for line, row in flat_rows(file, self.sink, {}):
                with usable(self.sink, report, line):
                    self._list(line, row, staging, clock)
            return
        for record in paged_records(file, self.sink, _PAGES):
            sort = {"activities_data": "activity", "tickets": "ticket"}.get(record.key or "") or _sort(record.value)
            seen["activities"] += sort == "activity"
            with usable(self.sink, report, record.line):
                self._take(record.line, record.value, sort, staging, clock, seen)
        declared, activities = _declared_count(file), seen["activities"]
        if declared is not None and declared > activities:
            self.sink.note("truncated", f"the file announces {declared} activities and has {activities}")

    def emit(self, staging: Staging, reports: dict[int, Report]) -> None:
        """Turn every ticket into events, an interaction and its references."""
        count = 0
        self.account.know()
        for ticket_id, rows in staging.topics():
            count += tell(self.sink, reports, Ticket(ticket_id, rows, self.account))
        if not count:
            raise nothing_told(
                reports, "there are no activities or tickets with a time", "export /api/v2/export/ticket_activities"
            )

    def _take(
        self, line: int, value: Json, sort: str | None, staging: Staging, clock: Times, seen: Counter[str]
    ) -> None:
        if sort == "activity":
            self._activity(line, value, staging, clock, seen)
        elif sort == "ticket":
            self._ticket(line, value, staging, clock)
        elif sort in ("agent", "group"):
            self.account.name(sort, value)
        else:
            raise Malformed(None, "neither an activity nor a ticket of Freshdesk", sorted(value)[:10])

    def _activity(self, line: int, value: Json, staging: Staging, clock: Times, seen: Counter[str]) -> None:
        ticket = id_of(value.get("ticket_id"))
        if ticket is None:
            raise Malformed("ticket_id", "ticket_id is missing")
        activity = child(value, "activity")
        at = _performed(value.get("performed_at"), clock, line)
        # There is no id, and equal rows are genuine: what tells them apart is how many came before in the file.
        mark = hashlib.sha256(
            json.dumps([ticket, at, value.get("performer_id"), activity], sort_keys=True, default=str).encode()
        ).hexdigest()
        seen[mark] += 1
        body: Json = {
            "activity": activity,
            "by": id_of(value.get("performer_id")),
            "kind": text_of(value.get("performer_type")),
        }
        # In one second the order of the file counts, but nothing comes before the ticket.
        rank = 0 if "new_ticket" in activity else seen["activities"]
        staging.add(line, ticket, body, at=at, id=f"{mark} {seen[mark]}", rank=rank)
        self.account.learn(ticket, body)

    def _ticket(self, line: int, value: Json, staging: Staging, clock: Times) -> None:
        row = child(value, "helpdesk_ticket") or value
        ticket = id_of(row.get("display_id")) or id_of(row.get("id"))
        if ticket is None:
            raise Malformed("id", "id is missing")
        stats = {**child(row, "ticket_states"), **child(row, "stats")}
        known = self.account.ticket(ticket, row, stats)
        self._moments(line, ticket, known, {"created_at": row.get("created_at"), **stats}, staging, clock)

    def _list(self, line: int, row: Json, staging: Staging, clock: Times) -> None:
        ticket = id_of(row.get("ticket_id"))
        if ticket is None:
            raise Malformed("ticket_id", "ticket_id is missing")
        known = self.account.listed(ticket, row)
        found = {f"{name}_at": row.get(f"{name}_time") for name in ("created", "resolved", "closed")}
        self._moments(line, ticket, known, found, staging, clock)

    def _moments(self, line: int, ticket: str, known: Json, found: Json, staging: Staging, clock: Times) -> None:
        for name in ("created_at", *_MOMENTS):
            at = clock.of(found.get(name), name, line)
            if at is not None:
                known[name] = at
                body: Json = {"activity": {}, "by": None, "kind": name}
                rank = -1 if name == "created_at" else 1 + _MOMENTS.index(name)
                staging.add(line, ticket, body, at=at, id=f"{name} {ticket}", rank=rank)


def _sort(value: Json) -> str | None:
    """activity, ticket, agent, group, or None for what is none of them."""
    if "performed_at" in value and "performer_type" in value:
        return "activity"
    if isinstance(value.get("helpdesk_ticket"), dict) or value.keys() >= _TICKET:
        return "ticket"
    if isinstance(value.get("contact"), dict) and {"occasional", "ticket_scope"} & value.keys():
        return "agent"
    return "group" if {"id", "name", "unassigned_for", "escalate_to"} <= value.keys() else None


def _performed(value: object, clock: Times, line: int) -> int:
    if isinstance(value, str) and not clock.options.time_format:
        try:
            return times.parse(value, clock.tz, form=_FORM)
        except ValueError:
            pass
    return clock.need(value, "performed_at", line)


def _declared_count(file: SourceFile) -> int | None:
    """How many activities the metadata declares, before or after them."""
    with file.path.open("rb") as f:
        f.seek(max(0, file.path.stat().st_size - 4096))
        found = _COUNT.search(f.read()) or _COUNT.search(file.head)
    return int(found[1]) if found else None

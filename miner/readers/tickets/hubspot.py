"""HubSpot tickets with the history of their properties: v3 `propertiesWithHistory`, v1 `versions`, copied tables.

Pipelines and owners, as files beside them, give names to stages and people. What the versions of one ticket mean
is in `hubspot_ticket`.
"""

from __future__ import annotations

from miner.errors import InputError, Problem
from miner.events.values import id_of, text_of
from miner.readers.base import Match, SourceFile
from miner.readers.shared.clock import ASSUMED_UTC, Clock
from miner.readers.shared.fields import Json, Malformed, child, children
from miner.readers.shared.records import paged_records, sample, shows
from miner.readers.shared.staging import usable
from miner.readers.shared.states import TICKET_OUTCOMES
from miner.readers.shared.ticket_files import TicketFiles
from miner.readers.tabular.read import is_table
from miner.readers.tabular.rows import flat_rows, kind_of
from miner.readers.tickets import hubspot_tables
from miner.readers.tickets.hubspot_account import Account
from miner.readers.tickets.hubspot_ticket import HubspotTicket

NAME = "hubspot"
TITLE = "HubSpot tickets"
LINKED = True
OUTCOMES = TICKET_OUTCOMES

_PAGES = ("results", "objects")
_STAGE = "hs_pipeline_stage"
_CAPPED = frozenset((_STAGE, "hubspot_owner_id", "hubspot_team_id", "hs_pipeline"))
_CAP = 20  # versions of a property that a request gives at most


def sniff(file: SourceFile) -> Match | None:
    """Tickets have a pipeline stage among their properties; pipelines of tickets and owners name themselves."""
    if is_table(file) != "json":
        kind = kind_of(file, hubspot_tables.KINDS, hubspot_tables.LABELS)
        return Match(84, f"the columns of a copied table of HubSpot ({kind})") if kind else None
    found = [record.value for record in sample(file, _PAGES)]
    if any(_sort(value) == "ticket" for value in found):
        return Match(92, "tickets with hs_pipeline_stage, as in HubSpot")
    if any(_sort(value) for value in found):
        return Match(65, "pipelines or owners, as in HubSpot")
    return Match(70, "a long record with hs_pipeline_stage") if shows(file, _STAGE, "properties") else None


class _Files(TicketFiles[Account]):
    """The files of one portal: pages of tickets, and names in files of their own."""

    name, account_type, ticket_type = NAME, Account, HubspotTicket
    time_words = "ISO-8601 or epoch milliseconds, UTC"
    fix = "request propertiesWithHistory=hs_pipeline_stage,hubspot_owner_id"

    def make_clock(self, file: SourceFile) -> Clock:
        """Numbers are milliseconds; tables have no zone."""
        json = is_table(file) == "json"
        return Clock(self.options, self.sink, "ms" if json else "s", assumed=None if json else ASSUMED_UTC)

    def stage(self, file: SourceFile) -> None:
        """Lay the versions of properties down and remember names."""
        if is_table(file) == "json":
            self.take_each(((r.line, r.value) for r in paged_records(file, self.sink, _PAGES)), self._take)
            return
        kind = kind_of(file, hubspot_tables.KINDS, hubspot_tables.LABELS)
        if kind is None:
            raise InputError(
                Problem(
                    "these are not the columns of a table of HubSpot tickets",
                    file.name,
                    1,
                    fix="give the tables as Fivetran copies them, or use eventlog:FILE",
                )
            )
        table = hubspot_tables.Table(kind, self.account, self.staging, self.clock)
        self.take_each(flat_rows(file, self.sink, hubspot_tables.LABELS), table.take)

    def _take(self, line: int, value: Json) -> None:
        sort = _sort(value)
        if sort == "pipeline":
            for stage in children(value, "stages"):
                self.account.remember_stage(stage)
        elif sort == "owner":
            self.account.remember_owner(value)
        elif sort == "ticket":
            self._ticket(line, value)
        else:
            raise Malformed(None, "not a HubSpot ticket: there is no hs_pipeline_stage", sorted(value)[:10])

    def _ticket(self, line: int, value: Json) -> None:
        ticket = id_of(value.get("id")) or id_of(value.get("objectId"))
        if ticket is None:
            raise Malformed("id", "id is missing", value.get("id"))
        known = self.account.tickets.setdefault(ticket, {})
        plain, history = _properties(value)
        known.update(plain)
        contacts = child(child(value, "associations"), "contacts") if value.get("associations") else {}
        for contact in children(contacts, "results")[:1]:
            known["contact"] = id_of(contact.get("id"))
        created = self.clock.of(plain, "createdate")
        if created is None and plain.get("createdate"):  # a zero: the ticket was imported
            created = self.clock.of(value, "createdAt")
        if created is not None:
            self.staging.add(line, ticket, {"property": None}, at=created, id=f"created {ticket}", rank=-1)
        for name, versions in history.items():
            if len(versions) >= _CAP and name in _CAPPED:
                self.sink.note("truncated", f"a request returns at most {_CAP} versions of a property", example=ticket)
            for version in versions:
                with usable(self.sink, None, line):
                    at = self.clock.need(version, "timestamp")
                    body = {
                        "property": name,
                        "value": id_of(version.get("value")),
                        "by": _who(version),
                        "source": text_of(version.get("sourceType")) or text_of(version.get("source")),
                    }
                    self.staging.add(line, ticket, body, at=at, id=f"{ticket} {name} {at} {body['value']}")


read, read_all = _Files.read, _Files.read_all


def _sort(value: Json) -> str | None:
    """ticket, pipeline, owner, or None for what is none of them."""
    for holder in (value.get("properties"), value.get("propertiesWithHistory")):
        if isinstance(holder, dict) and _STAGE in holder:
            return "ticket"
    if value.get("objectType") == "TICKET":
        return "ticket"
    stages = value.get("stages")
    if isinstance(stages, list) and "label" in value and all(isinstance(s, dict) and "label" in s for s in stages):
        return "pipeline"
    return "owner" if {"id", "email", "userId", "firstName"} <= value.keys() else None


def _properties(value: Json) -> tuple[dict[str, str | None], dict[str, list[Json]]]:
    """The present properties, and the versions of those that have any."""
    plain: dict[str, str | None] = {}
    history: dict[str, list[Json]] = {}
    for name, found in child(value, "properties").items():
        plain[name] = text_of(found.get("value")) if isinstance(found, dict) else text_of(found)
        if isinstance(found, dict):
            history[name] = children(found, "versions")
    with_history = child(value, "propertiesWithHistory")
    for name in with_history:
        history[name] = children(with_history, name)
    return plain, {name: versions for name, versions in history.items() if name in hubspot_tables.PROPERTIES}


def _who(version: Json) -> str | None:
    """The user behind a version: `updatedByUserId`, or `userId:7` in sourceId."""
    user = id_of(version.get("updatedByUserId"))
    source = id_of(version.get("sourceId")) or ""
    if source.startswith("userId:"):
        source = source.removeprefix("userId:")
        return user or source
    return user or (source if "@" in source else None)

"""HubSpot tickets with the history of their properties: v3 `propertiesWithHistory`, v1 `versions`, copied tables.

Pipelines and owners, as files beside them, give names to stages and people. What the versions of one ticket mean
is in `hubspot_ticket`.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from miner.errors import InputError, Problem
from miner.events.sink import Sink
from miner.events.values import id_of, text_of
from miner.readers.base import Match, Options, Report, SourceFile
from miner.readers.shared.fields import Json, Malformed, child, children
from miner.readers.shared.records import paged_records, sample, shows
from miner.readers.shared.staging import Staging, nothing_told, read_files, usable
from miner.readers.tabular.keys import ATTRIBUTES
from miner.readers.tabular.read import is_table
from miner.readers.tickets import hubspot_tables
from miner.readers.tickets.hubspot_ticket import Portal, Ticket
from miner.readers.tickets.lifecycle import Desk
from miner.readers.tickets.states import TICKET_OUTCOMES
from miner.readers.tickets.tables import Times, flat_rows, kind_of
from miner.readers.tickets.telling import tell

NAME = "hubspot"
TITLE = "HubSpot tickets"
LINKED = True
OUTCOMES = TICKET_OUTCOMES

_PAGES = ("results", "objects")
_MAPPED = ("intent", "customer", "outcome", "value", *ATTRIBUTES)
_STAGE = "hs_pipeline_stage"
_TOLD = frozenset((_STAGE, "hubspot_owner_id", "hubspot_team_id", "hs_pipeline"))
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


def read(file: SourceFile, options: Options, sink: Sink) -> Report:
    """Read one file of tickets; for an export in several files see `read_all`."""
    return read_all([file], options, sink)[0]


def read_all(files: list[SourceFile], options: Options, sink: Sink) -> list[Report]:
    """Read the files of one portal together: pages overlap, names lie in files of their own."""
    reading = _Reading(options, sink)
    return read_files(files, options, sink, NAME, reading.stage, reading.emit)


@dataclass
class _Reading:
    options: Options
    sink: Sink
    portal: Portal = field(init=False)

    def __post_init__(self) -> None:
        mapped = self.options.mapped(_MAPPED)
        self.portal = Portal(Desk(self.sink, NAME), mapped)

    def stage(self, file: SourceFile, staging: Staging, report: Report) -> None:
        """Lay the versions of properties down and remember names."""
        report.columns, report.time = dict(self.portal.mapped), "ISO-8601 or epoch milliseconds, UTC"
        if is_table(file) != "json":
            self._table(file, staging, report)
            return
        clock = Times(self.options, self.sink, unit="ms")
        for record in paged_records(file, self.sink, _PAGES):
            with usable(self.sink, report, record.line):
                self._take(record.line, record.value, staging, clock)

    def _table(self, file: SourceFile, staging: Staging, report: Report) -> None:
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
        clock = Times(self.options, self.sink, assume_utc=True)
        table = hubspot_tables.Table(kind, self.portal, staging, clock)
        for line, row in flat_rows(file, self.sink, hubspot_tables.LABELS):
            with usable(self.sink, report, line):
                table.take(line, row)

    def emit(self, staging: Staging, reports: dict[int, Report]) -> None:
        """Turn every ticket into events and an interaction."""
        count = 0
        self.portal.know()
        for ticket_id, versions in staging.topics():
            count += tell(self.sink, reports, Ticket(ticket_id, versions, self.portal))
        if not count:
            raise nothing_told(
                reports,
                "there are no tickets with a time",
                "request propertiesWithHistory=hs_pipeline_stage,hubspot_owner_id",
            )

    def _take(self, line: int, value: Json, staging: Staging, clock: Times) -> None:
        sort = _sort(value)
        if sort == "pipeline":
            for stage in children(value, "stages"):
                self.portal.stage(stage)
        elif sort == "owner":
            self.portal.owner(value)
        elif sort == "ticket":
            self._ticket(line, value, staging, clock)
        else:
            raise Malformed(None, "not a HubSpot ticket: there is no hs_pipeline_stage", sorted(value)[:10])

    def _ticket(self, line: int, value: Json, staging: Staging, clock: Times) -> None:
        ticket = id_of(value.get("id")) or id_of(value.get("objectId"))
        if ticket is None:
            raise Malformed("id", "id is missing", value.get("id"))
        known = self.portal.tickets.setdefault(ticket, {})
        plain, history = _properties(value)
        known.update(plain)
        contacts = child(child(value, "associations"), "contacts") if value.get("associations") else {}
        for contact in children(contacts, "results")[:1]:
            known["contact"] = id_of(contact.get("id"))
        said_at = plain.get("createdate")
        created = clock.of(said_at if said_at != "0" else value.get("createdAt"), "createdate", line)
        if created is not None:
            staging.add(line, ticket, {"property": None}, at=created, id=f"created {ticket}", rank=-1)
        for name, versions in history.items():
            if len(versions) >= _CAP and name in _TOLD:
                self.sink.note("truncated", f"a request returns at most {_CAP} versions of a property", example=ticket)
            for version in versions:
                with usable(self.sink, None, line):
                    at = clock.need(version.get("timestamp"), "timestamp", line)
                    body = {
                        "property": name,
                        "value": id_of(version.get("value")),
                        "by": _who(version),
                        "source": text_of(version.get("sourceType")) or text_of(version.get("source")),
                    }
                    staging.add(line, ticket, body, at=at, id=f"{ticket} {name} {at} {body['value']}")


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
    told = child(value, "propertiesWithHistory")
    for name in told:
        history[name] = children(told, name)
    return plain, {name: versions for name, versions in history.items() if name in hubspot_tables.TOLD}


def _who(version: Json) -> str | None:
    """The user behind a version: `updatedByUserId`, or `userId:7` in sourceId."""
    user = id_of(version.get("updatedByUserId"))
    source = id_of(version.get("sourceId")) or ""
    if source.startswith("userId:"):
        source = source.removeprefix("userId:")
        return user or source
    return user or (source if "@" in source else None)

"""Amazon Connect contact records, as JSON lines, an array, or one file a contact.

Every contact (leg) is an interaction of its own; legs are joined by reference. What the times of a leg
and the relation of two legs mean is in `connect_legs`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import tzinfo
from typing import Any

from miner.errors import InputError, Problem
from miner.events import times
from miner.events.sink import Sink
from miner.events.values import customer_key, email_key, id_of, number_of, phone_key, text_of
from miner.readers.base import Match, Options, Report, SourceFile
from miner.readers.calls.connect_legs import Chain
from miner.readers.records import paged_records, sample, shows
from miner.readers.staging import Malformed, Staging, child, read_files

NAME = "connect"
TITLE = "Amazon Connect contact records"
LINKED = True

_PAGES = ("Contacts", "contacts", "Records")
_OPEN = ("", "-1", "0", "undefined")
_CUSTOMER = ("customerid", "customernumber", "customerkey")
_TICKET = re.compile(r"(zendesk|servicenow|salesforce|jira)?(ticket|case|incident)(id|number|no|key)?")
_MAPPED = ("intent", "outcome", "value")


def sniff(file: SourceFile) -> Match | None:
    """Contact records have a ContactId, with an InitiationMethod or an InitiationTimestamp."""
    found = [record.value for record in sample(file, _PAGES)]
    if any("ContactId" in value and ("InitiationMethod" in value or "InitiationTimestamp" in value) for value in found):
        return Match(95, "records with ContactId and InitiationMethod, as in Amazon Connect contact records")
    return Match(70, "a long record with a ContactId") if shows(file, "ContactId", "InitiationMethod") else None


def read(file: SourceFile, options: Options, sink: Sink) -> Report:
    """Read one file of contact records; for an export in several files see `read_all`."""
    return read_all([file], options, sink)[0]


def read_all(files: list[SourceFile], options: Options, sink: Sink) -> list[Report]:
    """Read the files of one instance together: a contact is delivered more than once, legs lie in several files."""
    tz = times.zone(options.tz) if options.tz else None

    def stage(file: SourceFile, staging: Staging, report: Report) -> None:
        stamps = [record.value.get("InitiationTimestamp") for record in sample(file, _PAGES)]
        unit = times.epoch_unit(stamps)
        numeric = any(isinstance(stamp, (int, float)) for stamp in stamps)
        report.columns = {key: options.columns[key] for key in (*_MAPPED, "customer", "case") if key in options.columns}
        report.time = times.unit_in_words(unit) if numeric else "ISO-8601"
        for record in paged_records(file, sink, _PAGES):
            try:
                contact = _slim(record.value, options.columns, _Clock(tz, unit, file.name, record.line))
                root = contact["initial"] or contact["previous"] or contact["id"]
                staging.add(record.line, root, contact, at=contact["at"], id=contact["id"], version=contact["updated"])
                report.rows += 1
            except Malformed as bad:
                sink.reject(record.line, bad.field, bad.value, bad.reason)

    def emit(staging: Staging, reports: dict[int, Report]) -> None:
        for _, legs in staging.topics():
            sink.source = legs[0].source
            for event in Chain(legs, sink).steps():
                reports[event["source_no"]].events += 1
                sink.event(**event)

    return read_files(files, options, sink, NAME, stage, emit)


class _Clock:
    """Reads the times of one record."""

    def __init__(self, tz: tzinfo | None, unit: str, file: str, line: int):
        self.tz, self.unit, self.file, self.line = tz, unit, file, line

    def of(self, holder: dict[str, Any], name: str) -> int | None:
        """The time under a name in µs; None where it is open."""
        value = holder.get(name)
        if value is None or str(value).strip() in _OPEN:
            return None
        try:
            return times.parse(value, self.tz, self.unit)
        except times.NoZone:
            raise InputError(Problem("a time without a zone", self.file, self.line, name,
                                     "name the zone it is in: --tz Europe/Berlin")) from None
        except ValueError as error:
            raise Malformed(name, f"{name} is {error}", value) from None


def _slim(contact: dict[str, Any], columns: dict[str, str], clock: _Clock) -> dict[str, Any]:
    """The parts of a contact record that are used."""
    contact_id = id_of(contact.get("ContactId"))
    if contact_id is None:
        raise Malformed("ContactId", "ContactId is missing")
    attributes = {key: text_of(value) for key, value in child(contact, "Attributes").items()}
    slim = {
        "id": contact_id, "updated": clock.of(contact, "LastUpdateTimestamp"),
        **{name: id_of(contact.get(key)) for name, key in (
            ("initial", "InitialContactId"), ("previous", "PreviousContactId"), ("related", "RelatedContactId"))},
        "channel": text_of(contact.get("Channel")), "method": text_of(contact.get("InitiationMethod")) or "",
        "subtype": _subtype(contact), "reason": text_of(contact.get("DisconnectReason")),
        "started": clock.of(contact, "InitiationTimestamp"), "ended": clock.of(contact, "DisconnectTimestamp"),
        "answered": clock.of(contact, "ConnectedToSystemTimestamp"),
        "transferred": clock.of(contact, "TransferCompletedTimestamp"),
        **_queue(child(contact, "Queue") or child(contact, "QueueInfo"), clock),
        **_agent(child(contact, "Agent") or child(contact, "AgentInfo"), clock),
        "external_s": _seconds(child(contact, "ExternalThirdParty"), "ExternalThirdPartyInteractionDuration"),
        "attempts": number_of(contact.get("AgentConnectionAttempts")),
        "customer": _customer(attributes, columns), "endpoint": _endpoint(contact),
        "tickets": sorted(set(_tickets(attributes, columns.get("case")))),
        **{key: attributes.get(columns[key]) if key in columns else None for key in _MAPPED},
    }
    known = [slim[key] for key in ("started", "answered", "enqueued", "connected", "ended") if slim[key] is not None]
    if not known:
        raise Malformed("InitiationTimestamp", "no time of the contact is known", contact_id)
    slim["at"] = slim["started"] if slim["started"] is not None else known[0]
    return slim


def _queue(queue: dict[str, Any], clock: _Clock) -> dict[str, Any]:
    return {"team": text_of(queue.get("Name")) or text_of(queue.get("Id")) or text_of(queue.get("ARN")),
            "enqueued": clock.of(queue, "EnqueueTimestamp"), "dequeued": clock.of(queue, "DequeueTimestamp"),
            "queue_s": _seconds(queue, "Duration")}


def _agent(agent: dict[str, Any], clock: _Clock) -> dict[str, Any]:
    return {"agent": text_of(agent.get("Username")) or id_of(agent.get("Id")) or id_of(agent.get("ARN")),
            "connected": clock.of(agent, "ConnectedToAgentTimestamp"),
            "wrap_start": clock.of(agent, "AfterContactWorkStartTimestamp"),
            "wrap_end": clock.of(agent, "AfterContactWorkEndTimestamp"),
            "talk_s": _seconds(agent, "AgentInteractionDuration"), "hold_s": _seconds(agent, "CustomerHoldDuration"),
            "wrap_s": _seconds(agent, "AfterContactWorkDuration"), "holds": number_of(agent.get("NumberOfHolds"))}


def _seconds(holder: dict[str, Any], name: str) -> int | None:
    """A duration in whole seconds; -1 and other negatives are open."""
    seconds = number_of(holder.get(name))
    return int(seconds) if seconds is not None and 0 <= seconds < 10**9 else None


def _subtype(contact: dict[str, Any]) -> str | None:
    """connect:SMS, connect:Messaging … where the segment attributes say it."""
    value = child(contact, "SegmentAttributes").get("connect:Subtype")
    return text_of(value.get("ValueString")) if isinstance(value, dict) else text_of(value)


def _customer(attributes: dict[str, str | None], columns: dict[str, str]) -> str | None:
    if "customer" in columns:
        return customer_key(attributes.get(columns["customer"]))
    declared = [customer_key(value) for key, value in sorted(attributes.items()) if _plain(key) in _CUSTOMER]
    return next(filter(None, declared), None)


def _endpoint(contact: dict[str, Any]) -> str | None:
    """The customer's own address: a number, or an e-mail address, or what the chat knows them by."""
    endpoint = child(contact, "CustomerEndpoint")
    address = text_of(endpoint.get("Address"))
    if endpoint.get("Type") == "TELEPHONE_NUMBER":
        return phone_key(address)
    return phone_key(address) or email_key(address) or customer_key(address) or id_of(contact.get("CustomerId"))


def _tickets(attributes: dict[str, str | None], mapped: str | None) -> Iterator[str]:
    """Ticket ids among the attributes; a key such as zendeskTicketId names the system too."""
    for key, value in attributes.items():
        match = _TICKET.fullmatch(_plain(key))
        found = id_of(value)
        if found and (key == mapped or (mapped is None and match)):
            system = match.group(1) if match else None
            yield f"{system}:{found}" if system and ":" not in found else found


def _plain(key: str) -> str:
    return re.sub(r"[^a-z0-9]", "", key.lower())

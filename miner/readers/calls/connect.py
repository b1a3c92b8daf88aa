"""Amazon Connect contact records, as JSON lines, an array, or one file a contact.

Every contact (leg) is an interaction of its own; legs are joined by reference. What the times of a leg
and the relation of two legs mean is in `connect_legs`.
"""

from __future__ import annotations

import base64
import re
from typing import Any

from miner.events import times
from miner.events.sink import Sink
from miner.events.values import customer_key, email_key, id_of, number_of, opening_mark, phone_key, text_of
from miner.readers.base import Match, Options, Report, SourceFile
from miner.readers.calls.connect_legs import Chain
from miner.readers.calls.steps import Clock, tickets_of, zone_of
from miner.readers.shared.fields import Malformed, child
from miner.readers.shared.json_text import Broken, whole
from miner.readers.shared.records import paged_records, sample, shows
from miner.readers.shared.staging import Staging, hand_over, read_files, usable
from miner.readers.tabular.keys import ATTRIBUTES

NAME = "connect"
TITLE = "Amazon Connect contact records"
TOTALS = {
    "Queue.Duration": "queue_s",
    "AgentInteractionDuration": "talk_s",
    "CustomerHoldDuration": "hold_s",
    "AfterContactWorkDuration": "wrap_s",
}
NOT_COMPARED = {
    "NumberOfHolds": "holds are not recorded individually",
    "AgentConnectionAttempts": "failed attempts are not recorded",
}
LINKED = True
OUTCOMES = ("abandoned",)

_PAGES = ("Contacts", "contacts", "Records")
_CUSTOMER = ("customerid", "customernumber", "customerkey")
_MAPPED = ("intent", "outcome", "value", *ATTRIBUTES)
_WHO = {
    "phone": ("phone", "phonenumber"),
    "email": ("email", "customeremail"),
    "name": ("name", "customername"),
    "address": ("address", "street"),
    "postcode": ("postcode", "zip", "postalcode"),
    "device": ("deviceid",),
    "user_agent": ("useragent",),
    "opening": ("openingtext",),
}


def sniff(file: SourceFile) -> Match | None:
    """Contact records have a ContactId, with an InitiationMethod or an InitiationTimestamp."""
    found = _shown(file)
    if any(_key(value) and ("InitiationMethod" in value or "InitiationTimestamp" in value) for value in found):
        return Match(95, "records with ContactId and InitiationMethod, as in Amazon Connect contact records")
    return Match(70, "a long record with a ContactId") if shows(file, "ContactId", "InitiationMethod") else None


def read(file: SourceFile, options: Options, sink: Sink) -> Report:
    """Read one file of contact records; for an export in several files see `read_all`."""
    return read_all([file], options, sink)[0]


def read_all(files: list[SourceFile], options: Options, sink: Sink) -> list[Report]:
    """Read the files of one instance together: a contact is delivered more than once, legs lie in several files."""
    tz = zone_of(options)

    def stage(file: SourceFile, staging: Staging, report: Report) -> None:
        stamps = [contact.get("InitiationTimestamp") for contact in _shown(file)]
        unit = times.epoch_unit(stamps)
        numeric = any(isinstance(stamp, (int, float)) for stamp in stamps)
        report.columns = options.mapped((*_MAPPED, "customer", "case"))
        report.time = times.unit_in_words(unit) if numeric else "ISO-8601"
        for record in paged_records(file, sink, _PAGES):
            with usable(sink, report, record.line):
                contact = _slim(_unwrapped(record.value), options.columns, Clock(tz, unit, file.name, record.line))
                root = contact["initial"] or contact["previous"] or contact["id"]
                staging.add(record.line, root, contact, at=contact["at"], id=contact["id"], version=contact["updated"])

    def emit(staging: Staging, reports: dict[int, Report]) -> None:
        for _, legs in staging.topics():
            hand_over(sink, reports, Chain(legs, sink).steps())

    return read_files(files, options, sink, NAME, stage, emit)


def _shown(file: SourceFile) -> list[dict[str, Any]]:
    """The contacts that the head of a file shows."""
    try:
        return [_unwrapped(record.value) for record in sample(file, _PAGES)]
    except Malformed:
        return []


def _unwrapped(record: dict[str, Any]) -> dict[str, Any]:
    """The contact in a record of a Kinesis stream (base64), or in the answer of DescribeContact; else the record."""
    stream = record.get("kinesis")
    if isinstance(stream, dict) and isinstance(stream.get("data"), str):
        try:
            found = whole(base64.b64decode(stream["data"]).decode())
        except (ValueError, Broken):
            found = None
        if not isinstance(found, dict):
            raise Malformed("kinesis.data", "kinesis.data is not a base64-encoded JSON object")
        record = found
    inside = record.get("Contact")
    return inside if isinstance(inside, dict) else record


def _key(contact: dict[str, Any]) -> str | None:
    """The id of a contact: ContactId in records, Id in answers of the API, which name a method too."""
    return id_of(contact.get("ContactId")) or (id_of(contact.get("Id")) if "InitiationMethod" in contact else None)


def _slim(contact: dict[str, Any], columns: dict[str, str], clock: Clock) -> dict[str, Any]:
    """The parts of a contact record that are used."""
    contact_id = _key(contact)
    if contact_id is None:
        raise Malformed("ContactId", "ContactId is missing")
    attributes = {key: text_of(value) for key, value in child(contact, "Attributes").items()}
    slim = {
        "id": contact_id,
        "updated": clock.of(contact, "LastUpdateTimestamp"),
        **{
            name: id_of(contact.get(key))
            for name, key in (
                ("initial", "InitialContactId"),
                ("previous", "PreviousContactId"),
                ("related", "RelatedContactId"),
            )
        },
        "channel": text_of(contact.get("Channel")),
        "method": text_of(contact.get("InitiationMethod")) or "",
        "subtype": _subtype(contact),
        "reason": text_of(contact.get("DisconnectReason")),
        "started": clock.of(contact, "InitiationTimestamp"),
        "ended": clock.of(contact, "DisconnectTimestamp"),
        "answered": clock.of(contact, "ConnectedToSystemTimestamp"),
        "transferred": clock.of(contact, "TransferCompletedTimestamp"),
        "outside": bool(child(contact, "TransferredToEndpoint")),
        **_queue(child(contact, "Queue") or child(contact, "QueueInfo"), clock),
        **_agent(child(contact, "Agent") or child(contact, "AgentInfo"), clock),
        "external_s": _seconds(child(contact, "ExternalThirdParty"), "ExternalThirdPartyInteractionDuration"),
        "attempts": number_of(contact.get("AgentConnectionAttempts")),
        "customer": _customer(attributes, columns),
        "endpoint": _endpoint(contact),
        "identity": _identity(contact, attributes),
        "tickets": sorted(set(tickets_of(attributes, columns.get("case")))),
        **{key: attributes.get(columns[key]) if key in columns else None for key in _MAPPED},
    }
    known = [slim[key] for key in ("started", "answered", "enqueued", "connected", "ended") if slim[key] is not None]
    if not known:
        raise Malformed("InitiationTimestamp", "no time of the contact is known", contact_id)
    slim["at"] = slim["started"] if slim["started"] is not None else known[0]
    return slim


def _queue(queue: dict[str, Any], clock: Clock) -> dict[str, Any]:
    return {
        "team": text_of(queue.get("Name")) or text_of(queue.get("Id")) or text_of(queue.get("ARN")),
        "enqueued": clock.of(queue, "EnqueueTimestamp"),
        "dequeued": clock.of(queue, "DequeueTimestamp"),
        "queue_s": _seconds(queue, "Duration"),
    }


def _agent(agent: dict[str, Any], clock: Clock) -> dict[str, Any]:
    return {
        "agent": text_of(agent.get("Username")) or id_of(agent.get("Id")) or id_of(agent.get("ARN")),
        "connected": clock.of(agent, "ConnectedToAgentTimestamp"),
        "wrap_start": clock.of(agent, "AfterContactWorkStartTimestamp"),
        "wrap_end": clock.of(agent, "AfterContactWorkEndTimestamp"),
        "talk_s": _seconds(agent, "AgentInteractionDuration"),
        "hold_s": _seconds(agent, "CustomerHoldDuration"),
        "wrap_s": _seconds(agent, "AfterContactWorkDuration"),
        "holds": number_of(agent.get("NumberOfHolds")),
    }


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


def _identity(contact: dict[str, Any], attributes: dict[str, str | None]) -> dict[str, str]:
    """What tells who called: the far end, and attributes that are called so."""
    plain = {_plain(key): value for key, value in attributes.items()}
    found = {key: next((plain[name] for name in names if plain.get(name)), None) for key, names in _WHO.items()}
    address = text_of(child(contact, "CustomerEndpoint").get("Address"))
    found["phone"] = phone_key(address) or found["phone"]
    found["email"] = email_key(address) or found["email"]
    found["opening"] = opening_mark(found["opening"])
    return {key: value for key, value in found.items() if value}


def _plain(key: str) -> str:
    return re.sub(r"[^a-z0-9]", "", key.lower())

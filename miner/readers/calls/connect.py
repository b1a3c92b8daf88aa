"""Amazon Connect contact records, as JSON lines, an array, or one file a contact.

Every contact (leg) is an interaction of its own; legs are joined by reference. A record is reduced in
`connect_record`; what the times of a leg and the relation of two legs mean is in `connect_legs`.
"""

from __future__ import annotations

import base64
from typing import Any

from miner.events import times
from miner.events.sink import Sink
from miner.readers.base import Match, Options, Report, SourceFile
from miner.readers.calls.connect_contact import Contact
from miner.readers.calls.connect_record import MAPPED, contact_id, contact_record
from miner.readers.shared.clock import Clock
from miner.readers.shared.fields import Malformed
from miner.readers.shared.json_text import Broken, whole
from miner.readers.shared.records import paged_records, sample, shows
from miner.readers.shared.staging import Staging, hand_over, read_files, usable

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


def sniff(file: SourceFile) -> Match | None:
    """Contact records have a ContactId, with an InitiationMethod or an InitiationTimestamp."""
    contacts = _shown(file)
    if any(contact_id(value) and ("InitiationMethod" in value or "InitiationTimestamp" in value) for value in contacts):
        return Match(95, "records with ContactId and InitiationMethod, as in Amazon Connect contact records")
    return Match(70, "a long record with a ContactId") if shows(file, "ContactId", "InitiationMethod") else None


def read(file: SourceFile, options: Options, sink: Sink) -> Report:
    """Read one file of contact records; for an export in several files see `read_all`."""
    return read_all([file], options, sink)[0]


def read_all(files: list[SourceFile], options: Options, sink: Sink) -> list[Report]:
    """Read the files of one instance together: a contact is delivered more than once, legs lie in several files."""

    def stage(file: SourceFile, staging: Staging, report: Report) -> None:
        stamps = [contact.get("InitiationTimestamp") for contact in _shown(file)]
        unit = times.epoch_unit(stamps)
        numeric = any(isinstance(stamp, (int, float)) for stamp in stamps)
        report.columns = options.mapped((*MAPPED, "customer", "case"))
        report.time = times.unit_in_words(unit) if numeric else "ISO-8601"
        clock = Clock(options, sink, unit)
        for record in paged_records(file, sink, _PAGES):
            with usable(sink, report, record.line):
                contact = contact_record(_unwrapped(record.value), options.columns, clock)
                root = contact["initial"] or contact["previous"] or contact["id"]
                staging.add(record.line, root, contact, at=contact["at"], id=contact["id"], version=contact["updated"])

    def emit(staging: Staging, reports: dict[int, Report]) -> None:
        for _, legs in staging.topics():
            hand_over(sink, reports, Contact(legs, sink).steps())

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
            delivered = whole(base64.b64decode(stream["data"]).decode())
        except (ValueError, Broken):
            delivered = None
        if not isinstance(delivered, dict):
            raise Malformed("kinesis.data", "kinesis.data is not a base64-encoded JSON object")
        record = delivered
    contact = record.get("Contact")
    return contact if isinstance(contact, dict) else record

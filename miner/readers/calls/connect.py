"""Amazon Connect contact records, as JSON lines, an array, or one file a contact.

Every contact (leg) is an interaction of its own; legs are joined by reference. A record is reduced in
`connect_record`; what the times of a leg and the relation of two legs mean is in `connect_legs`.
"""

from __future__ import annotations

import base64

from miner.events import times
from miner.readers.base import Match, SourceFile
from miner.readers.calls.connect_contact import Contact
from miner.readers.calls.connect_record import MAPPED, contact_id, contact_record
from miner.readers.shared.call_files import CallFiles, ReadCall
from miner.readers.shared.clock import Clock
from miner.readers.shared.fields import Json, Malformed
from miner.readers.shared.json_text import Broken, whole
from miner.readers.shared.records import Record, sample, shows
from miner.readers.shared.staging import Staged

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


class _Files(CallFiles):
    """The files of one instance: a contact is delivered more than once, its legs lie in several files."""

    name, pages = NAME, _PAGES
    keys = (*MAPPED, "customer", "case")

    def make_clock(self, file: SourceFile) -> Clock:
        """The unit shows in the times at the head of the file."""
        stamps = [contact.get("InitiationTimestamp") for contact in _shown(file)]
        unit = times.epoch_unit(stamps)
        numeric = any(isinstance(stamp, (int, float)) for stamp in stamps)
        self.time_words = times.unit_in_words(unit) if numeric else "ISO-8601"
        return Clock(self.options, self.sink, unit)

    def take(self, record: Record) -> None:
        """One contact, under the first of its call."""
        leg = contact_record(_unwrapped(record.value), self.mapping, self.clock)
        root = leg["initial"] or leg["previous"] or leg["id"]
        self.staging.add(record.line, root, leg, at=leg["at"], id=leg["id"], version=leg["updated"])

    def interaction(self, key: str, records: list[Staged]) -> ReadCall:
        """All legs of the call."""
        return ReadCall(self.sink, Contact(records, self.sink).steps())


read, read_all = _Files.read, _Files.read_all


def _shown(file: SourceFile) -> list[Json]:
    """The contacts that the head of a file shows."""
    try:
        return [_unwrapped(record.value) for record in sample(file, _PAGES)]
    except Malformed:
        return []


def _unwrapped(record: Json) -> Json:
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

"""One vCon as a whole: its parties and dialogs, and what its references, times and mapped fields say."""

from __future__ import annotations

from datetime import tzinfo
from email.utils import parsedate_to_datetime
from typing import TypedDict, cast

from miner.errors import InputError, Problem
from miner.events import times
from miner.events.schema import CHANNELS
from miner.events.sink import Sink
from miner.events.times import SECOND
from miner.readers.shared.staging import Staged
from miner.readers.standards.vcon_parts import Dialog, Party
from miner.readers.standards.vcon_transcripts import Transcript, Turn
from miner.readers.tabular.keys import ATTRIBUTES

MAPPED = ("team", "customer", "intent", "outcome", *ATTRIBUTES)
NOBODY: Party = {
    "actor": "unknown",
    "role": "",
    "kind": "",
    "key": None,
    "tel": None,
    "mail": None,
    "name": None,
    "dept": None,
    "nature": None,
    "fields": {},
}
_CHANNELS = {"call": "voice", "phone": "voice", "audio": "voice", "webchat": "chat", "web": "chat", "text": "messaging"}


class VconRecord(TypedDict):
    """The parts of a vCon that are used; `unread` counts analyses and attachments that are not."""

    uuid: str
    parties: list[Party]
    dialog: list[Dialog]
    group: list[str]
    fields: dict[str, str | None]
    transcripts: list[Transcript]
    unread: int


class Container:
    """One vCon."""

    def __init__(self, staged: Staged, sink: Sink, mapped: dict[str, str], tz: tzinfo | None):
        self.staged, self.sink, self.mapped, self.tz = staged, sink, mapped, tz
        self.record = cast(VconRecord, staged.body)
        self.parties, self.dialogs = self.record["parties"], self.record["dialog"]
        self.key = f"vcon:{self.record['uuid']}"
        self.customer_party = next((party for party in self.parties if party["actor"] == "customer"), NOBODY)
        self.customer = self.field("customer", None, self.customer_party) or self.customer_party["key"]

    def party(self, number: int | None) -> Party:
        """The party at a place; nobody, with a note, where there is none."""
        if number is not None and number < len(self.parties):
            return self.parties[number]
        if number is not None:
            example = f"{self.key}: {number}"
            self.sink.note("bad_reference", "parties that are referenced but missing", example=example)
        return NOBODY

    def originator(self, dialog: Dialog) -> int | None:
        """Who began a dialog."""
        if dialog["originator"] is not None:
            return dialog["originator"]
        return dialog["parties"][0] if dialog["parties"] else None

    def field(self, key: str, dialog: Dialog | None = None, party: Party | None = None) -> str | None:
        """What the field that was mapped to a key says: of the dialog, the party or the vCon."""
        column = self.mapped.get(key)
        holders = (dialog["fields"] if dialog else {}, party["fields"] if party else {}, self.record["fields"])
        return next((value for holder in holders if column and (value := holder.get(column))), None)

    def team(self, party: Party, dialog: Dialog | None = None) -> str | None:
        """The team of a party: as mapped, their department, else the skill of the dialog."""
        if "team" in self.mapped:
            return self.field("team", dialog, party)
        human = party["actor"] in ("agent", "supervisor")
        return party["dept"] or (dialog["skill"] if dialog and human else None)

    def turns(self, place: int) -> list[Turn]:
        """What the transcripts have of a dialog."""
        return [turn for one in self.record["transcripts"] if place in one["dialogs"] for turn in one["turns"]]

    def end(self, dialog: Dialog, start: int | None) -> int | None:
        """When a dialog that began then ended, by its length."""
        if start is None or dialog["duration"] is None:
            return start
        try:
            return start + times.duration(dialog["duration"])
        except ValueError:
            self.sink.note("bad_duration", "durations that are not a number of seconds", example=dialog["duration"])
            return start

    def time(self, value: str | None) -> int | None:
        """A time in µs: RFC 3339, or as in mails, which early drafts allowed; None where it is none.

        InputError for one without a zone, where none was declared.
        """
        if value is None:
            return None
        try:
            return times.parse(value, self.tz)
        except times.NoZone:
            raise self._no_zone() from None
        except ValueError:
            try:
                moment = parsedate_to_datetime(value)
                if moment.tzinfo is None and self.tz is None:
                    raise self._no_zone()
                return int((moment if moment.tzinfo else moment.replace(tzinfo=self.tz)).timestamp()) * SECOND
            except (ValueError, TypeError, IndexError, OverflowError):
                return None

    def channel(self, dialog: Dialog) -> str:
        """As the dialog says, else by what kind of thing it is."""
        word = (dialog["interaction_type"] or "").lower()
        if word in CHANNELS or word in _CHANNELS:
            return _CHANNELS.get(word, word)
        if dialog["type"] != "text":
            return "video" if dialog["media"].startswith("video/") else "voice"
        sender = self.party(self.originator(dialog))
        mail = dialog["message"] or dialog["media"].startswith(("multipart/", "message/"))
        return "email" if mail or (sender["mail"] and not sender["tel"]) else "messaging"

    def reject(self, place: int, column: str, value: object, reason: str) -> None:
        """Leave a dialog out."""
        self.sink.reject(self.staged.line, f"dialog {place}, {column}", value, reason)

    def _no_zone(self) -> InputError:
        place = (self.staged.source, self.staged.line)
        return InputError(Problem("a time without a zone", *place, fix="set the time zone: --tz Europe/Berlin"))


def shown(party: Party) -> str | None:
    """The name of a party, else what it is reached by."""
    return party["name"] or party["key"]

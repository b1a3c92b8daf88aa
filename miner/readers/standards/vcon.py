"""vCon conversation containers (IETF drafts, old and new): unsigned, or signed (JWS); encrypted ones are refused.

What a vCon means is in `vcon_conversation`, and its dialogs in `vcon_dialogs`. Parameter names that the drafts changed
are read in both forms: transfer-target, target-dialog, mimetype, appended, must_support.
"""

from __future__ import annotations

import base64
import binascii
import gzip
import hashlib
import io
import json
import zlib
from dataclasses import dataclass, field
from datetime import UTC
from typing import Any

from miner.events import times
from miner.events.sink import Sink
from miner.events.values import text_of
from miner.readers.base import Match, Options, Report, SourceFile
from miner.readers.shared.fields import Malformed, children
from miner.readers.shared.json_text import Broken, whole
from miner.readers.shared.records import Record, paged_records, sample, shows
from miner.readers.shared.staging import Staging, hand_over, no_interactions, read_files, usable
from miner.readers.standards.vcon_container import MAPPED, VconRecord
from miner.readers.standards.vcon_conversation import Conversation
from miner.readers.standards.vcon_parts import dialog_record, party_record
from miner.readers.standards.vcon_transcripts import tones_of, transcripts_of

NAME = "vcon"
TITLE = "vCon conversations"
TOTALS = {"transfers": "transfers"}
LINKED = True
OUTCOMES = ("abandoned",)

SUPPORTED = frozenset({"cc"})  # extensions that may be critical, in lower case
_LAYERS = 5  # a vCon that is signed again before a certificate ends is wrapped once more
_LARGEST = 1 << 28


def sniff(file: SourceFile) -> Match | None:
    """Parties and dialogs, or the signed or encrypted form of them."""
    for value in (record.value for record in sample(file, limit=5)):
        parts = [isinstance(value.get(name), list) for name in ("parties", "dialog", "analysis", "attachments")]
        if parts[0] and ("vcon" in value or any(parts[1:])):
            return Match(95, "parties and dialogs of a vCon")
        if isinstance(value.get("payload"), str) and isinstance(value.get("signatures"), list):
            return Match(85, "a signed document (JWS), as signed vCons are")
        if isinstance(value.get("ciphertext"), str) and "recipients" in value:
            return Match(85, "an encrypted document (JWE), as encrypted vCons are")
    long = shows(file, "parties", "dialog") or shows(file, "payload", "signatures")
    return Match(70, "a long record with parties and dialog, or payload and signatures") if long else None


def read(file: SourceFile, options: Options, sink: Sink) -> Report:
    """Read one file of vCons; for several see `read_all`."""
    return read_all([file], options, sink)[0]


def read_all(files: list[SourceFile], options: Options, sink: Sink) -> list[Report]:
    """Read files of vCons together: the same vCon may lie there signed, unsigned and amended."""
    archive = _Archive(options, sink)
    return read_files(files, options, sink, NAME, archive.stage, archive.emit)


@dataclass
class _Archive:
    """What is known of all vCons before the first is read."""

    options: Options
    sink: Sink
    replaced: set[str] = field(default_factory=set)  # by an amended version
    redacted: dict[str, str] = field(default_factory=dict)  # key of the redacted version → key of the whole one
    seen: set[str] = field(default_factory=set)

    def __post_init__(self) -> None:
        self.mapped = {key: self.options.columns[key] for key in MAPPED if self.options.columns.get(key)}
        self.tz = times.zone(self.options.tz) if self.options.tz else None

    def stage(self, file: SourceFile, staging: Staging, report: Report) -> None:
        """Lay the vCons of a file down."""
        report.columns = dict(self.mapped)
        report.time = "ISO 8601, with zone" if self.tz is None else f"ISO 8601, zone {self.options.tz}"
        for record in paged_records(file, self.sink, ()):
            with usable(self.sink, report, record.line):
                self._take(record, staging)

    def emit(self, staging: Staging, reports: dict[int, Report]) -> None:
        """Turn every vCon into events and an interaction."""
        for key, copies in staging.topics():
            if key in self.replaced:
                self.sink.note("superseded", "vCons that have an amended version were skipped", example=key)
                continue
            if self.redacted.get(key) in self.seen:
                self.sink.note("superseded", "redacted copies of complete vCons were skipped", example=key)
                continue
            conversation = Conversation(copies[-1], self.sink, self.mapped, self.tz)
            hand_over(self.sink, reports, conversation.events())
            conversation.declare()
        if not sum(report.events for report in reports.values()):
            raise no_interactions(reports, "it contains no readable dialog")

    def _take(self, record: Record, staging: Staging) -> None:
        value = self._opened(record.value)
        if not isinstance(value.get("parties"), list) and not isinstance(value.get("dialog"), list):
            raise Malformed(None, "not a vCon: it has neither parties nor dialog", sorted(value)[:10])
        for name in ("critical", "must_support"):
            needed = [str(each) for each in _texts(value.get(name)) if str(each).lower() not in SUPPORTED]
            if needed:
                raise Malformed(name, f"it requires {', '.join(needed)}, which is not supported", value.get("uuid"))
        uuid = text_of(value.get("uuid"))
        key = uuid or hashlib.sha256(json.dumps(value, sort_keys=True, default=str).encode()).hexdigest()[:16]
        if uuid is None:
            self.sink.note("no_uuid", "vCons without a uuid are named after their content", example=key)
        self.seen.add(key)
        for name in ("amended", "appended"):
            self.replaced.update(_uuids(value.get(name)))
        self.redacted.update((key, prior) for prior in _uuids(value.get("redacted")))
        body = _record(value, key, self.mapped)
        version = self._changed(value) * 1_000 + min(len(body["dialog"]), 999)
        staging.add(record.line, key, body, at=0, id=key, version=version)

    def _changed(self, value: dict[str, Any]) -> int:
        """When the vCon was last changed, µs; 0 where it does not say."""
        for name in ("updated_at", "created_at"):
            try:
                return max(times.parse(value.get(name), self.tz or UTC), 0)
            except ValueError:
                continue
        return 0

    def _opened(self, value: dict[str, Any]) -> dict[str, Any]:
        """The unsigned form; Malformed where it is encrypted or the signed form is broken."""
        for _ in range(_LAYERS):
            if "ciphertext" in value:
                raise Malformed("ciphertext", "the vCon is encrypted (JWE): decrypt it first, and give the plain form")
            if "payload" not in value or not ("signatures" in value or "signature" in value):
                return value
            self.sink.note("signature_not_checked", "signed vCons were read without verifying their signatures")
            value = _payload(value["payload"])
        raise Malformed("payload", f"signed more than {_LAYERS} times")


def _payload(text: object) -> dict[str, Any]:
    """What was signed: JSON in base64url, perhaps gzipped."""
    if not isinstance(text, str):
        raise Malformed("payload", "the payload of a signed vCon is not text")
    try:
        plain = base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
        if plain[:2] == b"\x1f\x8b":
            with gzip.GzipFile(fileobj=io.BytesIO(plain)) as packed:
                plain = packed.read(_LARGEST + 1)
        if len(plain) > _LARGEST:
            raise Malformed("payload", "the payload of a signed vCon unpacks to more than 256 MiB")
        value = whole(plain.decode("utf-8-sig"))
    except (binascii.Error, ValueError, OSError, EOFError, zlib.error, Broken) as error:
        if isinstance(error, Malformed):
            raise
        raise Malformed("payload", f"the payload of a signed vCon cannot be read: {error}") from None
    if not isinstance(value, dict):
        raise Malformed("payload", "the payload of a signed vCon is not an object")
    return value


def _texts(value: object) -> list[Any]:
    return value if isinstance(value, list) else [value] if isinstance(value, str) else []


def _uuids(value: object) -> list[str]:
    """The vCons that an amended, redacted or group parameter names."""
    listed = value if isinstance(value, list) else [value]
    return [uuid for each in listed if isinstance(each, dict) and (uuid := text_of(each.get("uuid")))]


def _record(value: dict[str, Any], key: str, mapped: dict[str, str]) -> VconRecord:
    """The parts of a vCon that are used."""
    fields = frozenset(mapped.values())
    parties = [party_record(party, fields) for party in _objects(value, "parties")]
    dialogs = [dialog_record(dialog, fields) for dialog in _objects(value, "dialog")]
    analyses = value["analysis"] if isinstance(value.get("analysis"), list) else []
    transcripts, tones = transcripts_of(analyses), tones_of(analyses)
    for one in tones:
        for dialog in dialogs if not one["dialogs"] else (dialogs[n] for n in one["dialogs"] if n < len(dialogs)):
            dialog["sentiment"] = one["tone"]
    attached = len(value["attachments"]) if isinstance(value.get("attachments"), list) else 0
    return {
        "uuid": key,
        "parties": parties,
        "dialog": dialogs,
        "group": _uuids(value.get("group")),
        "fields": {name: text_of(value.get(name)) for name in fields},
        "transcripts": transcripts,
        "unread": len(analyses) - len(transcripts) - len(tones) + attached,
    }


def _objects(value: dict[str, Any], name: str) -> list[dict[str, Any]]:
    """The list of objects under a name; placeholders (null) stay, because others are named by their place."""
    listed = value.get(name)
    if isinstance(listed, list):
        value = {name: [{} if each is None else each for each in listed]}
    return children(value, name)

"""CloudEvents (CNCF, 1.0) in JSON: only the envelope is taken off; whoever knows what was in it reads it."""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal
from typing import IO, Any

from miner.errors import InputError, Problem
from miner.events.sink import Sink
from miner.readers.base import Match, Options, Reader, Report, SourceFile
from miner.readers.shared.fields import Malformed
from miner.readers.shared.json_text import Broken, whole
from miner.readers.shared.records import paged_records, sample

NAME = "cloudevents"
TITLE = "CloudEvents, whatever is in them"
LINKED = False
ENVELOPE = True  # a kind that is named is that of the contents

_NAMES = ("id", "source", "type", "subject", "time")


def sniff(file: SourceFile) -> Match | None:
    """Records with specversion, type and source; readers that know such envelopes themselves go first."""
    values = [record.value for record in sample(file, limit=5)]
    if values and all(isinstance(v.get("specversion"), str) and {"type", "source"} <= v.keys() for v in values):
        return Match(45, "envelopes of CloudEvents")
    return None


def read(file: SourceFile, options: Options, sink: Sink) -> Report:
    """Read one file of envelopes; for several of one account see `read_all`."""
    return read_all([file], options, sink)[0]


def read_all(files: list[SourceFile], options: Options, sink: Sink) -> list[Report]:
    """Take the envelopes off, and let the reader of what was in them read it; a report a file, in its name.

    Files whose contents one reader knows are read together where it can. Where no reader but that of any event log
    knows them, what the envelope says is there as columns: ce_id, ce_source, ce_type, ce_subject, ce_time.
    """
    plain: dict[str, tuple[Reader, str, list[SourceFile]]] = {}
    for file in files:
        if sink.source != file.name or len(files) > 1:
            sink.begin(file.name)
        inner, reader, why = _opened(file, sink)
        plain.setdefault(reader.NAME, (reader, why, []))[2].append(inner)
    reports: dict[str, Report] = {}
    for reader, why, inside in plain.values():
        for report in _read(reader, inside, options, sink):
            report.why = "; ".join(part for part in (why, report.why) if part)
            reports[report.file] = report
    return [reports[file.name] for file in files]


def _read(reader: Reader, files: list[SourceFile], options: Options, sink: Sink) -> list[Report]:
    together = getattr(reader, "read_all", None)
    if together is not None and len(files) > 1:
        found: list[Report] = together(files, options, sink)
        return found
    reports = []
    for file in files:
        if sink.source != file.name:
            sink.begin(file.name)
        reports.append(reader.read(file, options, sink))
        sink.flush()
    return reports


def _opened(file: SourceFile, sink: Sink) -> tuple[SourceFile, Reader, str]:
    """The contents as a file of their own, who reads it, and why; the kind the user asked for is that of the contents.

    InputError where no envelope holds anything that can be read.
    """
    from miner.readers import choose  # at the point of use: the list of readers knows this one

    kind = file.kind if file.kind != NAME else None
    inner = replace(file, path=sink.engine.new_file(".jsonl"), kind=kind)
    if not _write(file, inner, sink, {}):
        raise InputError(
            Problem("no envelope contains readable data", file.name, fix="export the events with their data, as JSON")
        )
    claims = choose(inner)
    # `eventlog` takes any table: what the envelope says may be what the table lacks.
    if claims[0].NAME == "eventlog":
        inner = replace(inner, path=sink.engine.new_file(".jsonl"))
        _write(file, inner, _Silent(), dict.fromkeys(_NAMES))
    return inner, claims[0], f"in envelopes of CloudEvents: {claims[1]}"


class _Silent:
    """The second time nothing is said of what was said the first time."""

    def reject(self, *_: object) -> None:
        """Pass over."""


def _write(file: SourceFile, inner: SourceFile, sink: Any, with_envelope: dict[str, None]) -> int:
    """Write the contents as JSON lines, each on the line where its envelope began if it can; returns how many."""
    count, at = 0, 1
    with inner.path.open("w", encoding="utf-8") as out:
        for record in paged_records(file, sink, ()):
            try:
                contents = list(_contents(record.value))
            except Malformed as bad:
                sink.reject(record.line, bad.field, bad.value, bad.reason)
                continue
            for value in contents:
                said = {f"ce_{name}": record.value.get(name) for name in with_envelope}
                at = _put(out, {**said, **value}, record.line, at)
                count += 1
    return count


def _put(out: IO[str], value: dict[str, Any], line: int, at: int) -> int:
    out.write("\n" * (line - at) + json.dumps(value, default=_exact) + "\n")
    return max(line, at) + 1


def _exact(value: object) -> object:
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() and value.adjusted() < 18 else float(value)
    raise TypeError


def _contents(envelope: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """The objects in an envelope; Malformed where there are none."""
    if "specversion" not in envelope:
        raise Malformed("specversion", "not a CloudEvents envelope: specversion is missing", sorted(envelope)[:10])
    data = envelope.get("data")
    if isinstance(envelope.get("data_base64"), str):
        try:
            data = base64.b64decode(envelope["data_base64"], validate=True).decode("utf-8-sig")
        except (binascii.Error, ValueError):
            raise Malformed("data_base64", "the data is not base64", envelope.get("id")) from None
    if isinstance(data, str):
        try:
            data = whole(data)
        except Broken:
            raise Malformed("data", "the data is not JSON", envelope.get("id")) from None
    listed: list[Any] = data if isinstance(data, list) else [data]
    if not listed or not all(isinstance(each, dict) for each in listed):
        raise Malformed("data", "the envelope contains no object", envelope.get("id"))
    yield from listed

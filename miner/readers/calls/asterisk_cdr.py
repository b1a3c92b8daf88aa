"""Asterisk call detail records: Master.csv without header, or any table of them with one.

A call is all rows of one linkedid. What a row says, and who in it is a person, is in `asterisk_channels`.
"""

from __future__ import annotations

import io
from itertools import islice
from typing import Any

from miner.events.sink import Sink
from miner.events.times import SECOND
from miner.events.values import id_of
from miner.readers.base import Match, Options, Report, SourceFile
from miner.readers.calls.asterisk_channels import Cdr, Channels
from miner.readers.calls.steps import Repeats, mapped_columns, seconds_of
from miner.readers.calls.tables import Row, Table, moment, need, plain, shown
from miner.readers.shared.fields import Malformed
from miner.readers.shared.staging import Staging, hand_over, read_files, usable
from miner.readers.tabular.dialect import cells_of, detect
from miner.readers.tabular.keys import ATTRIBUTES
from miner.readers.tabular.read import is_table

NAME = "asterisk_cdr"
TITLE = "Asterisk call detail records"
NOT_COMPARED = {
    "duration": "rows of one call overlap",
    "billsec": "unanswered rows bill seconds too",
    "rows": "it is not a count of events",
}
LINKED = True
OUTCOMES = ("abandoned",)

# The order of Master.csv; the last three on newer systems only, uniqueid and userfield where they are switched on.
ORDER = (
    "accountcode",
    "src",
    "dst",
    "dcontext",
    "clid",
    "channel",
    "dstchannel",
    "lastapp",
    "lastdata",
    "start",
    "answer",
    "end",
    "duration",
    "billsec",
    "disposition",
    "amaflags",
    "uniqueid",
    "userfield",
    "peeraccount",
    "linkedid",
    "sequence",
)
# The order of Asterisk's example for cdr_custom, whose file is called Master.csv too.
_CUSTOM = (
    "clid",
    "src",
    "dst",
    "dcontext",
    "channel",
    "dstchannel",
    "lastapp",
    "lastdata",
    "start",
    "answer",
    "end",
    "duration",
    "billsec",
    "disposition",
    "amaflags",
    "accountcode",
    "uniqueid",
    "userfield",
    "sequence",
)
_TIMES = ("start", "answer", "end")
_NAMES = {
    "calldate": "start",
    "start_time": "start",
    "starttime": "start",
    "answer_time": "answer",
    "end_time": "end",
    "answerdate": "answer",
    "enddate": "end",
    "hangupdate": "end",
}
_NEEDED = ("start", "channel", "dstchannel", "disposition")
_SURE = {"channel", "dstchannel", "lastapp", "disposition"}
_DISPOSITIONS = ("ANSWERED", "NO ANSWER", "BUSY", "FAILED", "CONGESTION")
_MAPPED = ("team", "customer", "intent", "outcome", *ATTRIBUTES)


def sniff(file: SourceFile) -> Match | None:
    """Columns channel, dstchannel, lastapp, disposition; or Master.csv, which has no header."""
    if shown(file) >= _SURE:
        return Match(90, "columns channel, dstchannel, lastapp, disposition, as in Asterisk's call detail records")
    return Match(85, "rows in the order of Asterisk's Master.csv") if _order(file) else None


def _order(file: SourceFile) -> tuple[str, ...] | None:
    """The order of the columns of a Master.csv, which has no header: that whose dispositions are some."""
    if is_table(file) != "delimited":
        return None
    text = file.head.decode("utf-8", "replace").lstrip("\ufeff")
    dialect = detect(text)
    if dialect is None or dialect.header or not 16 <= len(dialect.columns) <= len(ORDER):
        return None
    rows = list(islice(cells_of(io.StringIO(text), dialect.delimiter), 30))
    for order in (ORDER, _CUSTOM):
        at = order.index("disposition")
        if 2 * sum(len(row) > at and row[at].strip() in _DISPOSITIONS for row in rows) >= len(rows):
            return order
    return None


def read(file: SourceFile, options: Options, sink: Sink) -> Report:
    """Read one file of records; for several of one server see `read_all`."""
    return read_all([file], options, sink)[0]


def read_all(files: list[SourceFile], options: Options, sink: Sink) -> list[Report]:
    """Read the files of one server together: the rows of a call may lie in two, and trunks show by all of them."""
    channels = Channels()

    def stage(file: SourceFile, staging: Staging, report: Report) -> None:
        repeats = Repeats(len(files) > 1)
        columns = {key: plain(name) for key, name in mapped_columns(options, report, _MAPPED).items()}
        names = _NAMES if shown(file) else {f"column{i}": name for i, name in enumerate(_order(file) or ORDER, 1)}
        table = Table(file, sink, options, (*ORDER, *columns.values()), _TIMES, _NEEDED, names=names)
        table.words(report)
        for line, row in table.rows():
            with usable(sink, report, line):
                body = _slim(row, columns)
                channels.learn(body)
                text = f"{body['start']}|{body['channel']}|{body['dstchannel']}|{body['dst']}|{body['end']}"
                staging.add(line, body["call"], body, at=body["start"], id=repeats.id(text), rank=body["sequence"])

    def emit(staging: Staging, reports: dict[int, Report]) -> None:
        for key, rows in staging.topics():
            call = Cdr(key, rows, channels, sink)
            hand_over(sink, reports, call.steps())
            call.declare()

    return read_files(files, options, sink, NAME, stage, emit)


def _slim(row: Row, columns: dict[str, str]) -> dict[str, Any]:
    """The parts of a record that are used; where the end is missing the duration says it."""
    start = moment(row, "start")
    if start is None:
        raise Malformed("start", "start is missing")
    lasted, talked = seconds_of(row.get("duration")), seconds_of(row.get("billsec"))
    answer, end = _or_none(row, "answer"), _or_none(row, "end")
    if end is None and lasted is not None:
        end = start + lasted
    if answer is None and end is not None and talked:
        answer = end - talked
    call = row.get("linkedid") or row.get("uniqueid") or need(row, "channel")
    sequence = id_of(row.get("sequence"))
    return {
        "call": call,
        "start": start,
        "answer": answer,
        "end": end,
        "duration": lasted,
        "billsec": talked,
        "sequence": int(sequence) if sequence and sequence.isascii() and sequence.isdigit() else None,
        "disposition": _disposition(row.get("disposition")),
        **{
            name: row.get(name)
            for name in ("src", "dst", "dcontext", "clid", "channel", "dstchannel", "lastapp", "lastdata", "uniqueid")
        },
        "mapped": {key: row.get(name) for key, name in columns.items()},
    }


def _or_none(row: Row, field: str) -> int | None:
    """A time; databases write zeros where there is none."""
    value = row.get(field)
    if isinstance(value, Malformed) and str(value.value).startswith("0000"):
        return None
    at = moment(row, field)
    return None if at is not None and at <= 86_400 * SECOND else at


def _disposition(value: object) -> str:
    """The disposition in the words of the CSV file; databases may write the bits of its flags."""
    bits = {"0": "NO ANSWER", "1": "NO ANSWER", "2": "FAILED", "4": "BUSY", "8": "ANSWERED", "16": "CONGESTION"}
    said = str(value or "").strip().upper().replace("_", " ").replace("NOANSWER", "NO ANSWER")
    return bits.get(said, said)

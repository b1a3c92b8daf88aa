"""A row of Asterisk's call detail records reduced to what is used; lengths of time are µs."""

from __future__ import annotations

from typing import TypedDict

from miner.events.times import SECOND
from miner.events.values import id_of
from miner.readers.calls.fields import seconds_of
from miner.readers.calls.tables import Row, moment, need
from miner.readers.shared.fields import Malformed

DISPOSITIONS = ("ANSWERED", "NO ANSWER", "BUSY", "FAILED", "CONGESTION")


class CdrRow(TypedDict):
    """One row of a call."""

    call: str
    start: int
    answer: int | None
    end: int | None
    duration: int | None
    billsec: int | None
    sequence: int | None
    disposition: str
    src: str | None
    dst: str | None
    channel: str | None
    dstchannel: str | None
    lastapp: str | None
    lastdata: str | None
    mapped: dict[str, str | None]


def cdr_row(row: Row, columns: dict[str, str]) -> CdrRow:
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
        "src": row.get("src"),
        "dst": row.get("dst"),
        "channel": row.get("channel"),
        "dstchannel": row.get("dstchannel"),
        "lastapp": row.get("lastapp"),
        "lastdata": row.get("lastdata"),
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
    word = str(value or "").strip().upper().replace("_", " ").replace("NOANSWER", "NO ANSWER")
    return bits.get(word, word)

"""Asterisk's queue_log: the text with pipes, or rows of its table (time, callid, queuename, agent, event, data1…).

What the lines of a call say is in `asterisk_steps`. Lines of queues and members alone (log-in, pause) are no calls.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from miner.events import times
from miner.events.sink import Sink
from miner.events.values import id_of
from miner.readers.base import Match, Options, Report, SourceFile
from miner.readers.calls.asterisk_consults import Consults
from miner.readers.calls.asterisk_steps import ABOUT_MEMBERS, QueueCall, QueueLine
from miner.readers.calls.fields import Repeats
from miner.readers.calls.tables import Row, Table, moment, need, shown
from miner.readers.shared.call_files import CallFiles, ReadCall
from miner.readers.shared.fields import Malformed
from miner.readers.shared.staging import Staged

NAME = "asterisk_queue_log"
TITLE = "Asterisk queue_log"
TOTALS = {"calltime": "talk_s"}
NOT_COMPARED = dict.fromkeys(("holdtime", "waittime"), "answered and unanswered waits are one count")
LINKED = True
OUTCOMES = ("abandoned",)

_TIME = r"\s*(\d{9,10}(?:\.\d+)?|\d{4}-\d\d-\d\d[ T][\d:.]+)\s*"
_LINE = re.compile(_TIME + r"\|([^|]*)\|([^|]*)\|([^|]*)\|\s*([A-Za-z_]+)\s*(?:\|(.*))?")
_DATA = ("data1", "data2", "data3", "data4", "data5")
_FIELDS = ("time", "callid", "queuename", "agent", "event", "data", *_DATA)
_NEEDED = ("time", "callid", "queuename", "event")
_NO_CALL = ("NONE", "REALTIME", "MANAGER")

_Line = tuple[int, int, tuple[str, QueueLine] | None]  # number, time, call with what it says; None: of no call


def sniff(file: SourceFile) -> Match | None:
    """Lines of time|call|queue|member|EVENT, or a table with the columns of the realtime queue_log."""
    lines = [line for line in file.head.decode("utf-8", "replace").splitlines()[:50] if line.strip()]
    if lines and sum(_LINE.fullmatch(line) is not None for line in lines) * 2 > len(lines):
        return Match(95, "lines of time|call|queue|member|EVENT, as in Asterisk's queue_log")
    names = shown(file)
    if names >= set(_NEEDED) and (names & {"data", "data1"}):
        return Match(90, "columns time, callid, queuename, event, as in Asterisk's queue_log table")
    return None


class _Files(CallFiles):
    """The files of one server: a call may run over the end of one; overlapping ones are read once."""

    name, keys = NAME, ()

    def __init__(self, options: Options, sink: Sink):
        super().__init__(options, sink)
        self.consults = Consults()

    def stage(self, file: SourceFile) -> None:
        """Lay the lines of calls down."""
        others, repeats = 0, Repeats(self.several)
        for line, at, of_call in _lines(file, self.options, self.sink, self.report):
            self.report.rows += 1
            if of_call is None:
                others += 1
                continue
            call, body = of_call
            self.consults.see(at, call, body)
            self.staging.add(line, call, body, at=at, id=repeats.id(f"{at}|{call}|{body}"), rank=line)
        if others:
            self.sink.note("left out", "lines about queues and members rather than calls were skipped", others)

    def complete(self) -> None:
        """A consult belongs to the call that it is a part of."""
        self.staging.move(self.consults.calls())

    def interaction(self, key: str, records: list[Staged]) -> ReadCall:
        """The call."""
        call = QueueCall(key, records, self.sink)
        return ReadCall(self.sink, call.steps(), call.declare)


read, read_all = _Files.read, _Files.read_all


def _lines(file: SourceFile, options: Options, sink: Sink, report: Report) -> Iterator[_Line]:
    if len(shown(file) & set(_NEEDED)) >= 3:
        yield from _rows(Table(file, sink, options, _FIELDS, ("time",), _NEEDED), sink, report)
        return
    tz = times.zone(options.tz) if options.tz else None
    report.time = "epoch seconds, UTC"
    with file.path.open(encoding="utf-8", errors="replace", newline="\n") as lines:
        for number, text in enumerate(lines, 1):
            match = _LINE.fullmatch(text.strip("\ufeff\r\n"))
            if match is None:
                if text.strip():
                    sink.reject(number, None, text.strip(), "not time|call|queue|member|EVENT")
                continue
            stamp, call, queue, member, event, data = match.groups()
            try:
                at = times.parse(stamp, tz)
            except times.NoZone:
                sink.reject(number, "time", stamp, "a time without a time zone; set it with --tz")
                continue
            except ValueError as error:
                sink.reject(number, "time", stamp, f"the time is {error}")
                continue
            if "-" in stamp:
                report.time = f"date and time, zone {options.tz}"
            yield number, at, _of_call(call, queue, member, event, (data or "").split("|") if data is not None else [])


def _rows(table: Table, sink: Sink, report: Report) -> Iterator[_Line]:
    table.words(report)
    for line, row in table.rows():
        try:
            at = moment(row, "time")
            if at is None:
                raise Malformed("time", "time is missing")
            event, member = need(row, "event"), row.get("agent")
            yield line, at, _of_call(row.get("callid"), row.get("queuename"), member, event, _data(row))
        except Malformed as bad:
            sink.reject(line, bad.field, bad.value, bad.reason)


def _data(row: Row) -> list[str]:
    """The parameters: in columns of their own, or together in one as older tables have them."""
    parts = [row.get(name) or "" for name in _DATA]
    return str(row["data"]).split("|") if row.get("data") and not any(parts) else parts


def _of_call(
    call: str | None, queue: str | None, member: str | None, event: str, data: list[str]
) -> tuple[str, QueueLine] | None:
    key, name = id_of(call), event.strip().upper()
    if key is None or key in _NO_CALL or name in ABOUT_MEMBERS:
        return None
    parts = [part.strip() for part in data]
    return key, {"queue": _named(queue), "member": _named(member), "event": name, "data": parts}


def _named(value: str | None) -> str | None:
    name = id_of(value)
    return None if name in _NO_CALL else name

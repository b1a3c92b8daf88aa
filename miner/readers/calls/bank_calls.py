"""The published log of a bank's call centre (Technion, "AnonymousBank"): one row a call.

Times of day carry no date of their own: what is earlier than the step before it lies after midnight of the entry's
date. Steps that did not take place are 0:00:00, and so is midnight.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from datetime import UTC, tzinfo

from miner.errors import InputError, Problem
from miner.events import times
from miner.events.schema import Event
from miner.events.sink import Sink
from miner.events.times import SECOND
from miner.events.values import customer_key, id_of
from miner.readers.base import Match, Options, Report, SourceFile
from miner.readers.calls.fields import note_unknown, seconds_of
from miner.readers.calls.tables import Row, Table, need, plain, shown
from miner.readers.shared import call_steps as steps
from miner.readers.shared.call_steps import ROUTING, Actor, Call, attributes
from miner.readers.shared.fields import Malformed
from miner.readers.shared.recorded import with_recorded
from miner.readers.tabular.keys import ATTRIBUTES

NAME = "bank_calls"
TITLE = "Call log of a bank (AnonymousBank)"
TOTALS = {"vru_time": "ivr_s", "q_time": "queue_s", "ser_time": "talk_s"}
LINKED = True
OUTCOMES = ("abandoned",)

_FIELDS = (
    "vru_line",
    "call_id",
    "customer_id",
    "priority",
    "type",
    "date",
    "vru_entry",
    "vru_exit",
    "vru_time",
    "q_start",
    "q_exit",
    "q_time",
    "outcome",
    "ser_start",
    "ser_exit",
    "ser_time",
    "server",
)
_SURE = {"vru_entry", "vru_exit", "q_start", "ser_start", "server", "outcome"}
_NEEDED = ("call_id", "date", "vru_entry", "outcome")
_MAPPED = ("team", "intent", "outcome", *ATTRIBUTES)
_SLACK = 2 * SECOND
_DAY, _LATE, _HOUR = 86_400 * SECOND, 12 * 3_600 * SECOND, 3_600 * SECOND
_CLOCK = re.compile(r"(\d{1,2}):?(\d\d):?(\d\d)", re.ASCII)
_SHORT_DATE = re.compile(r"\d{6}", re.ASCII)
_OUTCOMES = ("AGENT", "HANG", "PHANTOM")


def sniff(file: SourceFile) -> Match | None:
    """The columns of the published log."""
    if shown(file) >= _SURE:
        return Match(90, "columns vru_entry, q_start, ser_start, server, as in the log of a bank's call centre")
    return None


def read(file: SourceFile, options: Options, sink: Sink) -> Report:
    """Read the rows as they come; each is told by itself, rows of one call share its id."""
    report = Report(file.name, NAME, "", options.mapped(_MAPPED))
    columns = {key: plain(name) for key, name in report.columns.items()}
    table = Table(file, sink, options, (*_FIELDS, *columns.values()), (), _NEEDED)
    tz = times.zone(options.tz) if options.tz else UTC
    report.time = f"date and time of day, read as {options.tz or 'UTC (assumed)'}"
    for line, row in table.rows():
        report.rows += 1
        try:
            entry = _date(need(row, "date"), tz)
            for event in _Row(row, entry, columns, sink).steps(line):
                sink.event(**event)
                report.events += 1
        except Malformed as bad:
            sink.reject(line, bad.field, bad.value, bad.reason)
            report.rejected += 1
    if not report.events:
        raise InputError(Problem("no row could be read", file.name, fix="check its first rows"))
    if not options.tz:
        sink.note("assumed", "times have no time zone and were read as UTC; set it with --tz", report.rows)
    return report


class _Row:
    """One row: the menu (VRU), the queue, the service."""

    def __init__(self, row: Row, day: int, columns: dict[str, str], sink: Sink):
        self.row, self.day, self.columns, self.sink = row, day, columns, sink
        parts = (row.get("date"), row.get("vru_line"), need(row, "call_id"))
        key = "bank:" + "/".join(str(part) for part in parts if part)
        self.call = Call("bank", key, "voice", customer_key(row.get("customer_id")), self._mapped("intent"))
        server = row.get("server")
        self.server = None if server is None or server.upper() == "NO_SERVER" else server
        self.outcome = (row.get("outcome") or "").upper()
        self._last = day

    def steps(self, line: int) -> Iterator[Event]:
        """The events of the row, as keywords of `Sink.event`; the interaction goes to the sink."""
        row, caller = self.row, self._caller()
        start, menu_end = self._span("vru", "entry", "exit")
        if start is None:
            raise Malformed("vru_entry", "vru_entry is missing")
        queued, queue_end = self._span("q", "start", "exit")
        served, served_end = self._span("ser", "start", "exit")
        note_unknown(self.sink, self.outcome or None, _OUTCOMES, "outcomes")
        about = attributes(priority=row.get("priority"), type=row.get("type"))
        made = [
            steps.step("Call started", "started", start, caller, attributes=about),
            steps.step("Menu", "ivr_enter", start, ("ivr", row.get("vru_line") or "VRU", None), menu_end),
        ]
        answered = served is not None and self._by_agent()
        if queued is not None:
            # Two clocks: a service may begin a second before its queue does.
            if answered and served is not None and queued - _SLACK <= served < queued:
                queued = served
            made.append(steps.queued(queued, queue_end, "queue"))
        over = max((at for at in (menu_end, queue_end, served_end) if at is not None), default=start)
        made += self._service(served, served_end, over)
        made.append(self._end(over, queued is not None and not answered))
        self._declare()
        yield from steps.numbered(self.call.at({"line": line}, made))

    def _declare(self) -> None:
        lengths = {name: (seconds_of(self.row.get(name)) or 0) // SECOND for name in TOTALS}
        declared = {name: length for name, length in lengths.items() if length}
        self.call.declare(self.sink, json.dumps(declared) if declared else None, attributes(id=self.call.customer))

    def _service(self, begin: int | None, end: int | None, over: int) -> Iterator[Event]:
        """The conversation; who hangs up, and a virtual call, may have times of service that nobody gave."""
        if begin is None and self.outcome == "AGENT" and self.server:
            message = "calls answered at an unknown time were read as points in time"
            self.sink.note("unknown", message, example=self.call.key)
            begin = over
        if begin is None:
            return
        if not self._by_agent():
            yield steps.step("Service without an agent", None, begin, ROUTING, end)
            return
        yield steps.conversation(begin, end, ("agent", self.server, self._mapped("team")))

    def _by_agent(self) -> bool:
        """Whether times of service are those of an agent."""
        return self.server is not None or self.outcome not in ("HANG", "PHANTOM")

    def _end(self, at: int, gave_up: bool) -> Event:
        outcome = self._mapped("outcome")
        recorded = with_recorded(attributes(outcome=self.outcome), self._mapped)
        if self.outcome == "HANG" and gave_up:
            return steps.abandoned(at, self.call.customer, outcome=outcome or "abandoned", attributes=recorded)
        actor = self._caller() if self.outcome == "HANG" else ROUTING
        return steps.ended(at, actor, outcome=outcome, attributes=recorded)

    def _caller(self) -> Actor:
        return "customer", self.call.customer, None

    def _mapped(self, key: str) -> str | None:
        """What the column that was mapped to a key says."""
        return id_of(self.row.get(self.columns.get(key, "")))

    def _span(self, name: str, first: str, second: str) -> tuple[int | None, int | None]:
        """When a step began and ended; None where it did not take place."""
        lasted = seconds_of(self.row.get(f"{name}_time"))
        begin, end = self._clock(f"{name}_{first}"), self._clock(f"{name}_{second}")
        if name != "vru":
            if not lasted and not begin and not end:
                return None, None  # 0:00:00 and no time spent: it did not happen
            if begin == 0 and not self._near_midnight():
                begin = end - lasted if end and lasted else None
        if begin is None:
            return None, None
        at = self._place(begin)
        if end == 0 and not self._near_midnight():
            end = None
        until = self._place(end) if end is not None else at + lasted if lasted else None
        if until is not None and until < at:
            self.sink.note(
                "negative", f"{name}_{second} before {name}_{first}: read as a point in time", example=self.call.key
            )
            until = None
        if until is not None and lasted is not None and abs(until - at - lasted) > 2 * SECOND:
            self.sink.note(
                "reconcile", f"{name}_time differs from the times of day; those were kept", example=self.call.key
            )
        return at, until

    def _place(self, clock: int) -> int:
        """A time of day as a moment: on the day of the entry, or after midnight where it is far before the last."""
        at = self.day + clock
        while at < self._last - _LATE:
            at += _DAY
        self._last = max(self._last, at)
        return at

    def _near_midnight(self) -> bool:
        """Whether the step before was within an hour of midnight, so that 0:00:00 can be that."""
        clock = (self._last - self.day) % _DAY
        return clock <= _HOUR or clock >= _DAY - _HOUR

    def _clock(self, field: str) -> int | None:
        value = self.row.get(field)
        if value is None:
            return None
        match = _CLOCK.fullmatch(str(value).strip())
        hours, minutes, seconds = map(int, match.groups()) if match else (99, 0, 0)
        if hours > 24 or minutes > 59 or seconds > 59:
            raise Malformed(field, f"{field} is not a time of day", value)
        return (hours * 3_600 + minutes * 60 + seconds) * SECOND


def _date(text: str, tz: tzinfo) -> int:
    """Midnight of a date: YYMMDD (from 1950 to 2049), or ISO."""
    short = _SHORT_DATE.fullmatch(text)
    whole = (("19" if text >= "50" else "20") + text) if short else text[:10]
    try:
        return times.from_iso(whole, tz)
    except ValueError:
        raise Malformed("date", "date does not look like 990131 or 1999-01-31", text) from None

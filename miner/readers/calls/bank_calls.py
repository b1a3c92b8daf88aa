"""The published log of a bank's call centre (Technion, "AnonymousBank"): one row a call.

Times of day carry no date of their own: what is earlier than the step before it lies after midnight of the entry's
date. Steps that did not take place are 0:00:00, and so is midnight.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from datetime import UTC
from typing import Any

from miner.errors import InputError, Problem
from miner.events import times
from miner.events.sink import Sink
from miner.events.times import SECOND
from miner.events.values import customer_key, id_of
from miner.readers.base import Match, Options, Report, SourceFile
from miner.readers.calls.steps import (
    ROUTING,
    Actor,
    Step,
    attributes,
    count,
    mapped_columns,
    numbered,
    seconds_of,
    step,
)
from miner.readers.calls.tables import Row, Table, need, plain, shown
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
    report = Report(file.name, NAME, "")
    columns = {key: plain(name) for key, name in mapped_columns(options, report, _MAPPED).items()}
    table = Table(file, sink, options, (*_FIELDS, *columns.values()), (), _NEEDED)
    tz = times.zone(options.tz) if options.tz else UTC
    report.time = f"date and time of day, read as {options.tz or 'UTC (assumed)'}"
    for line, row in table.rows():
        report.rows += 1
        try:
            entry = _date(need(row, "date"), tz)
            for event in _Call(row, entry, columns, sink).steps(line):
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


class _Call:
    """One row: the menu (VRU), the queue, the service."""

    def __init__(self, row: Row, day: int, columns: dict[str, str], sink: Sink):
        self.row, self.day, self.columns, self.sink = row, day, columns, sink
        parts = (row.get("date"), row.get("vru_line"), need(row, "call_id"))
        self.key = "bank:" + "/".join(str(part) for part in parts if part)
        self.customer = customer_key(row.get("customer_id"))
        server = row.get("server")
        self.server = None if server is None or server.upper() == "NO_SERVER" else server
        self._last = day

    def steps(self, line: int) -> Iterator[Step]:
        """The events of the row, as keywords of `Sink.event`; the interaction goes to the sink."""
        row, me = self.row, ("customer", self.customer, None)
        start, menu_end = self._span("vru", "entry", "exit")
        if start is None:
            raise Malformed("vru_entry", "vru_entry is missing")
        queued, queue_end = self._span("q", "start", "exit")
        served, served_end = self._span("ser", "start", "exit")
        said = (row.get("outcome") or "").upper()
        count(self.sink, said or None, _OUTCOMES, "outcomes")
        found = [
            step(
                "Call started",
                "started",
                start,
                me,
                attributes=attributes(priority=row.get("priority"), type=row.get("type")),
            ),
            step("Menu", "ivr_enter", start, ("ivr", row.get("vru_line") or "VRU", None), menu_end),
        ]
        answered = served is not None and self._by_agent(said)
        if queued is not None:
            # Two clocks: a service may begin a second before its queue does.
            if answered and served is not None and queued - _SLACK <= served < queued:
                queued = served
            found.append(step("Queued", "queue_enter", queued, ("system", "queue", None), queue_end))
        over = max((at for at in (menu_end, queue_end, served_end) if at is not None), default=start)
        found += self._service(said, served, served_end, over)
        found.append(self._end(said, over, queued is not None and not answered, me))
        declared = {
            name: int(number)
            for name in ("vru_time", "q_time", "ser_time")
            if (number := (seconds_of(row.get(name)) or 0) // SECOND)
        }
        intent = id_of(row.get(self.columns.get("intent", "")))
        self.sink.interaction(
            interaction_id=self.key,
            source_system="bank",
            channel="voice",
            customer=self.customer,
            intent=intent,
            declared=json.dumps(declared) if declared else None,
            identity=attributes(id=self.customer),
        )
        yield from numbered(
            found,
            {
                "line": line,
                "source_system": "bank",
                "interaction_id": self.key,
                "channel": "voice",
                "customer": self.customer,
                "intent": intent,
            },
        )

    def _service(self, said: str, begin: int | None, end: int | None, over: int) -> Iterator[Step]:
        """The conversation; who hangs up, and a virtual call, may have times of service that nobody gave."""
        if begin is None and said == "AGENT" and self.server:
            message = "calls answered at an unknown time were read as points in time"
            self.sink.note("unknown", message, example=self.key)
            begin = over
        if begin is None:
            return
        if not self._by_agent(said):
            yield step("Service without an agent", None, begin, ROUTING, end)
            return
        actor: Actor = ("agent", self.server, id_of(self.row.get(self.columns.get("team", ""))))
        yield step("Conversation", "agent_connected", begin, actor, end)

    def _by_agent(self, said: str) -> bool:
        """Whether times of service are those of an agent."""
        return self.server is not None or said not in ("HANG", "PHANTOM")

    def _end(self, said: str, at: int, gave_up: bool, me: Actor) -> Step:
        mapped = id_of(self.row.get(self.columns.get("outcome", "")))
        recorded = with_recorded(attributes(outcome=said), lambda key: id_of(self.row.get(self.columns.get(key, ""))))
        more: dict[str, Any] = {"attributes": recorded}
        if said == "HANG" and gave_up:
            return step("Abandoned", "abandoned", at, me, outcome=mapped or "abandoned", **more)
        return step("Ended", "ended", at, me if said == "HANG" else ROUTING, outcome=mapped, **more)

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
                "negative", f"{name}_{second} before {name}_{first}: read as a point in time", example=self.key
            )
            until = None
        if until is not None and lasted is not None and abs(until - at - lasted) > 2 * SECOND:
            self.sink.note("reconcile", f"{name}_time differs from the times of day; those were kept", example=self.key)
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
        found = _CLOCK.fullmatch(str(value).strip()) if value is not None else None
        if value is None:
            return None
        if found is None or int(found.group(1)) > 24 or int(found.group(2)) > 59 or int(found.group(3)) > 59:
            raise Malformed(field, f"{field} is not a time of day", value)
        hours, minutes, seconds = map(int, found.groups())
        return (hours * 3_600 + minutes * 60 + seconds) * SECOND


def _date(text: str, tz: Any) -> int:
    """Midnight of a date: YYMMDD (from 1950 to 2049), or ISO."""
    short = _SHORT_DATE.fullmatch(text)
    whole = (("19" if text >= "50" else "20") + text) if short else text[:10]
    try:
        return times.from_iso(whole, tz)
    except ValueError:
        raise Malformed("date", "date does not look like 990131 or 1999-01-31", text) from None

"""Times in ServiceNow's tables of changes: without a zone, in UTC as REST and audit exports write them."""

from __future__ import annotations

from datetime import UTC

from miner.events.sink import Sink
from miner.readers.base import Options, Report
from miner.readers.shared.clock import Clock


def rest_clock(options: Options, sink: Sink) -> Clock:
    """The clock of REST and audit exports."""
    return Clock(options, sink, documented=UTC)


def declare_zone(options: Options, sink: Sink, report: Report) -> None:
    """Say in the report and, where it is an assumption, in a note which zone was taken."""
    report.time = f"{options.time_format or 'ISO-8601'} without zone, read as {options.tz or 'UTC (assumed)'}"
    if not options.tz:
        sink.note(
            "assumed",
            "times have no time zone and were read as UTC, as REST exports write them; lists "
            "exported in the browser use the user's time zone: set it with --tz",
        )

"""Twilio TaskRouter events: the REST list, the CloudEvents of Event Streams, or callbacks as JSON lines.

The three say the same under names of their own (`task_sid`, `TaskSid`); `twilio_event` makes them one. What the events
of a task mean is in `twilio_task`.
"""

from __future__ import annotations

from miner.events.sink import Sink
from miner.readers.base import Match, Options, Report, SourceFile
from miner.readers.calls.fields import mapped_columns
from miner.readers.calls.twilio_event import STREAM, task_event
from miner.readers.calls.twilio_task import Task
from miner.readers.shared.clock import Clock
from miner.readers.shared.records import paged_records, sample
from miner.readers.shared.staging import Staging, hand_over, read_files, usable

NAME = "twilio"
TITLE = "Twilio TaskRouter events"
NOT_COMPARED = {"task_age": "it is the age of the task at its last event"}
LINKED = True
OUTCOMES = ("abandoned",)

_PAGES = ("events",)


def sniff(file: SourceFile) -> Match | None:
    """Events of a workspace: with an envelope's type, or an event type and the sid of a workspace or account."""
    for record in sample(file, _PAGES, 5):
        value = record.value
        if str(value.get("type")).startswith(STREAM):
            return Match(97, "CloudEvents of Twilio TaskRouter")
        if "EventType" in value and {"WorkspaceSid", "TaskSid", "ResourceSid"} & value.keys():
            return Match(92, "records with EventType and WorkspaceSid, as in Twilio TaskRouter callbacks")
        if {"event_type", "event_data", "resource_sid"} <= value.keys():
            return Match(92, "records with event_type, event_data, resource_sid, as in Twilio TaskRouter events")
    return None


def read(file: SourceFile, options: Options, sink: Sink) -> Report:
    """Read one file of events; for an export in several files see `read_all`."""
    return read_all([file], options, sink)[0]


def read_all(files: list[SourceFile], options: Options, sink: Sink) -> list[Report]:
    """Read the files of one workspace together: the events of a task lie in several, and are delivered repeatedly."""
    clocks = Clock(options, sink), Clock(options, sink, "ms")

    def stage(file: SourceFile, staging: Staging, report: Report) -> None:
        columns, others = mapped_columns(options, report), 0
        report.time = "ISO-8601, or epoch seconds or milliseconds"
        for record in paged_records(file, sink, _PAGES):
            with usable(sink, report, record.line):
                body = task_event(record.value, columns, clocks)
                if body is None:
                    others += 1
                else:
                    staging.add(record.line, body["task"], body, at=body["at"], id=body["id"], rank=record.line)
        if others:
            sink.note(
                "left out", "events about workers, activities and workspaces rather than tasks were skipped", others
            )

    def emit(staging: Staging, reports: dict[int, Report]) -> None:
        for _, events in staging.topics():
            task = Task(events, sink)
            hand_over(sink, reports, task.steps())
            task.declare()

    return read_files(files, options, sink, NAME, stage, emit)

"""Twilio TaskRouter events: the REST list, the CloudEvents of Event Streams, or callbacks as JSON lines.

The three say the same under names of their own (`task_sid`, `TaskSid`); `twilio_event` makes them one. What the events
of a task mean is in `twilio_task`.
"""

from __future__ import annotations

from miner.events.sink import Sink
from miner.readers.base import Match, Options, SourceFile
from miner.readers.calls.twilio_event import STREAM, task_event
from miner.readers.calls.twilio_task import Task
from miner.readers.shared.call_files import CallFiles, ReadCall
from miner.readers.shared.clock import Clock
from miner.readers.shared.records import Record, sample
from miner.readers.shared.staging import Staged

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


class _Files(CallFiles):
    """The files of one workspace: the events of a task lie in several, and are delivered repeatedly."""

    name, pages = NAME, _PAGES
    time_words = "ISO-8601, or epoch seconds or milliseconds"

    def __init__(self, options: Options, sink: Sink):
        super().__init__(options, sink)
        self.clocks = Clock(options, sink), Clock(options, sink, "ms")
        self.others = 0  # events of the present file that are of no task

    def stage(self, file: SourceFile) -> None:
        """Lay the events of tasks down."""
        self.others = 0
        super().stage(file)
        if self.others:
            message = "events about workers, activities and workspaces rather than tasks were skipped"
            self.sink.note("left out", message, self.others)

    def take(self, record: Record) -> None:
        """An event."""
        event = task_event(record.value, self.mapping, self.clocks)
        if event is None:
            self.others += 1
        else:
            self.staging.add(record.line, event["task"], event, at=event["at"], id=event["id"], rank=record.line)

    def interaction(self, key: str, records: list[Staged]) -> ReadCall:
        """The task."""
        task = Task(records, self.sink)
        return ReadCall(self.sink, task.steps(), task.declare)


read, read_all = _Files.read, _Files.read_all

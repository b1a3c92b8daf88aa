"""Twilio TaskRouter events: the REST list, the CloudEvents of Event Streams, or callbacks as JSON lines.

The three say the same under names of their own (`task_sid`, `TaskSid`); here they are made one. What the events of a
task say is in `twilio_task`.
"""

from __future__ import annotations

import json
import re
from typing import Any

from miner.events import times
from miner.events.sink import Sink
from miner.events.values import id_of, number_of, text_of
from miner.readers.base import Match, Options, Report, SourceFile
from miner.readers.calls.steps import Clock, mapped_columns, tickets_of, zone_of
from miner.readers.calls.twilio_task import Task
from miner.readers.shared.fields import Malformed, child
from miner.readers.shared.records import paged_records, sample
from miner.readers.shared.staging import Staging, hand_over, read_files

NAME = "twilio"
TITLE = "Twilio TaskRouter events"
NOT_COMPARED = {"task_age": "it is the age of the task at its last event"}
LINKED = True
OUTCOMES = ("abandoned",)

_PAGES = ("events",)
_STREAM = "com.twilio.taskrouter."
_OF_TASKS = ("task.", "task-queue.", "reservation.", "workflow.")
_MS_UNTIL = times.from_iso("2021-05-21T00:00:00Z")  # worker_time… of streams was in milliseconds before
_FIELDS = {
    "task": "tasksid",
    "reservation": "reservationsid",
    "worker": "workersid",
    "worker_name": "workername",
    "queue": "taskqueuename",
    "queue_id": "taskqueuesid",
    "target": "taskqueuetargetexpression",
    "medium": "taskchanneluniquename",
    "canceled": "taskcanceledreason",
    "completed": "taskcompletedreason",
    "reason": "reason",
    "mode": "transfermode",
    "transfer": "transfersid",
    "transfer_to": "transferto",
    "transfer_type": "transfertype",
    "by": "transferinitiatingreservationsid",
    "operation": "operation",
}


def sniff(file: SourceFile) -> Match | None:
    """Events of a workspace: with an envelope's type, or an event type and the sid of a workspace or account."""
    for record in sample(file, _PAGES, 5):
        value = record.value
        if str(value.get("type")).startswith(_STREAM):
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
    tz = zone_of(options)

    def stage(file: SourceFile, staging: Staging, report: Report) -> None:
        columns, others = mapped_columns(options, report), 0
        report.time = "ISO-8601, or epoch seconds or milliseconds"
        for record in paged_records(file, sink, _PAGES):
            try:
                body = _slim(record.value, columns, Clock(tz, "s", file.name, record.line))
                report.rows += 1
                if body is None:
                    others += 1
                else:
                    staging.add(record.line, body["task"], body, at=body["at"], id=body["id"], rank=record.line)
            except Malformed as bad:
                sink.reject(record.line, bad.field, bad.value, bad.reason)
        if others:
            sink.note(
                "left out", "events about workers, activities and workspaces rather than tasks were skipped", others
            )

    def emit(staging: Staging, reports: dict[int, Report]) -> None:
        for _, found in staging.topics():
            task = Task(found, sink)
            hand_over(sink, reports, task.steps())
            task.declare()

    return read_files(files, options, sink, NAME, stage, emit)


def _slim(record: dict[str, Any], columns: dict[str, str], clock: Clock) -> dict[str, Any] | None:
    """The parts of an event that are used; None for one that is of no task."""
    said, stream = _flat(record)
    kind = (text_of(said.get("eventtype")) or "").lower()
    if not kind:
        raise Malformed("EventType", "the type of the event is missing")
    task = id_of(said.get("tasksid"))
    if task is None and kind.startswith("task."):
        task = id_of(said.get("resourcesid"))
    at = _time(said, clock)
    if not kind.startswith(_OF_TASKS) or task is None:
        return None
    attributes = _loaded(said.get("taskattributes"))
    plain = {key: text for key, value in attributes.items() if (text := text_of(value))}
    return {
        "kind": kind,
        "at": at,
        "id": id_of(said.get("sid")),
        **{name: text_of(said.get(field)) for name, field in _FIELDS.items()},
        "task": task,
        "age": number_of(said.get("taskage")),
        "worker_time": _worker_time(said, stream, at),
        **_customer(attributes, plain, columns),
        "tickets": sorted(set(tickets_of(plain, columns.get("case")))),
        "mapped": {key: plain.get(column) for key, column in columns.items() if plain.get(column)},
    }


def _flat(record: dict[str, Any]) -> tuple[dict[str, Any], bool]:
    """The event with its data beside it, under names in lower case without marks; and whether it is from a stream."""
    stream = str(record.get("type")).startswith(_STREAM)
    if stream:
        data = child(record, "data")
        inner = data.get("payload")
        found = {**data, **(inner if isinstance(inner, dict) else {})}
        found.setdefault("eventtype", str(record["type"]).removeprefix(_STREAM))
        found.setdefault("timestamp", record.get("time"))
        found["sid"] = found.get("sid") or record.get("id")
    else:
        said = record.get("event_data")
        found = {**(_loaded(said) if isinstance(said, str) else child(record, "event_data")), **record}
    return {re.sub(r"[^a-z]", "", key.lower()): value for key, value in found.items()}, stream


def _time(said: dict[str, Any], clock: Clock) -> int:
    exact = Clock(clock.tz, "ms", clock.file, clock.line)
    for name, reading in (("timestampms", exact), ("eventdatems", exact), ("timestamp", clock), ("eventdate", clock)):
        at = reading.of(said, name)
        if at is not None:
            return at
    raise Malformed("Timestamp", "the time of the event is missing")


def _loaded(text: Any) -> dict[str, Any]:
    """A JSON object in a text; {} where it is none."""
    if isinstance(text, dict):
        return text
    try:
        found = json.loads(text) if isinstance(text, str) and len(text) < 1 << 20 else {}
    except (ValueError, RecursionError):
        return {}
    return found if isinstance(found, dict) else {}


def _worker_time(said: dict[str, Any], stream: bool, at: int) -> float | None:
    """How long the worker was in the activity before, in seconds."""
    exact = number_of(said.get("workertimeinpreviousactivityms"))
    if exact is not None:
        return exact / 1_000
    told = number_of(said.get("workertimeinpreviousactivity"))
    return told / 1_000 if told is not None and stream and at < _MS_UNTIL else told


def _customer(attributes: dict[str, Any], plain: dict[str, str], columns: dict[str, str]) -> dict[str, Any]:
    """Who it was, from the attributes that Flex and Studio set."""
    customers = attributes.get("customers")
    told = customers if isinstance(customers, dict) else {}
    outbound = plain.get("direction") == "outbound"
    names = ("outbound_to", "to", "called") if outbound else ("from", "caller", "customerAddress")
    conversation = attributes.get("conversations")
    linked = conversation.get("conversation_id") if isinstance(conversation, dict) else None
    return {
        "customer": id_of(plain.get(columns.get("customer", ""))) or id_of(told.get("external_id")),
        "address": next((plain[name] for name in names if plain.get(name)), None),
        "email": text_of(told.get("email")),
        "person": text_of(told.get("name")),
        "outbound": outbound,
        "channel_type": plain.get("channelType"),
        "conversation": id_of(linked),
    }

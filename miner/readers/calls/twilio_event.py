"""An event of Twilio TaskRouter reduced to what is used, whichever of the three ways it came."""

from __future__ import annotations

import json
import re
from typing import Any, TypedDict

from miner.events import times
from miner.events.values import id_of, number_of, text_of
from miner.readers.calls.fields import tickets_of
from miner.readers.shared.clock import Clock
from miner.readers.shared.fields import Json, Malformed, child

Clocks = tuple[Clock, Clock]  # of times in seconds, and in milliseconds
STREAM = "com.twilio.taskrouter."  # before the types of Event Streams
_OF_TASKS = ("task.", "task-queue.", "reservation.", "workflow.")
_MS_UNTIL = times.from_iso("2021-05-21T00:00:00Z")  # worker_time… of streams was in milliseconds before


class TaskCustomer(TypedDict):
    """Who a task is of, from the attributes that Flex and Studio set."""

    customer: str | None
    address: str | None
    email: str | None
    person: str | None
    outbound: bool
    channel_type: str | None
    conversation: str | None


class TaskEvent(TaskCustomer):
    """One event of a task; `worker` and `queue` are names, else ids; `worker_time` is in seconds."""

    kind: str
    at: int
    id: str | None
    task: str
    reservation: str | None
    worker: str | None
    queue: str | None
    medium: str | None
    canceled: str | None
    completed: str | None
    reason: str | None
    mode: str | None
    transfer_to: str | None
    by: str | None
    age: float | None
    worker_time: float | None
    tickets: list[str]
    mapped: dict[str, str]


def task_event(record: Json, columns: dict[str, str], clocks: Clocks) -> TaskEvent | None:
    """The parts of an event that are used; None for one that is of no task."""
    fields, stream = _flat(record)
    kind = (text_of(fields.get("eventtype")) or "").lower()
    if not kind:
        raise Malformed("EventType", "the type of the event is missing")
    task = id_of(fields.get("tasksid"))
    if task is None and kind.startswith("task."):
        task = id_of(fields.get("resourcesid"))
    at = _time(fields, clocks)
    if not kind.startswith(_OF_TASKS) or task is None:
        return None
    attributes = _loaded(fields.get("taskattributes"))
    plain = {key: text for key, value in attributes.items() if (text := text_of(value))}
    return {
        "kind": kind,
        "at": at,
        "id": id_of(fields.get("sid")),
        "task": task,
        "reservation": text_of(fields.get("reservationsid")),
        "worker": text_of(fields.get("workername")) or text_of(fields.get("workersid")),
        "queue": text_of(fields.get("taskqueuename")) or text_of(fields.get("taskqueuesid")),
        "medium": text_of(fields.get("taskchanneluniquename")),
        "canceled": text_of(fields.get("taskcanceledreason")),
        "completed": text_of(fields.get("taskcompletedreason")),
        "reason": text_of(fields.get("reason")),
        "mode": text_of(fields.get("transfermode")),
        "transfer_to": text_of(fields.get("transferto")),
        "by": text_of(fields.get("transferinitiatingreservationsid")),
        "age": number_of(fields.get("taskage")),
        "worker_time": _worker_time(fields, stream, at),
        **_customer(attributes, plain, columns),
        "tickets": sorted(set(tickets_of(plain, columns.get("case")))),
        "mapped": {key: text for key, column in columns.items() if (text := plain.get(column))},
    }


def _flat(record: Json) -> tuple[Json, bool]:
    """The event with its data beside it, under names in lower case without marks; and whether it is from a stream."""
    stream = str(record.get("type")).startswith(STREAM)
    if stream:
        data = child(record, "data")
        inner = data.get("payload")
        event = {**data, **(inner if isinstance(inner, dict) else {})}
        event.setdefault("eventtype", str(record["type"]).removeprefix(STREAM))
        event.setdefault("timestamp", record.get("time"))
        event["sid"] = event.get("sid") or record.get("id")
    else:
        text = record.get("event_data")
        event = {**(_loaded(text) if isinstance(text, str) else child(record, "event_data")), **record}
    return {re.sub(r"[^a-z]", "", key.lower()): value for key, value in event.items()}, stream


def _time(fields: Json, clocks: Clocks) -> int:
    at = clocks[1].of(fields, "timestampms", "eventdatems")
    if at is None:
        at = clocks[0].of(fields, "timestamp", "eventdate")
    if at is None:
        raise Malformed("Timestamp", "the time of the event is missing")
    return at


def _loaded(text: Any) -> Json:
    """A JSON object in a text; {} where it is none."""
    if isinstance(text, dict):
        return text
    try:
        value = json.loads(text) if isinstance(text, str) and len(text) < 1 << 20 else {}
    except (ValueError, RecursionError):
        return {}
    return value if isinstance(value, dict) else {}


def _worker_time(fields: Json, stream: bool, at: int) -> float | None:
    """How long the worker was in the activity before, in seconds."""
    exact = number_of(fields.get("workertimeinpreviousactivityms"))
    if exact is not None:
        return exact / 1_000
    rough = number_of(fields.get("workertimeinpreviousactivity"))
    return rough / 1_000 if rough is not None and stream and at < _MS_UNTIL else rough


def _customer(attributes: Json, plain: dict[str, str], columns: dict[str, str]) -> TaskCustomer:
    """Who it was, from the attributes that Flex and Studio set."""
    customers = attributes.get("customers")
    customer = customers if isinstance(customers, dict) else {}
    outbound = plain.get("direction") == "outbound"
    names = ("outbound_to", "to", "called") if outbound else ("from", "caller", "customerAddress")
    conversation = attributes.get("conversations")
    linked = conversation.get("conversation_id") if isinstance(conversation, dict) else None
    return {
        "customer": id_of(plain.get(columns.get("customer", ""))) or id_of(customer.get("external_id")),
        "address": next((plain[name] for name in names if plain.get(name)), None),
        "email": text_of(customer.get("email")),
        "person": text_of(customer.get("name")),
        "outbound": outbound,
        "channel_type": plain.get("channelType"),
        "conversation": id_of(linked),
    }

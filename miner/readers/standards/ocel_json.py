"""OCEL 2.0 in JSON: its lists are read an element at a time."""

from __future__ import annotations

from typing import Any

from miner.events.values import text_of
from miner.readers.base import SourceFile
from miner.readers.shared.records import Record, paged_records
from miner.readers.standards.ocel_tables import Log, Thing

_LISTS = ("events", "objects", "eventTypes", "objectTypes")


def load_json(file: SourceFile, log: Log) -> None:
    """Load the events and objects; what cannot be one is rejected."""
    for record in paged_records(file, log.sink, _LISTS):
        if record.key not in ("events", "objects"):
            continue
        thing = _thing(record)
        if thing is None:
            log.sink.reject(record.line, "id", sorted(record.value)[:10], f"one of {record.key} without id or type")
        elif record.key == "events":
            log.add_event(thing)
        else:
            log.add_object(thing)


def _thing(record: Record) -> Thing | None:
    value = record.value
    name, kind = text_of(value.get("id")), text_of(value.get("type"))
    if name is None or kind is None:
        return None
    attributes = [
        (said, text_of(each.get("time")), text_of(each.get("value")))
        for each in _objects(value.get("attributes"))
        if (said := text_of(each.get("name")))
    ]
    relations = [other for each in _objects(value.get("relationships")) if (other := text_of(each.get("objectId")))]
    return Thing(name, kind, record.line, text_of(value.get("time")), attributes, relations)


def _objects(value: Any) -> list[dict[str, Any]]:
    return [each for each in value if isinstance(each, dict)] if isinstance(value, list) else []

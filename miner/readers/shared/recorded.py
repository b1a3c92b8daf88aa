"""Scores, tones, regions and languages that a source has in fields of its own, named by the user's mapping."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping

from miner.events.schema import Event
from miner.events.values import number_of

# What is kept among the attributes of an event, under the name of the key.
ATTRIBUTES = ("region", "language", "score", "sentiment")


def with_recorded(attributes: str | None, field: Callable[[str], object]) -> str | None:
    """The attributes of an event, as JSON, with what the fields of these keys hold."""
    more = {key: value for key in ATTRIBUTES if (value := field(key)) is not None}
    return json.dumps({**json.loads(attributes or "{}"), **more}, ensure_ascii=False) if more else attributes


def conclude(events: list[Event], mapped: Mapping[str, str | None]) -> None:
    """Give the last of some events what the mapping says of the whole: outcome, value, and the keys above."""
    last = max(reversed(events), key=lambda event: event["started_us"])
    if (outcome := mapped.get("outcome")) is not None:
        last["outcome"] = outcome
    if (value := number_of(mapped.get("value"))) is not None:
        last["value"] = value
    if (attributes := with_recorded(last.get("attributes"), mapped.get)) is not None:
        last["attributes"] = attributes

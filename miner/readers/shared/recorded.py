"""Scores, tones, regions and languages that a source has in fields of its own, named by the user's mapping."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import Any

from miner.events.values import number_of
from miner.readers.tabular.keys import ATTRIBUTES


def with_recorded(attributes: str | None, said: Callable[[str], object]) -> str | None:
    """The attributes of an event, as JSON, with what is said under each of these keys."""
    more = {key: value for key in ATTRIBUTES if (value := said(key)) is not None}
    return json.dumps({**json.loads(attributes or "{}"), **more}, ensure_ascii=False) if more else attributes


def conclude(found: list[dict[str, Any]], mapped: Mapping[str, Any]) -> None:
    """Give the last of some events what the mapping says of the whole: outcome, value, and the keys above."""
    last = max(reversed(found), key=lambda event: int(event["started_us"]))
    known = {
        "outcome": mapped.get("outcome"),
        "value": number_of(mapped.get("value")),
        "attributes": with_recorded(last.get("attributes"), mapped.get),
    }
    last.update({key: value for key, value in known.items() if value is not None})

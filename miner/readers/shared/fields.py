"""What the fields of a record hold: objects, lists of them, counts, yes and no."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from miner.events.values import id_of, text_of

# An object as a source's JSON holds it: nothing is known of its values until they are read, with `child`, `children`
# or one of `miner.events.values`.
Json = dict[str, object]
# What a reader has made of a record: its own reader knows what is under which key.
Body = dict[str, Any]

_YES, _NO = ("true", "1", "t", "yes", "y"), ("false", "0", "f", "no", "n")


class Malformed(ValueError):
    """A record that cannot be used: the field and the reason."""

    def __init__(self, field: str | None, reason: str, value: object = None):
        super().__init__(reason)
        self.field, self.reason, self.value = field, reason, value


def child(record: Json, key: str) -> Json:
    """The object under a key, {} where there is none; Malformed where it is something else."""
    value = record.get(key)
    if value is None:
        return {}
    if not isinstance(value, dict):
        raise Malformed(key, f"{key} is not an object", value)
    return value


def children(record: Json, key: str) -> list[Json]:
    """The list of objects under a key, [] where there is none; Malformed where it is something else."""
    value = record.get(key)
    if value is None:
        return []
    if not isinstance(value, list) or not all(isinstance(element, dict) for element in value):
        raise Malformed(key, f"{key} is not a list of objects", value)
    return value


def whole_number(value: object) -> int | None:
    """A count from text or number, None where it is none."""
    text = id_of(value)
    return int(text) if text and text.isascii() and text.isdecimal() and len(text) < 19 else None


def yes(value: object) -> bool | None:
    """A yes or no as tables write it, None where it is neither."""
    plain = (text_of(value) or "").lower()
    return True if plain in _YES else False if plain in _NO else None


def as_json(values: Mapping[str, object]) -> str | None:
    """The values that are known, as JSON, or None."""
    known = {name: value for name, value in values.items() if value is not None}
    return json.dumps(known, ensure_ascii=False, default=str) if known else None

"""What the fields of a record hold: objects, lists of them, counts, yes and no."""

from __future__ import annotations

from typing import Any

# An object as a source's JSON or a reader's staged record holds it: nothing is known of its values until they are
# read, with `child`, `children` or one of `miner.events.values`.
Json = dict[str, Any]


class Malformed(ValueError):
    """A record that cannot be used: the field and the reason."""

    def __init__(self, field: str | None, reason: str, value: object = None):
        super().__init__(reason)
        self.field, self.reason, self.value = field, reason, value


def child(record: dict[str, Any], key: str) -> dict[str, Any]:
    """The object under a key, {} where there is none; Malformed where it is something else."""
    value = record.get(key)
    if value is None:
        return {}
    if not isinstance(value, dict):
        raise Malformed(key, f"{key} is not an object", value)
    return value


def children(record: dict[str, Any], key: str) -> list[dict[str, Any]]:
    """The list of objects under a key, [] where there is none; Malformed where it is something else."""
    value = record.get(key)
    if value is None:
        return []
    if not isinstance(value, list) or not all(isinstance(element, dict) for element in value):
        raise Malformed(key, f"{key} is not a list of objects", value)
    return value

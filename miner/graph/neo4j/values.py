"""The driver's values as plain ones: text, numbers, booleans, null, lists and maps of them."""

from __future__ import annotations

from typing import Any


def plain(value: Any) -> Any:
    """A value without types of the driver: times become ISO text, nodes and relationships their properties."""
    if value is None or isinstance(value, (str, bool, int, float)):
        return value
    if isinstance(value, (list, tuple)):
        return [plain(item) for item in value]
    if isinstance(value, (bytes, bytearray)):
        return bytes(value).hex()
    if hasattr(value, "nodes") and hasattr(value, "relationships"):
        return [plain(node) for node in value.nodes]
    if hasattr(value, "items"):
        return {str(name): plain(item) for name, item in value.items()}
    return value.iso_format() if hasattr(value, "iso_format") else str(value)

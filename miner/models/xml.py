"""Writing XML with names that come from logs."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET

# What XML 1.0 cannot hold, escaped or not.
_IMPOSSIBLE = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def clean(text: str) -> str:
    """The text with a replacement sign for each character that XML cannot hold."""
    return _IMPOSSIBLE.sub("\ufffd", text)


def add(parent: ET.Element, tag: str, text: str | None = None, **attributes: object) -> ET.Element:
    """A child element; attribute and text values of any kind are made safe."""
    element = ET.SubElement(parent, tag, {name: clean(str(value)) for name, value in attributes.items()})
    element.text = None if text is None else clean(text)
    return element


def to_bytes(root: ET.Element) -> bytes:
    """The document, indented, in UTF-8."""
    ET.indent(root)
    return ET.tostring(root, encoding="utf-8", xml_declaration=True) + b"\n"

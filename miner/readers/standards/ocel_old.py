"""OCEL 1.0: objects named by events (`omap`), values beside them (`vmap`, `ovmap`), in JSON, XML and CSV."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any
from xml.parsers import expat

from miner.errors import InputError
from miner.events.engine import quote
from miner.events.values import id_of, text_of
from miner.readers.base import SourceFile
from miner.readers.shared.json_text import Broken, JsonText
from miner.readers.shared.records import not_json, opened
from miner.readers.standards.ocel_tables import Log, Thing
from miner.readers.tabular.cells import LINE
from miner.readers.tabular.read import load

CSV_COLUMNS = ("ocel:eid", "ocel:activity", "ocel:timestamp")

_TYPE = "ocel:type:"
_NAME = re.compile(r"""'((?:[^'\\]|\\.)*)'|"((?:[^"\\]|\\.)*)"|([^\s,'"\[\](){}]+)""")  # in a list as Python writes it
_JSON = (b'"ocel:events"', b'"ocel:objects"', b'"ocel:global-log"')
_XML = (b'key="omap"', b"key='omap'", b'key="ocel:activity"')
_FETCH = 5_000
DEEPEST = 50  # no OCEL nests its elements so


def is_old_json(head: bytes) -> bool:
    """Whether the head of a JSON file is that of an OCEL 1.0."""
    return any(name in head for name in _JSON)


def is_old_xml(head: bytes) -> bool:
    """Whether the head of an XML file is that of an OCEL 1.0."""
    return b"<trace" not in head and any(name in head for name in _XML)


def load_old_json(file: SourceFile, log: Log) -> None:
    """Load events and objects, an entry at a time; what cannot be one is rejected."""
    with opened(file.path.open("rb"), file.head) as stream:
        text = JsonText(stream)
        try:
            for _, part in text.members():
                if part in ("ocel:events", "ocel:objects") and text.peek() == "{":
                    for line, key in text.members():
                        _add(log, "event" if part == "ocel:events" else "object", key, text.value(), line)
                else:
                    text.value()
        except Broken as broken:
            raise InputError(not_json(file, broken)) from None


def _add(log: Log, what: str, key: str, value: Any, line: int) -> None:
    said = value if isinstance(value, dict) else {}
    kind = text_of(said.get("ocel:activity" if what == "event" else "ocel:type"))
    thing = Thing(key, kind or "", line, text_of(said.get("ocel:timestamp")))
    values = said.get("ocel:vmap" if what == "event" else "ocel:ovmap")
    thing.attributes = [(name, None, text_of(one)) for name, one in values.items()] if isinstance(values, dict) else []
    touched = said.get("ocel:omap")
    thing.relations = [one for each in touched if (one := id_of(each))] if isinstance(touched, list) else []
    add(log, what, thing)


def add(log: Log, what: str, thing: Thing) -> None:
    """Lay an event or an object down; one without id or type is rejected."""
    if not thing.id or not thing.type:
        log.sink.reject(thing.line, "id", thing.id or None, f"an {what} without id or type")
    else:
        (log.add_event if what == "event" else log.add_object)(thing)


def load_old_csv(file: SourceFile, log: Log) -> None:
    """Load the table with a column for each type of objects, which holds lists of ids; other columns are values."""
    cells = load(file, log.sink)
    names, seen = cells.columns, set[str]()
    chosen = ", ".join(f"CAST({quote(name)} AS VARCHAR)" for name in names)
    cursor = log.sink.engine.sql.cursor()
    try:
        found = cursor.execute(f"SELECT {quote(LINE)}, {chosen} FROM {quote(cells.view)} ORDER BY 1")
        while batch := found.fetchmany(_FETCH):
            for line, *row in batch:
                _add_row(log, line, dict(zip(names, row, strict=True)), seen)
    finally:
        cursor.close()
    log.sink.engine.run(f"DROP VIEW IF EXISTS {quote(cells.view)}")  # its name is that of what the log will be seen as


def _add_row(log: Log, line: int, row: Mapping[str, str | None], seen: set[str]) -> None:
    key, activity, at = (id_of(row.get(name)) for name in CSV_COLUMNS)
    event = Thing(key or "", activity or "", line, at)
    for name, cell in row.items():
        if not name.startswith(_TYPE):
            if name not in CSV_COLUMNS and cell is not None:
                event.attributes.append((name, None, cell))
            continue
        for touched in _names(cell):
            event.relations.append(touched)
            if touched not in seen:
                seen.add(touched)
                log.add_object(Thing(touched, name.removeprefix(_TYPE), line))
    add(log, "event", event)


def _names(cell: str | None) -> list[str]:
    """The ids in a cell such as ['o1', 'i 2']."""
    return [one or other or plain for one, other, plain in _NAME.findall(cell or "") if one or other or plain]


class OldBuilder:
    """Reads the XML: elements that name a `key` and a `value`, lists of them in events and objects."""

    def __init__(self, log: Log, parser: expat.XMLParserType):
        self._log, self._parser = log, parser
        self._open: list[tuple[str, str]] = []  # tag and key
        self._thing: Thing | None = None

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        """An element begins."""
        if len(self._open) >= DEEPEST:
            raise RecursionError
        above = self._open[-1] if self._open else ("", "")
        key, value = attributes.get("key", "").removeprefix("ocel:"), attributes.get("value")
        self._open.append((tag, key))
        if self._thing is None and (above[0], tag) in (("events", "event"), ("objects", "object")):
            self._thing = Thing("", "", self._parser.CurrentLineNumber)
        elif self._thing is None or tag == "list":
            return
        elif above == ("list", "omap"):
            self._thing.relations += [value] if value else []
        elif above[0] == "list":
            self._thing.attributes.append((key, None, value))
        elif key == "id":
            self._thing.id = value or ""
        elif key in ("activity", "type"):
            self._thing.type = value or ""
        elif key == "timestamp":
            self._thing.at = value

    def end(self, tag: str) -> None:
        """An element ends."""
        self._open.pop()
        if self._thing is not None and tag in ("event", "object") and self._open[-1:] == [(f"{tag}s", "")]:
            add(self._log, tag, self._thing)
            self._thing = None

    def text(self, piece: str) -> None:
        """Characters between elements say nothing."""

"""OCEL in XML: read an element at a time; document types and entities are refused."""

from __future__ import annotations

from xml.parsers import expat

from miner.errors import InputError, Problem
from miner.readers.base import SourceFile
from miner.readers.standards.ocel_old import DEEPEST, OldBuilder, is_old_xml
from miner.readers.standards.ocel_tables import Log, Thing

_PIECE = 1 << 20
_LONGEST = 10_000


class _Unsafe(Exception):
    """The file declares what has no place in a log."""


def load_xml(file: SourceFile, log: Log) -> None:
    """Load the events and objects; InputError for XML that is broken, truncated or unsafe."""
    parser = expat.ParserCreate(namespace_separator=None)
    parser.buffer_text = True
    builder = OldBuilder(log, parser) if is_old_xml(file.head) else _Builder(log, parser)
    parser.StartElementHandler, parser.EndElementHandler = builder.start, builder.end
    parser.CharacterDataHandler = builder.text
    parser.StartDoctypeDeclHandler = parser.EntityDeclHandler = _refuse
    try:
        with file.path.open("rb") as source:
            while piece := source.read(_PIECE):
                parser.Parse(piece, False)
            parser.Parse(b"", True)
    except _Unsafe:
        raise InputError(
            Problem(
                "declares a document type or entities, which is not safe to read",
                file.name,
                parser.CurrentLineNumber,
                fix="remove the <!DOCTYPE …> part",
            )
        ) from None
    except expat.ExpatError as error:
        what = expat.errors.messages.get(error.code, str(error))
        cut = what in ("no element found", "unclosed token")
        fix = "the export was cut off: export it again" if cut else "validate the XML and export it again"
        raise InputError(Problem(f"this XML cannot be read: {what}", file.name, error.lineno, fix=fix)) from None
    except (LookupError, ValueError) as error:  # what the parser says of an encoding that it does not know
        if "encoding" not in str(error):
            raise
        raise InputError(
            Problem(
                f"the XML declares an unreadable encoding: {error}",
                file.name,
                1,
                fix="save it as UTF-8 and declare that in its first line",
            )
        ) from None
    except RecursionError:
        raise InputError(
            Problem(
                "elements are nested too deeply",
                file.name,
                parser.CurrentLineNumber,
                fix="OCEL never nests that deeply: export it again",
            )
        ) from None


def _refuse(*_: object) -> None:
    raise _Unsafe


class _Builder:
    """The event or object that is being read."""

    def __init__(self, log: Log, parser: expat.XMLParserType):
        self._log, self._parser = log, parser
        self._open: list[str] = []
        self._thing: Thing | None = None
        self._attribute: tuple[str, str | None] | None = None
        self._text: list[str] = []

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        """An element begins."""
        if len(self._open) >= DEEPEST:
            raise RecursionError
        parent = self._open[-1] if self._open else None
        self._open.append(tag)
        if self._thing is None and (parent, tag) in (("events", "event"), ("objects", "object")):
            line = self._parser.CurrentLineNumber
            if attributes.get("id") and attributes.get("type"):
                self._thing = Thing(attributes["id"], attributes["type"], line, attributes.get("time"))
            else:
                self._log.sink.reject(line, "id", sorted(attributes)[:10], f"an {tag} without id or type")
        elif self._thing is not None and attributes.get("object-id"):
            self._thing.relations.append(attributes["object-id"])
        elif self._thing is not None and tag == "attribute" and attributes.get("name"):
            self._attribute, self._text = (attributes["name"], attributes.get("time")), []

    def end(self, tag: str) -> None:
        """An element ends."""
        self._open.pop()
        if tag == "attribute" and self._attribute and self._thing:
            value = "".join(self._text).strip()
            self._thing.attributes.append((*self._attribute, value or None))
            self._attribute = None
        elif self._thing is not None and tag in ("event", "object") and self._open[1:] == [f"{tag}s"]:
            (self._log.add_event if tag == "event" else self._log.add_object)(self._thing)
            self._thing = None

    def text(self, piece: str) -> None:
        """Characters between elements."""
        if self._attribute is not None and sum(map(len, self._text)) < _LONGEST:
            self._text.append(piece[:_LONGEST])

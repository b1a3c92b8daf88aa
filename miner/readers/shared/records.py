"""Records of a JSON file, one at a time, with the line each of them starts on.

Understood: JSON lines, one object, an array, pages such as `{"audits": […], "next_page": …}`, and
several such documents one after the other, also with commas between them; UTF-8 with or without BOM,
UTF-16, UTF-32. A document is never held whole: only the record being read is.
"""

from __future__ import annotations

import io
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from typing import IO, Any

from miner.errors import InputError, Problem
from miner.events.sink import Sink
from miner.readers.base import SourceFile
from miner.readers.encodings import BOMS
from miner.readers.shared.fields import Json
from miner.readers.shared.json_text import LONGEST, TOO_LONG, Broken, JsonText, whole


@dataclass(frozen=True, slots=True)
class Record:
    """One JSON object: the line it starts on, and the list of its page (`audits`) or None."""

    line: int
    key: str | None
    value: Json


def records(file: SourceFile, sink: Sink) -> Iterator[tuple[int, Json]]:
    """The lines and objects of a file without pages; rejects and errors as in `paged_records`."""
    return ((record.line, record.value) for record in paged_records(file, sink, ()))


def paged_records(file: SourceFile, sink: Sink, pages: Collection[str]) -> Iterator[Record]:
    """The records of a file; the lists under the keys in `pages` are lists of records.

    A bad line of JSON lines and anything that is not an object go to `sink.reject`. Raises InputError
    for an invalid or truncated document, and for a file without any record.
    """
    good = 0
    with opened(file.path.open("rb"), file.head) as stream:
        try:
            for line, key, value in _found(file, stream, pages, sink):
                if isinstance(value, dict):
                    good += 1
                    yield Record(line, key, value)
                else:
                    sink.reject(line, key, value, f"an object was expected, not {kind_of(value)}")
        except Broken as broken:
            raise InputError(not_json(file, broken)) from None
    if not good:
        what = "no record could be read" if file.head.strip() else "the file is empty"
        if file.head.strip(b"\xef\xbb\xbf[] \t\r\n") == b"" and b"[" in file.head:
            what = "it contains an empty list: no record was exported"
        raise InputError(Problem(what, file.name, fix="export it again, or leave this file out"))


def sample(file: SourceFile, pages: Collection[str] = (), limit: int = 20) -> list[Record]:
    """The first records that the head of the file shows; what is broken is passed over."""
    found: list[Record] = []
    try:
        with opened(io.BytesIO(file.head), file.head) as stream:
            for line, key, value in _found(file, stream, pages, None):
                if isinstance(value, dict):
                    found.append(Record(line, key, value))
                if len(found) >= limit:
                    break
    except (Broken, UnicodeError):
        pass
    return found


def shows(file: SourceFile, *names: str) -> bool:
    """Whether the head of a file whose first record is longer than that has all these keys."""
    return (
        not file.whole
        and file.head.lstrip(b"\xef\xbb\xbf \t\r\n")[:1] in (b"{", b"[")
        and all(f'"{name}"'.encode() in file.head for name in names)
    )


def encoding_of(head: bytes) -> str:
    """The Unicode encoding of a text by its byte order mark, or by the zeros of its first character."""
    for bom, name in BOMS:
        if head.startswith(bom):
            return name
    if len(head) >= 4 and head[1] == 0 and head[0] != 0:
        return "utf-32-le" if head[2:4] == b"\0\0" else "utf-16-le"
    if len(head) >= 4 and head[0] == 0:
        return "utf-32-be" if head[1] == 0 else "utf-16-be"
    return "utf-8"


def opened(raw: IO[bytes], head: bytes) -> io.TextIOWrapper:
    """The text of a file of which this is the head; a newline stays what it is."""
    return io.TextIOWrapper(raw, encoding=encoding_of(head), errors="replace", newline="\n")


_Found = Iterator[tuple[int, str | None, Any]]


def _found(file: SourceFile, stream: IO[str], pages: Collection[str], sink: Sink | None) -> _Found:
    return _from_lines(stream, pages, sink) if is_lines(file) else _from_documents(JsonText(stream), pages)


def _from_documents(text: JsonText, pages: Collection[str]) -> _Found:
    while opening := text.peek():
        if opening == "[":
            yield from _elements(text, None, pages)
        elif opening == "{" and pages:
            yield from _members(text, pages)
        else:
            line = text.line
            yield from _unfolded(line, None, text.value(), pages)
        if text.peek() == ",":  # pieces of an array, as programs append them to a file
            text.take(",")


def _elements(text: JsonText, key: str | None, pages: Collection[str]) -> _Found:
    for line, value in text.elements():
        yield from _unfolded(line, key, value, pages)


def _members(text: JsonText, pages: Collection[str]) -> _Found:
    """A page's lists; an object without any of them is a record itself."""
    line, rest, is_page = text.line, {}, False
    for _, name in text.members():
        if name in pages and text.peek() == "[":
            is_page = True
            yield from _elements(text, name, ())
        else:
            rest[name] = text.value()
    if not is_page:
        yield line, None, rest


def _unfolded(line: int, key: str | None, value: Any, pages: Collection[str]) -> _Found:
    """A value, or the records of its lists where it is a page."""
    lists = [name for name in pages if isinstance(value, dict) and isinstance(value.get(name), list)]
    for name in lists:
        yield from ((line, name, element) for element in value[name])
    if not lists:
        yield line, key, value


def _from_lines(stream: IO[str], pages: Collection[str], sink: Sink | None) -> _Found:
    for number, line in enumerate(iter(lambda: stream.readline(LONGEST + 1), ""), 1):
        if not line.strip():
            continue
        if len(line) > LONGEST:
            raise Broken(TOO_LONG, number, 1)
        try:
            value = whole(line.strip("\ufeff \t\r\n"))
        except Broken as broken:
            if sink:
                sink.reject(number, None, line.strip(), f"not JSON: {broken.what}, column {broken.column}")
            continue
        elements = value if isinstance(value, list) else [value]
        for element in elements:
            yield from _unfolded(number, None, element, pages)


def is_lines(file: SourceFile) -> bool:
    """Whether enough of the first lines are JSON objects of their own."""
    text = file.head.decode(encoding_of(file.head), "replace")
    lines = text.split("\n")
    if not file.whole:
        lines.pop()
    lines = [line for line in (line.strip() for line in lines) if line][:20]
    whole_objects = [_is_object(line) for line in lines]
    enough = 3 if whole_objects[:1] == [True] else 2  # where the first line is one, a third of them will do
    return len(lines) > 1 and enough * sum(whole_objects) > len(lines)


def _is_object(line: str) -> bool:
    if not (line.startswith("{") and line.endswith("}")):
        return False
    try:
        return isinstance(whole(line), dict)
    except Broken:
        return False


def kind_of(value: object) -> str:
    """What sort of JSON value this is, in words for the user."""
    names = {type(None): "null", bool: "true or false", str: "text", list: "a list", dict: "an object"}
    return names.get(type(value), "a number")


def not_json(file: SourceFile, broken: Broken) -> Problem:
    """The problem of a file that is broken here."""
    cut = broken.what.startswith("the file ends")
    fix = "the export was cut off: export it again" if cut else "fix the file there, or export it again"
    return Problem(f"not JSON: {broken.what}", file.name, broken.line, f"column {broken.column}", fix)

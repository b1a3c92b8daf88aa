"""The records at a path of a JSON file, one at a time, with the line each of them starts on."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from miner.errors import InputError
from miner.events.sink import Sink
from miner.readers.base import SourceFile
from miner.readers.shared.json_text import Broken, JsonText
from miner.readers.shared.records import is_lines, kind_of, not_json, opened, records
from miner.readers.tabular.pages import unfolded

Path = tuple[str, ...]
_Element = tuple[int, Any]


def records_at(file: SourceFile, sink: Sink, path: Path, held: bool) -> Iterator[tuple[int, dict[str, Any]]]:
    """The lines and objects at a path; with `held` each has the fields of what holds its list.

    Other values there go to `sink.reject`. InputError where the file is broken.
    """
    for line, value in _elements(file, sink, path, held):
        if isinstance(value, dict):
            yield line, value
        else:
            sink.reject(line, ".".join(path), value, f"an object was expected, not {kind_of(value)}")


def _elements(file: SourceFile, sink: Sink, path: Path, held: bool) -> Iterator[_Element]:
    if is_lines(file):
        for line, record in records(file, sink):
            yield from ((line, element) for element in unfolded(record, path, {}))
        return
    yield from _documents(file, path, _holders(file, path) if held else [], [])


def _holders(file: SourceFile, path: Path) -> list[dict[str, Any]]:
    """The own fields of each document, which may stand behind its list."""
    found: list[dict[str, Any]] = []
    for _ in _documents(file, path, [], found):
        pass
    return found


def _documents(
    file: SourceFile, path: Path, above: list[dict[str, Any]], found: list[dict[str, Any]]
) -> Iterator[_Element]:
    """The elements at a path in all documents of a file; their own fields are added to `found`, a dict for each."""
    with opened(file.path.open("rb"), file.head) as stream:
        text = JsonText(stream)
        try:
            while opening := text.peek():
                if opening == "{":
                    holder = above[len(found)] if above else {}
                    found.append({})
                    yield from _inside(text, path, holder, found[-1])
                else:
                    yield from _from_list(text, path, {}, "record")
                if text.peek() == ",":
                    text.take(",")
        except Broken as broken:
            raise InputError(not_json(file, broken)) from None


def _inside(text: JsonText, path: Path, holder: dict[str, Any], own: dict[str, Any]) -> Iterator[_Element]:
    """Step through an object to the list at the path; what lies beside it goes to `own`."""
    text.take("{")
    if text.peek() == "}":
        text.take("}")
        return
    while True:
        name = text.value()
        text.take(":")
        opening = text.peek()
        if name != path[0]:
            own[f"record.{name}"] = text.value()
        elif opening == "[":
            yield from _from_list(text, path[1:], holder, name)
        elif opening == "{" and path[1:]:
            yield from _inside(text, path[1:], holder, own)
        else:
            line = text.line
            yield from ((line, value) for value in unfolded(text.value(), path[1:], holder))
        if text.take(",}") == "}":
            return


def _from_list(text: JsonText, path: Path, holder: dict[str, Any], name: str) -> Iterator[_Element]:
    if text.peek() != "[":  # neither an object nor a list: nothing lies in it
        text.value()
        return
    for line, element in text.elements():
        yield from ((line, value) for value in unfolded(element, path, holder, name))

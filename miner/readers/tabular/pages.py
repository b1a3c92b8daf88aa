"""Where the records of an API's answer lie: which of its lists, and the fields of what holds them."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from miner.readers.base import SourceFile
from miner.readers.shared.json_text import Broken, JsonText
from miner.readers.shared.records import is_lines, opened
from miner.readers.tabular.keys import NAMES, REQUIRED
from miner.readers.tabular.mapping import simple

DEPTH = 3  # objects that may lie around a list
_GENERIC = frozenset(
    "value values data items results result records record entries rows list content contents objects "
    "elements hits resultset response".split()
)
_PAGING = re.compile(
    r"count|total|totals?\w*|\w+count|next\w*|prev\w*|page\w*|perpage|size|limit|offset|\w*cursor|self|href|hasmore|more|"
    r"first|last|links?|urls?|meta\w*|pagination|paging|odata\w*|version|apiversion|status|statuscode|success|code|message|"
    r"ok|kind|type|object|etag|requestid|took|timedout|scroll\w*|currentpage|lastpage|from|to|startat|maxresults|expand|"
    r"islast|done|locale|timezone|tz|generatedat|exportedat|asof|endofstream|aftercursor|beforecursor|endtime|info|"
    r"errors?|warnings?|resultcount|querylocator"
)


@dataclass
class Page:
    """What an object holds beside its own values: lists of objects by their path, with how many each has."""

    lists: dict[tuple[str, ...], int] = field(default_factory=dict)
    first: dict[tuple[str, ...], dict[str, Any]] = field(default_factory=dict)
    names: list[tuple[str, ...]] = field(default_factory=list)  # of the values that are no list of objects


def page_of(file: SourceFile) -> tuple[tuple[str, ...], Page] | None:
    """The path of the list whose elements are the records of an answer of an API; None where the file is no answer.

    Told from the head of the file: one object, or one a line, that holds lists and little else.
    """
    page = _look(file)
    if page is None or not page.lists:
        return None
    own = [path for path in page.names if not any(_PAGING.fullmatch(simple(part)) for part in path)]
    path = max(page.lists, key=lambda at: (_likeness(page.first.get(at, {})), page.lists[at]))
    generic = any(simple(part) in _GENERIC or part == "_embedded" for part in path)
    if own and not (generic and not _likeness(dict.fromkeys(name[-1] for name in own))):
        return None  # a record that holds lists, such as a ticket with its notes
    return path, page


def lists_in(record: dict[str, Any]) -> dict[str, int]:
    """The lists of objects that a record holds, as paths with dots, with how many objects each has."""
    page = Page()
    _look_into(record, (), page)
    return {".".join(path): count for path, count in page.lists.items()}


def unfolded(value: Any, path: tuple[str, ...], above: dict[str, Any], name: str = "record") -> Iterator[Any]:
    """What lies at a path inside of a value: the elements of its lists, with the fields of what holds them.

    These are named after the list in which their holder lies, as in `conversations.id`; a document is a `record`.
    """
    if isinstance(value, list):
        for element in value:
            yield from unfolded(element, path, above, name)
    elif not path:
        yield {**above, **value} if isinstance(value, dict) else value
    elif isinstance(value, dict) and path[0] in value:
        held = {f"{name}.{key}": own for key, own in value.items() if key != path[0]}
        inner = value[path[0]]
        yield from unfolded(inner, path[1:], {**above, **held}, path[0] if isinstance(inner, list) else name)


def _likeness(record: dict[str, Any]) -> int:
    """How many of case, activity and time an object has by the names of its keys."""
    known = {simple(key) for key in record}
    return sum(bool(known & set(NAMES[key].split())) for key in REQUIRED)


def _look(file: SourceFile) -> Page | None:
    """The first object of a file, without reading it whole where it is longer than the head."""
    page = Page()
    try:
        with opened(io.BytesIO(file.head), file.head) as stream:
            text = JsonText(stream)
            if text.peek() == "[" and not is_lines(file):  # pages one after the other, as programs collect them
                text.take("[")
            if text.peek() != "{":
                return None
            _walk(text, (), page)
    except (Broken, UnicodeError):
        pass  # the head ends here; what was seen of it will do
    return page


def _walk(text: JsonText, at: tuple[str, ...], page: Page) -> None:
    """Step through an object; lists are looked at element by element, so that their ends need not be there."""
    text.take("{")
    if text.peek() == "}":
        text.take("}")
        return
    while True:
        name = str(text.value())
        text.take(":")
        path = (*at, name)
        opening = text.peek()
        if opening == "{" and len(path) <= DEPTH:
            _walk(text, path, page)
        elif opening == "[":
            _walk_list(text, path, page)
        else:
            page.names.append(path)
            text.value()
        if text.take(",}") == "}":
            return


def _walk_list(text: JsonText, path: tuple[str, ...], page: Page) -> None:
    text.take("[")
    if text.peek() == "]":
        text.take("]")
        return
    if text.peek() == "{":
        page.lists[path] = 0
    else:
        page.names.append(path)
    while True:
        element = text.value()
        if path in page.lists:
            page.lists[path] += 1
            if isinstance(element, dict):
                page.first.setdefault(path, element)
        if text.take(",]") == "]":
            return


def _look_into(value: dict[str, Any], at: tuple[str, ...], page: Page) -> None:
    for name, inner in value.items():
        if isinstance(inner, dict) and len(at) < DEPTH:
            _look_into(inner, (*at, name), page)
        elif isinstance(inner, list) and inner and all(isinstance(element, dict) for element in inner):
            page.lists[(*at, name)] = len(inner)

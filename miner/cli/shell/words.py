"""What can stand at the end of an unfinished line: labels, types, properties, parameters, queries, keywords."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from miner.cli.shell.session import COMMANDS
from miner.cli.shell.statements import is_command, outside_quotes
from miner.graph import find, queries
from miner.graph.schema import NODES, PARTS, RELATIONSHIPS
from miner.graph.schema.parts import Node

KEYWORDS = (
    "MATCH",
    "OPTIONAL MATCH",
    "WHERE",
    "RETURN",
    "WITH",
    "ORDER BY",
    "LIMIT",
    "SKIP",
    "DISTINCT",
    "UNWIND",
    "UNION",
    "AS",
    "AND",
    "OR",
    "NOT",
    "IN",
    "IS NULL",
    "IS NOT NULL",
    "STARTS WITH",
    "ENDS WITH",
    "CONTAINS",
    "CASE",
    "WHEN",
    "THEN",
    "ELSE",
    "END",
    "DESC",
    "EXISTS",
    "COUNT",
    "count(",
    "sum(",
    "min(",
    "max(",
    "collect(",
    "size(",
    "coalesce(",
    "head(",
    "last(",
    "nodes(",
    "relationships(",
    "length(",
    "reduce(",
    "any(",
    "all(",
    "none(",
    "single(",
    "toInteger(",
    "toFloat(",
    "shortestPath(",
)
_LAST = re.compile(r"(?P<before>[$.:|]?)(?P<word>\w*)\Z")
_BOUND = re.compile(r"[(\[]\s*(?P<variable>\w+)\s*:\s*(?P<word>\w+)")
_OF_QUERY = ("query", "describe")

Word = tuple[str, int, str]
_Found = tuple[str, str, str]  # the word, what is typed of it, what it is


def complete(text: str, set_params: Iterable[str] = ()) -> Iterator[Word]:
    """What the text before the cursor may go on with: the word, how many characters it replaces, what it is."""
    completions = _of_command(text, set_params) if is_command(text) else _of_statement(text, set_params)
    seen = set()
    for word, typed, about in completions:
        if word.lower().startswith(typed.lower()) and word != typed and word not in seen:
            seen.add(word)
            yield word, len(typed), about


def _of_command(text: str, set_params: Iterable[str]) -> Iterator[_Found]:
    name, space, rest = text.lstrip()[1:].partition(" ")
    typed = rest.rpartition(" ")[2]
    first = " " not in rest.lstrip()
    if not space:
        yield from ((known, name, about) for known, (_, about) in COMMANDS.items())
    elif name in _OF_QUERY and first:
        yield from ((query.name, typed, query.title) for query in queries().values())
    elif name == "query":
        query = find(rest.split()[0])
        yield from ((f"{param.name}=", typed, param.meaning) for param in query.header.params)
    elif name == "schema" and first:
        yield from ((part.word, typed, part.meaning) for part in PARTS)
    elif name == "param" and first:
        yield from ((f"{known}=", typed, about) for known, about in _parameters(set_params))


def _of_statement(text: str, set_params: Iterable[str]) -> Iterator[_Found]:
    plain = outside_quotes(text)
    if len(plain) and plain[-1] == " " != text[-1]:
        return  # inside a quote or a comment
    last = _LAST.search(plain)
    assert last is not None  # it matches nothing as well
    before, typed = last["before"], last["word"]
    rest = plain[: last.start()]
    within = _within(rest)
    if before == "$":
        yield from ((known, typed, about) for known, about in _parameters(set_params))
    elif before == ".":
        yield from _properties(plain, _variable(rest), typed)
    elif before in (":", "|") and within in "([":
        parts = NODES if within == "(" else RELATIONSHIPS
        yield from ((part.word, typed, part.meaning) for part in parts)
    elif within == "{" and re.search(r"[{,]\s*\Z", rest):
        words = re.findall(r":\s*(\w+)\s*\{[^{}]*\Z", rest)
        yield from _properties_of(set(words), typed)
    elif typed:
        yield from ((word, typed, "") for word in KEYWORDS)


def _within(text: str) -> str:
    """The bracket that is open at the end of a text; "" where none is."""
    open_marks: list[str] = []
    for mark in re.findall(r"[()\[\]{}]", text):
        if mark in "([{":
            open_marks.append(mark)
        elif open_marks:
            open_marks.pop()
    return open_marks[-1] if open_marks else " "


def _variable(text: str) -> str:
    match = re.search(r"(\w+)\Z", text)
    return match[1] if match else ""


def _properties(text: str, variable: str, typed: str) -> Iterator[_Found]:
    words = {bound["word"] for bound in _BOUND.finditer(text) if bound["variable"] == variable}
    if variable and not variable.isdigit():
        yield from _properties_of(words, typed)


def _properties_of(words: set[str], typed: str) -> Iterator[_Found]:
    for part in PARTS:
        if not words or part.word in words:
            if isinstance(part, Node):
                yield "id", typed, "text, unique in the label"
            yield from ((p.name, typed, p.meaning) for p in part.properties)


def _parameters(set_params: Iterable[str]) -> Iterator[tuple[str, str]]:
    yield from ((name, "is set") for name in set_params)
    for query in queries().values():
        yield from ((param.name, param.meaning) for param in query.header.params)

"""Reads declarations of labels and relationship types from text, in the form of `schema.txt`."""

from __future__ import annotations

import re

from miner.graph.schema import sources
from miner.graph.schema.parts import KINDS, LEVELS, Node, Property, Relationship

_PATTERN = re.compile(r"\(:(?P<start>\w+)\)(?:-\[:(?P<type>\w+)\]->\(:(?P<end>\w+)\))?")
_ON_REQUEST = ", on request"
_REPEATED = "properties of "


def parse(text: str) -> tuple[Node | Relationship, ...]:
    """The declarations of a text, nodes first; ValueError, with the line, for one that is wrong."""
    parts: dict[str, Node | Relationship] = {}
    for number, lines in _blocks(text):
        try:
            part = _part(lines, parts)
            if part.name in parts:
                raise ValueError(f"{part.name} is declared twice")
        except ValueError as error:
            raise ValueError(f"schema, line {number}: {error}") from error
        parts[part.name] = part
    labels = {part.label for part in parts.values() if isinstance(part, Node)}
    for part in parts.values():
        if isinstance(part, Relationship) and not labels >= {part.start, part.end}:
            raise ValueError(f"schema: an end of {part.name} is not declared")
    return tuple(sorted(parts.values(), key=lambda part: isinstance(part, Relationship)))


def _blocks(text: str) -> list[tuple[int, list[str]]]:
    """The blocks of lines between empty ones, without remarks, each with the number of its first line."""
    blocks: list[tuple[int, list[str]]] = []
    open_block = False
    for number, line in enumerate(text.splitlines(), start=1):
        if line.startswith("#"):
            continue
        if line.strip() and not open_block:
            blocks.append((number, []))
        if line.strip():
            blocks[-1][1].append(line.strip())
        open_block = bool(line.strip())
    return blocks


def _part(lines: list[str], before: dict[str, Node | Relationship]) -> Node | Relationship:
    if len(lines) < 2:
        raise ValueError("a declaration has at least two lines: its pattern, and what it means")
    pattern, level, ids, source = _fields(lines[0], 4)
    match = _PATTERN.fullmatch(pattern)
    if not match or level.removesuffix(_ON_REQUEST) not in LEVELS:
        raise ValueError(f"no pattern with a level of detail: {lines[0]!r}")
    optional, level = level.endswith(_ON_REQUEST), level.removesuffix(_ON_REQUEST)
    source = getattr(sources, source) if source.isupper() else source
    properties = _properties(lines[2:], before)
    if match["type"] is None:
        return Node(match["start"], level, lines[1], ids, source, properties, optional)
    start_id, end_id = ids.split(" -> ")
    ends = (match["start"], match["end"])
    return Relationship(match["type"], *ends, level, lines[1], start_id, end_id, source, properties, optional)


def _properties(lines: list[str], before: dict[str, Node | Relationship]) -> tuple[Property, ...]:
    if len(lines) == 1 and lines[0].startswith(_REPEATED):
        pattern = lines[0].removeprefix(_REPEATED)
        same = next((part.properties for part in before.values() if part.pattern == pattern), None)
        if same is None:
            raise ValueError(f"{pattern} is not declared before")
        return same
    properties = [_property(line) for line in lines]
    names = [prop.name for prop in properties]
    if len(set(names)) < len(names):
        raise ValueError("a property is declared twice")
    return tuple(properties)


def _property(line: str) -> Property:
    name, kind, meaning, *sql = _fields(line, 3, 4)
    if kind not in KINDS:
        raise ValueError(f"no kind {kind!r} of property; there are: {', '.join(KINDS)}")
    return Property(name, kind, sql[0] if sql else name, meaning)


def _fields(line: str, *counts: int) -> list[str]:
    fields = [field.strip() for field in line.split(" | ")]
    if len(fields) not in counts or not all(fields):
        raise ValueError(f"{' or '.join(map(str, counts))} fields are needed: {line!r}")
    return fields

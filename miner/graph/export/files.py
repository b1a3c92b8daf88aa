"""What the files of the graph share: its rows, a table at a time, as text that XML can hold."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any, TypeVar

from miner.errors import UsageError
from miner.graph.frames import select
from miner.graph.schema import LEVELS, Node, Relationship, declared
from miner.workspace import replacing

if TYPE_CHECKING:
    from miner.events.engine import Engine

BATCH = 50_000
TYPES = {"string": "string", "integer": "long", "float": "double", "boolean": "boolean", "strings": "string"}
_NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
Part = Node | Relationship
P = TypeVar("P", Node, Relationship)


def parts_of(level: str, agents: bool) -> list[Part]:
    """The declarations of a level of detail; UsageError for one that is unknown."""
    if level not in LEVELS:
        raise UsageError(f"no level of detail {level!r}", fix=f"there are: {', '.join(LEVELS)}")
    return declared(level, agents)


def rows(engine: Engine, parts: Sequence[P]) -> Iterator[tuple[P, dict[str, Any]]]:
    """All rows of these declarations; a column without a value is left out of its row."""
    for part in parts:
        cursor = engine.run(select(part))
        columns = [column[0] for column in cursor.description]
        while chunk := cursor.fetchmany(BATCH):
            for row in chunk:
                yield part, {name: v for name, v in zip(columns, row, strict=True) if v is not None}


@contextmanager
def draft_of(target: Path) -> Iterator[IO[str]]:
    """A text file beside its place, moved there when it is whole."""
    with replacing(target) as draft, draft.open("w", encoding="utf-8", newline="\n") as file:
        yield file


def attributes(parts: Sequence[Part], side: str) -> dict[str, str]:
    """The properties of all nodes or all edges by name, with their kind; the same name is always of one kind."""
    kinds: dict[str, str] = {}
    for part in parts:
        if isinstance(part, Node) == (side == "node"):
            for prop in part.properties:
                assert kinds.setdefault(prop.name, prop.kind) == prop.kind, prop.name
    return kinds


def text(value: Any) -> str:
    """A value as XML can hold it; a list is JSON."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, list):
        value = json.dumps(value, ensure_ascii=False)
    return _NOT_XML.sub("\N{REPLACEMENT CHARACTER}", str(value))

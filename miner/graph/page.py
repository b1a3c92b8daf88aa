"""The generated parts of docs/graph.md: the schema with its picture, and the list of queries.

`python -m miner.graph.page docs/graph.md` writes them anew between their marks.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Callable
from pathlib import Path

from miner.graph.cypher.library import queries
from miner.graph.schema import LEVELS, NODES, PARTS, RELATIONSHIPS, Property

_BLOCK = re.compile(r"(<!-- generated: (\w+) -->\n).*?(<!-- end -->)", re.DOTALL)


def picture() -> str:
    """The schema as a Mermaid drawing, which GitHub and many editors show as a picture."""
    lines = ["```mermaid", "graph LR"]
    lines += [f"  {node.label}(({node.label}))" for node in NODES]
    lines += [f"  {r.start} -- {r.type} --> {r.end}" for r in RELATIONSHIPS]
    return "\n".join([*lines, "```"])


def schema() -> str:
    """All labels and relationship types with their properties, by level of detail."""
    lines: list[str] = []
    for level in LEVELS:
        lines += [f"### Level `{level}`", ""]
        for part in PARTS:
            if part.level == level:
                lines += [f"**`{part.pattern}`** {part.meaning}", "", *_properties(part.properties)]
    return "\n".join(lines).rstrip()


def _properties(properties: tuple[Property, ...]) -> list[str]:
    if not properties:
        return []
    rows = [f"| `{p.name}` | {p.kind} | {p.meaning} |" for p in properties]
    return ["| property | type | meaning |", "|---|---|---|", *rows, ""]


def library() -> str:
    """The queries by folder, with the question each answers."""
    rows = [f"| `{query.name}` | {query.header.question} | {query.level} |" for query in queries().values()]
    return "\n".join(["| query | question | needs |", "|---|---|---|", *rows])


BLOCKS: dict[str, Callable[[], str]] = {"picture": picture, "schema": schema, "library": library}


def renewed(text: str) -> str:
    """A page with its generated parts written anew."""
    return _BLOCK.sub(lambda block: f"{block[1]}{BLOCKS[block[2]]()}\n{block[3]}", text)


if __name__ == "__main__":
    page = Path(sys.argv[1])
    page.write_text(renewed(page.read_text(encoding="utf-8")), encoding="utf-8")
